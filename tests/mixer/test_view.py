import json
import os
import shutil

import numpy as np
import pytest

from contracts.errors import ConfigError, PlanError, StageError, StaleStageError
from contracts.languages import PARALLEL
from mixer.config import MixConfig
from mixer.dataset import MixtureDataset
from mixer.streams.view_files import BLOCK, ViewOrder
from mixer.view import read_list, views

from .conftest import ONE, make
from .pools import Pool, write_pool

LENGTH = 64
SIZES = {"go": [30] * 20, "rust": [50] * 30, "go->rust": [20] * 10, "rust->go": [21] * 10}
DEFAULTS = MixConfig(sequence_length=LENGTH, max_epochs=2.0, components={"go": {"min_share": 0.1}})


@pytest.fixture
def pool(tmp_path) -> Pool:
    return write_pool(tmp_path, SIZES)


def listed(tmp_path, *lines: object) -> list[MixConfig]:
    path = tmp_path / "list.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return read_list(path, DEFAULTS)


def write(pool: Pool, configs: list[MixConfig], force: bool = False):
    return list(views(configs, pool.layout.root, pool.folder, pool.layout, ONE, force=force))


def test_a_list_takes_what_a_line_does_not_say_from_the_configuration(tmp_path):
    one, two = listed(tmp_path, {"name": "one", "seed": 3}, "", {"name": "two", "proportions": {"go": 1.0}})
    common = {"output": "view", "sequence_length": LENGTH, "max_epochs": 2.0, "components": DEFAULTS.components}
    assert one == MixConfig(name="one", seed=3, **common)
    assert two == MixConfig(name="two", proportions={"go": 1.0}, **common)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["{"], r"list.jsonl, line 1: not JSON \(Expecting"),
        ([{"name": "a"}, "", [1]], "line 3: give an object with a name and other options of `mix`"),
        ([{"seed": 1}], "line 1: give an object with a name"),
        ([{"name": "a"}, {"name": "a"}], "line 2: the name a is there twice"),
        ([{"name": "a", "sead": 1}], r"(?s)line 1: .*sead: unknown key; allowed here: .*did you mean seed\?"),
        ([{"name": "a/b"}], r"(?s)line 1: .*name: .*pattern"),
        ([{"name": "a", "tokens": 0}], r"(?s)line 1: .*tokens: Input should be greater than 0 \(given: 0\)"),
        ([{"name": "a", "proportions": {"go": 0.5}}], r"(?s)line 1: .*sum to 1; they sum to 0.5"),
        ([{"name": "a", "components": {"Go": {}}}], r"(?s)line 1: .*mix.components names 'Go'"),
        ([{"name": "a", "parallel_form": "prompt"}], "line 1: parallel_form must be concat, as configured; use two"),
        ([{"name": "a", "output": "shards"}], "line 1: output must be view"),
        ([{"name": "a", "temperature": float("nan")}], "(?s)line 1: .*temperature: .*finite"),
        (["", " "], "list.jsonl: holds no mixture"),
    ],
)
def test_what_is_wrong_with_a_list_names_line_and_option(tmp_path, lines, message):
    with pytest.raises(ConfigError, match=message):
        listed(tmp_path, *lines)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_list_that_cannot_be_read_is_an_error(tmp_path, content):
    if content:
        (tmp_path / "list.jsonl").write_bytes(content)
    with pytest.raises(ConfigError, match=r"list.jsonl: cannot be read"):
        read_list(tmp_path / "list.jsonl", DEFAULTS)


def test_many_views_share_streams_and_copy_no_token(pool, tmp_path):
    shares = [{"go": s, "rust": 0.9 - s, PARALLEL: 0.1} for s in np.linspace(0.2, 0.7, 20)]
    configs = listed(tmp_path, *({"name": f"m{i}", "proportions": s, "tokens": 640} for i, s in enumerate(shares)))
    done = write(pool, configs)
    assert [result.skipped for result in done] == [False] * 20
    assert len(list(pool.layout.streams.iterdir())) == 3  # one a component, for all of them
    sizes = [sum(f.bytes for f in result.manifest.files) for result in done]
    assert max(sizes) < 128 + 3 * 10  # the header of .npy, a byte a sequence
    again = write(pool, configs)
    assert [result.skipped for result in again] == [True] * 20
    datasets = [MixtureDataset(pool.layout.mix(config.name)) for config in configs]
    assert {dataset.manifest["inputs"]["tokens"] for dataset in datasets} == {done[0].manifest.inputs["tokens"]}
    assert len({dataset.manifest["identity"] for dataset in datasets}) == 20


def test_a_view_of_another_configuration_is_refused_and_redone_by_force(pool, tmp_path):
    (config,) = listed(tmp_path, {"name": "a", "tokens": 640})
    (first,) = write(pool, [config])
    (other,) = listed(tmp_path, {"name": "a", "tokens": 1280})
    with pytest.raises(StaleStageError, match=r"tokens: 640 -> 1280\nRedo it with --force"):
        write(pool, [other])
    assert len(MixtureDataset(pool.layout.mix("a"))) == first.manifest.counts["sequences"]
    (redone,) = write(pool, [other], force=True)
    assert len(MixtureDataset(pool.layout.mix("a"))) == redone.manifest.counts["sequences"] == 20
    shards = make(pool.layout, name="b", tokens=640, sequence_length=LENGTH)
    with pytest.raises(StaleStageError, match='output: "shards" -> "view"'):
        make(pool.layout, name="b", tokens=640, sequence_length=LENGTH, output="view")
    assert list(shards.folder.glob("*.ds"))


def test_a_list_with_a_view_that_cannot_be_met_writes_none_of_it(pool, tmp_path):
    configs = listed(tmp_path, {"name": "good"}, {"name": "bad", "tokens": 10**6}, {"name": "worse", "tokens": 10**7})
    words = r"(?s)mixture bad: mix.tokens=1,000,000 at these shares needs more.*Nothing was written; 1 more .*: worse"
    with pytest.raises(PlanError, match=words):
        write(pool, configs)
    assert not any(pool.layout.mix(config.name).exists() for config in configs)


@pytest.mark.parametrize("output", ["shards", "view"])
def test_what_cannot_be_planned_does_not_cost_the_mixture_that_is_there(pool, output):
    made = make(pool.layout, output=output, sequence_length=LENGTH)
    before = {path.name: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    with pytest.raises(PlanError, match="needs more than the pool holds"):
        make(pool.layout, output=output, sequence_length=LENGTH, tokens=10**9, force=True)
    assert {path.name: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == before
    assert len(MixtureDataset(made.folder)) == made.counts["sequences"]


@pytest.mark.parametrize("damage", ["remove", "swap"])
@pytest.mark.parametrize("name", ["file.npy", "epoch-0000-documents.npy"])
@pytest.mark.parametrize("again", ["same", "other"])
def test_a_damaged_stream_is_made_again_by_the_next_view_that_takes_it(pool, damage, name, again):
    made = make(pool.layout, output="view", sequence_length=LENGTH)
    expected = [MixtureDataset(made.folder)[k].tolist() for k in range(made.counts["sequences"])]
    path = next(pool.layout.streams.glob(f"*/{name}"))
    if damage == "remove":
        path.unlink()
    else:
        array = np.load(path)
        array[[0, -1]] = array[[-1, 0]] + 1
        np.save(path, array)
    record = path.parent / ("stream.json" if name == "file.npy" else "epoch-0000.json")
    os.utime(record, ns=(1, 1))  # as for another process, which has not read it before
    called = "own" if again == "same" else "other"
    write(pool, [made.config.model_copy(update={"name": called})])
    folder = pool.layout.mix(called)
    assert [MixtureDataset(folder)[k].tolist() for k in range(len(expected))] == expected


def test_a_view_written_through_a_link_to_its_folder_can_be_read(pool, tmp_path):
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    pool.layout.mix("x").parent.symlink_to(tmp_path / "elsewhere" / "deep")
    made = make(pool.layout, output="view", sequence_length=LENGTH)
    assert MixtureDataset(made.folder)[0].shape == (LENGTH,)


@pytest.mark.parametrize("output", ["shards", "view"])
def test_a_dataset_does_not_read_on_in_a_folder_that_was_made_anew(pool, output):
    made = make(pool.layout, output=output, sequence_length=LENGTH, shard_tokens=LENGTH)
    dataset = MixtureDataset(made.folder)
    changed = pool.folder if output == "view" else made.folder
    text = (changed / "manifest.json").read_text()
    (changed / "manifest.json").unlink()
    (changed / "manifest.json").write_text(text)
    with pytest.raises(ValueError, match="was made anew while it was read"):
        [dataset[k] for k in range(len(dataset))]


@pytest.mark.parametrize("output", ["shards", "view"])
def test_a_damaged_pool_is_named_before_a_mixture_is_made_of_it(pool, output):
    path = pool.folder / ("tokens/00000.bin" if output == "shards" else "tokenized/00000.parquet")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(StageError, match=r"checksum .*the pool is damaged. Remove .*concat, then: glotmix run CONFIG"):
        make(pool.layout, output=output, sequence_length=LENGTH)


def test_a_view_whose_pool_was_made_anew_is_refused_with_the_way_out(pool, tmp_path):
    made = make(pool.layout, output="view", sequence_length=LENGTH)
    MixtureDataset(made.folder)[0]
    write_pool(tmp_path, SIZES, salt=1)
    with pytest.raises(ValueError, match=r"the pool .* was made anew since; make the view again with --force"):
        MixtureDataset(made.folder)
    with pytest.raises(StaleStageError, match=r"(?s)input tokens changed .*Redo it with --force"):
        make(pool.layout, output="view", sequence_length=LENGTH)
    write(pool, [made.config], force=True)
    assert len(MixtureDataset(made.folder)) == made.counts["sequences"]


def test_a_view_without_its_pool_streams_or_order_is_refused(pool, tmp_path):
    made = make(pool.layout, output="view", sequence_length=LENGTH)
    before = MixtureDataset(made.folder)[0].tolist()
    np.save(made.folder / "order.npy", np.zeros(3, np.uint8))
    with pytest.raises(ValueError, match=rf"order.npy: not {made.counts['sequences']} sequences long; make the view"):
        MixtureDataset(made.folder)
    write(pool, [made.config], force=True)
    shutil.rmtree(pool.layout.streams)
    with pytest.raises(FileNotFoundError, match="streams"):
        MixtureDataset(made.folder)[0]
    (again,) = write(pool, [made.config])  # finished, but for the streams that views share
    assert again.skipped
    assert MixtureDataset(made.folder)[0].tolist() == before
    shutil.rmtree(pool.folder)
    with pytest.raises(FileNotFoundError, match=r"tokens/concat/manifest\.json"):
        MixtureDataset(made.folder)


def test_views_move_with_their_output_folder(pool, tmp_path):
    made = make(pool.layout, output="view", sequence_length=LENGTH)
    before = [MixtureDataset(made.folder)[k].tolist() for k in range(5)]
    (tmp_path / "moved").mkdir()
    for name in ("tokens", "tokenizer", "streams", "mix"):
        (tmp_path / name).rename(tmp_path / "moved" / name)
    moved = MixtureDataset(tmp_path / "moved" / "mix" / "own")
    assert [moved[k].tolist() for k in range(5)] == before


def test_a_pool_that_is_not_finished_is_refused(pool):
    (pool.folder / "manifest.json").unlink()
    with pytest.raises(StageError, match=r"the tokens stage is not finished\. Run: glotmix run CONFIG --until tokens"):
        write(pool, [DEFAULTS])


@pytest.mark.parametrize("count", [1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_the_order_of_a_view_knows_the_number_of_a_sequence_in_its_component(tmp_path, count):
    order = np.random.default_rng(count).integers(0, 3, count).astype(np.uint8)
    np.save(tmp_path / "order.npy", order)
    view = ViewOrder(tmp_path, 3)
    for k in {0, count // 2, max(0, count - 1), min(BLOCK, count - 1), min(BLOCK - 1, count - 1)}:
        assert view.ordinal(k) == np.count_nonzero(order[:k] == order[k])
