"""The runs table: what a run was trained on, one row a measured point, and the table that many runs write together."""
