import json
import random
import shutil

import pytest

from contracts.errors import StageError
from contracts.languages import PARALLEL, is_parallel
from mixer.dataset import MixtureDataset
from mixer.trace import ORIGIN, Tracer

from .conftest import table


@pytest.fixture(scope="module")
def texts(demo) -> tuple[dict, dict]:
    """Documents and parallel documents by id."""
    documents = {row["id"]: row for row in table(demo.corpus / "documents").iter_rows(named=True)}
    return documents, {row["id"]: row for row in table(demo.parallel / "parallel").iter_rows(named=True)}


def check(mixture, sequences, texts) -> set[str]:
    """Every span of these sequences is found where the trace says; returns the components met."""
    documents, parallel = texts
    tracer, length = Tracer(mixture), MixtureDataset(mixture).sequence_length
    met = set()
    for number in sequences:
        spans = tracer.trace(number)
        assert [s.start for s in spans] == [0, *(s.end for s in spans[:-1])]
        assert spans[-1].end == length
        for span in spans:
            met.add(span.component)
            if not span.document_id:
                assert (span.byte_start, span.byte_end, span.origins, span.text) == (-1, -1, (), b"")
                continue
            text = {**documents, **parallel}[span.document_id]
            content = text["content"].encode()
            assert content[span.byte_start : span.byte_end] == span.text
            if is_parallel(span.component):
                sides = [x for x in (text["id_source"], text["id_target"]) if x]
                for side, identity in (("source", text["id_source"]), ("target", text["id_target"])):
                    assert (
                        content[text[f"{side}_start"] : text[f"{side}_end"]] == documents[identity]["content"].encode()
                    )
            else:
                sides = [span.document_id]
            assert [o["id"] for o in span.origins] == sides
            for origin in span.origins:
                assert {c: origin[c] for c in ORIGIN} == {c: documents[origin["id"]][c] for c in ORIGIN}
    return met


def test_every_sequence_of_the_demo_run_is_traced_to_the_bytes_of_its_files(demo, texts):
    count = len(MixtureDataset(demo.mix("default")))
    assert len(check(demo.mix("default"), range(count), texts)) == 8


def test_random_sequences_of_repeated_documents_are_traced_too(repeated, texts):
    count = len(MixtureDataset(repeated.folder))
    chosen = random.Random(0).sample(range(count), min(60, count))
    assert check(repeated.folder, chosen, texts) == {"go", "python", PARALLEL}
    epochs = {s.epoch for k in chosen for s in Tracer(repeated.folder).trace(k) if s.component == "go"}
    assert epochs == {0, 1, 2}


def test_directions_are_traced_to_both_of_their_programs(mixture_of, texts):
    shares = {"python->go": 0.2, "go->python": 0.2, "rust": 0.6}
    view = mixture_of(output="view", parallel="directions", proportions=shares, max_epochs=2, sequence_length=1_500)
    assert check(view.folder, range(view.counts["sequences"]), texts) == set(shares)


def test_a_view_is_traced_as_the_shards_of_the_same_configuration(repeated, mixture_of):
    options = repeated.config.model_dump(exclude={"name", "output"}, exclude_unset=True)
    view = mixture_of(output="view", **options)
    shards, other = Tracer(repeated.folder), Tracer(view.folder)
    for number in range(0, repeated.counts["sequences"], 7):
        assert shards.trace(number) == other.trace(number)


@pytest.mark.parametrize("stage", ["corpus", "pairs", "parallel", "tokenizer"])
def test_a_stage_of_another_run_beside_the_mixture_is_refused(repeated, tmp_path, stage):
    root = repeated.folder.parent.parent
    shutil.copytree(root / "mix", tmp_path / "mix")
    for path in root.iterdir():
        if path.name not in (stage, "mix"):
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / stage).mkdir()
    manifest = json.loads((root / stage / "manifest.json").read_text())
    (tmp_path / stage / "manifest.json").write_text(json.dumps({**manifest, "identity": "other"}))
    with pytest.raises(StageError, match=f"made from another {stage} stage than the one"):
        Tracer(tmp_path / "mix" / "own")
    (tmp_path / stage / "manifest.json").unlink()
    with pytest.raises(StageError, match="trace needs the whole output folder"):
        Tracer(tmp_path / "mix" / "own")


@pytest.mark.parametrize("number", [-1, 10**6])
def test_there_is_nothing_to_trace_beyond_the_mixture(repeated, number):
    with pytest.raises(StageError, match=f"sequence {number}: the mixture has sequences 0 to"):
        Tracer(repeated.folder).trace(number)
