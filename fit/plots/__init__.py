"""Figures of fits and allocations: for each one a function that gives arrays, and one that draws them."""
