"""Pairs and parallel documents as Parquet, and as a folder that `datasets` loads."""
