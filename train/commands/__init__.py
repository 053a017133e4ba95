"""The commands of the trainer; the front door adds them to its own."""
