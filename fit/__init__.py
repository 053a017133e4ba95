"""Scaling laws fitted to a runs table, and the proportions that follow (contracts: allocation)."""
