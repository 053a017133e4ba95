"""fit.json out of other hands: whatever is wrong with it is one message that names the file and the key."""

import copy
import json
import time

import numpy as np
import pytest

from contracts.errors import ConfigError
from fit.bands import bands, uncertainty
from fit.estimate.estimate import fit
from fit.estimate.stored import MAX_COMPONENTS
from fit.points import places, points
from fit.record import load, load_bootstrap, save
from fit.select.average import average

NAN, INF = float("nan"), float("inf")


def measured(components=("a", "b"), targets=("a", "b")):
    rng = np.random.default_rng(0)
    shares, n, d = rng.dirichlet([1] * len(components), 40), 10 ** rng.uniform(7, 9, 40), 10 ** rng.uniform(8, 10, 40)
    losses = 1 + 50 / n[:, None] ** 0.3 + 300 / (d[:, None] * (0.1 + shares[:, : len(targets)])) ** 0.3
    losses = losses * np.exp(0.003 * rng.standard_normal(losses.shape))
    return points(places(n, d, shares, components), losses, targets)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A fit with a bootstrap, an average, and members of other targets and of other components."""
    found, data = tmp_path_factory.mktemp("stored"), measured()
    one, two = (fit(data, law, starts=4) for law in ("transfer", "chinchilla"))
    reading = {"reading": {"options": {"n": "size", "targets": ["a", "b"], "bpb": True}, "d_min": {}}}
    save(found / "fit.json", one, uncertainty(one, data, 4).record() | reading)
    save(found / "average.json", average({"transfer": one, "chinchilla": two}, np.array([0.003, 0.003])), reading)
    save(found / "targets.json", fit(measured(targets=("a",)), "chinchilla", starts=4))
    save(found / "components.json", fit(measured(("a", "x")), "chinchilla", starts=4))
    return found


def record(folder, name):
    return json.loads((folder / name).read_text())


def put(data, key, value):
    """The same with something else at a path such as targets.a.theta.0; a function changes what is there."""
    data = copy.deepcopy(data)
    *path, last = [int(part) if part.isdigit() else part for part in key.split(".")]
    place = data
    for part in path:
        place = place[part]
    place[last] = value(place[last]) if callable(value) else value
    return data


def write(path, data):
    path.write_text(json.dumps(data))
    return path


FAULTS = [
    ("law", "bogus", "there is no such law"),
    ("law", ["chinchilla"], "law"),
    ("loss.kind", "zzz", "loss.kind"),
    ("loss.delta", 0, "loss.delta"),
    ("loss.delta", INF, "loss.delta"),
    ("loss.overestimate", -1, "loss.overestimate"),
    ("components", ["a", "c"], "targets.a.space.components"),
    ("components", ["a", "a"], "named twice"),
    ("components", "ab", "components"),
    ("components", [1, 2], "components"),
    ("ranges", [], "ranges"),
    ("ranges.n", ["1", "2"], "ranges.n"),
    ("ranges.n", [0, 1], "ranges.n"),
    ("ranges.n", [2, 1], "ranges.n"),
    ("ranges.d", [1], "ranges.d"),
    ("ranges.d", [1, INF], "ranges.d"),
    ("ranges.other", lambda _: [1, 2], "ranges"),
    ("seed", -1, "seed"),
    ("seed", "0", "seed"),
    ("runs_identity", None, "runs_identity"),
    ("excluded", {"x": 0.5}, "excluded"),
    ("targets", {}, "targets"),
    ("targets", [], "targets"),
    ("targets.a", None, "targets.a"),
    ("targets.a.theta", lambda theta: theta[:-1], "theta has"),
    ("targets.a.theta", lambda theta: [*theta, 0.0], "theta has"),
    ("targets.a.theta", lambda theta: [theta], "targets.a.theta"),
    ("targets.a.theta", "1", "targets.a.theta"),
    ("targets.a.theta.0", NAN, "targets.a.theta[0]"),
    ("targets.a.theta.0", INF, "targets.a.theta[0]"),
    ("targets.a.theta.0", 1e9, "targets.a.theta[0]"),
    ("targets.a.theta.0", "0", "targets.a.theta[0]"),
    ("targets.a.theta.0", True, "targets.a.theta[0]"),
    ("targets.a.theta.0", 10**400, "targets.a.theta[0]"),
    ("targets.a.symbols", lambda symbols: symbols[::-1], "has parameters"),
    ("targets.a.symbols", 3, "targets.a.symbols"),
    ("targets.a.correlations", [[1.0]], "correlations"),
    ("targets.a.correlations.0.0", "x", "correlations"),
    ("targets.a.residual", NAN, "targets.a.residual"),
    ("targets.a.residual", -0.1, "targets.a.residual"),
    ("targets.a.reached", 2, "targets.a.reached"),
    ("targets.a.rows", 0, "targets.a.rows"),
    ("targets.a.runs", 1.5, "targets.a.runs"),
    ("targets.a.condition", -1, "targets.a.condition"),
    ("targets.a.flags", "none", "targets.a.flags"),
    ("targets.a.flags", [1], "targets.a.flags"),
    ("targets.a.space.n0", "1e8", "targets.a.space.n0"),
    ("targets.a.space.n0", 0, "targets.a.space.n0"),
    ("targets.a.space.n0", -1.0, "targets.a.space.n0"),
    ("targets.a.space.d0", NAN, "targets.a.space.d0"),
    ("targets.a.space.own", 7, "targets.a.space.own"),
    ("targets.a.space.own", None, "targets.a.space.own"),
    ("targets.a.space.varies_n", "yes", "targets.a.space.varies_n"),
    ("targets.a.space.components", ["b", "a"], "targets.a.space.components"),
    ("reading", [], "reading"),
    ("reading.options", [], "reading.options"),
    ("reading.options.n", 5, "reading.options.n"),
    ("reading.options.targets", "a", "reading.options.targets"),
    ("reading.options.bpb", "yes", "reading.options.bpb"),
    ("reading.options.shell", lambda _: "rm", "reading.options.shell"),
]


def changed(data, key, value):
    """With keys that are not there yet made first."""
    if key in ("ranges.other", "reading.options.shell"):
        *path, last = key.split(".")
        return put(data, ".".join(path), lambda there: {**there, last: value(None)})
    return put(data, key, value)


@pytest.mark.parametrize(
    ("key", "value", "message"), FAULTS, ids=[f"{i}-{fault[0]}" for i, fault in enumerate(FAULTS)]
)
def test_a_damaged_fit_is_refused_by_file_and_key(folder, tmp_path, key, value, message):
    path = write(tmp_path / "damaged.json", changed(record(folder, "fit.json"), key, value))
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("key", ["law", "loss", "targets", "components", "ranges", "seed", "targets.a.theta"])
def test_a_fit_without_an_entry_is_refused(folder, tmp_path, key):
    data = record(folder, "fit.json")
    *path, last = key.split(".")
    place = data
    for part in path:
        place = place[part]
    del place[last]
    with pytest.raises(ConfigError, match=last):
        load(write(tmp_path / "damaged.json", data))


def test_too_many_components_are_refused_at_once(folder, tmp_path):
    names = [f"c{i}" for i in range(MAX_COMPONENTS + 1)]
    data = put(record(folder, "fit.json"), "components", names)
    for target in ("a", "b"):
        data = put(data, f"targets.{target}.space.components", names)
    started = time.monotonic()
    with pytest.raises(ConfigError, match="components"):
        load(write(tmp_path / "many.json", data))
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("weights", [0.5, 0.6], "weights"),
        ("weights", [1.5, -0.5], "weights[1]"),
        ("weights", [NAN, 1.0], "weights[0]"),
        ("weights", ["0.5", "0.5"], "weights[0]"),
        ("weights", [1.0], "2, with 1 weights"),
        ("labels", ["one"], "1 labels"),
        ("labels", [1, 2], "labels"),
        ("noise", [0.1], "noise"),
        ("noise", [0.1, NAN], "noise[1]"),
        ("noise", [0.1, -1], "noise[1]"),
        ("scale", 0, "scale"),
        ("scale", INF, "scale"),
        ("evidence", "none", "evidence"),
        ("targets", ["a"], "members[0].targets"),
        ("components", ["b", "a"], "members[0].components"),
        ("members", [], "members"),
        ("members", 3, "damaged average"),
        ("members.1", None, "damaged average"),
        ("members.1.targets.a.theta.0", NAN, "members[1]"),
        ("reading", "x", "reading"),
        ("ranges", lambda _: {"n": ["a", "b"]}, "ranges.n"),
    ],
)
def test_a_damaged_average_is_refused_by_file_and_key(folder, tmp_path, key, value, message):
    data = record(folder, "average.json") | {"ranges": {}}
    path = write(tmp_path / "damaged.json", put(data, key, value))
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert message in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize("other", ["targets", "components"])
def test_members_of_an_average_predict_the_same(folder, tmp_path, other):
    data = put(record(folder, "average.json"), "members.1", record(folder, f"{other}.json"))
    with pytest.raises(ConfigError, match=rf"members\[1\]\.{other}: not those of the average"):
        load(write(tmp_path / "damaged.json", data))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("bootstrap", [], "bootstrap"),
        ("bootstrap.thetas", [], "thetas"),
        ("bootstrap.thetas.a", None, "bootstrap.thetas.a"),
        ("bootstrap.thetas.a.0.0", NAN, "bootstrap.thetas.a: damaged"),
        ("bootstrap.thetas.a.0.0", "1", "bootstrap.thetas.a: damaged"),
        ("bootstrap.thetas.a.0.0", 1e6, "bootstrap.thetas.a"),
        ("bootstrap.thetas.a.0", [1.0], "bootstrap.thetas.a"),
        ("bootstrap.thetas.a", lambda rows: rows[:-1], "not of this law"),
        ("bootstrap.covariance.a", [[1.0]], "not of this law"),
        ("bootstrap.covariance.a.0.0", INF, "bootstrap.covariance.a: damaged"),
        ("bootstrap.count", 0, "count"),
        ("bootstrap.count", 10**9, "count"),
        ("bootstrap.seed", "x", "seed"),
        ("bootstrap.replace", 1, "replace"),
    ],
)
def test_a_damaged_bootstrap_is_refused(folder, tmp_path, key, value, message):
    path = write(tmp_path / "damaged.json", put(record(folder, "fit.json"), key, value))
    with pytest.raises(ConfigError) as caught:
        load_bootstrap(path)
    assert message in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [("sigma", NAN), ("sigma", -1), ("quantile", 0), ("quantile", "2"), ("stretch", 0.5), ("centre", INF)],
)
def test_damaged_noise_is_refused(folder, key, value):
    noise, drawn = record(folder, "fit.json")["noise"], load_bootstrap(folder / "fit.json")
    where = measured()
    assert (bands(drawn, noise, where).low < bands(drawn, noise, where).high).all()
    with pytest.raises(ConfigError, match=key):
        bands(drawn, put(noise, f"a.{key}", value), where)
    for wrong in ({}, [], "x", {"a": noise["a"]}):
        with pytest.raises(ConfigError, match="an entry for each of a, b"):
            bands(drawn, wrong, where)


def test_what_is_whole_is_read_and_further_keys_are_passed_over(folder, tmp_path):
    data = record(folder, "fit.json") | {"note": "mine"}
    data = put(data, "targets.a", lambda there: {**there, "note": 1})
    found = load(write(tmp_path / "more.json", data))
    place = places(1e8, 1e9, np.array([0.5, 0.5]), ("a", "b"))
    assert np.array_equal(found.predict(place), load(folder / "fit.json").predict(place))
    assert load(folder / "average.json").names == ("a", "b")


def test_a_parameter_too_large_for_a_number_is_written_as_null(folder, tmp_path):
    data = record(folder, "fit.json")
    symbols = data["targets"]["a"]["symbols"]
    found = load(write(tmp_path / "far.json", put(data, f"targets.a.theta.{symbols.index('B')}", 699.0)))
    found = load(write(tmp_path / "farther.json", put(found.record(), "targets.a.space.d0", 1e300)))
    with np.errstate(over="ignore"):
        save(tmp_path / "again.json", found)
    assert record(tmp_path, "again.json")["targets"]["a"]["parameters"]["B"] is None
