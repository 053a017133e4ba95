"""Signature files as datatrove reads them, and the candidate pairs made of its answers."""

from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
from datatrove.pipeline.dedup.minhash import MinhashDedupBuckets, MinhashDedupCluster
from hypothesis import given
from hypothesis import strategies as st
from tables import document, write_documents

from parsers.tokens import coefficients, minhash, shingles
from pipelines.config import DedupConfig
from pipelines.dedup.candidates import GroupCandidates, group_edges
from pipelines.dedup.exact import SCHEMA as LOSERS
from pipelines.dedup.signatures import WriteSignatures, band_records, minhash_config

CONFIG = DedupConfig(bands=4, rows=2)


def text(seed: int, words: int = 60) -> str:
    rng = np.random.default_rng(seed)
    return " ".join(f"w{n}" for n in rng.integers(0, 10**6, words)) + "\n"


def edited(base: str, seed: int, count: int = 1) -> str:
    words = base.split()
    for position in np.random.default_rng(seed).integers(0, len(words), count):
        words[position] = f"e{seed}"
    return " ".join(words) + "\n"


def no_losers(folder: Path, rows: list[tuple[int, int]] | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    found = [(f, r, "x", "y", 1.0) for f, r in rows or []]
    pl.DataFrame(found, schema=LOSERS, orient="row").write_parquet(folder / "00000.parquet")
    return folder


def write_signatures(base: Path, documents: Path, files: int, dropped: list[tuple[int, int]] | None = None) -> Path:
    step = WriteSignatures(documents, no_losers(base / "exact", dropped), base / "sig", CONFIG, base / "progress")
    for rank in range(files):
        list(step.run(None, rank, files))
    return base / "sig"


def records(signatures: Path, band: int, file: int) -> list[tuple[int, ...]]:
    raw = (signatures / f"bucket_{band:03d}" / f"{file:05d}.minhash.sig").read_bytes()
    return [tuple(row) for row in np.frombuffer(raw, "<u4").reshape(-1, CONFIG.rows + 1).tolist()]


def test_a_signature_file_holds_every_document_with_tokens_sorted_by_its_band(tmp_path: Path) -> None:
    contents = [text(1), text(2), "\n \n", text(3), text(1)]
    documents = write_documents(tmp_path / "d", [[document(c, path=f"{i}.py") for i, c in enumerate(contents)]])
    signatures = write_signatures(tmp_path, documents, 1, dropped=[(0, 3)])
    values, offsets = shingles([contents[0].encode()], CONFIG.shingle)
    expected = minhash(values, offsets, coefficients(CONFIG.bands * CONFIG.rows, CONFIG.seed))[0].tolist()
    for band in range(CONFIG.bands):
        found = records(signatures, band, 0)
        assert found == sorted(found)
        assert {row[-1] for row in found} == {0, 1, 4}, "neither the blank document nor the exact duplicate"
        by_document = {row[-1]: list(row[:-1]) for row in found}
        assert by_document[0] == by_document[4] == expected[band * CONFIG.rows : (band + 1) * CONFIG.rows]


def test_a_signature_depends_on_its_document_alone(tmp_path: Path) -> None:
    rows = [document(text(i, 10 + 997 * i % 4000), path=f"{i}.py") for i in range(30)]
    together = write_signatures(tmp_path / "a", write_documents(tmp_path / "da", [rows]), 1)
    alone = write_signatures(tmp_path / "b", write_documents(tmp_path / "db", [[row] for row in rows]), 30)
    for band in range(CONFIG.bands):
        one = {row[-1]: row[:-1] for row in records(together, band, 0)}
        assert one == {i: records(alone, band, i)[0][:-1] for i in range(30)}


@given(st.lists(st.lists(st.integers(0, 3), min_size=4, max_size=4), max_size=12), st.integers(0, 1))
def test_band_records_sort_as_tuples_do(rows: list[list[int]], band: int) -> None:
    signatures = np.array(rows, np.uint32).reshape(-1, 4)
    numbers = np.arange(len(rows))[::-1]
    found = [tuple(row) for row in band_records(signatures, numbers, band, 2).tolist()]
    wanted = [(*row[2 * band : 2 * band + 2], n) for row, n in zip(rows, numbers.tolist(), strict=True)]
    assert found == sorted(wanted)


def test_stages_two_and_three_of_datatrove_read_our_files(tmp_path: Path) -> None:
    """Four copies over three files, one of which holds nothing: datatrove's own cluster stage keeps one of them."""
    same, files = text(7), 3
    documents = write_documents(
        tmp_path / "d",
        [[document(same), document(text(8), "b.py")], [], [document(same, "c.py"), document(same, "d.py")]],
    )
    signatures = write_signatures(tmp_path, documents, files)
    config = minhash_config(CONFIG)
    buckets = MinhashDedupBuckets(str(signatures), str(tmp_path / "pairs"), config=config, only_dedup_in_index=False)
    for rank in range(CONFIG.bands):
        buckets.run(None, rank, CONFIG.bands)
    cluster = MinhashDedupCluster(str(tmp_path / "pairs"), str(tmp_path / "remove"), config=config)
    cluster.run(None, 0, 1)
    removed = {p.stem: len(p.read_bytes()) // 4 for p in (tmp_path / "remove").glob("*.remove")}
    assert sum(removed.values()) == 2 and "00001" not in removed


def candidates(base: Path, files: list[list[dict]]) -> list[set[tuple[int, int, int, int]]]:
    documents = write_documents(base / "d", files)
    signatures = write_signatures(base, documents, len(files))
    found, config = [], minhash_config(CONFIG)
    steps = [
        MinhashDedupBuckets(str(signatures), str(base / "p"), config=config, only_dedup_in_index=False),
        GroupCandidates(documents, base / "p", base / "edges", ("s",)),
    ]
    for rank in range(CONFIG.bands):
        for step in steps:
            list(step.run(None, rank, CONFIG.bands) or ())
        found.append(set(pl.read_parquet(base / "edges" / f"{rank:05d}.parquet").rows()))
    return found


def test_candidates_stay_inside_a_language_and_name_the_better_first(tmp_path: Path) -> None:
    same = text(9)
    rows = [document(same, "long/name.py"), document(same, "a.py"), document(same, "b.rs", language="rust")]
    for edges in candidates(tmp_path, [rows[:1], rows[1:], []]):
        assert edges == {(1, 0, 0, 0)}


def test_a_band_without_pairs_leaves_an_empty_table(tmp_path: Path) -> None:
    assert candidates(tmp_path, [[document(text(1))], [document(text(2), "b.py")]]) == [set()] * CONFIG.bands


def test_every_pair_of_a_group_is_linked_to_the_best_of_the_group(tmp_path: Path) -> None:
    base = text(5, 200)
    rows = [document(edited(base, i), f"{'x' * i}.py") for i in range(1, 9)]
    edges = set().union(*candidates(tmp_path, [rows[4:], rows[:4]]))
    best = (1, 0)  # the shortest path
    linked = {(e[2], e[3]) for e in edges if (e[0], e[1]) == best}
    assert len(linked) >= 6, "an edit of one token in 200 leaves most of the bands alike"


def test_a_document_of_another_language_between_two_alike_does_not_part_them(tmp_path: Path) -> None:
    same = text(11)
    rows = [document(same, "aa.ts", language="typescript"), document(same, "a.js", language="javascript"),
            document(same, "aaa.ts", language="typescript")]  # fmt: skip
    for edges in candidates(tmp_path, [rows]):
        assert edges == {(0, 0, 0, 2)}


chains = st.integers(2, 9).flatmap(
    lambda n: st.tuples(
        st.lists(st.sampled_from(list(combinations(range(n), 2))), min_size=1, max_size=12),
        st.permutations(range(n)),
        st.lists(st.integers(0, 1), min_size=n, max_size=n),
    )
)


@given(chains)
def test_group_edges_keep_the_chain_and_add_a_star_a_language(
    case: tuple[list[tuple[int, int]], list[int], list[int]],
) -> None:
    chain, rank, language = case
    found = group_edges(np.array(chain, np.int64), np.array(rank), np.array(language))
    edges = [tuple(edge) for edge in found.tolist()]
    assert len(edges) == len(set(edges)) and all(rank[a] < rank[b] for a, b in edges)
    groups = {node: {node} for node in range(len(rank))}
    for a, b in chain:
        groups[a] |= groups[b]
        for member in groups[a]:
            groups[member] = groups[a]
    expected = {frozenset(edge) for edge in chain if language[edge[0]] == language[edge[1]]}
    for node, group in groups.items():
        best = min((n for n in group if language[n] == language[node]), key=lambda n: rank[n])
        expected |= {frozenset((best, node))} if best != node else set()
    assert {frozenset(edge) for edge in edges} == expected
