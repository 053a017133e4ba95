"""A table of runs as it comes: files of several kinds, names of columns, rows that can be used."""
