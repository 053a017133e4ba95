from contracts.languages import LANGUAGE_NAMES, PARALLEL
from contracts.runs import COSTS, named_after, runs_table

PREFIXES = ("p", "unique", "epochs", "loss", "bpb")


def test_a_component_has_five_columns_and_what_is_only_measured_two():
    usual, fixed = runs_table().names, runs_table(()).names
    assert usual[: len(fixed)] == fixed
    assert len(usual) - len(fixed) == 5 * len((*LANGUAGE_NAMES, PARALLEL))
    own = runs_table(("python", "prose"), ("prose", "go->rust"))
    assert own.names == [
        *fixed, "p_python", "p_prose", "unique_python", "unique_prose", "epochs_python", "epochs_prose",
        "loss_prose", "loss_go->rust", "bpb_prose", "bpb_go->rust",
    ]  # fmt: skip


def test_shares_are_never_null_and_what_is_not_there_may_be():
    schema = runs_table(("go",)).schema
    assert [name for name in schema.names[len(runs_table(()).names) :] if not schema.field(name).nullable] == ["p_go"]


def test_a_component_of_any_name_cannot_take_a_fixed_column():
    fixed = runs_table(()).names
    assert [name for name in fixed if name.startswith(tuple(f"{prefix}_" for prefix in PREFIXES))] == []
    assert set(COSTS) < set(fixed)


def test_components_are_found_by_their_columns():
    names = runs_table(("python", "p_code", "go->rust"), ("python", "loss_of_words")).names
    assert named_after("p", names) == ["python", "p_code", "go->rust"]
    assert named_after("loss", names) == ["python", "loss_of_words"]
