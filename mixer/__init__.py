"""Training shards in exact proportions: split, tokenise, plan, order, pack, write, read back."""
