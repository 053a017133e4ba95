"""Scaling laws: a class each, for the loss on one target as a function of size, tokens and mixture."""
