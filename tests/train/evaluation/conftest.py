"""Validation sets made by hand, so that every number in them is known, and a tiny model."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts import manifest as manifests
from contracts.schema import VALIDATION
from contracts.tables import write_rows
from mixer.tokens.tokenizer import Encoder, byte_exact, tokenizer_hash
from mixer.tokens.tokenizer_train import train
from mixer.tokens.validation import file_name, validation_counts

os.environ.setdefault("OMP_NUM_THREADS", "1")

SPECIAL = ("<|end|>", "<|pad|>")
PYTHON = ["x = 1\n", "def add(a, b):\n    return a + b\n", "print('größe')\n" * 12, "y"]
GO = ["package main\n\nfunc main() {\n\tprintln(1)\n}\n", "package a\n"]


@dataclass(frozen=True)
class Sets:
    """Validation sets: python, rust (nothing held out), go, python->go and go->python (unseen)."""

    root: Path
    encoder: Encoder

    @property
    def folder(self) -> Path:
        return self.root / "validation"

    def ids(self, *pieces: str) -> list[list[int]]:
        return [ids.tolist() for ids in self.encoder.encode(pieces)]


def write_sets(root: Path, extra: str = "") -> Sets:
    text = train([[*PYTHON, *GO, extra]], 400, SPECIAL)
    encoder = Encoder(text, *SPECIAL)
    (root / "tokenizer").mkdir(parents=True)
    (root / "tokenizer" / "tokenizer.json").write_text(text)
    counts = {"hash": tokenizer_hash(text), "vocab_size": encoder.vocab_size, "byte_exact": byte_exact(text)}
    counts |= {"end_id": encoder.end_id, "pad_id": encoder.pad_id, "bytes_per_token": 2}
    tokenizer = _finish(root, "tokenizer", {"end_token": SPECIAL[0], "pad_token": SPECIAL[1]}, {}, counts)
    split = _finish(root, "split", {"unseen_directions": ["go->python"]}, {}, {})
    folder = root / "validation"
    parts = {"python": [_plain(encoder, "python", t) for t in PYTHON], "rust": []}
    parts["go"] = [_plain(encoder, "go", t) for t in GO]
    for source, target, a, b in (("python", "go", PYTHON, GO), ("go", "python", GO, PYTHON)):
        rows = [
            _pair(encoder, f"{source}->{target}", form, a[i], b[i]) for i in (0, 1) for form in ("concat", "prompt")
        ]
        parts[f"{source}->{target}"] = rows
    for component, rows in parts.items():
        write_rows(folder / file_name(component), VALIDATION, rows)
    made = {component: folder / file_name(component) for component in parts}
    counts = {"validation": validation_counts(made)}
    _finish(root, "validation", {}, {"tokenizer": tokenizer, "split": split}, counts, list(made.values()))
    return Sets(root, encoder)


def _finish(root, stage, configuration, inputs, counts, files=()) -> str:
    (root / stage).mkdir(exist_ok=True)
    made = manifests.build(stage, root / stage, list(files), configuration, inputs, counts, {})
    manifests.write(root / stage, made)
    return made.identity


def _plain(encoder, component, text):
    ids = [*encoder.encode([text])[0].tolist(), encoder.end_id]
    places = dict.fromkeys(("source_start", "source_end", "target_start", "target_end"), -1)
    size = len(text.encode())
    row = {"id": f"{component}{size}", "component": component, "form": "text", "seen": True, "bytes": size}
    return row | places | {"tokens": ids}


def _pair(encoder, direction, form, source, target):
    before = "Translate.\n" if form == "prompt" else ""
    pieces = [ids.tolist() for ids in encoder.encode([before, source, "\n", target])]
    starts = [sum(map(len, pieces[:n])) for n in range(5)]
    return {
        "id": f"{direction}{len(source)}",
        "component": direction,
        "form": form,
        "seen": direction != "go->python",
        "bytes": len((before + source + "\n" + target).encode()),
        "source_start": starts[1],
        "source_end": starts[2],
        "target_start": starts[3],
        "target_end": starts[4],
        "tokens": [*(i for piece in pieces for i in piece), encoder.end_id],
    }


@pytest.fixture(scope="session")
def sets(tmp_path_factory) -> Sets:
    """Read only; `write_sets` makes others."""
    return write_sets(tmp_path_factory.mktemp("sets"))


@pytest.fixture(scope="session")
def model(sets):
    """A LLaMA of two layers with random weights, in fp32."""
    torch = pytest.importorskip("torch")
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=sets.encoder.vocab_size,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=64,
        initializer_range=0.5,
        bos_token_id=None,
        eos_token_id=sets.encoder.end_id,
        pad_token_id=sets.encoder.pad_id,
    )
    return LlamaForCausalLM(config).eval()
