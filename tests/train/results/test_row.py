import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.runs import runs_table
from train.results.row import point_row
from train.results.union import faults

from .rows import POINT, RUN, Loss, part


def test_a_row_has_the_columns_of_its_mixture_and_of_what_was_measured():
    losses = [Loss("python", 50.0, 20, 80), Loss("rust->go", 4.0, 2, 8), Loss("go->rust", 1.0, 2, 9)]
    found = point_row(RUN, replace(POINT, losses=losses))
    assert list(found) == runs_table(("python", "go"), ("python", "parallel", "go->rust", "rust->go")).names
    assert faults(found) == []
    assert json.loads(json.dumps(found)) == found


def test_tokens_are_counted_with_and_without_padding():
    found = point_row(RUN, replace(POINT, consumed={"go": part(75), "python": part(25, padding=600, unique=500)}))
    assert (found["tokens"], found["tokens_padded"]) == (6400 - 600, 6400)
    assert (found["unique"], found["epochs"]) == (1500, 5800 / 1500)
    assert (found["unique_python"], found["epochs_python"]) == (500, 2.0)
    assert (found["p_go"], found["epochs_go"]) == (1.0, 4.8)


def test_operations_and_speed_count_padding_and_all_but_the_last_token_of_a_sequence():
    run = replace(RUN, ranks=4, peak_flops=1e9)
    found = point_row(run, replace(POINT, consumed={"go": part(100, padding=600)}))
    assert found["flops"] == 1e6 * 100 * 63
    assert found["tokens_per_second"] == 6400 / 2.0
    assert found["mfu"] == pytest.approx(6.3e9 / (2.0 * 4 * 1e9))
    assert point_row(RUN, POINT)["mfu"] is None


def test_a_loss_is_nats_over_tokens_and_bits_over_bytes():
    found = point_row(RUN, POINT)
    assert (found["loss_go"], found["loss_python"]) == (3.0, 2.5)
    assert found["bpb_go"] == pytest.approx(300 / math.log(2) / 400)


DIRECTION = st.tuples(st.floats(0, 100), st.integers(0, 50), st.integers(0, 50), st.booleans())


@given(st.dictionaries(st.sampled_from(["go->rust", "rust->go", "java->go", "go->java"]), DIRECTION))
def test_directions_are_pooled_by_target_tokens_seen_and_unseen_apart(directions):
    losses = [Loss(name, *facts) for name, facts in directions.items()]
    found = point_row(RUN, replace(POINT, losses=[*POINT.losses, *losses]))
    for seen, loss, bpb in ((True, "loss_parallel", "bpb_parallel"), (False, "unseen_loss", "unseen_bpb")):
        nats, tokens, size = (
            sum(getattr(part, name) for part in losses if part.seen is seen) for name in ("nats", "tokens", "bytes")
        )
        assert found[loss] == (pytest.approx(nats / tokens) if tokens else None)
        assert found[bpb] == (pytest.approx(nats / math.log(2) / size) if size else None)
    assert (found["loss_go"], found["loss_python"]) == (3.0, 2.5)


def test_what_was_not_measured_is_null():
    found = point_row(RUN, POINT)
    names = ("loss_parallel", "bpb_parallel", "unseen_loss", "unseen_bpb", "scores", "train_loss", "mfu")
    assert [found[name] for name in names] == [None] * len(names)
    empty = point_row(RUN, replace(POINT, losses=[Loss("go", 0.0, 0, 0)]))
    assert (empty["loss_go"], empty["bpb_go"]) == (None, None)


def test_scores_and_versions_are_json_in_one_order():
    found = point_row(
        replace(RUN, versions={"b": "2", "a": "1"}), replace(POINT, scores={"chrf_go->rust": 30.5, "bleu": 2.0})
    )
    assert found["scores"] == '{"bleu": 2.0, "chrf_go->rust": 30.5}'
    assert found["versions"] == '{"a": "1", "b": "2"}'


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seconds": 0.0}, "seconds is 0.0"),
        ({"losses": [Loss("go", 1.0, 1, 1), Loss("go", 2.0, 1, 1)]}, "more than one loss on go"),
        ({"losses": [Loss("parallel", 1.0, 1, 1)]}, "more than one loss on parallel"),
        ({"losses": [Loss("go", math.nan, 1, 1)]}, "run ab12, step 10: loss_go is nan; not a result"),
        ({"train_loss": math.inf}, "train_loss is inf"),
    ],
)
def test_what_is_no_result_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        point_row(RUN, replace(POINT, **changes))
