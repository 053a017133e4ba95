"""datatrove's executors, wrapped so that a failure is always seen and never spreads; one module a kind."""
