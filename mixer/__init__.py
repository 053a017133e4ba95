"""Training shards in exact proportions: split, tokenise, plan, order, pack, write, read back."""

from typing import Any

__all__ = ["MixtureDataset"]


def __getattr__(name: str) -> Any:
    """`mixer.MixtureDataset`, loaded when it is asked for, so that the command line starts without numpy."""
    if name == "MixtureDataset":
        from mixer.dataset import MixtureDataset

        return MixtureDataset
    raise AttributeError(f"module 'mixer' has no attribute {name!r}")
