import numpy as np
import pytest

from contracts.errors import ConfigError
from fit.allocate.goal import Goal

NAMES = ("python", "java", "parallel", "python->java", "unseen")


def test_by_default_all_languages_count_alike_and_translation_does_not():
    assert Goal().of(NAMES).tolist() == [0.5, 0.5, 0, 0, 0]


def test_where_there_is_translation_only_it_counts():
    assert Goal().of(NAMES[2:]).tolist() == pytest.approx([1 / 3] * 3)


def test_weights_are_made_to_sum_to_one_and_name_any_target():
    assert Goal(weights={"unseen": 3, "java": 1}).of(NAMES).tolist() == [0, 0.25, 0, 0, 0.75]


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (Goal(weights={"cobol": 1}), r"--weights cobol: no such target. The fit has python, java"),
        (Goal(weights={"java": -1}), r"--weights java=-1: a weight is a number from 0 on"),
        (Goal(weights={"java": np.nan}), r"--weights java=nan"),
        (Goal(weights={"java": 0}), r"--weights: all are 0"),
        (Goal(guard=-0.1), r"--guard -0.1: give a fraction from 0 on"),
    ],
)
def test_what_is_no_objective_is_refused(goal, message):
    with pytest.raises(ConfigError, match=message):
        goal.of(NAMES)
