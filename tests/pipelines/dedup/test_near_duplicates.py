"""The whole of near-duplicate removal on copies planted at known edit rates."""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from contracts.tables import read_table
from pipelines.config import CorpusConfig
from pipelines.corpus import corpus
from pipelines.executor_config import ExecutorConfig

SAMPLE = Path(__file__).resolve().parents[3] / "examples" / "polyglot"
LANGUAGES = {"python": ".py", "go": ".go", "typescript": ".ts"}
ORIGINALS = 10
RATES = (0.005, 0.01, 0.02, 0.04)
TOKEN = re.compile(r"[A-Za-z0-9_]+|[^\sA-Za-z0-9_]")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{2,}")


def planted(text: str, rate: float, rng: np.random.Generator) -> str:
    """Rename as many words as make up `rate` of the tokens, each on its own."""
    spots = list(WORD.finditer(text))
    count = min(len(spots), max(1, round(rate * len(TOKEN.findall(text)))))
    for index in sorted(rng.choice(len(spots), count, replace=False).tolist(), reverse=True):
        start, end = spots[index].span()
        text = f"{text[:start]}{spots[index].group()}q{text[end:]}"
    return text


def similarity(a: str, b: str) -> float:
    """Exact Jaccard similarity of the sets of 5-grams of tokens, the slow way."""
    sets = []
    for text in (a, b):
        tokens = TOKEN.findall(text)
        sets.append({tuple(tokens[i : i + 5]) for i in range(len(tokens) - 4)})
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


@dataclass
class Planted:
    """What a run over planted copies left: texts by path, survivors, and who went for whom."""

    texts: dict[str, str]
    kept: set[str]
    gone: dict[str, tuple[str, float]]
    threshold: float
    links: pl.DataFrame
    ids: dict[str, str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    base = tmp_path_factory.mktemp("planted")
    rng = np.random.default_rng(20)
    texts: dict[str, str] = {}
    for language, extension in LANGUAGES.items():
        chosen = sorted(p for p in (SAMPLE / language).rglob(f"*{extension}") if p.stat().st_size > 1500)[:ORIGINALS]
        assert len(chosen) == ORIGINALS
        for number, path in enumerate(chosen):
            text = path.read_text(encoding="utf-8")
            texts[f"{language}/{number}{extension}"] = text
            for rate in RATES:
                texts[f"copies/{language}/{number}_{rate}{extension}"] = planted(text, rate, rng)
    for name, text in texts.items():
        (base / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (base / "s" / name).write_text(text, encoding="utf-8")
    config = CorpusConfig.model_validate(
        {"sources": [{"type": "directory", "name": "s", "path": "s"}], "slice_bytes": 60_000}
    )
    corpus(config, base, base / "out", ExecutorConfig(workers=2))
    kept = pl.from_arrow(read_table(base / "out" / "documents", ["id", "path"]))
    rejected = pl.from_arrow(read_table(base / "out" / "rejected"))
    assert isinstance(kept, pl.DataFrame) and isinstance(rejected, pl.DataFrame)
    assert set(rejected["reason"]) == {"near_duplicate"}
    ids = dict(zip(kept["id"], kept["path"], strict=True))
    gone = {r["path"]: (ids[r["duplicate_of"]], r["value"]) for r in rejected.to_dicts()}
    links = pl.read_parquet(base / "out" / "near_duplicates" / "*.parquet")
    return Planted(texts, set(kept["path"]), gone, config.dedup.threshold, links, ids)


def test_nothing_is_lost(run: Planted) -> None:
    assert run.kept | run.gone.keys() == set(run.texts) and not run.kept & run.gone.keys()


@pytest.mark.parametrize(("rate", "recall"), [(0.005, 1.0), (0.01, 1.0), (0.02, 0.85)])
def test_copies_are_found_as_banding_promises(rate: float, recall: float, run: Planted) -> None:
    """The defaults find a pair with P = 1 - (1 - s^8)^14: 0.9998 at one percent (s = 0.90), 0.96 at two (s = 0.82)."""
    copies = {p for p in run.texts if f"_{rate}." in p}
    assert len(copies) == len(LANGUAGES) * ORIGINALS
    assert len(copies & run.gone.keys()) >= recall * len(copies)


def test_the_originals_survive(run: Planted) -> None:
    assert {p for p in run.texts if not p.startswith("copies/")} <= run.kept


def test_every_removal_is_a_near_duplicate_by_a_slow_reference(run: Planted) -> None:
    assert len(run.gone) >= len(LANGUAGES) * ORIGINALS * 3
    for path, (survivor, value) in run.gone.items():
        assert value == pytest.approx(similarity(run.texts[path], run.texts[survivor]), abs=1e-9)
        assert value >= run.threshold and survivor in run.kept


def test_links_between_kept_documents_are_below_the_threshold_and_true(run: Planted) -> None:
    assert run.links.height > 0, "copies of four percent lie around the threshold"
    for a, b, value in run.links.rows():
        assert a < b and 0.5 <= value < run.threshold
        assert value == pytest.approx(similarity(run.texts[run.ids[a]], run.texts[run.ids[b]]), abs=1e-6)
