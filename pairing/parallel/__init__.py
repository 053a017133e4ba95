"""Training documents out of pairs: what of each program is written, whether it may be, and in which form."""
