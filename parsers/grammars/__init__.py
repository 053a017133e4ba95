"""One module a language: the row of the language table, with the node kinds of its grammar."""
