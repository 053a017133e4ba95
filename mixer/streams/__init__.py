"""Which document stands where in the sequences of a component, and the files that say so."""
