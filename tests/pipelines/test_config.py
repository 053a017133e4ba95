import pytest

from pipelines.config import DedupConfig


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"exact": False, "near": True}, "near: true needs exact: true"),
        ({"threshold": 0.5, "link_threshold": 0.6}, r"link_threshold \(0.6\) must not exceed threshold \(0.5\)"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        DedupConfig(**options)
