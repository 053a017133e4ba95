"""`glotmix fit` and its commands; the front door adds them to its own."""
