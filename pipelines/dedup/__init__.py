"""Exact and near-duplicate removal: candidates by datatrove's MinHash, decisions by exact similarity."""
