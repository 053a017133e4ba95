import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from contracts import manifest as manifests
from report.terminal import cost, summaries

STAGES = {
    "corpus": "corpus",
    "pairs": "pairs",
    "parallel": "parallel",
    "split": "split",
    "tokenizer": "tokenizer",
    "tokens": "tokens/concat",
    "mix": "mix/default",
}


@pytest.fixture(params=STAGES)
def manifest(request, demo_run):
    found = manifests.read(demo_run.output / STAGES[request.param])
    assert found is not None
    return found


def test_every_stage_has_tables_that_fit_80_columns_with_a_line_a_row(manifest):
    for summary in summaries(manifest):
        out = io.StringIO()
        summary.print(Console(file=out, width=80))
        title, *lines = out.getvalue().splitlines()
        assert title.startswith(summary.title[:5])
        assert len(lines) == len(summary.rows) + 3  # headings, a rule, an empty line
        assert max(map(cell_len, lines)) <= 80


def test_the_rows_of_a_table_have_the_same_keys(manifest):
    for summary in summaries(manifest):
        assert summary.rows
        assert {tuple(row) for row in summary.rows} == {tuple(summary.rows[0])}


def test_the_corpus_adds_up(demo_run):
    manifest = manifests.read(demo_run.output / "corpus")
    corpus, rejected = summaries(manifest)
    *languages, total = corpus.rows
    assert total["language"] == "all"
    assert sum(r["documents"] for r in languages) == total["documents"] == manifest.counts["documents"]["files"]
    assert sum(r["share"] for r in languages) == pytest.approx(1, abs=1e-5)
    assert len(rejected.rows) >= 10


def test_the_mixture_adds_up_to_its_targets(demo_run):
    manifest = manifests.read(demo_run.output / "mix" / "default")
    (mixture,) = summaries(manifest)
    total = sum(r["sequences"] for r in mixture.rows)
    assert total == manifest.counts["sequences"]
    length, tokens = manifest.counts["sequence_length"], sum(r["tokens"] for r in mixture.rows)
    assert tokens + manifest.counts["padding"] == total * length
    for row in mixture.rows:
        assert abs(row["tokens"] - row["target"] * manifest.counts["budget"]) <= length
        assert abs(row["realised"] - row["tokens"] / tokens) < 1e-4
        assert abs(row["padded"] - row["sequences"] / total) < 1e-4


def test_a_corpus_in_which_nothing_was_kept_still_has_tables(demo_run):
    manifest = manifests.read(demo_run.output / "corpus").model_copy(deep=True)
    manifest.counts["documents"] = {"files": 0, "bytes": 0, "by_language": {}}
    assert [r["documents"] for r in summaries(manifest)[0].rows] == [0]


def test_cost_has_a_row_for_each_stage_and_says_which_were_found_finished(demo_run):
    corpus, pairs = (manifests.read(demo_run.output / name) for name in ("corpus", "pairs"))
    rows = cost([(corpus, True), (pairs, False)]).rows
    assert [(r["stage"], r["state"]) for r in rows] == [("corpus", "unchanged"), ("pairs", "done")]
    assert rows[0]["peak MB"] > 1
    assert rows[0]["MB/s kept"] is not None
    assert rows[1]["MB/s kept"] is None


def changed_of(demo_run, stage, **changed):
    manifest = manifests.read(demo_run.output / stage).model_copy(deep=True)
    manifest.counts.update(changed)
    return manifest


def test_given_pairs_that_contradict_others_can_be_looked_at_from_where_the_user_stands(demo_run, monkeypatch):
    manifest, folder = changed_of(demo_run, "pairs", given_contradicting=2), demo_run.output / "pairs"
    assert f"contradict others (glotmix inspect {folder}/refused)" in summaries(manifest, folder)[0].title
    monkeypatch.chdir(demo_run.output)
    assert "contradict others (glotmix inspect pairs/refused)" in summaries(manifest, folder)[0].title
    monkeypatch.chdir(demo_run.output.parent)
    assert f"(glotmix inspect {demo_run.output.name}/pairs/refused)" in summaries(manifest, folder)[0].title
    assert "inspect" not in summaries(manifest)[0].title


def test_what_was_left_out_to_fit_is_told_where_there_is_a_limit(demo_run):
    file = {"offered": 5, "written": 5, "refused": {}, "fitted": 3, "units_dropped": 7}
    manifest = changed_of(demo_run, "parallel", items={"file": file})
    for limit, rows in ((2048, [[{"level": "file", "fitted": 3, "functions left out": 7}]]), (None, [])):
        manifest.configuration["max_tokens"] = limit
        assert [s.rows for s in summaries(manifest) if s.title == "Fitted to 2,048 tokens"] == rows


def test_the_corpus_says_which_licences_cannot_be_read(demo_run):
    manifest = manifests.read(demo_run.output / "corpus").model_copy(deep=True)
    assert manifest.counts["licences"] == {"unknown": 0, "no_spdx": 0, "no_spdx_named": []}
    assert "SPDX" not in summaries(manifest)[0].title
    manifest.counts["licences"] = {"unknown": 3, "no_spdx": 1200, "no_spdx_named": ["Apache 2", "GPLv3 " * 20]}
    title = summaries(manifest)[0].title
    assert f"1,200 documents have a licence that is no SPDX expression ('Apache 2', '{('GPLv3 ' * 20)[:40]}')" in title
