"""Which documents are translations of each other, down to their functions, and training text made of them."""
