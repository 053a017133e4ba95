"""A ladder of models trained on the mixer's shards, and the runs table that the fitter reads (contracts: runs)."""
