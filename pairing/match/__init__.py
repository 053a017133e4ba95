"""From scores to pairs: one to one between two languages, groups across all of them."""

from pairing.match.identity import pair_id

__all__ = ["pair_id"]
