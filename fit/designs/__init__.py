"""Which runs to do next: those that make the predicted optimum surest for their cost."""
