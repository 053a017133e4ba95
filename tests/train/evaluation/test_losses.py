import math
import threading

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from contracts.errors import StageError
from train.evaluation.losses import ComponentLoss, evaluate
from train.evaluation.sets import ValidationSets, require_same_tokenizer
from train.objective import Objective

from .conftest import GO, PYTHON, write_sets

CPU = torch.device("cpu")


def measured(sets, model, length=24, batch=3, form="concat", **ranks):
    objective = Objective(model)
    score = ranks.pop("score", lambda rows: objective(rows, reduce=False))
    return evaluate(sets.folder, score, length=length, batch=batch, device=CPU, form=form, **ranks)


@pytest.fixture(scope="module")
def losses(sets, model):
    return {loss.component: loss for loss in measured(sets, model)}


def plain_nats(model, tokens, start=1, end=None):
    """Nats of tokens start..end of one text, by transformers alone."""
    ids = torch.tensor(tokens)
    with torch.no_grad():
        logs = model(ids[None, :-1]).logits[0].float().log_softmax(-1)
    return -logs[torch.arange(len(ids) - 1), ids[1:]][start - 1 : (end or len(ids)) - 1].double().sum().item()


def test_the_loss_of_documents_is_that_of_their_windows_alone(sets, model, losses):
    nats = tokens = 0
    for ids in sets.ids(*PYTHON):
        ids = [*ids, sets.encoder.end_id]
        for start in range(0, len(ids) - 1, 24):
            window = ids[start : start + 25]
            nats, tokens = nats + plain_nats(model, window), tokens + len(window) - 1
    found = losses["python"]
    assert found.tokens == tokens == sum(map(len, sets.ids(*PYTHON)))
    assert found.loss == pytest.approx(nats / tokens, abs=1e-5)
    assert found.bytes == sum(len(text.encode()) for text in PYTHON)
    assert found.bpb == pytest.approx(nats / math.log(2) / found.bytes, rel=1e-5)


@pytest.mark.parametrize(("form", "before"), [("concat", ""), ("prompt", "Translate.\n")])
def test_the_loss_of_translations_is_that_of_the_targets_given_what_stands_before(sets, model, form, before):
    found = {x.component: x for x in measured(sets, model, length=60, form=form)}["python->go"]
    nats = 0.0
    for source, target in zip(PYTHON, GO, strict=False):
        pieces = sets.ids(before, source, "\n", target)
        start = sum(map(len, pieces[:3]))
        nats += plain_nats(model, [i for piece in pieces for i in piece], start, start + len(pieces[3]))
    assert (found.form, found.documents, found.seen, found.cut) == (form, 2, True, 0)
    assert found.bytes == sum(len(text.encode()) for text in GO)
    assert found.tokens == sum(map(len, sets.ids(*GO)))
    assert found.loss == pytest.approx(nats / found.tokens, abs=1e-5)


@pytest.mark.parametrize("batch", [1, 2, 7, 40])
def test_losses_do_not_depend_on_the_batch(sets, model, losses, batch):
    for loss in measured(sets, model, batch=batch):
        other = losses[loss.component]
        assert (loss.tokens, loss.bytes, loss.documents) == (other.tokens, other.bytes, other.documents)
        assert loss.loss == pytest.approx(other.loss, abs=1e-5)


def test_a_component_of_which_nothing_is_held_out_is_there_with_no_loss(losses):
    assert losses["rust"] == ComponentLoss("rust", True, "text", 0.0, 0, 0)
    assert losses["rust"].loss is None and losses["rust"].bpb is None
    assert list(losses) == ["python", "rust", "go", "python->go", "go->python"]


def test_unseen_directions_are_marked(losses):
    assert [name for name, loss in losses.items() if not loss.seen] == ["go->python"]


def test_pairs_longer_than_a_window_are_scored_whole_and_counted(sets, model, losses):
    found = {x.component: x for x in measured(sets, model, length=8)}
    assert found["python->go"].tokens == losses["python->go"].tokens
    assert found["python->go"].cut == 2
    assert {x.cut for x in found.values() if x.form == "text"} == {0}


@pytest.mark.parametrize("ranks", [2, 3, 9])
def test_all_ranks_score_equally_often_and_agree(sets, model, losses, ranks):
    calls, sums, results = [0] * ranks, [None] * ranks, [None] * ranks
    barrier, lock = threading.Barrier(ranks), threading.Lock()
    objective = Objective(model)

    def work(rank):
        def score(rows):
            calls[rank] += 1
            with lock:
                return objective(rows, reduce=False)

        def reduce(tensor):
            sums[rank] = tensor
            barrier.wait(60)
            return torch.stack(sums).sum(0)

        results[rank] = measured(sets, model, batch=2, score=score, rank=rank, ranks=ranks, reduce=reduce)

    threads = [threading.Thread(target=work, args=(rank,)) for rank in range(ranks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(set(calls)) == 1 and calls[0] > 0
    assert all(result == results[0] for result in results)
    for loss in results[0]:
        assert loss.loss == pytest.approx(losses[loss.component].loss, abs=1e-5)


def test_ranks_that_are_not_summed_are_noticed(sets, model):
    with pytest.raises(StageError, match="tokens were scored; give each process its rank"):
        measured(sets, model, batch=1, rank=0, ranks=2)


def test_a_broken_model_is_refused_and_the_component_named(sets, model):
    with pytest.raises(StageError, match=r"python: the loss is nan"):
        measured(sets, model, score=lambda rows: torch.full(rows.labels.shape, math.nan))


def test_sums_are_in_double_precision(sets, model):
    """In fp32 a sum beyond 2^24 loses ones."""
    first = [16_777_216.0]

    def score(rows):
        return torch.where(rows.labels >= 0, first.pop() if first else 1.0, 0.0)

    found = measured(sets, model, batch=1, score=score)
    ones = sum(loss.tokens for loss in found)
    scaled = sum(loss.nats for loss in found) - ones
    assert scaled > 0 and scaled % 16_777_215 == 0


def test_a_form_that_is_not_held_out_is_refused(sets, model):
    with pytest.raises(StageError, match=r"evaluation.form: shuffled: .* only: concat, prompt"):
        measured(sets, model, form="shuffled")


def test_a_missing_or_cut_file_is_refused(tmp_path, model):
    sets = write_sets(tmp_path)
    path = sets.folder / "go.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(StageError, match=r"go.parquet: \d+ bytes, the manifest says"):
        measured(sets, model)
    path.unlink()
    with pytest.raises(StageError, match=r"go.parquet: missing"):
        measured(sets, model)
    (sets.folder / "manifest.json").unlink()
    with pytest.raises(StageError, match="validation stage is not finished"):
        measured(sets, model)


def test_another_tokenizer_beside_the_sets_is_refused(tmp_path):
    ours, others = write_sets(tmp_path / "a"), write_sets(tmp_path / "b", "other words altogether " * 9)
    manifest = others.root / "tokenizer" / "manifest.json"
    (ours.root / "tokenizer" / "manifest.json").write_bytes(manifest.read_bytes())
    with pytest.raises(StageError, match="was made with another tokenizer"):
        ValidationSets(ours.folder)


def test_validation_sets_of_another_tokenizer_than_the_mixture_are_refused(sets, tiny_run):
    require_same_tokenizer(ValidationSets(tiny_run.root / "validation"), tiny_run.mixture)
    with pytest.raises(StageError, match=r"evaluation.validation: .* was made with the tokenizer"):
        require_same_tokenizer(ValidationSets(sets.folder), tiny_run.mixture)


def test_real_validation_sets_are_measured_whole(tiny_run):
    """A model that finds all tokens alike loses log(vocabulary) on each; counts are those of the manifest."""
    found = ValidationSets(tiny_run.root / "validation")
    uniform = math.log(found.vocab_size)
    losses = evaluate(
        found.folder,
        lambda rows: torch.where(rows.labels >= 0, uniform, 0.0),
        length=127,
        batch=4,
        device=CPU,
        form="concat",
    )
    held = found.manifest.counts["validation"]
    assert [loss.component for loss in losses] == list(held)
    for loss in losses:
        if loss.form == "text":
            assert loss.tokens == held[loss.component]["tokens"] - loss.documents
            assert loss.bytes == held[loss.component]["bytes"]
        if loss.tokens:
            assert loss.loss == pytest.approx(uniform, rel=1e-6)
    pairs = [loss for loss in losses if loss.form == "concat"]
    assert sum(loss.documents for loss in pairs) > 10 and all(
        loss.bytes > loss.tokens for loss in pairs if loss.tokens
    )


def test_bytes_of_a_target_are_those_of_its_text(sets):
    found = ValidationSets(sets.folder)
    for text in PYTHON + GO:
        [ids] = sets.ids(text)
        assert found.bytes_of(np.array([*ids, found.end_id])) == len(text.encode())
        assert found.text_of(np.array(ids)) == text
