"""From points to parameters: robust losses, many starts at once, and what can be said about the optimum."""
