"""What runs the optimizer: DeepSpeed, or plain torch for one process. Both take the same steps."""
