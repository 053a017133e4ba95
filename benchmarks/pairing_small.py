"""Precision and recall of pairs mined in small corpora: a few programs in two, three and seven languages.

    python benchmarks/pairing_small.py GOLD [--work FOLDER] [--draws N]

GOLD is that of pairing_cv.py. Each corpus holds k programs drawn at random, half the time all of one source, with
their translations; and the same beside OTHERS files a language that have no translation there. Mined as users mine,
with the shipped coefficients, which were learnt on the same gold: read it for what is lost by size, not for its level.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import polars as pl
from pairing_gold import VARIANTS, Truth, gold_corpus, read_truth
from tqdm import tqdm

from contracts.languages import LANGUAGE_NAMES
from contracts.tables import files_of
from pairing.config import PairsConfig
from pairing.match.decide import DecidePairs
from pairing.mine import mine
from pipelines.executor_config import ExecutorConfig
from pipelines.phase import Phase
from pipelines.stage import StageContext

PROGRAMS = (1, 2, 3, 5, 10, 30)
LANGUAGES = (2, 3, 7)
OTHERS = 3
LEAST = 12
"""Programs that are drawn in all for each number of languages, at least."""


class InProcess(StageContext):
    """Runs the tasks of a phase here, one after another."""

    def run(self, phase: Phase) -> None:
        """Run all tasks."""
        for rank in range(phase.tasks):
            for step in phase.steps:
                list(step.run(rank=rank, world_size=phase.tasks))


def drawn(truth: Truth, programs: int, languages: int, seed: int) -> tuple[set[str], set[str]]:
    """Ids of the files of some programs, and of other files: none of them has a translation among all of these."""
    draw = random.Random(f"{programs} {languages} {seed}")
    groups: dict[str, dict[str, str]] = {}
    for group, language, identity in truth.gold.members.sort("group", "id").select("group", "language", "id").rows():
        groups.setdefault(group, {})[language] = identity
    source = dict(truth.gold.members.select("group", "source").rows())
    while True:
        chosen = draw.sample(LANGUAGE_NAMES, languages)
        there = [x for x in groups if len(groups[x].keys() & set(chosen)) > 1]
        only = source[draw.choice(there)] if seed % 2 else None
        there = [x for x in there if only in (None, source[x])]
        if len(there) >= programs:
            break
    used = set(draw.sample(there, programs))
    files = {groups[x][y] for x in used for y in chosen if y in groups[x]}
    of = dict(truth.gold.members.select("id", "group").rows())
    others: set[str] = set()
    for language in chosen:
        pool = truth.files.filter(language=language)["id"].sort().to_list()
        pool = [x for x in pool if x not in files and of.get(x, x) not in used]
        taken = draw.sample(pool, OTHERS)
        used |= {of.get(x, x) for x in taken}
        others |= set(taken)
    return files, others


def mined(corpus: Path, ids: set[str]) -> list[tuple[str, str]]:
    """Pairs that the stage mines in a corpus of these files alone."""
    with tempfile.TemporaryDirectory() as folder:
        context = InProcess("pairs", Path(folder), Path(folder) / "work", ExecutorConfig(workers=1))
        part, work, config = Path(folder) / "corpus", context.work, PairsConfig()
        documents = pl.read_parquet(files_of(corpus / "documents")).filter(pl.col("source_id").is_in(list(ids)))
        units = pl.read_parquet(files_of(corpus / "units")).filter(
            pl.col("document_id").is_in(documents["id"].implode())
        )
        for name, frame in (("documents", documents), ("units", units)):
            (part / name).mkdir(parents=True)
            frame.write_parquet(part / name / "00000.parquet")
        counts = Counter(documents["language"].to_list())
        mine(context, config, part, {x: counts[x] for x in LANGUAGE_NAMES})
        pl.DataFrame(schema={"id_a": pl.String, "id_b": pl.String, "score": pl.Float64}).write_parquet(
            work / "given.parquet"
        )
        decide = DecidePairs(work / "compared", work / "catalogue", work / "given.parquet", work / "decided", config)
        context.run(Phase("decide", [decide], 1))
        return list(_named(work, dict(documents.select("id", "source_id").rows())))


def _named(work: Path, name: dict[str, str]) -> Iterator[tuple[str, str]]:
    for path in sorted((work / "decided").glob("*.parquet")):
        a, b = (pl.read_parquet(work / "catalogue" / f"{x}.parquet")["id"] for x in path.stem.split("-"))
        for i, j in pl.read_parquet(path).select("a", "b").rows():
            yield name[a[i]], name[b[j]]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--work", type=Path, default=Path("pairing-cv"), help="that of pairing_cv.py")
    parser.add_argument("--draws", type=int, default=2, help="corpora of each kind; more of few programs")
    options = parser.parse_args()
    truth = read_truth(options.gold)
    true = {tuple(sorted(x)) for x in truth.true.select("id_a", "id_b").rows()}
    for variant in VARIANTS:
        corpus = gold_corpus(options.gold, variant, options.work)
        print(f"{variant}: programs, precision and recall of them alone, beside {OTHERS} other files a language")
        for programs in tqdm(PROGRAMS, unit="size"):
            counts = Counter[tuple[str, bool]]()
            draws = range(max(options.draws, LEAST // programs))
            for languages, seed, beside in product(LANGUAGES, draws, (0, 1)):
                files, others = drawn(truth, programs, languages, seed)
                pairs = mined(corpus, files | others if beside else files)
                judged = truth.of(pl.DataFrame(pairs, schema=["id_a", "id_b"], orient="row")) if pairs else []
                counts["right", beside] += sum(x == 1 for x in judged)
                counts["mined", beside] += sum(x >= 0 for x in judged)
                counts["true", beside] += sum(x in true for x in combinations(sorted(files), 2))
            figures = (counts["right", y] / max(1, counts[x, y]) for y in (0, 1) for x in ("mined", "true"))
            tqdm.write(
                f"  {programs:2d}  " + "  ".join(f"{x:.3f}" for x in figures) + f"  ({counts['true', 0]} pairs)"
            )


if __name__ == "__main__":
    main()
