"""Which documents of two languages may be translations, in time that grows with the documents, not their pairs.

Two indexes, joined by key on disk: rare features (loose translations) and MinHash bands (close ports). Each document
keeps its best in each other language; third languages lend support to pairs that they agree on.
"""
