import json
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError
from train.evaluation.problems import Problem, pass_at_k, read_problems

OURS = {"task_id": "add", "language": "python", "prompt": "def add(a, b):\n", "tests": "assert add(1, 2) == 3"}
MULTIPL_E = {
    "name": "HumanEval_0",
    "language": "rs",
    "prompt": "fn f() -> i32 {\n",
    "tests": "}\nfn main() { assert_eq!(f(), 1); }",
    "stop_tokens": ["\n}"],
    "doctests": "transform",
}
HUMAN_EVAL = {
    "task_id": "HumanEval/0",
    "language": "Python",
    "prompt": "def f():\n",
    "entry_point": "f",
    "test": "def check(candidate):\n    assert candidate() == 1\n",
}


def written(tmp_path, *rows):
    path = tmp_path / "problems.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return path


def test_problems_are_read_in_the_three_usual_shapes(tmp_path):
    ours, multi, human = read_problems(written(tmp_path, OURS, "", MULTIPL_E, HUMAN_EVAL))
    assert ours == Problem("add", "python", OURS["prompt"], OURS["tests"])
    assert (multi.name, multi.language, multi.stop) == ("HumanEval_0", "rust", ("\n}",))
    assert human.tests == HUMAN_EVAL["test"] + "\ncheck(f)"


@pytest.mark.parametrize(
    ("name", "language"),
    [("py", "python"), ("go_test.go", "go"), ("cs", "csharp"), ("ts", "typescript"), ("JS", "javascript")],
)
def test_languages_are_known_by_their_usual_names(tmp_path, name, language):
    assert read_problems(written(tmp_path, OURS | {"language": name}))[0].language == language


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["{"], "line 1: Expecting"),
        ([[1]], "line 1: a problem is a JSON object, not list"),
        ([OURS, OURS], "line 2: add in python is there twice"),
        ([OURS | {"language": "cobol"}], "line 1: language: 'cobol'; allowed: python, java"),
        ([{k: v for k, v in OURS.items() if k != "tests"}], "line 1: tests: None; a text is needed"),
        ([{k: v for k, v in OURS.items() if k != "task_id"}], "task_id or name: None"),
        ([{k: v for k, v in HUMAN_EVAL.items() if k != "entry_point"}], "entry_point: None"),
        ([OURS | {"stop": "x"}], "stop: 'x'; allowed: a list"),
        ([OURS | {"stop": [""]}], "not empty"),
        ([], "holds no problem"),
    ],
)
def test_what_is_no_problem_is_refused_with_its_line(tmp_path, rows, message):
    with pytest.raises(ConfigError, match=message.replace("(", r"\(")):
        read_problems(written(tmp_path, *rows))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_problems(tmp_path / "none.jsonl")


def test_a_continuation_ends_before_its_first_stop():
    problem = Problem("a", "python", "P", "T", ("\ndef", "\n#"))
    assert problem.program("body\n# note\ndef next") == "Pbody\nT"
    assert problem.program("body") == "Pbody\nT"


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n), st.integers(1, n))))
def test_pass_at_k_is_the_share_of_choices_that_hold_a_text_that_passes(numbers):
    samples, passed, k = numbers
    choices = list(combinations(range(samples), k))
    expected = sum(any(text < passed for text in choice) for choice in choices) / len(choices)
    assert pass_at_k(samples, passed, k) == pytest.approx(expected)


@pytest.mark.parametrize(("samples", "passed", "k"), [(1, 2, 1), (3, 1, 4), (3, -1, 1), (3, 1, 0)])
def test_impossible_counts_are_refused(samples, passed, k):
    with pytest.raises(ValueError, match="0 <= passed <= samples"):
        pass_at_k(samples, passed, k)
