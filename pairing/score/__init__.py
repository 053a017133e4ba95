"""How likely two documents are translations: similarity, rivals and third languages, as one probability."""
