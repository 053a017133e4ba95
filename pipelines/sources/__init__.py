"""Find and read raw files: directories, git repositories, archives, JSONL and Parquet tables.

Nothing read here is trusted: names, sizes and contents may be made to harm the reader. `plan` lists every
source once and cuts it into slices; `read` turns a slice into records, and whatever cannot be read becomes a
record with a problem, never a silent gap.
"""
