"""A run says from which score on it mined, and why it made no pair."""

from dataclasses import replace

import pytest

from contracts.manifest import Manifest
from pairing.config import PairsConfig
from pairing.explained import explained
from pairing.score.shipped import shipped
from report.terminal import summaries

MODEL = replace(shipped(), threshold=0.3, curve=((0.1, 0.9), (0.3, 0.93), (0.6, 0.95)))
TWO = {"python": 3, "go": 2, "rust": 0}
MATCH = {"scored": 0, "assigned": 0}


def title(options: dict, documents: dict = TWO, given: int = 0, pairs: int = 0, **match) -> str:
    """What the summary of a run says above its tables."""
    counts = {"pairs": pairs, "match": MATCH | match}
    found = explained(PairsConfig(**options), MODEL, documents, given, counts)
    facts = {"by_languages": {}, "unit_pairs": 0, "licence_unknown": 0, "given_not_in_corpus": 0, "parallel": {}}
    text = {"stage": "pairs", "configuration": {}, "configuration_hash": "", "inputs": {}, "files": [], "identity": ""}
    return summaries(Manifest(**text, counts={**facts, **counts, **found}))[0].title


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "mined from a score of 0.3 on, with precision 0.93 where the score was measured"),
        ({"min_score": 0.5}, "mined from a score of 0.5 on, with precision 0.93"),
        ({"min_score": 0.05}, "mined from a score of 0.05 on"),
        ({"min_precision": 0.95}, "mined from a score of 0.6 on, with precision 0.95"),
        ({"min_precision": 0.5}, "score of 0.1 on, with precision 0.9 where the score was measured: pairs.min_precis"),
    ],
)
def test_the_threshold_is_named_with_the_precision_that_was_measured(options, said):
    shown = title(options, pairs=7, assigned=7)
    assert said in shown
    assert ("asks for less than was ever measured" in shown) == (options.get("min_precision") == 0.5)
    assert ("with precision" in shown) == (options.get("min_score") != 0.05)


def test_without_mining_there_is_no_threshold():
    assert "score" not in title({"mine": False, "given": ["x.csv"]}, given=3, pairs=3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"options": {}, "documents": {"python": 3, "go": 0}}, "the corpus holds code in python only"),
        ({"options": {}, "documents": {"python": 0}}, "the corpus holds no code"),
        ({"options": {"mine": False}}, "pairs.mine is false, and pairs.given names no file"),
        (
            {"options": {"mine": False, "given": ["x"]}},
            "and the files of pairs.given hold no row",
        ),
        ({"options": {"require_licence": True}, "assigned": 2, "scored": 3}, "pairs.require_licence drops those"),
        ({"options": {"require_licence": True, "mine": False}, "given": 2}, "pairs.require_licence drops those"),
        ({"options": {}, "scored": 1234}, "none of 1,234 candidates reaches the score 0.3"),
        ({"options": {}}, "no two documents of different languages have enough in common"),
    ],
    ids=str,
)
def test_a_run_without_pairs_says_why_and_what_to_do_next(arguments, said):
    shown = title(**arguments)
    assert said in shown
    assert "glotmix " in shown.split(said)[1]
    assert "Translation pairs: 0" in shown


def test_a_run_with_pairs_gives_no_reason():
    assert "glotmix" not in title({"require_licence": True}, pairs=1, assigned=1)


@pytest.mark.parametrize(("written", "said"), [(0, True), (1, False)])
def test_pairs_that_are_all_refused_are_said_to_be(written, said):
    items = {"file": {"offered": 3, "written": written, "refused": {"contaminated": 3 - written}}}
    facts = {"by_languages": {}, "pairs": 3, "unit_pairs": 0, "licence_unknown": 0, "given_not_in_corpus": 0}
    text = {"stage": "pairs", "configuration": {}, "configuration_hash": "", "inputs": {}, "files": [], "identity": ""}
    found = summaries(Manifest(**text, counts={**facts, "parallel": {}, "items": items}))
    assert any("not one, since all were refused" in table.title for table in found) == said
