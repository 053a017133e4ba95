"""What a pool or a mixture holds by component and licence."""
