"""Checks that tokens decode to the texts they were made of, on a sample of documents."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from mixer.checks.block import Block
from mixer.checks.findings import Findings
from mixer.checks.pool_index import PoolIndex
from mixer.streams.shuffle import draws
from mixer.streams.token_files import TokenFiles
from mixer.tokens.fim import PSM, Sentinel, restore
from mixer.tokens.texts import Source, sources_of
from mixer.tokens.tokenizer import ByteDecoder
from pipelines.frames import read
from pipelines.positions import fetch

CHECK = "text"

SEED = 0
"""Of the draws that choose the sample."""

LAID_OUT = [Sentinel.PREFIX, Sentinel.SUFFIX, Sentinel.MIDDLE]
"""The order of the sentinels in every document that was rearranged."""


class Sample:
    """Draws documents out of the blocks of a lineage, the same ones however it is cut into blocks.

    Args:
        size: how many.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.rows = np.empty(0, np.int64)

    def draw(self, block: Block) -> None:
        """Take documents of a block into account."""
        rows = np.union1d(self.rows, block.row[block.row >= 0])
        self.rows = rows[np.argsort(draws(rows, SEED), kind="stable")[: self.size]]


class Texts:
    """Compares the tokens of documents with their texts.

    Args:
        corpus: folder of the corpus stage.
        parallel: folder of the parallel stage.
        tokenizer: the tokenizer.json.
        facts: what its stage counted.
        sentinels: ids of the tokens for filling in the middle.
    """

    def __init__(
        self, corpus: Path, parallel: Path, tokenizer: str, facts: Mapping[str, Any], sentinels: Mapping[Sentinel, int]
    ) -> None:
        self.sources = sources_of(corpus, parallel)
        self.decoder = ByteDecoder(tokenizer, (facts["end_id"], facts["pad_id"]))
        self.sentinels = {number: sentinel for sentinel, number in sentinels.items()}

    def check(self, rows: np.ndarray, index: PoolIndex, files: TokenFiles, findings: Findings) -> None:
        """Decode these documents and compare.

        Args:
            rows: their rows in the index.
            index: facts of documents.
            files: the pool's tokens.
            findings: what has been found.
        """
        for number in np.unique(index.facts["file"][rows]).tolist():
            chosen = rows[index.facts["file"][rows] == number]
            names = index.ids[chosen].astype(np.str_).tolist()
            with findings.reading(CHECK, str(self.sources[number].path)):
                contents = _contents(self.sources[number], names)
            for name, facts in zip(names, index.facts[chosen], strict=True):
                findings.read(CHECK, 1)
                fault = self._compare(contents.get(name), facts, files)
                if fault:
                    findings.fault(CHECK, f"document {name} ({self.sources[number].path}): {fault}")

    def _compare(self, content: str | None, facts: np.void, files: TokenFiles) -> str:
        if content is None:
            return "not in the table"
        try:
            ids = files.read(int(facts["file"]), int(facts["start"]), int(facts["tokens"]))[:-1]
            found = self._decode(ids.tolist(), bool(facts["plain"]))
        except (ValueError, KeyError, OSError) as error:
            return f"cannot be decoded ({error})"
        expected = content.encode()
        if not self.decoder.exact or found == expected:
            return ""
        pairs = enumerate(zip(found, expected, strict=False))
        place = next((i for i, (a, b) in pairs if a != b), min(len(found), len(expected)))
        near = slice(place, place + 20)
        return (
            f"{len(found):,} bytes, expected {len(expected):,}; from byte {place} on {found[near]!r}, "
            f"expected {expected[near]!r}"
        )

    def _decode(self, ids: Sequence[int], plain: bool) -> bytes:
        """The text of a document; what stands between sentinels is put back in its place.

        Raises:
            ValueError: the sentinels are not prefix, suffix, middle, the first of them at the beginning.
        """
        if plain:
            return self.decoder.decode(ids)
        places = [place for place, number in enumerate(ids) if number in self.sentinels]
        found = [self.sentinels[ids[place]] for place in places]
        if found != LAID_OUT or places[0]:
            raise ValueError(
                f"sentinels: {', '.join(s.value for s in found) or 'none'}; expected prefix, suffix, middle"
            )
        # in SPM nothing stands between the first two, and the prefix with the middle after the third
        parts = [self.decoder.decode(ids[a + 1 : b]).decode() for a, b in pairwise([*places, len(ids)])]
        return restore(PSM, parts).encode()


def _contents(source: Source, ids: Sequence[str]) -> dict[str, str]:
    """The texts of documents of a file; memory: its ids, and the texts."""
    wanted = set(ids)
    rows = [row for row, name in enumerate(read(source.path, columns=["id"])["id"].to_list()) if name in wanted]
    if not rows:
        return {}
    positions = np.array([(int(source.path.stem), row) for row in rows], np.int64)
    table = fetch(source.path.parent, positions, ["id", "content"])
    return dict(zip(table["id"].to_pylist(), table["content"].to_pylist(), strict=True))
