from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from contracts.languages import LANGUAGE_NAMES
from contracts.pair_tables import COPIES
from contracts.schema import NEAR_DUPLICATES
from contracts.tables import read_table, write_rows
from pairing.candidates.recall import candidate_recall
from pairing.candidates.recipe import find_candidates
from pairing.catalogue import SCHEMA
from pairing.config import PairsConfig
from pairing.features import SPACE
from pairing.features.classes import BAG, NUMBER
from pairing.features.document import NOTHING, DocumentFeatures
from pairing.features.files import joined, save_features
from pipelines.executor_config import ExecutorConfig
from pipelines.phase import Phase
from pipelines.stage import StageContext

WIDE = {"min_similarity": 0.0, "search_postings": 10**9}
"""Nothing is cut."""


class InProcess(StageContext):
    """Runs the tasks of a phase here, in any order: `backwards` starts with the last."""

    backwards = False

    def run(self, phase: Phase) -> None:
        for rank in sorted(range(phase.tasks), reverse=self.backwards):
            for step in phase.steps:
                list(step.run(rank=rank, world_size=phase.tasks))


@dataclass
class Corpus:
    """Documents as (language, features, is_test), written as the stages before the search leave them."""

    folder: Path
    documents: list[tuple[str, set[int], bool]]
    near: list[tuple[int, int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = [{"id": identity(n), "source_id": f"s{n}"} for n in range(len(self.documents))]
        (self.folder / "corpus" / "documents").mkdir(parents=True)
        pl.DataFrame(rows).write_parquet(self.folder / "corpus" / "documents" / "00000.parquet")
        links = [{"id_a": identity(a), "id_b": identity(b), "jaccard": s} for a, b, s in self.near]
        write_rows(self.folder / "corpus" / "near_duplicates" / "00000.parquet", NEAR_DUPLICATES, links)
        save_features(self.folder / "features", 0, joined(features_of(bag) for _, bag, _ in self.documents))
        (self.folder / "catalogue").mkdir()
        for language in LANGUAGE_NAMES:
            facts = [
                {"row": n, "id": identity(n), "language": x, "path": "", "bytes": len(features), "licence": None}
                | {"is_test": test, "contaminated": None, "file": 0, "mined": True}
                for n, (x, features, test) in enumerate(self.documents)
                if x == language
            ]
            pl.DataFrame(facts, schema=SCHEMA).write_parquet(self.folder / "catalogue" / f"{language}.parquet")

    def search(self, name: str, context: type[StageContext] = InProcess, **config):
        """Search; (counts, the candidates as pairs of document numbers, the stage's folder)."""
        out = self.folder / name
        languages = [x for x, _, _ in self.documents]
        made = context("pairs", out, out / "work", ExecutorConfig(workers=2))
        found = find_candidates(
            made, self.folder / "corpus", self.folder / "features", self.folder / "catalogue",
            {x: languages.count(x) for x in LANGUAGE_NAMES}, PairsConfig(**config),
        )  # fmt: skip
        at = {x: [n for n, y in enumerate(languages) if y == x] for x in LANGUAGE_NAMES}
        pairs = set()
        for file in sorted((out / "work" / "candidates").glob("*.parquet")):
            a, b, _ = file.stem.split("-")
            frame = pl.read_parquet(file)
            assert frame.equals(frame.unique().sort("a", "b"))
            pairs |= {(at[a][i], at[b][j]) for i, j in frame.rows()}
        return found, pairs, out


def features_of(bag: set[int]) -> DocumentFeatures:
    indices = np.array(sorted(bag), np.uint32)
    classes = np.full(len(indices), NUMBER[BAG], NOTHING.classes.dtype)
    return replace(NOTHING, indices=indices, counts=np.ones_like(indices), classes=classes)


def identity(number: int) -> str:
    return f"{number:032x}"


def some(languages: tuple[str, ...], count: int, seed: int = 1) -> list[tuple[str, set[int], bool]]:
    """Documents with features of their own, of their topic (the same for document n of each language), common ones."""
    draw = np.random.default_rng(seed)
    topics = draw.integers(0, SPACE, (count, 12))
    every = draw.integers(0, SPACE, 40)
    return [
        (x, {*topics[n, draw.permutation(12)[:7]], *draw.choice(every, 15), *draw.integers(0, SPACE, 5)}, n % 5 == 0)
        for x in languages
        for n in range(count)
    ]


def files_of_run(out: Path) -> dict[str, bytes]:
    folders = [out / "work" / "candidates", out / "work" / "copies", out / "copies"]
    return {str(f.relative_to(out)): f.read_bytes() for folder in folders for f in sorted(folder.glob("*.parquet"))}


def cosine(documents, a: int, b: int) -> float:
    """As the search defines it: presence, by rarity among what is not a test, or is."""

    def weight(feature: int, test: bool) -> float:
        having = sum(feature in f for _, f, t in documents if t == test)
        return 0.0 if having < 2 else np.sqrt(np.log((1 + sum(t == test for *_, t in documents)) / having))

    (_, x, test), (_, y, other) = documents[a], documents[b]
    if test != other:
        return 0.0
    norms = [np.sqrt(sum(weight(f, test) ** 2 for f in s)) or 1.0 for s in (x, y)]
    return sum(weight(f, test) ** 2 for f in x & y) / norms[0] / norms[1]


def test_two_languages_give_the_nearest_of_either_side_as_comparing_everything_does(tmp_path):
    documents = some(("python", "go"), 14)
    _, found, _ = Corpus(tmp_path, documents).search("out", top_k=2, **WIDE)
    score = {(a, b): cosine(documents, a, b) for a in range(14) for b in range(14, 28)}
    expected = set()
    for a in range(14):
        expected |= set(sorted(((a, b) for b in range(14, 28) if score[a, b] > 0), key=score.get, reverse=True)[:2])
    for b in range(14, 28):
        expected |= set(sorted(((a, b) for a in range(14) if score[a, b] > 0), key=score.get, reverse=True)[:2])
    assert found == expected
    assert {(n, n + 14) for n in range(14)} <= found


def test_blocks_order_of_tasks_and_a_killed_run_change_no_byte(tmp_path):
    corpus = Corpus(tmp_path, some(("python", "java", "rust"), 30), [(0, 1, 0.66), (31, 32, 0.69)])
    *_, whole = corpus.search("whole")
    *_, blocks = corpus.search("blocks", block_documents=16)

    class Backwards(InProcess):
        backwards = True

    *_, backwards = corpus.search("backwards", Backwards, block_documents=16)
    assert files_of_run(blocks) == files_of_run(backwards)
    names = {f.split("-")[0] for f in files_of_run(blocks)}
    assert names == {f.split("-")[0] for f in files_of_run(whole)}
    read = [
        pl.concat(map(pl.read_parquet, sorted((o / "work" / "candidates").glob("java-rust-*"))))
        for o in (whole, blocks)
    ]
    assert read[0].equals(read[1])

    class Killed(InProcess):
        def run(self, phase: Phase) -> None:
            if phase.name == "support":
                raise KeyboardInterrupt
            super().run(phase)

    with pytest.raises(KeyboardInterrupt):
        corpus.search("killed", Killed, block_documents=16)
    *_, resumed = corpus.search("killed", block_documents=16)
    assert files_of_run(resumed) == files_of_run(blocks)


def test_the_executor_gives_what_tasks_give_here(tmp_path):
    corpus = Corpus(tmp_path, some(("java", "csharp"), 12))
    *_, here = corpus.search("here")
    *_, there = corpus.search("there", StageContext)
    assert files_of_run(here) == files_of_run(there)


@pytest.mark.parametrize("apart", [True, False])
def test_tests_meet_only_tests_when_they_are_kept_apart(tmp_path, apart):
    shared = set(range(100, 130))
    documents = [("go", shared, False), ("java", shared | {1}, True), ("go", {1, 2, 3}, True), ("java", {2, 3}, False)]
    documents += [
        (x, set(range(200 + n, 210 + n)), t) for n, (x, t) in enumerate(product(("go", "java"), (True, False)))
    ]
    _, found, _ = Corpus(tmp_path, documents).search("out", tests_apart=apart, **WIDE)
    assert ((1, 0) in found) == (not apart)
    mixed = {p for p in found if documents[p[0]][2] != documents[p[1]][2]}
    assert bool(mixed) == (not apart)


def test_copies_are_listed_and_only_what_stands_for_them_is_searched(tmp_path):
    documents = some(("python", "go"), 10)
    equal, longer = documents[3], ("go", documents[12][1] | {1, 2}, False)
    corpus = Corpus(tmp_path, [*documents, equal, longer], [(12, 21, 0.68), (5, 6, 0.6)])
    found, pairs, out = corpus.search("out", collapse_similarity=0.65, **WIDE)
    rows = read_table(out / "copies").to_pylist()
    assert [{k: v for k, v in r.items() if k != "similarity"} for r in rows] == [
        {"id": identity(20), "representative_id": identity(3), "language": "python", "reason": "equal_features"},
        {"id": identity(12), "representative_id": identity(21), "language": "go", "reason": "near_duplicate"},
    ]
    assert [r["similarity"] for r in rows] == [1.0, pytest.approx(0.68)]
    assert {n for pair in pairs for n in pair}.isdisjoint({20, 12})
    assert (3, 13) in pairs and (2, 21) in pairs
    assert found.counts["copies"] == {"python": {"equal_features": 1}, "go": {"near_duplicate": 1}}
    assert set(read_table(out / "copies").column_names) == set(COPIES.names)
    gold = [("s20", "s13"), ("s12", "s2"), ("s12", "s3"), ("s0", "nowhere")]
    work = out / "work"
    recall = candidate_recall(tmp_path / "corpus", tmp_path / "catalogue", work / "candidates", work / "copies", gold)
    assert (recall.known, recall.present, recall.candidates) == (4, 3, len(pairs))
    assert recall.found == 2 + ((3, 21) in pairs)


def test_files_of_one_generator_cost_no_more_than_as_many_others(tmp_path):
    draw = np.random.default_rng(5)
    common, count = set(range(60)), 700
    names = draw.choice(1_000_000, (2, count), replace=False) + 1000
    generated = [(x, {*common, int(n)}, False) for x, own in zip(("java", "go"), names, strict=True) for n in own]
    documents = [*some(("java", "go"), 20), *generated, *generated[:50]]
    found, pairs, _ = Corpus(tmp_path, documents).search("out", search_postings=500, top_k=5, block_documents=400)
    assert found.counts["copies"] == {"java": {"equal_features": 50}}
    assert found.counts["features_in_too_many_documents"] >= 2 * len(common)
    assert found.counts["bucket_pairs_left_out"] > 0
    assert len(pairs) <= 2 * 5 * len(documents)
    assert {(n, n + 20) for n in range(20)} <= pairs  # the others are found as ever


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([("go", {1, 2}, False), ("go", {1, 2, 3}, False)], set()),
        ([("go", set(), False), ("java", set(), False)], set()),
        ([("go", {1, 2}, False), ("java", {3, 4}, False), ("java", {3, 4, 5}, False)], set()),
        ([("go", {1, 2}, False), ("java", {1, 2}, True)], set()),
    ],
)
def test_corpora_without_candidates_have_none(tmp_path, documents, expected):
    found, pairs, _ = Corpus(tmp_path, documents).search("out", **WIDE)
    assert pairs == expected
    assert sum(found.counts.get("candidates", {}).values()) == 0


@pytest.mark.parametrize("count", [1, 2, 3])
def test_in_a_small_corpus_all_that_share_anything_are_candidates(tmp_path, count):
    documents = [(x, {1, 2, 10 * n + 3, 10 * n + 4}, False) for x in ("java", "go") for n in range(count)]
    _, pairs, _ = Corpus(tmp_path, documents).search("out")
    assert pairs == set(product(range(count), range(count, 2 * count)))


def test_a_weak_pair_is_found_through_a_third_language(tmp_path):
    draw = np.random.default_rng(2)
    documents = some(("python", "java", "go"), 40)
    left, right = ({int(f) for f in draw.integers(0, SPACE, 20)} for _ in range(2))
    documents += [("python", left, False), ("java", left | right, False), ("go", right, False)]
    _, pairs, _ = Corpus(tmp_path, documents).search("out")
    assert (120, 122) in pairs
    two = [d for d in documents if d[0] != "java"]
    _, without, _ = Corpus(tmp_path / "two", two).search("out")
    assert (80, 81) not in without
