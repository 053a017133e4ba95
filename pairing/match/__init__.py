"""From scores to pairs: one to one between two languages, groups across all of them."""

from pairing.match.identity import mutual_best, pair_id

__all__ = ["mutual_best", "pair_id"]
