import json
import os
import signal
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("deepspeed")

from contracts.errors import ConfigError, StageError
from mixer.dataset import MixtureDataset
from tests.train.runs import SHAPE, small
from train.export import load_model
from train.trainer import train

HERE = Path("/")


def rows(folder):
    return [json.loads(line) for line in (folder / "steps.jsonl").read_text().splitlines()]


def losses(folder):
    return [row["loss"] for row in rows(folder)]


def points(folder):
    return [json.loads(path.read_text())["row"] for path in sorted(folder.glob("points/*/point.json"))]


@pytest.fixture(scope="module")
def done(tiny_run, tmp_path_factory):
    """A finished run with its export."""
    config = small(tiny_run, tmp_path_factory.mktemp("done") / "run", checkpoints={"export": "all"})
    return train(config, HERE)


def test_a_run_is_the_trunk_with_its_branches(done):
    assert [(row["step"], row["end"]) for row in rows(done)] == [
        (0, None), (1, None), (2, 4), (3, 4), (2, None), (3, 6), (4, 6), (5, 6),
    ]  # fmt: skip
    assert rows(done)[2]["loss"] == rows(done)[4]["loss"], "both go on from the same weights and data"


def test_the_rows_say_what_was_trained_on(done, tiny_run):
    mixture = MixtureDataset(tiny_run.short)
    first, second = points(done)
    assert (first["tokens"], second["tokens"]) == (4096, 6144)
    assert first["run_id"] == second["run_id"] and first["annealed"]
    share = sum(mixture.component(k) == "python" for k in range(48)) / 48
    assert second["p_python"] == pytest.approx(share)
    model = load_model(done / "points/000000000006144/model")
    assert second["n_parameters_total"] == sum(parameter.numel() for parameter in model.parameters())
    assert {name for name in second if name.startswith("loss_") and second[name] is not None} >= {
        "loss_python", "loss_java", "loss_python->java",
    }  # fmt: skip


def test_a_finished_run_is_left_alone(done, tiny_run):
    before = {path: path.stat().st_mtime_ns for path in done.rglob("*") if path.is_file()}
    train(small(tiny_run, done, checkpoints={"export": "all"}), HERE)
    after = {path: path.stat().st_mtime_ns for path in done.rglob("*") if path.is_file()}
    changed = {path.name for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed <= {"model.json"}


def test_deepspeed_and_plain_torch_give_the_same_losses(done, tiny_run, tmp_path):
    plain = train(small(tiny_run, tmp_path / "plain", engine={"backend": "torch"}), HERE)
    assert losses(plain) == pytest.approx(losses(done), abs=1e-5)
    for one, other in zip(points(plain), points(done), strict=True):
        assert one["loss_python"] == pytest.approx(other["loss_python"], abs=1e-5)


def test_plain_torch_goes_on_bit_for_bit(tiny_run, tmp_path):
    changes = {"engine": {"backend": "torch"}, "points": [4096]}
    whole = train(small(tiny_run, tmp_path / "whole", engine={"backend": "torch"}), HERE)
    part = small(tiny_run, tmp_path / "part", **changes)
    train(part, HERE)
    train(small(tiny_run, tmp_path / "part", engine={"backend": "torch"}), HERE)  # a point is added later
    assert [row["loss"] for row in rows(tmp_path / "part")] == losses(whole)
    assert points(tmp_path / "part")[1]["loss_go"] == points(whole)[1]["loss_go"]


def test_recomputing_activations_changes_nothing(done, tiny_run, tmp_path):
    again = train(small(tiny_run, tmp_path / "recompute", engine={"recompute": True}), HERE)
    assert losses(again) == pytest.approx(losses(done), abs=1e-6)


def test_bf16_stays_close_to_fp32_in_every_stage(done, tiny_run, tmp_path):
    for stage in (1, 3):
        config = small(tiny_run, tmp_path / f"bf16-{stage}", engine={"stage": stage, "precision": "bf16"})
        assert losses(train(config, HERE)) == pytest.approx(losses(done), abs=0.01)


def test_offloading_the_optimizer_changes_nothing(done, tiny_run, tmp_path):
    config = small(tiny_run, tmp_path / "offload", engine={"stage": 2, "offload": "cpu"})
    assert losses(train(config, HERE)) == pytest.approx(losses(done), abs=1e-6)


def test_batches_that_are_read_ahead_are_the_same(done, tiny_run, tmp_path):
    config = small(tiny_run, tmp_path / "ahead", engine={"read_ahead": 2}, micro_batch=2)
    assert losses(train(config, HERE)) == pytest.approx(losses(done), abs=1e-5)


def test_the_export_is_the_model_that_was_measured(done, tiny_run):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = done / "points/000000000006144/model"
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    mixture = MixtureDataset(tiny_run.short)
    assert tokenizer.eos_token_id == mixture.end_id and len(tokenizer) == mixture.vocab_size
    text = "def f(x):\n    return x + 1\n"
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    checkpoint = max(path for path in (done / "checkpoints").iterdir() if path.is_dir())
    trunk = load_model(checkpoint)
    names = [name for name, _ in model.named_parameters()]
    assert names == [name for name, _ in trunk.named_parameters()]


def test_a_run_starts_from_an_export_or_a_checkpoint(done, tiny_run, tmp_path):
    export = done / "points/000000000006144/model"
    checkpoint = max(path for path in (done / "checkpoints").iterdir() if path.is_dir())
    for name, start in (("export", export), ("checkpoint", checkpoint)):
        found = train(small(tiny_run, tmp_path / name, points=[1024], init_from=str(start)), HERE)
        assert losses(found)[0] < losses(done)[0] - 0.03
    run = json.loads((tmp_path / "export/run.json").read_text())
    assert run["facts"]["inputs"]["initial"] is not None


def test_weights_of_another_shape_are_refused(done, tiny_run, tmp_path):
    export = done / "points/000000000006144/model"
    config = small(tiny_run, tmp_path / "x", init_from=str(export), model={"shape": {**SHAPE, "layers": 3}})
    with pytest.raises(ConfigError, match=r"init_from: .* holds another model: model.layers.2.* missing"):
        train(config, HERE)


def test_another_configuration_in_the_same_folder_is_refused(done, tiny_run):
    with pytest.raises(StageError, match=r"holds another run: configuration.seed: 0 -> 1. Give another folder"):
        train(small(tiny_run, done, seed=1), HERE)


def test_a_loss_that_is_no_number_stops_the_run(tiny_run, tmp_path):
    config = small(tiny_run, tmp_path / "nan", schedule={"learning_rate": 1e30})
    with pytest.raises(StageError, match=r"--set guards.skip_steps=\[\d\]"):
        train(config, HERE)
    assert not list(tmp_path.glob("nan/checkpoints/*/facts.json")), "weights that are no numbers were saved"


def test_a_step_that_is_left_out_is_not_trained_on(tiny_run, tmp_path):
    found = train(small(tiny_run, tmp_path / "skip", guards={"skip_steps": [1]}), HERE)
    assert losses(found)[1] is None and losses(found)[2] is not None
    assert rows(found)[1]["gradient_norm"] is None
    assert points(found)[0]["tokens"] == 3072


def test_a_run_that_stopped_itself_goes_on_without_the_step(done, tiny_run, tmp_path):
    norms = [row["gradient_norm"] for row in rows(done)]
    assert norms[5] > max(norms[:2])  # step 3 of the second branch: the trunk's checkpoint lies before it
    stopping = {"max_gradient_norm": (norms[5] + max(norms[:2])) / 2}
    config = small(tiny_run, tmp_path / "x", points=[6144], guards=stopping)
    with pytest.raises(StageError, match=r"step 3: gradient norm .*--set guards.skip_steps=\[3\]"):
        train(config, HERE)
    assert rows(tmp_path / "x")[-1]["step"] == 3, "the step that stopped it is not told"
    train(small(tiny_run, tmp_path / "x", points=[6144], guards={"skip_steps": [3]}), HERE)
    assert losses(tmp_path / "x")[3] is None and points(tmp_path / "x")[0]["tokens"] == 5120


def test_steps_that_were_trained_on_cannot_be_left_out_afterwards(tiny_run, tmp_path):
    train(small(tiny_run, tmp_path / "x", points=[4096]), HERE)
    with pytest.raises(StageError, match=r"\[\] of the steps before 2 were left out, guards.skip_steps says \[1\]"):
        train(small(tiny_run, tmp_path / "x", guards={"skip_steps": [1]}), HERE)


@pytest.mark.parametrize("stage", [0, 1, 2, 3])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_weights_of_every_kind_of_checkpoint_can_be_read(stage, precision, tiny_run, tmp_path):
    if stage == 0 and precision == "bf16":
        pytest.skip("refused by the configuration")
    config = small(
        tiny_run,
        tmp_path / "x",
        points=[2048],
        engine={"stage": stage, "precision": precision},
        schedule={"decay_share": 1.0, "warmup_share": 0.0},
        checkpoints={"every": 1, "export": "last", "keep": 9},
        guards={"max_gradient_norm": None},
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("train.trainer.unneeded", lambda *_: [])  # keep the last checkpoint beside the export of it
        train(config, HERE)
    read = load_model(tmp_path / "x/checkpoints/branch-000000002-000000002").state_dict()
    export = load_model(tmp_path / "x/points/000000000002048/model").state_dict()
    tolerance = {} if precision == "fp32" else {"rtol": 2**-8, "atol": 0}  # the checkpoint holds the fp32 weights
    assert read.keys() == export.keys()
    for name, value in export.items():
        torch.testing.assert_close(read[name], value, **({"rtol": 0, "atol": 0} | tolerance))


def test_points_before_a_measured_one_are_refused(done, tiny_run):
    with pytest.raises(ConfigError, match=r"points: one at step 5 is new and lies before one at step 6"):
        train(small(tiny_run, done, points=[4096, 5120, 6144], checkpoints={"export": "all"}), HERE)


def test_a_folder_in_which_another_process_trains_is_refused(tiny_run, tmp_path):
    from train.run_folder import lock

    with lock(tmp_path / "x"), pytest.raises(StageError, match="another process trains in it"):
        train(small(tiny_run, tmp_path / "x"), HERE)


@pytest.mark.parametrize("stage", [1, 3])
def test_engines_are_freed(stage, tiny_run, tmp_path):
    import gc

    def numbers():
        gc.collect()
        return sum(thing.numel() for thing in gc.get_objects() if torch.is_tensor(thing))

    train(small(tiny_run, tmp_path / "first", engine={"stage": stage}), HERE)
    before = numbers()
    train(small(tiny_run, tmp_path / "second", engine={"stage": stage}), HERE)
    model = sum(value.numel() for value in load_model(max(tmp_path.glob("second/checkpoints/trunk*"))).parameters())
    assert numbers() - before < model / 10, "an engine holds about 8 numbers for each parameter"


def test_a_run_that_cannot_start_leaves_the_folder_free(tiny_run, tmp_path):
    with pytest.raises(ConfigError, match=r"init_from: .*nowhere: no such folder; expected an export"):
        train(small(tiny_run, tmp_path / "x", init_from=str(tmp_path / "nowhere")), HERE)
    assert not (tmp_path / "x" / "run.json").exists()
    train(small(tiny_run, tmp_path / "x", points=[1024]), HERE)


def test_a_damaged_checkpoint_says_what_to_remove(tiny_run, tmp_path):
    train(small(tiny_run, tmp_path / "x", points=[4096]), HERE)
    for path in (tmp_path / "x/checkpoints").glob("*/state/*.pt"):
        path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(StageError, match=r"trunk-000000002: damaged .*remove it to go on from the one before"):
        train(small(tiny_run, tmp_path / "x"), HERE)


def test_a_checkpoint_whose_weights_were_lost_is_noticed(tiny_run, tmp_path):
    changes = {"engine": {"backend": "torch"}}
    train(small(tiny_run, tmp_path / "x", points=[4096], **changes), HERE)
    state = max((tmp_path / "x/checkpoints").glob("*/state/torch.pt"))
    saved = torch.load(state, weights_only=True)
    saved["model"]["lm_head.weight"].zero_()
    torch.save(saved, state)
    with pytest.raises(StageError, match="it was not loaded whole"):
        train(small(tiny_run, tmp_path / "x", **changes), HERE)


def test_what_the_mixture_cannot_feed_is_refused(tiny_run, tmp_path):
    with pytest.raises(ConfigError, match=r"points: 10,000,000 tokens are .* the mixture in .* has"):
        train(small(tiny_run, tmp_path / "x", points=[10_000_000]), HERE)


def test_a_missing_mixture_names_the_command_that_makes_it(tiny_run, tmp_path):
    with pytest.raises(ConfigError, match=r"mixture: .*nowhere holds no finished mixture; .*glotmix mix CONFIG"):
        train(small(tiny_run, tmp_path / "x", mixture=str(tmp_path / "nowhere")), HERE)


def test_a_signal_stops_between_steps_and_the_run_goes_on(done, tiny_run, tmp_path):
    config = small(tiny_run, tmp_path / "signal")

    def send(line):
        if line.startswith("step 1:"):
            os.kill(os.getpid(), signal.SIGUSR1)

    with pytest.raises(KeyboardInterrupt, match="asked to stop after step 1"):
        train(config, HERE, send)
    assert signal.getsignal(signal.SIGUSR1) == signal.SIG_DFL
    train(config, HERE)
    assert losses(tmp_path / "signal") == losses(done)


def test_a_checkpoint_of_another_zero_stage_is_converted(done, tiny_run, tmp_path):
    train(small(tiny_run, tmp_path / "x", points=[4096]), HERE)
    train(small(tiny_run, tmp_path / "x", engine={"stage": 2}), HERE)
    assert losses(tmp_path / "x") == pytest.approx(losses(done), abs=1e-5)


def test_a_checkpoint_that_does_not_convert_is_refused(tiny_run, tmp_path):
    train(small(tiny_run, tmp_path / "x", points=[4096]), HERE)
    with pytest.raises(StageError, match=r"go on with engine.backend: deepspeed, which has written it"):
        train(small(tiny_run, tmp_path / "x", engine={"backend": "torch"}), HERE)
    with pytest.raises(StageError, match=r"written by engine.stage: 1, which cannot become 3; go on with 1 or 2"):
        train(small(tiny_run, tmp_path / "x", engine={"stage": 3}), HERE)


@pytest.mark.parametrize("stage", [1, 2, 3])
def test_a_universal_checkpoint_goes_on_as_the_plain_one_does(stage, tiny_run, tmp_path):
    """Optimizer states, weight decay of each group and counts of steps come back whole."""
    options = {"engine": {"stage": stage}, "points": [10_240, 20_480]}
    whole = train(small(tiny_run, tmp_path / "whole", **options), HERE)
    train(small(tiny_run, tmp_path / "x", **{**options, "points": [10_240]}), HERE)
    for path in (tmp_path / "x/checkpoints").glob("*/facts.json"):
        path.write_text(json.dumps({**json.loads(path.read_text()), "ranks": 2}))  # has it converted
    train(small(tiny_run, tmp_path / "x", **options), HERE)
    assert losses(tmp_path / "x") == pytest.approx(losses(whole), abs=1e-6)


def test_translations_are_judged_at_a_point(tiny_run, tmp_path):
    pytest.importorskip("sacrebleu")
    generation = {"translate": 1, "max_new_tokens": 4}
    train(small(tiny_run, tmp_path / "x", points=[1024], evaluation={"generation": generation}), HERE)
    (row,) = points(tmp_path / "x")
    scores = json.loads(row["scores"])
    assert {"bleu_python->java", "chrf_python->java"} <= scores.keys()
    assert all(0 <= score <= 100 for score in scores.values())
    told = json.loads(next((tmp_path / "x/points").glob("*/generated.json")).read_text())
    assert len(scores) == 2 * sum(found["pairs"] > 0 for found in told["translations"])
