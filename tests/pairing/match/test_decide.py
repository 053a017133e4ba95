import json
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logit

from contracts.languages import LANGUAGE_NAMES, language_pairs
from pairing.catalogue import SCHEMA
from pairing.config import PairsConfig
from pairing.match.assign import assigned
from pairing.match.decide import COUNTS, DecidePairs
from pairing.match.identity import group_id
from pairing.score.aspects import ASPECTS
from pairing.score.graph import FAINT
from pairing.score.model import score
from pairing.score.shipped import shipped

from ..score.conftest import graph_of, graphs


def probabilities(graph, seed):
    return np.random.default_rng(seed).choice([0.0, 0.2, 0.3, 0.5, 0.9, 1.0], len(graph.a))


@given(graphs(), st.integers(0, 99), st.sampled_from([0.0, 0.2, 0.5, 1.0]))
def test_each_document_has_one_partner_a_language_at_most_and_none_below_the_threshold(graph, seed, minimum):
    probability = probabilities(graph, seed)
    found = assigned(graph, probability, minimum)
    assert (np.diff(found) > 0).all()
    assert (probability[found] >= minimum).all()
    ends = [
        (x, int(graph.language[y]))
        for a, b in zip(graph.a[found].tolist(), graph.b[found].tolist(), strict=True)
        for x, y in ((a, b), (b, a))
    ]
    assert len(ends) == len(set(ends))
    # whatever is above the threshold and left out has a partner on one side
    for edge in np.flatnonzero(probability > minimum):
        a, b = int(graph.a[edge]), int(graph.b[edge])
        assert {(a, int(graph.language[b])), (b, int(graph.language[a]))} & set(ends)


def test_one_exactly_at_the_threshold_counts():
    graph = graph_of((1, 1), [(0, 1, 0.5)])
    for minimum in (0.0, 0.3, shipped().threshold, 1.0):
        assert assigned(graph, np.array([minimum]), minimum).tolist() == [0]


@dataclass
class Decision:
    """Programs as (language, name) with their similarities, decided by the step in files."""

    folder: Path
    documents: list[tuple[str, str]]
    alike: dict[tuple[int, int], float]
    given: list[tuple[int, int]] = field(default_factory=list)
    scores: list[float | None] = field(default_factory=list)

    def run(self, **config) -> tuple[dict[tuple[str, str], dict], dict]:
        """Pairs by the names of their documents, and counts."""
        ids, place = [f"{n:032x}" for n in range(len(self.documents))], {}
        (self.folder / "catalogue").mkdir()
        (self.folder / "compared").mkdir()
        for language in LANGUAGE_NAMES:
            numbers = [n for n, (x, _) in enumerate(self.documents) if x == language]
            place |= {n: i for i, n in enumerate(numbers)}
            frame = pl.DataFrame({"id": [ids[n] for n in numbers]}, schema={"id": pl.String})
            frame = frame.with_columns(pl.lit(None, t).alias(c) for c, t in SCHEMA.items() if c != "id")
            frame.select(list(SCHEMA)).write_parquet(self.folder / "catalogue" / f"{language}.parquet")
        for x, y in language_pairs():
            rows = [
                (place[a], place[b], value)
                for (a, b), value in self.alike.items()
                if (self.documents[a][0], self.documents[b][0]) == (x, y)
            ]
            schema = {"a": pl.Int64, "b": pl.Int64, "similarity": pl.Float64}
            made = pl.DataFrame(rows[::-1], schema=schema, orient="row")  # in any order
            made = made.with_columns(pl.col("similarity").alias(name) for name in ASPECTS)
            made.write_parquet(self.folder / "compared" / f"{x}-{y}-00000.parquet")
        told = [(ids[a], ids[b]) for a, b in self.given]
        given_pairs = pl.DataFrame(told, schema={"id_a": pl.String, "id_b": pl.String}, orient="row")
        scores = pl.Series("score", self.scores or [None] * len(told), pl.Float64)
        given_pairs = given_pairs.with_columns(scores)
        given_pairs.write_parquet(self.folder / "given.parquet")
        out = self.folder / "decided"
        paths = (self.folder / "compared", self.folder / "catalogue", self.folder / "given.parquet", out)
        list(DecidePairs(*paths, PairsConfig(**config)).run())
        found = {}
        for x, y in language_pairs():
            names = {z: [name for w, name in self.documents if w == z] for z in (x, y)}
            frame = pl.read_parquet(out / f"{x}-{y}.parquet")
            assert frame.equals(frame.sort("a", "b"))
            for row in frame.iter_rows(named=True):
                found[names[x][row["a"]], names[y][row["b"]]] = row
        return found, json.loads((out / COUNTS).read_text())


STRANGERS = 400
"""Documents of each language of which hardly one has a translation."""


def folder(above: Path, name: object) -> Path:
    made = above / str(name)
    made.mkdir()
    return made


def versions(*names):
    """Versions of programs in Python, Go and Rust: `heap` is heap.python, heap.go and heap.rust."""
    return [(x, f"{name}.{x}") for x in ("python", "go", "rust") for name in names]


def test_pairs_come_with_scores_groups_and_counts(tmp_path):
    # heap in all three languages; list in two; nothing else is alike
    alike = {(0, 2): 0.6, (0, 4): 0.5, (2, 4): 0.55, (1, 3): 0.5, (1, 2): 0.05, (0, 3): FAINT / 2}
    found, counts = Decision(tmp_path, versions("heap", "list"), alike).run()
    heap = list(combinations(("heap.python", "heap.go", "heap.rust"), 2))
    assert set(found) == {*heap, ("list.python", "list.go")}
    assert {found[p]["group_id"] for p in heap} == {group_id(f"{n:032x}" for n in (0, 2, 4))}
    assert found["list.python", "list.go"]["group_id"] == group_id(f"{n:032x}" for n in (1, 3))
    for row in found.values():
        assert shipped().threshold <= row["score"] <= 1 and 0 <= row["direct"] <= 1
        assert (row["implied"], row["given"]) == (False, False)
    assert found["heap.python", "heap.go"]["similarity"] == 0.6
    assert 0 < counts.pop("prevalence") < 1 and 0 < counts.pop("prevalence_reference") < 1
    assert counts == {"scored": 5, "assigned": 4, "contradictions_cut": 0, "implied_by_groups": 0}


def test_a_pair_that_a_group_implies_is_added_with_the_score_of_the_weaker_link(tmp_path):
    documents = [("python", "p"), ("go", "g"), ("rust", "r")]
    found, counts = Decision(tmp_path, documents, {(0, 1): 0.6, (1, 2): 0.55}).run()
    assert set(found) == {("p", "g"), ("g", "r"), ("p", "r")}
    row = found["p", "r"]
    assert (row["implied"], row["direct"], row["similarity"]) == (True, None, None)
    assert row["score"] == min(found["p", "g"]["score"], found["g", "r"]["score"])
    assert counts["implied_by_groups"] == 1


def test_pairs_across_groups_are_cut_and_counted(tmp_path):
    documents = [("python", "p"), ("python", "q"), ("go", "g"), ("rust", "r")]
    found, counts = Decision(tmp_path, documents, {(0, 2): 0.9, (2, 3): 0.9, (1, 3): 0.9}).run(min_score=0.06)
    assert counts["assigned"] == 3  # a chain from p to q, which are of one language
    assert len({("p", "g"), ("g", "r"), ("q", "r")} & set(found)) == 2
    assert counts["contradictions_cut"] == 1
    assert not {("p", "g"), ("q", "g")} <= set(found) and not {("p", "r"), ("q", "r")} <= set(found)


@pytest.mark.parametrize(("more", "expected"), [(-1e-6, 1), (1e-6, 0)])
def test_the_threshold_decides(tmp_path, more, expected):
    probability = float(score(graph_of((1, 1), [(0, 1, 0.3)]), shipped()).final[0])
    decision = Decision(tmp_path, [("python", "p"), ("go", "g")], {(0, 1): 0.3})
    found, counts = decision.run(min_score=probability + more)
    assert len(found) == counts["assigned"] == expected


def test_where_translations_are_rare_adapting_lowers_every_score_by_the_same_log_odds(tmp_path):
    documents = [(x, f"{n}.{x}") for x in ("python", "go") for n in range(STRANGERS)]
    values = np.arange(0.05, 1, 0.01)
    alone = [float(score(graph_of((1, 1), [(0, 1, value)]), shipped()).final[0]) for value in values]
    weak = float(values[np.argmax(np.array(alone) > 0.05)])  # plausible, and no more
    alike = {(n, STRANGERS + n): 0.9 if n < 3 else 0.6 if n == 3 else weak for n in range(STRANGERS)}
    plain, adapted = (Decision(folder(tmp_path, x), documents, alike).run(adapt=x) for x in (False, True))
    assert plain[1]["prevalence"] == adapted[1]["prevalence"] < plain[1]["prevalence_reference"] / 2
    shift = logit(plain[1]["prevalence"]) - logit(plain[1]["prevalence_reference"])
    assert ("0.python", "0.go") in adapted[0] and set(adapted[0]) <= set(plain[0])
    for pair, row in adapted[0].items():
        before = plain[0][pair]
        assert logit(row["score"]) == pytest.approx(logit(before["score"]) + shift)
        assert row["direct"] == before["direct"]
    for pair, row in plain[0].items():
        assert (pair in adapted[0]) == (logit(row["score"]) + shift >= logit(shipped().threshold))


def test_where_translations_are_common_adapting_changes_no_byte(tmp_path):
    alike = {(0, 2): 0.6, (0, 4): 0.5, (2, 4): 0.55, (1, 3): 0.5}
    documents = versions("heap", "list")
    plain, adapted = (Decision(folder(tmp_path, x), documents, alike).run(adapt=x) for x in (False, True))
    assert plain == adapted
    files = [sorted((tmp_path / str(x) / "decided").glob("*.parquet")) for x in (False, True)]
    assert [p.read_bytes() for p in files[0]] == [p.read_bytes() for p in files[1]]


def test_given_pairs_stay_and_candidates_of_their_documents_give_way(tmp_path):
    documents = [("python", "p"), ("go", "g"), ("go", "h"), ("rust", "r")]
    decision = Decision(tmp_path, documents, {(0, 1): 0.9, (0, 3): 0.6, (2, 3): 0.6}, given=[(2, 0)])
    found, _ = decision.run()
    assert set(found) == {("p", "h"), ("p", "r"), ("h", "r")}
    assert [found["p", "h"][c] for c in ("given", "implied")] == [True, False]


def test_what_given_pairs_imply_is_added_and_mined_pairs_give_way_to_it_too(tmp_path):
    # p is given with g and with r; r is more like h, which is as sure as can be no version of g
    documents = [("python", "p"), ("go", "g"), ("go", "h"), ("rust", "r"), ("python", "q")]
    alike = {(2, 3): 0.95, (4, 2): 0.9, (4, 3): 0.9}
    found, counts = Decision(tmp_path, documents, alike, given=[(0, 1), (3, 0)]).run()
    assert set(found) == {("p", "g"), ("p", "r"), ("g", "r"), ("q", "h")}
    assert len({found[pair]["group_id"] for pair in (("p", "g"), ("p", "r"), ("g", "r"))}) == 1
    assert {pair: row["given"] for pair, row in found.items() if row["given"] or row["implied"]} == {
        ("p", "g"): True, ("p", "r"): True, ("g", "r"): False,
    }  # fmt: skip
    assert counts["contradictions_cut"] == 0 and counts["implied_by_groups"] == 1


@pytest.mark.parametrize(
    ("scores", "implied"), [((0.2, 0.9), 0.2), ((0.9, 0.2), 0.2), ((None, 0.7), 0.7), ((None, None), 1.0)]
)
def test_what_given_pairs_imply_has_the_score_of_the_weakest_of_them_and_no_score_counts_as_1(
    tmp_path, scores, implied
):
    documents = [("python", "p"), ("go", "g"), ("rust", "r")]
    found, _ = Decision(tmp_path, documents, {}, given=[(1, 0), (1, 2)], scores=list(scores)).run()
    assert (found["p", "r"]["implied"], found["p", "r"]["score"]) == (True, implied)


def test_what_a_given_and_a_mined_pair_imply_has_the_score_of_the_weaker_one(tmp_path):
    documents = [("python", "p"), ("go", "g"), ("rust", "r")]
    for told in (0.1, 1.0):
        decision = Decision(folder(tmp_path, told), documents, {(1, 2): 0.6}, given=[(0, 1)], scores=[told])
        found, _ = decision.run()
        assert found["p", "r"]["implied"]
        assert found["p", "r"]["score"] == min(told, found["g", "r"]["score"])


def test_without_mining_there_are_only_the_given_pairs(tmp_path):
    documents = [("python", "p"), ("go", "g"), ("rust", "r")]
    given_pairs = [(0, 1), (1, 2), (1, 0)]
    found, counts = Decision(tmp_path, documents, {}, given_pairs).run(mine=False)
    assert set(found) == {("p", "g"), ("g", "r")}
    assert len({row["group_id"] for row in found.values()}) == 1
    assert counts["implied_by_groups"] == 0


@pytest.mark.parametrize("documents", [[], [("go", "g")], [("python", "p"), ("go", "g"), ("rust", "r")]])
def test_no_candidates_make_no_pairs(tmp_path, documents):
    found, counts = Decision(tmp_path, documents, {}).run()
    assert found == {}
    assert {counts.pop(name) for name in ("prevalence", "prevalence_reference")} == {None}
    assert set(counts.values()) == {0}
