"""Selection: ways to hold points out, other models than laws, averages of laws, and one table that compares them."""
