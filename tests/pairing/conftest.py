"""A corpus of a few documents, written as the corpus stage writes it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from contracts import manifest as manifests
from contracts.languages import LANGUAGE_NAMES
from contracts.pair_tables import PAIRS, PARALLEL_DOCUMENTS, UNIT_PAIRS
from contracts.schema import DOCUMENTS, REJECTED, SPLIT, UNITS
from contracts.tables import write_rows

FACTS = {
    "source": "test", "source_id": "", "repo": "r", "archive": "", "commit": None, "licence": "MIT",
    "detected_by": "extension", "encoding": "utf-8", "lines": 1, "longest_line": 1, "mean_line": 1.0,
    "alphanumeric_share": 1.0, "error_share": 0.0, "code_tokens": 1, "units": 0, "is_test": False,
    "is_vendored": False, "contaminated": None,
}  # fmt: skip


def document(language: str, name: str, content: str, **facts) -> dict:
    identity = hashlib.blake2b(f"{language}/{name}".encode(), digest_size=16).hexdigest()
    row = {**FACTS, "id": identity, "path": name, "language": language, "content": content}
    return {**row, "bytes": len(content.encode()), "content_hash": identity, **facts}


def write_corpus(folder: Path, rows: list[dict]) -> Path:
    """documents and units in one file each, and a manifest with the counts that pairing reads."""
    write_rows(folder / "documents" / "00000.parquet", DOCUMENTS, rows)
    write_rows(folder / "units" / "00000.parquet", UNITS, [])
    counts = {x: {"files": sum(r["language"] == x for r in rows)} for x in LANGUAGE_NAMES}
    by_language = {x: n for x, n in counts.items() if n["files"]}
    files = sorted(folder.rglob("*.parquet"))
    manifest = manifests.build("corpus", folder, files, {}, {}, {"documents": {"by_language": by_language}}, {})
    manifests.write(folder, manifest)
    return folder


@pytest.fixture
def corpus_of(tmp_path):
    return lambda rows: write_corpus(tmp_path / "corpus", rows)


def filled(table, **values) -> dict:
    """A row of a table: the given values, and for every other column null or the plainest value of its type."""
    plain = {pa.string(): "", pa.bool_(): False, pa.float32(): 0.0, pa.float64(): 0.0}
    row = {
        c.name: None if c.nullable else [] if pa.types.is_list(c.type) else plain.get(c.type, 0) for c in table.columns
    }
    assert values.keys() <= row.keys(), f"{table.name} has no {sorted(values.keys() - row.keys())}"
    return row | values


PROGRAMS = ("heap", "roman", "sieve", "queue")
SIDES = {
    "python": "def {}(x):\n    return x\n\n\ndef helper():\n    pass\n",
    "go": "package p\n\nfunc {}(x int) int {{\n\treturn x\n}}\n",
}
SIDES["java"] = "class A {{\n  int {}(int x) {{\n    return x;\n  }}\n}}\n"
SPANS = {"python": (1, 2), "go": (3, 5), "java": (2, 4)}
"""First and last line of the function that each program has a counterpart of; Python's has another from line 5 on."""


def pair_of(one: str, other: str) -> str:
    return hashlib.blake2b("".join(sorted((one, other))).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Run:
    """A run's output folder with finished stages up to the split; `ids` by (program, language)."""

    root: Path
    ids: dict[tuple[str, str], str]

    def pair(self, program: str, a: str, b: str) -> str:
        return pair_of(self.ids[program, a], self.ids[program, b])


def _stage(folder: Path, stage: str, inputs: dict[str, str], counts: dict | None = None) -> str:
    files = sorted(folder.rglob("*.parquet"))
    made = manifests.build(stage, folder, files, {}, inputs, counts or {}, {})
    manifests.write(folder, made)
    return made.identity


def make_run(root: Path) -> Run:
    """Four programs in three languages, all of them paired, and one wrong pair of low score; queue is held out."""
    texts = {(p, x): SIDES[x].format(p) for p in PROGRAMS for x in SIDES}
    rows = [document(x, f"src/{p}.{x}", text) for (p, x), text in texts.items()]
    ids = {(p, x): row["id"] for (p, x), row in zip(texts, rows, strict=True)}
    corpus, folder = root / "corpus", root / "pairs"
    write_rows(corpus / "documents" / "00000.parquet", DOCUMENTS, rows[:7])
    write_rows(corpus / "documents" / "00001.parquet", DOCUMENTS, rows[7:])
    units = [
        filled(UNITS, document_id=ids[p, x], kind="function", start_line=s, end_line=e, has_body=True, unit=n)
        for p, x in texts
        for n, (s, e) in enumerate([SPANS[x], *([(5, 6)] if x == "python" else [])])
    ]
    write_rows(corpus / "units" / "00000.parquet", UNITS, units)
    gone = {c: rows[0][c] for c in ("source", "repo", "archive")}
    lost = filled(REJECTED, **gone, id="ff", path="src/lost.go", language="go", step="gate", reason="generated")
    write_rows(corpus / "rejected" / "00000.parquet", REJECTED, [lost])
    languages = {x: {"files": len(PROGRAMS)} for x in SIDES}
    identity = _stage(corpus, "corpus", {}, {"documents": {"by_language": languages}})
    found = [(p, p, a, b) for a, b in (("python", "java"), ("python", "go"), ("java", "go")) for p in PROGRAMS]
    pairs, functions, parallel = [], [], []
    for number, (p, q, a, b) in enumerate([*found, ("sieve", "heap", "java", "go")]):
        one, other = ids[p, a], ids[q, b]
        score = 0.9 - number / 100 if p == q else 0.3
        known = {"pair_id": pair_of(one, other), "id_a": one, "id_b": other}
        facts = {
            "language_a": a,
            "language_b": b,
            "path_a": f"src/{p}.{a}",
            "path_b": f"src/{q}.{b}",
            "origin": "mined",
        }
        licences = {"licence_a": "MIT", "licence_b": "Apache-2.0", "licence_known": True}
        pairs.append(filled(PAIRS, **known, **facts, **licences, score=score, kind="close" if number % 2 else "loose"))
        lines = {
            f"{n}_{s}": v
            for s, x in (("a", a), ("b", b))
            for n, v in zip(("start_line", "end_line"), SPANS[x], strict=True)
        }
        outer = {f"outer_start_line_{s}": lines[f"start_line_{s}"] for s in "ab"}
        functions.append(
            filled(UNIT_PAIRS, **known, **lines, **outer, score=score, kind="close" if p == q else "loose")
        )
        for source, target in ((a, b), (b, a)):
            sides = (one, other) if source == a else (other, one)
            text = texts[p if source == a else q, source] + "\n" + texts[q if source == a else p, target]
            row = {"id": f"{number}{source}{target}", "form": "concat", "level": "file", "pair_id": known["pair_id"]}
            row |= {"direction": f"{source}->{target}", "id_source": sides[0], "id_target": sides[1]}
            parallel.append(filled(PARALLEL_DOCUMENTS, **row, content=text, bytes=len(text)))
    write_rows(folder / "pairs" / "00000.parquet", PAIRS, pairs)
    made = _stage(folder, "pairs", {"corpus": identity})
    written = root / "parallel"
    write_rows(written / "unit_pairs" / "00000.parquet", UNIT_PAIRS, functions)
    write_rows(written / "parallel" / "00000.parquet", PARALLEL_DOCUMENTS, parallel)
    texts_made = _stage(written, "parallel", {"corpus": identity, "pairs": made})
    held = [filled(SPLIT, id=ids[key], split="validation" if key[0] == "queue" else "train") for key in texts]
    write_rows(root / "split" / "split" / "00000.parquet", SPLIT, held)
    _stage(root / "split", "split", {"corpus": identity, "pairs": made, "parallel": texts_made})
    return Run(root, ids)


@pytest.fixture(scope="session")
def small_run(tmp_path_factory):
    """See `make_run`. Read only."""
    return make_run(tmp_path_factory.mktemp("small") / "out")
