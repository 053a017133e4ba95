import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ConfigError, GlotmixError, StageError
from fit.reading import read, read_points
from fit.table.mapping import Request
from fit.table.values import TOLERANCE

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "runs"
PLAIN = "N,D,loss\n1e8,1e9,3.5\n2e8,2e9,3.1\n4e8,8e9,2.8\n"
MIXED = "N,D,p_python,p_go,loss_python,loss_go\n1e8,1e9,.5,.5,3.5,3\n2e8,2e9,0.25,.75,3.1,2.9\n"


def write(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes, *parts: str, name: str = "t.csv", error=StageError, **options) -> str:
    with pytest.raises(error) as caught:
        read_points(write(folder, text, name), **options)
    assert all(part in str(caught.value) for part in parts), str(caught.value)
    return str(caught.value)


# what can be read


def test_an_own_table_needs_no_mapping():
    reading = read(EXAMPLE)
    points = reading.points
    assert points.components == ("python", "java", "javascript", "typescript", "csharp", "go", "rust")
    assert points.targets == (*points.components, "parallel")
    table = pq.read_table(EXAMPLE / "runs.parquet")
    assert points.inputs.n.tolist() == table["n_parameters"].to_pylist()
    assert points.inputs.d.tolist() == table["tokens"].to_pylist()
    assert points.loss("go").tolist() == table["loss_go"].to_pylist()
    assert points.loss("parallel").tolist() == table["loss_parallel"].to_pylist()
    assert len(set(points.runs.tolist())) == len(set(table["run_id"].to_pylist())) == 63
    limits = table["unique_go"].to_pylist()
    assert points.inputs.unique[:, 5].tolist() == [math.inf if u is None else u for u in limits]
    assert np.allclose(points.inputs.shares.sum(axis=1), 1, atol=1e-12)
    assert points.excluded == {} and reading.rows == 189


def test_the_same_table_is_read_from_csv_jsonl_and_parquet(tmp_path):
    table = pq.read_table(EXAMPLE / "runs.parquet")
    rows = table.to_pylist()
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    import csv

    with open(tmp_path / "t.csv", "w", newline="") as handle:
        writer = csv.DictWriter(handle, table.column_names)
        writer.writeheader()
        writer.writerows(rows)
    pq.write_table(table, tmp_path / "t.parquet")
    found = [read_points(tmp_path / f"t.{kind}") for kind in ("csv", "jsonl", "parquet")] + [read_points(EXAMPLE)]
    assert len({points.identity for points in found}) == 1
    assert len({points.targets for points in found}) == 1


def test_identity_is_of_what_is_used_and_nothing_else(tmp_path):
    first = read_points(write(tmp_path, PLAIN)).identity
    assert read_points(write(tmp_path, PLAIN.replace("1e8", "100000000"), "b.csv")).identity == first
    more = "\n".join(f"{line},{i}" for i, line in enumerate(PLAIN.splitlines()))
    assert read_points(write(tmp_path, more, "c.csv")).identity == first
    assert read_points(write(tmp_path, PLAIN.replace("3.5", "3.50001"), "d.csv")).identity != first


def test_directions_are_targets_only_when_named():
    assert read_points(EXAMPLE, targets=["python->go", "go"]).targets == ("python->go", "go")
    assert len(read_points(EXAMPLE, targets=["*->python"]).targets) == 6
    with pytest.raises(ConfigError, match="cobol: no column of a loss"):
        read_points(EXAMPLE, targets=["cobol"])


def test_bits_per_byte_are_read_in_place_of_nats():
    table = pq.read_table(EXAMPLE / "runs.parquet")
    assert read_points(EXAMPLE, bpb=True).loss("rust").tolist() == table["bpb_rust"].to_pylist()


def test_the_loss_over_unseen_directions_is_a_target_where_it_was_measured(tmp_path):
    table = pq.read_table(EXAMPLE / "runs.parquet").to_pylist()
    rows = [{**row, "unseen_loss": 5.0 + i / 100} for i, row in enumerate(table)]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    points = read_points(tmp_path / "t.jsonl")
    assert points.targets[-1] == "unseen"
    assert points.loss("unseen")[0] == 5.0
    with pytest.raises(StageError, match="--targets unseen: no row"):
        read_points(EXAMPLE, targets=["unseen", "go"])


def test_a_table_of_ones_own_is_mapped_by_name(tmp_path):
    path = write(tmp_path, '"Model Size",Training Tokens,,loss\n1e8,1e9,x,3.5\n2e8,2e9,y,3\n')
    points = read_points(path, n="Model Size", d="Training Tokens", loss_column="loss")
    assert points.inputs.n.tolist() == [1e8, 2e8]
    assert points.targets == ("loss",) and points.components == ()
    assert points.runs.tolist() == [0, 1]


@pytest.mark.parametrize(("option", "other"), [("n", "d"), ("d", "n")])
def test_operations_stand_in_for_n_or_d(tmp_path, option, other):
    path = write(tmp_path, "size,C,loss\n1e8,6e17,3.5\n2e8,24e17,3\n")
    points = read_points(path, flops="C", loss_column="loss", **{option: "size"})
    assert getattr(points.inputs, other).tolist() == pytest.approx([1e9, 2e9])
    assert points.flops.tolist() == pytest.approx([6e17, 24e17])


def test_one_size_for_all_rows_may_be_a_number(tmp_path):
    points = read_points(write(tmp_path, "loss,D\n3,1e9\n2,2e9\n"), n="1e6")
    assert points.inputs.n.tolist() == [1e6, 1e6]


def test_patterns_take_prefix_and_suffix_off(tmp_path):
    path = write(tmp_path, "w/a/x,w/b/x,m/a_val,m/c_val\n.4,.6,3,4\n.5,.5,3,5\n")
    points = read_points(path, n="1e6", d="1e9", weights="w/*/x", losses="m/*_val")
    assert points.components == ("a", "b")
    assert points.targets == ("a", "c")


def test_runs_are_what_the_column_says_and_rows_without_one_their_own(tmp_path):
    path = write(tmp_path, "run_id,N,D,loss\na,1e8,1e9,3\na,1e8,2e9,2\n,1e8,3e9,2\n,1e8,4e9,2\nb,1e8,5e9,2\n")
    reading = read(path)
    assert reading.points.runs.tolist() == [0, 0, 1, 2, 3]
    assert "2 rows name no run" in " ".join(reading.notes)
    assert read_points(path, run="N").runs.tolist() == [0] * 5


@pytest.mark.parametrize("encode", [lambda t: ("\ufeff" + t).encode(), lambda t: t.encode("utf-16")])
@pytest.mark.parametrize("sign", [";", "\t", "|", ","])
def test_usual_encodings_and_delimiters_are_read(tmp_path, encode, sign):
    path = write(tmp_path, encode(PLAIN.replace(",", sign).replace("\n", "\r\n")))
    assert read_points(path).inputs.d.tolist() == [1e9, 2e9, 8e9]


def test_a_file_without_a_known_name_is_known_by_its_beginning(tmp_path):
    assert len(read_points(write(tmp_path, PLAIN, "table"))) == 3
    assert len(read_points(write(tmp_path, '{"N": 1e8, "D": 1e9, "loss": 2}\n', "lines"))) == 1
    pq.write_table(pa.table({"N": [1], "D": [2], "loss": [3.0]}), tmp_path / "columns")
    assert len(read_points(tmp_path / "columns")) == 1


# shares


def test_shares_within_the_tolerance_are_scaled_and_told(tmp_path):
    reading = read(write(tmp_path, MIXED.replace(".5,.5,", ".497,.499,")))
    assert reading.points.inputs.shares.sum(axis=1).tolist() == pytest.approx([1, 1], abs=1e-15)
    assert reading.points.inputs.shares[0].tolist() == pytest.approx([497 / 996, 499 / 996])
    assert "shares of 1 rows did not sum to 1" in " ".join(reading.notes)


@given(st.floats(-0.03, 0.03))
@settings(max_examples=40, deadline=None)
def test_the_tolerance_of_shares_is_as_stated(tmp_path_factory, off):
    path = write(tmp_path_factory.mktemp("s"), MIXED.replace(".5,.5,", f".5,{0.5 + off!r},"))
    if abs(off) < TOLERANCE - 1e-9:
        assert read_points(path).inputs.shares[0].sum() == pytest.approx(1, abs=1e-12)
    elif abs(off) > TOLERANCE + 1e-9:
        with pytest.raises(StageError, match=r"line 2: shares sum to .*allowed is 1 within 0.01"):
            read_points(path)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (MIXED.replace(".5,.5,", "1.2,-.2,"), ("line 2", "'p_go'", "0..1", "-0.2")),
        (MIXED.replace(".5,.5,", "inf,0,"), ("line 2", "'p_python'", "inf")),
        (MIXED.replace(".5,.5,", "50,50,").replace("0.25,.75,", "25,75,"), ("sum to 100", "divide them by 100")),
        (MIXED.replace(".5,.5,", ".5,,"), ("line 2", "sum to 0.5", "p_python, p_go", "--weights")),
    ],
)
def test_shares_that_are_no_mixture_are_refused(tmp_path, text, parts):
    refused(tmp_path, text, *parts)


def test_an_empty_share_is_none(tmp_path):
    points = read_points(write(tmp_path, MIXED.replace(".5,.5,", "1,,")))
    assert points.inputs.shares[0].tolist() == [1, 0]


def test_components_that_no_row_has_are_left_out_and_told(tmp_path):
    reading = read(write(tmp_path, MIXED.replace(".5,.5,", "1,0,").replace("0.25,.75,", "1,0,")))
    assert reading.points.components == ("python",)
    assert reading.points.targets == ("python", "go")
    assert "no row has a share of go" in " ".join(reading.notes)
    assert read_points(reading.path, weights="none").components == ()


def test_components_asked_for_keep_their_order(tmp_path):
    path = write(tmp_path, MIXED)
    points = read_points(path, components=("go", "python"))
    assert points.components == ("go", "python")
    assert points.inputs.shares[1].tolist() == [0.75, 0.25]
    with pytest.raises(ConfigError, match="no column of shares for cobol"):
        read_points(path, components=("go", "cobol"))
    wider = read_points(path, components=("go", "cobol", "python"), absent_are_zero=True)
    assert wider.inputs.shares[1].tolist() == [0.75, 0, 0.25]


def test_unique_tokens_of_none_are_refused_where_they_are_used(tmp_path):
    text = (
        MIXED.replace("loss_python,", "unique_go,loss_python,").replace(",3.5,", ",0,3.5,").replace(",3.1,", ",9,3.1,")
    )
    refused(tmp_path, text, "line 2", "'unique_go'", "0 unique tokens of go")
    points = read_points(write(tmp_path, text.replace(".5,.5,0,", "1,0,0,")))
    assert points.inputs.unique.tolist() == [[math.inf, math.inf], [math.inf, 9]]


def test_unique_tokens_without_shares_are_of_all_data(tmp_path):
    path = write(tmp_path, "N,D,U,loss\n1,4,2,3\n1,8,,2\n")
    points = read_points(path, unique="U")
    assert points.components == ("data",)
    assert points.inputs.shares.tolist() == [[1], [1]] and points.inputs.unique.tolist() == [[2], [math.inf]]
    assert read_points(path).components == ()
    assert read_points(path, unique="U", components=("data",), absent_are_zero=True).identity == points.identity


# rows that are left out


@pytest.mark.parametrize(
    ("text", "options", "excluded", "left"),
    [
        ("N,D,loss,annealed\n1,1,1,true\n1,2,1,False\n1,3,1,1\n1,4,1,no\n", {}, {"not annealed": 2}, 2),
        ("N,D,loss,annealed\n1,1,1,true\n1,2,1,False\n", {"annealed_only": False}, {}, 2),
        ("N,D,loss\n1,1,1\n1,2,\n1,3,NaN\n1,4,null\n", {}, {"no loss on any target": 3}, 1),
        ("N,D,loss,State\n1,1,1,finished\nx,2,y,crashed\n1,3,1,Failed\n", {}, {"run failed": 2}, 1),
        ("N,D,loss,s\n1,1,1,a\n1,2,1,b\n1,3,1,ab\n", {"where": ["s=a*"]}, {"not s=a*": 1}, 2),
        ("N,D,loss,s\n1,1,1,a\n1,2,1,b\n1,3,1,\n", {"where": ["s!=a", "D>2"]}, {"not s!=a": 1, "not D>2": 1}, 1),
        ("N,D,loss\n1,1,1\n1,2,1\n1,3,1\n", {"d_min": 2.0}, {"fewer than 2 tokens": 1}, 2),
        ("run,N,D,loss\na,1,1,1\na,1,1,1\na,1,2,1\n", {"run": "run"}, {"measured twice, with the same result": 1}, 2),
    ],
)
def test_rows_that_cannot_be_used_are_left_out_and_counted(tmp_path, text, options, excluded, left):
    points = read_points(write(tmp_path, text), **options)
    assert points.excluded == excluded
    assert len(points) == left


def test_a_target_without_a_loss_is_missing_in_that_row_only(tmp_path):
    points = read_points(write(tmp_path, MIXED.replace("3.5,3\n", ",3\n")))
    assert np.isnan(points.loss("python")).tolist() == [True, False]
    assert points.loss("go").tolist() == [3, 2.9]


def test_equal_rows_count_where_no_column_tells_runs_apart(tmp_path):
    reading = read(write(tmp_path, PLAIN + "4e8,8e9,2.8\n"))
    assert len(reading.points) == 4
    assert "1 rows are equal to earlier ones" in " ".join(reading.notes)


def test_two_results_of_one_point_are_refused(tmp_path):
    refused(tmp_path, "run_id,N,D,loss\nr7,1,1,1\nr7,1,1,1.5\n", "line 2 and line 3", "r7", "different results")


def test_when_nothing_is_left_the_reasons_are_told(tmp_path):
    refused(
        tmp_path, "N,D,loss,annealed\n1,1,1,false\n1,2,,true\n", "of 2", "not annealed: 1", "no loss on any target: 1"
    )


def test_a_filter_names_columns_that_hold_signs():
    points = read_points(EXAMPLE, where=["loss_python->go<6.9"])
    table = pq.read_table(EXAMPLE / "runs.parquet")
    assert len(points) == sum(v is not None and v < 6.9 for v in table["loss_python->go"].to_pylist()) > 0


# values and files that cannot be


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (PLAIN.replace("3.1", "-3.1"), ("line 3", "'loss'", "> 0", "-3.1")),
        (PLAIN.replace("3.1", "0"), ("line 3", "'loss'", "> 0")),
        (PLAIN.replace("3.1", "inf"), ("line 3", "'loss'", "finite", "inf")),
        (PLAIN.replace("3.1", "3;1"), ("line 3", "'loss'", "'3;1' is no number", "--where")),
        (PLAIN.replace("2e8", "0"), ("line 3", "'N'", "> 0")),
        (PLAIN.replace("2e8", "-1e8"), ("line 3", "'N'", "-1e+08")),
        (PLAIN.replace("2e8", ""), ("line 3", "'N'", "empty")),
        (PLAIN.replace("2e9", "inf"), ("line 3", "'D'", "finite", "--where 'D>0'")),
        (PLAIN.replace("2e9", "2B"), ("line 3", "'D'", "'2B' is no number")),
        (PLAIN.replace("2e8,2e9,3.1", "2e8,2e9"), ("line 3 has 2 cells", "3 columns")),
        (PLAIN.replace("2e8,2e9,3.1", "2e8,2e9,3.1,7"), ("line 3 has 4 cells",)),
        (PLAIN.replace("3.1", '"3.1'), ("quote",)),
        (PLAIN.replace("loss", "p\u00e9rte").encode("latin1"), ("not UTF-8", "iconv")),
        ("N,D,loss,annealed\n1,1,1,maybe\n", ("line 2", "annealed is 'maybe'", "--unannealed")),
        ("N,D,loss,tokenizer_hash\n1,1,1,aa\n1,2,1,bb\n1,2,1,bb\n", ("2 tokenizers", "bb: 2 rows", "--where")),
        ("N,D,loss,validation_hash\n1,1,1,aa\n1,2,1,bb\n", ("2 validation sets", "aa: 1 rows")),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path, text, parts):
    refused(tmp_path, text, *parts)


@pytest.mark.parametrize(
    ("text", "name", "parts"),
    [
        ("", "t.csv", ("empty",)),
        ("size,D,loss\n1,1,1\n", "t.csv", ("--n", "N", "'size'", "--n NUMBER")),
        ("N,D,value\n1,1,1\n", "t.csv", ("--losses loss_", "--loss-column COLUMN", "'value'")),
        ("N,D,loss,loss\n1,1,1,2\n", "t.csv", ("2 columns are called 'loss'",)),
        ("", "t.jsonl", ("empty",)),
        ("PAR1 and then nothing", "t.parquet", ("not a Parquet file",)),
    ],
)
def test_a_table_that_cannot_be_mapped_is_refused_with_what_there_is(tmp_path, text, name, parts):
    refused(tmp_path, text, *parts, name=name, error=ConfigError)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"n": "params"}, "--n params: there is no such column; there are 'N', 'D', 'loss'"),
        ({"n": "-5"}, "--n -5: give a column, or a number > 0"),
        ({"loss_column": "l"}, "--loss-column l: there is no such column"),
        ({"loss_column": "loss", "losses": "loss_"}, "leave one out"),
        ({"weights": "w_"}, "--weights w_: no column begins with 'w_'"),
        ({"run": "r"}, "--run r: there is no such column"),
        ({"flops": "D", "n": "N", "d": "D"}, "--flops stands in for --n or for --d"),
        ({"where": ["x=1"]}, "no column 'x'"),
        ({"where": ["N"]}, "write COLUMN=VALUE"),
        ({"where": ["N<big"]}, "'big' is no number"),
    ],
)
def test_options_that_cannot_be_are_refused(tmp_path, options, part):
    with pytest.raises(ConfigError) as caught:
        read_points(write(tmp_path, PLAIN), **options)
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{bad", "line 2 is no JSON"),
        ("[1, 2]", "no JSON object but list"),
        ('{"N": {}, "D": 1, "loss": 1}', "no number"),
    ],
)
def test_broken_json_lines_are_named(tmp_path, line, part):
    refused(tmp_path, '{"N": 1, "D": 1, "loss": 1}\n' + line + "\n", "line 2", part, name="t.jsonl")


def test_json_lines_may_miss_keys_and_hold_not_a_number(tmp_path):
    text = '{"N": 1, "D": 1, "loss": NaN}\n\n{"D": 2, "N": 1, "loss": "2.5"}\n{"D": 3, "N": 1}\n'
    points = read_points(write(tmp_path, text, "t.jsonl"))
    assert points.losses.tolist() == [[2.5]]
    assert points.excluded == {"no loss on any target": 2}


def test_missing_files_and_folders_name_what_can_be_read(tmp_path):
    with pytest.raises(ConfigError, match=r"no such file\. Allowed are CSV"):
        read_points(tmp_path / "absent.csv")
    with pytest.raises(ConfigError, match=r"a folder without runs\.parquet"):
        read_points(tmp_path)


def test_large_tables_are_refused_before_they_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("fit.table.files.MAX_ROWS", 2)
    refused(tmp_path, PLAIN, "more than 2 rows")
    pq.write_table(pa.table({"N": [1] * 3, "D": [2] * 3, "loss": [3.0] * 3}), tmp_path / "t.parquet")
    with pytest.raises(StageError, match="more than 2 rows"):
        read_points(tmp_path / "t.parquet")
    monkeypatch.setattr("fit.table.files.MAX_BYTES", 10)
    with pytest.raises(StageError, match="at most 10 are read"):
        read_points(tmp_path / "t.parquet")


def test_bits_per_byte_may_come_from_several_tokenizers(tmp_path):
    rows = pq.read_table(EXAMPLE / "runs.parquet").to_pylist()
    rows = [{**row, "tokenizer_hash": f"t{i % 2}"} for i, row in enumerate(rows)]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(StageError, match="--bpb takes bits per byte"):
        read_points(tmp_path / "t.jsonl")
    assert len(read_points(tmp_path / "t.jsonl", bpb=True)) == 189
    assert len(read_points(tmp_path / "t.jsonl", where=["tokenizer_hash=t1"])) == 94


CELL = st.sampled_from(
    ["1", "0", "-1", "", "nan", "inf", "1e400", "x", '"', "\x00", "\ufeff", "0.5", "\u0663", "a\nb"]
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=6), max_size=5), st.sampled_from(["csv", "jsonl", "parquet"]))
@settings(max_examples=150, deadline=None)
def test_any_table_gives_sound_points_or_a_message(tmp_path_factory, rows, kind):
    text = "N,D,p_a,p_b,loss_a\n" + "".join(",".join(row) + "\n" for row in rows)
    try:
        points = read_points(write(tmp_path_factory.getbasetemp(), text, f"fuzz.{kind}"))
    except GlotmixError as error:
        assert len(str(error)) > 20
        return
    assert (np.isfinite(points.inputs.n) & (points.inputs.n > 0)).all()
    assert (np.isfinite(points.inputs.d) & (points.inputs.d > 0)).all()
    assert np.allclose(points.inputs.shares.sum(axis=1), 1)
    assert (points.losses[np.isfinite(points.losses)] > 0).all() and not np.isinf(points.losses).any()
    assert len(points) + sum(points.excluded.values()) <= len(rows)


# what is told


def test_mixed_forms_of_pairs_and_single_scales_are_told(tmp_path):
    text = "N,D,loss,strategy\n1,1,1,concat\n1,1,1.1,prompt\n1,1,1.2,none\n"
    notes = " ".join(read(write(tmp_path, text)).notes)
    assert "concat (1 rows), prompt (1 rows)" in notes
    assert "the same model size" in notes and "the same number of tokens" in notes
    notes = " ".join(read(write(tmp_path, text.replace("prompt", "none"))).notes)
    assert "forms" not in notes


def test_places_to_predict_need_no_losses(tmp_path):
    path = write(tmp_path, "N,D\n1e8,1e9\n1e8,1e9\n")
    points = read(path, Request(need_losses=False, targets=("loss",))).points
    assert len(points) == 2 and points.targets == ()
