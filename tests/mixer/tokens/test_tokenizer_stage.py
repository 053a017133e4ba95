import shutil

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import ConfigError
from contracts.files import checksum
from mixer.config import TokenizerConfig
from mixer.tokens.tokenizer_stage import FILE, TrainTokenizer, fill, tokenizer

from ..conftest import ONE, table


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 1000), max_size=8), st.integers(0, 4000))
def test_a_budget_is_dealt_evenly_and_what_one_lacks_goes_to_the_others(available, budget):
    dealt = fill(available, budget)
    assert sum(dealt.values()) == min(budget, sum(available.values()))
    assert all(dealt[k] <= available[k] for k in available)
    short = [k for k in available if dealt[k] < available[k]]
    if short:  # those that have more all get the same, to the byte, and nobody more
        assert max(dealt[k] for k in short) - min(dealt[k] for k in short) <= 1
        assert max(dealt.values()) <= max(dealt[k] for k in short)


def test_training_in_a_task_gives_the_same_file_again(demo, demo_run, tmp_path):
    step = TrainTokenizer(demo.corpus, demo.split, tmp_path / FILE, TokenizerConfig(vocab_size=1024))
    list(step.run())
    assert checksum(tmp_path / FILE) == checksum(demo.tokenizer / FILE)


def test_each_language_gives_the_same_share_of_training_text_and_none_that_is_held_out(demo):
    config = TokenizerConfig(train_bytes=70_000)
    chosen = TrainTokenizer(demo.corpus, demo.split, demo.tokenizer, config)._choose()
    held = set(table(demo.split / "split").filter(pl.col("split") == "validation")["id"])
    assert held
    assert not held & set(chosen["id"])
    longest = table(demo.corpus / "documents")["bytes"].max()
    for _, size in chosen.group_by("language").agg(pl.col("bytes").sum()).iter_rows():
        assert 10_000 <= size < 10_000 + longest


def test_a_tokenizer_of_your_own_is_taken_as_it_is(demo, tmp_path):
    shutil.copy(demo.tokenizer / FILE, tmp_path / "mine.json")
    config = TokenizerConfig(path="mine.json", pad_token="<|end|>")
    folders = (tmp_path, demo.corpus, demo.split, tmp_path / "out", ONE)
    result = tokenizer(config, *folders)
    assert (tmp_path / "out" / FILE).read_text() == (tmp_path / "mine.json").read_text()
    assert result.manifest.counts["pad_id"] == result.manifest.counts["end_id"] == 0
    # what only concerns training, or who encodes, changes nothing
    other = TokenizerConfig(path="mine.json", pad_token="<|end|>", vocab_size=999, fast="off")
    assert tokenizer(other, *folders).skipped


def test_a_tokenizer_without_the_end_token_is_refused(demo, tmp_path):
    shutil.copy(demo.tokenizer / FILE, tmp_path / "mine.json")
    with pytest.raises(ConfigError, match=r"tokenizer.end_token: '<eos>' is not in the vocabulary"):
        config = TokenizerConfig(path="mine.json", end_token="<eos>")
        tokenizer(config, tmp_path, demo.corpus, demo.split, tmp_path / "out", ONE)
