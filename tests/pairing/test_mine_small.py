"""Corpora of one, two and three programs a language find their pairs, and little else."""

from itertools import combinations
from pathlib import Path

import polars as pl
import pytest

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES

from .conftest import document, write_corpus
from .in_process import mined, written
from .test_mine import stem

TWO, THREE = ("python", "java"), ("csharp", "go", "rust")


@pytest.fixture(scope="module")
def sample(demo_run):
    """Documents and units of the demo run."""
    folder = demo_run.output / "corpus"
    documents = pl.read_parquet(folder / "documents" / "*.parquet").filter(pl.col("language").is_in(LANGUAGE_NAMES))
    named = documents.with_columns(pl.col("path").map_elements(stem, pl.String).alias("stem"))
    return named, pl.read_parquet(folder / "units" / "*.parquet")


def part(sample, folder: Path, chosen: set[tuple[str, str]]) -> tuple[Path, dict[str, str]]:
    """A finished corpus of some programs as (language, stem); and what each document is."""
    documents, units = sample
    kept = documents.filter(pl.struct("language", "stem").is_in([{"language": x, "stem": y} for x, y in chosen]))
    assert kept.height == len(chosen)
    for name, frame in (
        ("documents", kept.drop("stem")),
        ("units", units.filter(pl.col("document_id").is_in(kept["id"].to_list()))),
    ):
        (folder / name).mkdir(parents=True)
        frame.write_parquet(folder / name / "00000.parquet")
    counts = {language: {"files": n} for language, n in kept.group_by("language").len().rows()}
    files = sorted(folder.rglob("*.parquet"))
    manifests.write(
        folder, manifests.build("corpus", folder, files, {}, {}, {"documents": {"by_language": counts}}, {})
    )
    return folder, dict(kept.select("id", "stem").rows())


def pairs_of(out: Path, what: dict[str, str]) -> set[tuple[str, str]]:
    found = pl.read_parquet(out / "pairs" / "*.parquet").select("id_a", "id_b").rows()
    return {(what[a], what[b]) for a, b in found}


@pytest.mark.parametrize(
    ("languages", "programs"),
    [
        (TWO, ["jsonreader"]),
        (TWO, ["editdistance", "primesieve"]),
        (THREE, ["dijkstraroutes"]),
        (TWO, ["lrucache", "lrucache test", "romannumerals"]),
        (LANGUAGE_NAMES, ["lrucache"]),
    ],
)
def test_a_few_programs_and_their_functions_find_their_translations(sample, tmp_path, languages, programs):
    corpus, what = part(sample, tmp_path / "corpus", {(x, y) for x in languages for y in programs})
    counts, made = written(corpus, tmp_path / "out")
    assert pairs_of(tmp_path / "out" / "pairs", what) == {(x, x) for x in programs}
    assert counts["pairs"] == len(programs) * len(list(combinations(languages, 2)))
    assert made["unit_pairs"] >= 2 * counts["pairs"]
    assert "no_pairs" not in counts


@pytest.mark.parametrize(
    ("java", "python"),
    [
        (["jsonreader"], ["lrucache"]),
        (["dijkstraroutes", "lrucache", "primesieve"], ["editdistance", "romannumerals", "jsonreader"]),
    ],
)
def test_a_few_programs_without_translations_find_none(sample, tmp_path, java, python):
    chosen = {*(("java", x) for x in java), *(("python", x) for x in python)}
    corpus, what = part(sample, tmp_path / "corpus", chosen)
    counts = mined(corpus, tmp_path / "out")
    assert pairs_of(tmp_path / "out", what) == set()
    assert "no_pairs" in counts


NOTICE = " ".join(f"{x}{y}" for x in ("mag", "ren", "tol", "sif") for y in ("nolia", "dabo", "kusta", "vimer", "pelo"))


def test_words_that_all_programs_of_a_small_corpus_share_make_no_pairs(tmp_path):
    topics = [f"{x}er {x}ing {x}ment {x}ova {x}ilo" for x in ("plank", "gurt", "hobb", "wend", "zirk", "molt", "fust")]
    rows = []
    for language, ending in (("java", "java"), ("rust", "rs")):
        for n, topic in enumerate(topics):
            own = f"{topic} {language}{n}ka {language}{n}lo {language}{n}ti" if n > 1 else topic
            # the first two programs are translations, the others talk of different things
            words = (own if n < 2 or language == "java" else own.replace(topic, topic[::-1])).split()
            lines = [f"{w}_total = {v}_value({w}_count)" for w, v in zip(words, reversed(words), strict=True)]
            notice = [f"{w} = {w}()" for w in NOTICE.split()]
            rows.append(document(language, f"p{n}.{ending}", "\n".join([*notice, *lines])))
    mined(write_corpus(tmp_path / "corpus", rows), tmp_path / "out")
    paths = dict(pl.DataFrame(rows).select("id", "path").rows())
    assert pairs_of(tmp_path / "out", paths) == {("p0.java", "p0.rs"), ("p1.java", "p1.rs")}
