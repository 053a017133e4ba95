"""Checks of lineage, block by block: spans tile their sequences and stand inside their documents. Pure functions."""

import numpy as np

from mixer.checks.block import PADDING, Block, Names, report
from mixer.checks.findings import Findings


def check_sequences(block: Block, length: int, findings: Findings) -> bool:
    """Spans must tile every sequence, in one component, padding last; tells whether they do."""
    findings.read("lineage", len(block))
    sequence = block.sequence
    begins = np.ones(len(block), bool)
    begins[1:] = sequence[1:] != sequence[:-1]
    finishes = np.ones(len(block), bool)
    finishes[:-1] = begins[1:]
    found = np.flatnonzero(np.bincount(sequence, minlength=block.last - block.first) == 0)
    for number in found.tolist():
        findings.fault("lineage", f"sequence {block.first + number}: has no span")
    before = np.r_[0, block.end[:-1]]
    expected = np.where(begins, 0, before)
    wrong = report(
        findings,
        "lineage",
        block,
        block.start != expected,
        lambda i: f"the span begins at {block.start[i]}, expected {expected[i]}",
    )
    limit = np.where(finishes, length, length - 1)
    bad_end = (block.end <= block.start) | (block.end > limit) | (finishes & (block.end != length))
    wrong |= report(
        findings,
        "lineage",
        block,
        bad_end & ~wrong,
        lambda i: (
            f"the span ends at {block.end[i]}, expected "
            + (f"{length}" if finishes[i] else f"{block.start[i] + 1} to {length - 1}")
        ),
    )
    same = np.ones(len(block), bool)
    for column in (block.component, block.ordinal):
        same[1:] &= begins[1:] | (column[1:] == column[:-1])
    report(findings, "lineage", block, ~same, "another component or ordinal than in the span before")
    report(findings, "lineage", block, (block.row == PADDING) & ~finishes, "padding, expected at the end only")
    return not found.size and not wrong.any() and bool(same.all())


def check_documents(block: Block, names: Names, findings: Findings) -> None:
    """Every span must stand inside its document, in a component that the document fits; padding in pairs only."""
    known, padding = block.row >= 0, block.row == PADDING
    component, facts = block.component, block.facts
    report(
        findings, "lineage", block, padding & ~names.parallel[component], "padding, expected in translation pairs only"
    )
    fits = names.fits[component, facts["component"]]
    report(
        findings,
        "lineage",
        block,
        known & ~fits,
        lambda i: (
            f"document {block.name(i)} of {names.pool[facts['component'][i]]} "
            f"in a sequence of {names.mixture[component[i]]}"
        ),
    )
    last = block.token_start + block.length
    outside = report(
        findings,
        "lineage",
        block,
        known & ((block.token_start < 0) | (last > facts["tokens"])),
        lambda i: (
            f"tokens {block.token_start[i]} to {last[i]} of document {block.name(i)}, which has {facts['tokens'][i]}"
        ),
    )
    report(
        findings,
        "lineage",
        block,
        known & ~outside & (block.ends != (last == facts["tokens"])),
        lambda i: (
            f"ends_document is {bool(block.ends[i])}, expected {not block.ends[i]}: token {last[i]} of "
            f"{facts['tokens'][i]} of document {block.name(i)}"
        ),
    )
    unmarked = (block.token_start != -1) | block.ends
    report(findings, "lineage", block, padding & unmarked, "padding, expected token_start -1 and no document's end")
