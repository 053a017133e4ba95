"""Reads a whole mixture again and compares it with its manifest, its pool, the split and the texts behind it."""

from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from pydantic import ValidationError

from contracts import manifest as manifests
from contracts.errors import StageError
from contracts.manifest import CODE_VERSION
from mixer.checks.counts import count_faults, lineage_faults, tokenizer_faults
from mixer.checks.files import check_facts, check_files, check_names, check_streams
from mixer.checks.findings import Findings, Unreadable
from mixer.checks.order import order_faults, shape_faults
from mixer.checks.pool import index_documents, names_of, sentinels_of, usable
from mixer.checks.sequences import Mixture, Pass
from mixer.checks.split import HeldOut, check_links, held_ids
from mixer.checks.text import Texts
from mixer.checks.tokens import kinds_of
from mixer.config import MixConfig
from mixer.layout import Layout
from mixer.mix import NAME, again
from mixer.planning.plan import ComponentPlan
from mixer.streams.token_files import TokenFiles
from mixer.streams.view_files import ORDER
from mixer.tokens.tokenizer import load_json
from mixer.tokens.tokenizer_stage import FILE
from pipelines.stage import require

CHECKS = {
    "files": "files",
    "streams": "streams",
    "inputs": "files",
    "chain": "stages",
    "order": "sequences",
    "counts": "components",
    "lineage": "spans",
    "documents": "documents",
    "index": "spans",
    "tokens": "tokens",
    "special ids": "tokens",
    "split": "documents",
    "text": "documents",
}
"""Each check and what it counts as read."""

SAMPLE = 200
"""Documents that are decoded."""

NUMBERS = (*(f.name for f in fields(ComponentPlan)), "prefix_deviation", "documents", "bytes")
"""What a manifest says of each component at least."""

EARLIER = ("corpus", "pairs", "parallel", "split", "tokenizer")


def verify_mixture(folder: Path, sample: int = SAMPLE) -> tuple[list[dict[str, Any]], list[str]]:
    """Check a mixture, of shards or a view, with the stages of its run beside it.

    A fault that leaves nothing to compare with (a file that is missing or too short, stages that do not belong
    together) ends the checks; those left out show no number.

    Memory: some 300 MB for a block of sequences, a byte a sequence (40 where neighbours were swapped), 200 bytes a
    held-out document, and what `mixer.split.leaks` takes. What is known of the pool's documents, 65 bytes each, lies
    in a temporary folder.

    Args:
        folder: a finished mixture.
        sample: documents that are decoded and compared with their texts.

    Returns:
        a row a check (check, read, of, faults), and all faults in words.

    Raises:
        StageError: the mixture or an earlier stage is not finished, or was made by another version.
    """
    mixture = _open(folder)
    other = "index" if mixture.manifest.counts["output"] == "view" else "streams"
    findings = Findings({check: unit for check, unit in CHECKS.items() if check != other})
    with suppress(Unreadable), TemporaryDirectory(prefix="glotmix-verify-") as work:
        _check_whole(mixture, findings)
        _read(mixture, _order(mixture, findings), sample, Path(work), findings)
    return findings.rows(), findings.faults()


def _open(folder: Path) -> Mixture:
    manifest = require(folder, NAME, "glotmix mix CONFIG")
    if manifest.stage != NAME:
        raise StageError(f"{folder}: the {manifest.stage} stage, no mixture. Run: glotmix verify {folder}")
    if manifest.code_version != CODE_VERSION:
        raise StageError(
            f"{folder}: made by code version {manifest.code_version}, this is {CODE_VERSION}. Make it again: "
            "glotmix mix CONFIG --force"
        )
    lacking = [name for part in manifest.counts["components"].values() for name in NUMBERS if name not in part]
    if lacking:
        raise StageError(f"{folder}: the manifest lacks {lacking[0]}. Make it again: glotmix mix CONFIG --force")
    try:
        config = MixConfig.model_validate({**manifest.configuration, "name": folder.resolve().name})
    except ValidationError as error:
        raise StageError(
            f"{folder}: its configuration cannot be run ({error.errors()[0]['msg']}). Make it again: "
            "glotmix mix CONFIG --force"
        ) from error
    layout = Layout(folder.resolve().parent.parent)
    pool = layout.tokens(config.parallel_form, config.parallel_level)
    places = {name: getattr(layout, name) for name in EARLIER} | {"tokens": pool}
    stages = {name: require(place, name, "glotmix run CONFIG") for name, place in places.items()}
    return Mixture(folder, manifest, config, layout, pool, stages)


def _check_whole(mixture: Mixture, findings: Findings) -> None:
    """All files must be there and the stages belong together, or there is nothing to compare.

    Raises:
        Unreadable: it is so.
    """
    folder, counts = mixture.folder, mixture.manifest.counts
    whole = check_files(folder, mixture.manifest, "files", findings)
    whole = whole and check_names(folder, mixture.manifest, findings)
    if counts["output"] == "view":
        whole &= check_streams(folder, counts, findings)
        named = (folder / counts["pool"]).resolve()
        if named != mixture.pool.resolve():
            findings.fault("inputs", f"the view reads {named}, expected {mixture.pool}")
            whole = False
    places = {"tokens": mixture.pool, "tokenizer": mixture.layout.tokenizer, "split": mixture.layout.split}
    for name, place in places.items():
        whole &= check_files(place, mixture.stages[name], "inputs", findings)
    stages = {**mixture.stages, NAME: mixture.manifest}
    findings.read("chain", len(stages))
    for words in manifests.broken_links(stages):
        findings.fault("chain", f"{words}. Make it again: {again(folder)}")
    if not whole or findings.any("chain"):
        raise Unreadable


def _order(mixture: Mixture, findings: Findings) -> np.ndarray:
    """The order of components.

    Raises:
        Unreadable: the array is none.
    """
    counts = mixture.manifest.counts
    with findings.reading("order", ORDER):
        order = np.load(mixture.folder / ORDER, mmap_mode="r", allow_pickle=False)
    wrong = shape_faults(order, len(counts["components"]), counts["sequences"])
    findings.note("order", wrong)
    if wrong:
        raise Unreadable
    findings.read("order", len(order))
    findings.note("order", order_faults(order, counts["components"], mixture.config))
    return np.asarray(order)


def _read(mixture: Mixture, order: np.ndarray, sample: int, work: Path, findings: Findings) -> None:
    """All checks that need the earlier stages."""
    layout, counts, tokens = mixture.layout, mixture.manifest.counts, mixture.stages["tokens"]
    facts, names = mixture.stages["tokenizer"].counts, names_of(mixture.manifest, tokens)
    with findings.reading("inputs", "the tables of split, parallel and tokens"):
        held = held_ids(layout.split, layout.parallel, mixture.unseen)
        index = index_documents(mixture.pool, names, held, work)
        there = usable(mixture.pool, tokens.counts["train"], mixture.config.sequence_length)
    for name in index.repeated():
        findings.fault("inputs", f"{mixture.pool}: document {name} stands there more than once")
    if counts["output"] == "view":
        with findings.reading("streams", "facts of documents"):
            check_facts(mixture.folder, counts, index, findings)
    with findings.reading("inputs", str(layout.tokenizer)):
        text = load_json(layout.tokenizer / FILE)
        sentinels = sentinels_of(tokens.configuration, text)
        texts = Texts(layout.corpus, layout.parallel, text, facts, sentinels)
        kinds = kinds_of(text, facts["vocab_size"], facts["end_id"], facts["pad_id"], sentinels.values())
    passed = Pass(mixture, order, index, HeldOut(held, names, mixture.unseen), kinds, sample)
    wrong = tokenizer_faults(counts, facts)
    wrong += count_faults(counts, mixture.config, there, np.bincount(order, minlength=len(passed.numbers)).tolist())
    findings.read("counts", len(counts["components"]))
    with suppress(Unreadable):
        wrong += lineage_faults(counts, passed.run(findings))
    findings.note("counts", dict.fromkeys(wrong))  # a number may disagree with several things in the same words
    with findings.reading("split", "links of corpus and pairs"):
        check_links(layout.corpus, layout.pairs, layout.parallel, layout.split, findings)
    dtype = np.dtype(f"<u{counts['bytes_per_token']}")
    findings.read("text", 0)
    texts.check(passed.sample.rows, passed.index, TokenFiles(mixture.pool, dtype), findings)
