"""The commands of `glotmix pairs`."""
