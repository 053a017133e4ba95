"""How many sequences of which component, and in which order they stand."""
