"""Pairs to look at: drawn, and shown side by side."""
