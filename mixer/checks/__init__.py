"""Reads a mixture again and holds it against its manifest, its lineage and the pool."""
