"""Proportions that minimise predicted losses within what the corpus and the user allow, with intervals and prices."""
