"""The step that decides which candidates are pairs, for all languages at once.

Third languages are evidence, so it is one task. Memory: about 600 bytes a candidate that is kept, and 100 bytes a
document. 64,399 documents with 5.95 million candidates, some of them too faint to be kept, took 1.6 GB; 100,000 files
that keep as many as those of pairs_dev, 29 to 33 each, would need 2 GB.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from contracts.files import atomic_path, write_json
from contracts.languages import LANGUAGE_NAMES, language_pairs
from pairing.catalogue import read_catalogue
from pairing.config import PairsConfig
from pairing.match.adapt import adapted, estimated
from pairing.match.assign import assigned
from pairing.match.groups import Matched, closed, consistent, through
from pairing.match.identity import group_id
from pairing.match.threshold import threshold
from pairing.score.aspects import ASPECTS, SIMILARITIES
from pairing.score.graph import FAINT, CandidateGraph
from pairing.score.model import score
from pairing.score.prevalence import below
from pairing.score.shipped import shipped
from pipelines.frames import read

COUNTS: Final = "counts.json"
"""File beside the pairs: candidates scored, pairs assigned, those cut since groups contradict them, those implied; how
common pairs are among plausible edges, and the least that the score was learnt from (null: there is no such edge)."""


Link = tuple[int, int]
"""Numbers of two documents, the smaller first."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """All documents under one numbering: by language, then by number in the catalogue."""

    ids: list[str]
    language: np.ndarray
    start: dict[str, int]


class DecidePairs(PipelineStep):
    """One task: scores all candidates, assigns, makes groups; writes one file a language pair, and counts."""

    type = "glotmix"
    name = "decide"

    def __init__(self, compared: Path, catalogue: Path, given: Path, output: Path, config: PairsConfig) -> None:
        super().__init__()
        self.compared, self.catalogue, self.given, self.output = compared, catalogue, given, output
        self.config = config

    def run(self, data: DocumentsPipeline = None, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Write one file a language pair: a, b, score, direct, similarity, implied, given and the group's id."""
        corpus = self._corpus()
        given = self._given(corpus)
        sure = closed(given, corpus.language)  # what given pairs imply is as sure: mined pairs give way to both
        graph = self._graph(corpus, sure)
        scores = score(graph, shipped())
        common = estimated(graph, scores.final, shipped())
        final = adapted(scores.final, below(*common)) if common and self.config.adapt else scores.final
        chosen = assigned(graph, final, threshold(self.config, shipped()))
        certain = np.ones(len(sure))
        kept = CandidateGraph(
            corpus.language,
            np.r_[sure[:, 0], graph.a[chosen]],
            np.r_[sure[:, 1], graph.b[chosen]],
            np.r_[certain, graph.similarity[chosen]],
            np.r_[np.ones((len(sure), len(ASPECTS))), graph.aspects[chosen]],
        )
        matched = consistent(kept, np.r_[certain, final[chosen]])
        inside = matched.group[graph.a[chosen]] == matched.group[graph.b[chosen]]
        implied = matched.implied | (_among(matched, sure) & ~_among(matched, given))
        matched = replace(matched, implied=implied)
        if len(given):
            matched = _weakest(matched, self._told(corpus) | _scores(graph, chosen, final))
        if not self.config.mine:
            matched = matched.without(implied)
        pairs = _joined(corpus, graph, scores.direct, matched, given)
        for language_a, language_b in language_pairs():
            part = pairs.filter((pl.col("language_a") == language_a) & (pl.col("language_b") == language_b))
            with atomic_path(self.output / f"{language_a}-{language_b}.parquet") as path:
                part.drop("language_a", "language_b").write_parquet(path)
        counts = {
            "scored": len(graph.a),
            "assigned": len(chosen),
            "contradictions_cut": len(chosen) - int(inside.sum()),
            "implied_by_groups": int(matched.implied.sum()),
        }
        share, least = common or (None, None)
        write_json(self.output / COUNTS, {**counts, "prevalence": share, "prevalence_reference": least})
        yield from ()

    def _corpus(self) -> Corpus:
        ids: list[str] = []
        language: list[np.ndarray] = [np.empty(0, np.int64)]
        start = {}
        for number, name in enumerate(LANGUAGE_NAMES):
            start[name] = len(ids)
            found = read_catalogue(self.catalogue, name)["id"].to_list()
            ids += found
            language.append(np.full(len(found), number))
        return Corpus(ids, np.concatenate(language), start)

    def _given(self, corpus: Corpus) -> np.ndarray:
        """Given pairs by number, the side whose language comes first as a: int64 (pairs, 2), unique, consistent."""
        number = {name: i for i, name in enumerate(corpus.ids)}
        pairs = {tuple(sorted((number[a], number[b]))) for a, b in read(self.given).select("id_a", "id_b").iter_rows()}
        return np.array(sorted(pairs), np.int64).reshape(-1, 2)

    def _told(self, corpus: Corpus) -> dict[Link, float]:
        """Scores of given pairs by number, as in `_given`; none counts as 1."""
        number = {name: i for i, name in enumerate(corpus.ids)}
        rows = read(self.given).select("id_a", "id_b", pl.col("score").fill_null(1.0)).iter_rows()
        return {_link(number[a], number[b]): score for a, b, score in rows}

    def _graph(self, corpus: Corpus, sure: np.ndarray) -> CandidateGraph:
        """Candidates worth scoring; a document with a sure pair has no other one in that language."""
        alike = dict.fromkeys(SIMILARITIES, pl.Float64)
        parts = [pl.DataFrame(schema={"a": pl.Int64, "b": pl.Int64, **alike})]
        for language_a, language_b in language_pairs():
            for path in sorted(self.compared.glob(f"{language_a}-{language_b}-*.parquet")):
                found = read(path).filter(pl.col("similarity") >= FAINT)
                parts.append(
                    found.select(
                        pl.col("a").cast(pl.Int64) + corpus.start[language_a],
                        pl.col("b").cast(pl.Int64) + corpus.start[language_b],
                        *(pl.col(name).cast(pl.Float64) for name in SIMILARITIES),
                    )
                )
        every = pl.concat(parts).sort("a", "b")
        a, b, similarity = (every[name].to_numpy() for name in ("a", "b", "similarity"))
        graph = CandidateGraph(corpus.language, a, b, similarity, every.select(ASPECTS.keys()).to_numpy())
        free = ~(_taken(corpus, sure, graph.a, graph.b) | _taken(corpus, sure, graph.b, graph.a))
        return graph.only(free)


def _link(one: int, other: int) -> Link:
    return (one, other) if one < other else (other, one)


def _scores(graph: CandidateGraph, chosen: np.ndarray, score: np.ndarray) -> dict[Link, float]:
    """Scores of assigned edges by their documents."""
    ends = zip(graph.a[chosen].tolist(), graph.b[chosen].tolist(), strict=True)
    return dict(zip(ends, score[chosen].tolist(), strict=True))


def _weakest(matched: Matched, links: dict[Link, float]) -> Matched:
    """The same, implied pairs with the score that the links of their group give them.

    Given pairs make groups whatever their score, but what they imply is no surer than they are.
    """
    score, implied = matched.score.copy(), matched.implied
    score[implied] = through(links, matched.group, matched.a[implied], matched.b[implied])
    return replace(matched, score=score)


def _among(matched: Matched, pairs: np.ndarray) -> np.ndarray:
    """Which of the matched pairs are among others, bool (pairs,)."""
    documents = len(matched.group)
    found: np.ndarray = np.isin(matched.a * documents + matched.b, pairs[:, 0] * documents + pairs[:, 1])
    return found


def _taken(corpus: Corpus, sure: np.ndarray, document: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether a sure pair joins the document to the language of the other, bool (edges,)."""
    languages = len(LANGUAGE_NAMES)
    here, there = np.r_[sure[:, 0], sure[:, 1]], np.r_[sure[:, 1], sure[:, 0]]
    used = here * languages + corpus.language[there]
    return np.isin(document * languages + corpus.language[other], used)


def _joined(
    corpus: Corpus, graph: CandidateGraph, direct: np.ndarray, matched: Matched, given: np.ndarray
) -> pl.DataFrame:
    """All pairs with what is known of them, sorted by documents."""
    candidates = pl.DataFrame({"a": graph.a, "b": graph.b, "similarity": graph.similarity, "direct": direct})
    mined = pl.DataFrame({"a": matched.a, "b": matched.b, "score": matched.score, "implied": matched.implied})
    own = pl.DataFrame({"a": given[:, 0], "b": given[:, 1]}).with_columns(pl.lit(value=True).alias("given"))
    pairs = mined.join(own, on=["a", "b"], how="full", coalesce=True).join(candidates, on=["a", "b"], how="left")
    names = pl.Series("name", [LANGUAGE_NAMES[i] for i in corpus.language.tolist()], pl.String)
    first = pl.Series("first", [corpus.start[name] for name in names.to_list()], pl.Int64)
    a, b = pairs["a"].to_numpy(), pairs["b"].to_numpy()
    return pairs.with_columns(
        pl.col("given").fill_null(value=False),
        pl.col("implied").fill_null(value=False),
        names.gather(a).alias("language_a"),
        names.gather(b).alias("language_b"),
        (pl.col("a") - first.gather(a)).alias("a"),
        (pl.col("b") - first.gather(b)).alias("b"),
        _group_ids(corpus, matched.group).gather(a).alias("group_id"),
    ).sort("language_a", "language_b", "a", "b")


def _group_ids(corpus: Corpus, group: np.ndarray) -> pl.Series:
    """Id of each document's group; of one alone too."""
    ids = pl.DataFrame({"group": group, "id": corpus.ids}).group_by("group").agg("id")
    made = {number: group_id(members) for number, members in ids.iter_rows()}
    return pl.Series("group_id", [made[number] for number in group.tolist()], pl.String)
