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
MATCH = {"scored": 0, "assigned": 0, "contradictions_cut": 0, "prevalence": None, "prevalence_reference": None}


def title(options: dict, documents: dict = TWO, given: int = 0, pairs: int = 0, **match) -> str:
    """What the summary of a run says above its tables."""
    counts = {"pairs": pairs, "match": MATCH | match}
    found = explained(PairsConfig(**options), MODEL, documents, given, counts)
    facts = {"by_languages": {}, "licence_unknown": 0, "given_not_in_corpus": 0}
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
        (
            {"options": {"require_licence": True}, "assigned": 2, "contradictions_cut": 2, "scored": 3},
            "2 candidates reach the score 0.3, but none the 0.05",
        ),
        (
            {"options": {"min_score": 0.01}, "assigned": 1, "contradictions_cut": 1, "scored": 3},
            "1 candidates reach the score 0.01, but none the 0.05",
        ),
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


@pytest.mark.parametrize(
    ("score", "said"),
    [
        (0.3, "--min-score 0.1 "),
        (0.1, "--min-score 0.05 "),
        (0.08, "--min-score 0.05 "),
        (0.05, "A lower one makes no pair"),
    ],
)
def test_a_lower_score_is_advised_only_where_it_is_lower_and_an_empty_table_is_not_to_be_looked_at(score, said):
    shown = title({"min_score": score}, scored=9)
    assert f"reaches the score {score:g}" in shown
    assert said in shown
    assert ("--min-score" in shown) == ("--min-score" in said)
    assert "glotmix corpus summary" in shown
    assert "pairs sample" not in shown


def test_a_run_with_pairs_gives_no_reason():
    assert "glotmix" not in title({"require_licence": True}, pairs=1, assigned=1)


RARE = {"assigned": 1, "scored": 9, "prevalence": 0.12, "prevalence_reference": 0.38}


def test_a_corpus_with_few_translations_is_told_what_that_means_and_what_to_do_next():
    shown = title({}, pairs=1, **RARE)
    assert "with precision 0.93 where the score was measured; translations are rarer here than where" in shown
    assert "(about 12 % of the plausible candidates, there 38 % or more), so its precision is lower" in shown
    assert "glotmix pairs CONFIG --set pairs.adapt=true --force, or keep the surest" in shown
    assert shown.endswith("glotmix pairs CONFIG --min-score 0.9 --force")


def test_who_asks_for_the_surest_pairs_already_is_not_told_to():
    assert "--min-score" not in title({"min_score": 0.95}, pairs=1, **RARE)


@pytest.mark.parametrize(
    "change",
    [
        {"options": {"adapt": True}},
        {"options": {"mine": False, "given": ["x.csv"]}, "given": 1},
        {"pairs": 0},
        {"prevalence": None, "prevalence_reference": None},
        {"prevalence": 0.24},  # a little more than half the odds
        {"prevalence": 0.9},
    ],
    ids=str,
)
def test_nothing_is_said_of_rare_translations_where_it_would_not_help(change):
    assert "rarer" not in title(**({"options": {}, "pairs": 1} | RARE | change))


@pytest.mark.parametrize("share", [0.23, 0.01, 0.0001])
def test_from_half_the_odds_down_translations_are_rare(share):
    assert "rarer" in title({}, pairs=1, **(RARE | {"prevalence": share}))


@pytest.mark.parametrize(("written", "said"), [(0, True), (1, False)])
def test_pairs_that_are_all_refused_are_said_to_be(written, said):
    items = {"file": {"offered": 3, "written": written, "refused": {"contaminated": 3 - written}}}
    text = {"configuration": {}, "configuration_hash": "", "inputs": {}, "files": [], "identity": ""}
    counts = {"unit_pairs": 0, "parallel": {}, "items": items}
    found = summaries(Manifest(**text, stage="parallel", counts=counts))
    assert any("not one, since all were refused" in table.title for table in found) == said
