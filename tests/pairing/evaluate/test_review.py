"""Verdicts of people are written empty, read back, and never overwritten."""

import pytest

from contracts.errors import ConfigError
from pairing.evaluate.review import read_review, write_review


def test_what_is_written_is_open_until_someone_fills_it_in(tmp_path):
    path = tmp_path / "review.csv"
    write_review(path, [("p1", "a", "b"), ("p2", "c", "d")])
    assert path.read_text() == "pair_id,id_a,id_b,verdict\np1,a,b,\np2,c,d,\n"
    assert read_review(path)["verdict"].to_list() == ["open", "open"]


def test_verdicts_may_be_said_in_several_ways(tmp_path):
    path = tmp_path / "review.csv"
    path.write_text("pair_id,verdict\na,Yes\nb,WRONG\nc,?\nd,1\ne,Partial\n")
    assert read_review(path)["verdict"].to_list() == ["right", "wrong", "unsure", "right", "partial"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pair_id,verdict\na,maybe\n", "line 2: verdict 'maybe'; allowed are right, partial, wrong, unsure"),
        ("pair_id,verdict\na,\na,y\n", "line 3: pair_id a stands in line 2 already"),
        ("pair_id,id_a,id_b,verdict\na,x,y,n\nb,x,z,\nc,y,x,y\n", "line 4: the pair of y and x stands in line 2"),
        ("pair_id,verdict\n", "holds no pair"),
        ("pair_id,verdct\na,y\n", "lacks the column verdict; needed are pair_id, verdict, there are pair_id, verdct"),
    ],
)
def test_faults_are_named(tmp_path, text, message):
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(ConfigError, match=message):
        read_review(tmp_path / "r.csv")


def test_verdicts_are_never_written_over(tmp_path):
    (tmp_path / "r.csv").write_text("verdicts")
    with pytest.raises(ConfigError, match="may hold verdicts"):
        write_review(tmp_path / "r.csv", [("p", "a", "b")])
    assert (tmp_path / "r.csv").read_text() == "verdicts"
