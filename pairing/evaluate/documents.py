"""An evaluation of pairs of documents: predictions, gold and corpus in, judged pairs and what was lost out."""

from dataclasses import dataclass

import polars as pl

from contracts.errors import ConfigError
from pairing.evaluate.gold import Gold
from pairing.evaluate.predictions import Names, languages_of, renamed
from pairing.evaluate.truth import PAIR, POSITIVE, distinct, judge, positives

OUTSIDE = ""
"""Source and pool of documents that the gold does not list: two of them are never compared."""


ONE_LANGUAGE = "one language in the corpus"
"""Why a pair is lost whose documents the gold calls two languages."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Predictions beside the gold.

    Attributes:
        pairs: predictions with truth, languages, source, gold_kind, and listed (the gold lists both documents).
        true: the gold's pairs: id_a, id_b, languages, source, kind.
        corrected: id, gold, corpus: documents whose language is another in the corpus than in the gold.
        lost: reason, documents, pairs: gold pairs of which a document was not mined; None without a corpus.
    """

    pairs: pl.DataFrame
    true: pl.DataFrame
    corrected: pl.DataFrame
    lost: pl.DataFrame | None

    def mined(self) -> tuple[pl.DataFrame, int]:
        """The predictions that were not given, and how many of the gold's pairs were not given either."""
        given = pl.col("origin").eq_missing("given")
        known = self.pairs.filter(given & (pl.col("truth") == POSITIVE)).height
        return self.pairs.filter(~given), self.true.height - known


def judge_documents(predicted: pl.DataFrame, gold: Gold, names: Names | None) -> Judged:
    """Judge predicted pairs.

    Args:
        predicted: id_a, id_b, score, kind, origin, language_a, language_b.
        gold: what is known.
        names: what the gold calls the documents of the corpus; None: predictions use the gold's names.

    Raises:
        ConfigError: the language of a document is unknown, or no prediction names a document of the gold.
    """
    found = distinct(predicted if names is None else renamed(predicted, names))
    listed = gold.members.select("id").unique() if gold.files is None else gold.files.select("id")
    ids = pl.concat([found["id_a"], found["id_b"]]).unique().sort()
    if len(ids) and not ids.is_in(listed["id"].implode()).any():
        example = listed["id"].sort()[0]
        raise ConfigError(
            f"no predicted pair names a document of the gold: of {len(ids):,} ids in id_a and id_b 0 are among the "
            f"{len(listed):,} ids of the gold; the pairs name {ids[0]}, the gold {example}. "
            "Give the corpus that the pairs were mined from with --documents"
        )
    said = positives(gold.members)
    gold, changed = corrected(gold, names)
    files = _facts(ids, found, gold, names)
    true = positives(gold.members)
    # the corpus cannot hold these, but there is a pair to find: they count as lost
    true = pl.concat([true, said.join(true, on=PAIR, how="anti", maintain_order="left")]).sort(*PAIR)
    both = pl.col("id_a").is_in(listed["id"].implode()) & pl.col("id_b").is_in(listed["id"].implode())
    judged = judge(found, files, true, gold.ignored).with_columns(both.alias("listed"))
    return Judged(judged, true, changed, None if names is None else lost(true, names))


def corrected(gold: Gold, names: Names | None) -> tuple[Gold, pl.DataFrame]:
    """The gold with the languages that the corpus found, and what changed: id, gold, corpus.

    The corpus read the text.

    Raises:
        ConfigError: no group is left with two languages.
    """
    if names is None:
        return gold, pl.DataFrame(schema={"id": pl.String, "gold": pl.String, "corpus": pl.String})
    known = languages_of(names).rename({"name": "id"})

    def of(table: pl.DataFrame) -> pl.DataFrame:
        found = table.join(known, on="id", how="left", maintain_order="left")
        return found.with_columns(pl.coalesce("corpus", "language").alias("language")).drop("corpus")

    said = gold.members if gold.files is None else gold.files
    changed = said.select("id", pl.col("language").alias("gold")).unique("id").join(known, on="id")
    changed = changed.filter(pl.col("gold") != pl.col("corpus")).sort("id")
    members = of(gold.members)
    if not members.group_by("group").agg(pl.col("language").n_unique()).filter(pl.col("language") > 1).height:
        raise ConfigError(
            f"by the languages of the corpus no group of the gold holds documents in two; {changed.height:,} have "
            f"another language there, such as {changed['id'][0]}: {changed['corpus'][0]}, not {changed['gold'][0]}"
        )
    return Gold(members, gold.ignored, None if gold.files is None else of(gold.files)), changed


def _facts(ids: pl.Series, predicted: pl.DataFrame, gold: Gold, names: Names | None) -> pl.DataFrame:
    """Language, source and pool of every predicted document, from the gold where it lists it."""
    members = gold.members.unique("id", keep="first", maintain_order=True)
    known = gold.files
    if known is None:
        known = members.select("id", "language", "source", pl.col("source").alias("pool"))
    others = [predicted.select(pl.col(f"id_{s}").alias("id"), pl.col(f"language_{s}").alias("language")) for s in "ab"]
    if names is not None:
        others.append(names.languages)
    outside = pl.concat(others).drop_nulls().unique("id", keep="first", maintain_order=True)
    outside = outside.join(known, on="id", how="anti")
    empty = pl.lit(OUTSIDE)
    known = pl.concat([known, outside.select("id", "language", empty.alias("source"), empty.alias("pool"))])
    facts = pl.DataFrame({"id": ids}).join(known, on="id", how="left", maintain_order="left")
    unknown = facts.filter(pl.col("language").is_null())
    if unknown.height:
        raise ConfigError(
            f"the language of {unknown.height:,} predicted documents is unknown, the first is {unknown['id'][0]}; "
            "add the columns language_a and language_b, a list of files to the gold, or give --documents"
        )
    return facts.with_columns(pl.col("id").is_in(members["id"].implode()).alias("grouped"))


def lost(true: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Gold pairs that cannot be mined, by the reason why a document is not; each pair counts once.

    Args:
        true: the gold's pairs.
        names: which documents are in the corpus, and which were rejected or are copies.

    Returns:
        reason, documents, pairs.
    """
    there = names.documents.join(names.rejected, on="name", how="anti")
    there = there.select(pl.col("name").alias("id"), pl.lit("").alias("reason"))
    gone = names.rejected.select(pl.col("name").alias("id"), "reason")
    known = pl.concat([there, gone])
    found = true.select(*PAIR)
    for side in "ab":
        named = known.rename({"id": f"id_{side}", "reason": f"reason_{side}"})
        found = found.join(named, on=f"id_{side}", how="left", maintain_order="left")
        found = found.with_columns(pl.col(f"reason_{side}").fill_null("not in the corpus, nor rejected"))
        own = languages_of(names).rename({"name": f"id_{side}", "corpus": f"corpus_{side}"})
        found = found.join(own, on=f"id_{side}", how="left", maintain_order="left")
    alike = (pl.col("reason_a") == "") & (pl.col("reason_b") == "") & (pl.col("corpus_a") == pl.col("corpus_b"))
    found = found.with_columns(
        pl.when(alike).then(pl.lit(ONE_LANGUAGE)).otherwise(f"reason_{side}").alias(f"reason_{side}") for side in "ab"
    )
    first = pl.when(pl.col("reason_a") != "").then("reason_a").otherwise("reason_b").alias("reason")
    pairs = found.select(first).filter(pl.col("reason") != "").group_by("reason").agg(pl.len().alias("pairs"))
    sides = pl.concat(
        [found.select(pl.col(f"id_{s}").alias("id"), pl.col(f"reason_{s}").alias("reason")) for s in "ab"]
    )
    documents = sides.filter(pl.col("reason") != "").unique().group_by("reason").agg(pl.len().alias("documents"))
    joined = documents.join(pairs, on="reason", how="left").with_columns(pl.col("pairs").fill_null(0))
    return joined.sort("pairs", "reason", descending=[True, False])
