"""Verification says what a slow reference says."""

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tables import document, write_documents

from parsers.tokens import jaccard
from pipelines.config import DedupConfig
from pipelines.dedup import verify
from pipelines.dedup.candidates import SCHEMA as EDGES
from pipelines.dedup.verify import VerifyCandidates, shingle_sets

TOKEN = re.compile(rb"[A-Za-z0-9_\x80-\xff]+|[^\sA-Za-z0-9_\x80-\xff]")


def reference(a: str, b: str, width: int) -> float:
    """Jaccard similarity of the sets of token n-grams, by tuples of bytes."""
    sets = []
    for text in (a, b):
        tokens = TOKEN.findall(text.encode())
        short = [tuple(tokens)] if tokens and len(tokens) < width else []
        sets.append({tuple(tokens[i : i + width]) for i in range(len(tokens) - width + 1)} | set(short))
    union = len(sets[0] | sets[1])
    return len(sets[0] & sets[1]) / union if union else 1.0


programs = st.lists(st.sampled_from(["a", "b", "c1", "(", ")", " ", "\n", "é", "+", "_x "]), max_size=40).map("".join)


@given(programs, programs, st.integers(1, 6))
def test_similarity_is_that_of_brute_force(a: str, b: str, width: int) -> None:
    sets = shingle_sets([a.encode(), b.encode()], width)
    assert jaccard(*sets) == pytest.approx(reference(a, b, width), abs=1e-12)


def corpus(seed: int, files: int = 3, rows: int = 8) -> list[list[dict]]:
    rng = np.random.default_rng(seed)
    words = [f"w{i} " for i in range(12)]
    return [
        [document("".join(rng.choice(words, rng.integers(1, 80))), f"{f}/{r}.py") for r in range(rows)]
        for f in range(files)
    ]


@pytest.mark.parametrize(("slices", "block"), [(4000, 64_000_000), (5, 300), (1, 1)])
def test_every_edge_is_compared_however_the_work_is_cut(
    slices: int, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "EDGES_AT_ONCE", slices)
    monkeypatch.setattr(verify, "BLOCK_BYTES", block)
    config = DedupConfig(threshold=0.3, link_threshold=0.1, shingle=2)
    files = corpus(3)
    documents = write_documents(tmp_path / "d", files)
    every = [(f, r) for f in range(3) for r in range(8)]
    edges = [(*a, *b) for i, a in enumerate(every) for b in every[:i]]
    (tmp_path / "edges").mkdir()
    for band in range(3):  # an edge may be found in several bands
        part = edges[band::2] if band < 2 else edges[:40]
        pl.DataFrame(part, schema=EDGES, orient="row").write_parquet(tmp_path / "edges" / f"{band:05d}.parquet")
    step = VerifyCandidates(documents, tmp_path / "edges", tmp_path / "out", config, tmp_path / "progress")
    for rank in range(3):
        list(step.run(None, rank, 3))
    found = pl.concat([pl.read_parquet(f) for f in sorted((tmp_path / "out").glob("*.parquet"))])
    measured = {
        edge: reference(files[edge[0]][edge[1]]["content"], files[edge[2]][edge[3]]["content"], 2) for edge in edges
    }
    expected = {edge: value for edge, value in measured.items() if value >= 0.1}
    assert 20 < len(expected) < len(edges)
    got = {tuple(row[:4]): row[4] for row in found.rows()}
    assert found.height == len(got) and got == pytest.approx(expected)


def test_no_edges_give_an_empty_table(tmp_path: Path) -> None:
    documents = write_documents(tmp_path / "d", corpus(1, files=1))
    (tmp_path / "edges").mkdir()
    pl.DataFrame(schema=EDGES).write_parquet(tmp_path / "edges" / "00000.parquet")
    list(VerifyCandidates(documents, tmp_path / "edges", tmp_path / "out", DedupConfig(), tmp_path / "p").run())
    assert pl.read_parquet(tmp_path / "out" / "00000.parquet").schema == pl.Schema(verify.SCHEMA)
