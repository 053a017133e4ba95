"""Names of the stages after the mixture, which the front door needs before any configuration."""

LOOP = ("sweep", "fit", "allocate", "remix", "confirm")
"""Stages that a configuration with a sweep has after those of the mixture."""
