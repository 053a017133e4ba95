"""Sweeps: many runs over size, tokens, mixture, strategy and seed; planned, run anywhere, resumed, counted.

wanted runs (grid, list, design) -> plan (rows, views of one pool, cost) -> queue (locks on a shared disk) -> table
"""
