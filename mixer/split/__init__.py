"""Train or validation: decided once for each document, checked, written."""
