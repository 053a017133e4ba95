import pytest

torch = pytest.importorskip("torch")

from train.evaluation.generation import Sampling, write
from train.evaluation.sets import ValidationSets
from train.evaluation.translation import compare, translate

LENGTHS = (3, 1, 9, 5, 20)


@pytest.fixture(scope="module")
def prompts():
    return [torch.randint(2, 300, (n,), generator=torch.Generator().manual_seed(n)).tolist() for n in LENGTHS]


def plainly(model, prompt, new, end_id):
    """The likeliest token, one after another, without a cache."""
    tokens = list(prompt)
    with torch.no_grad():
        for _ in range(new):
            token = int(model(torch.tensor([tokens]), use_cache=False).logits[0, -1].argmax())
            if token == end_id:
                break
            tokens.append(token)
    return tokens[len(prompt) :]


def written(model, prompts, end_id=0, **options):
    settings = {"length": 64, "max_new_tokens": 12, "end_id": end_id, "pad_id": 1, "batch": 3} | options
    return write(model, prompts, **settings)


def test_batches_with_padding_and_cache_write_what_the_bare_model_writes(model, prompts):
    found = written(model, prompts)
    assert [text.tokens for text in found] == [plainly(model, p, 12, 0) for p in prompts]
    assert any(len(text.tokens) > 3 for text in found)


def test_the_model_is_left_as_it_was(model, prompts):
    before = model.config._attn_implementation
    try:
        model.set_attn_implementation("eager")
        model.train()
        written(model, prompts[:1])
        assert model.config._attn_implementation == "eager" and model.training
    finally:
        model.set_attn_implementation(before)
        model.eval()


@pytest.mark.parametrize("batch", [1, 2, 5])
def test_greedy_texts_do_not_depend_on_the_batch(model, prompts, batch):
    assert written(model, prompts, batch=batch) == written(model, prompts)


def test_a_text_ends_before_the_end_token(model, prompts):
    whole = written(model, prompts)
    end = whole[2].tokens[4]
    found = written(model, prompts, end_id=end)[2]
    assert found.tokens == whole[2].tokens[: whole[2].tokens.index(end)] and found.ended


def test_a_stop_ends_one_text_and_not_the_others(model, prompts):
    whole = written(model, prompts)
    asked = []

    def stopped(number, tokens):
        asked.append(number)
        return number == 3 and len(tokens) >= 2

    found = written(model, prompts, stopped=stopped)
    assert found[3].ended and found[3].tokens == whole[3].tokens[:2] != whole[3].tokens
    assert [found[n] for n in (0, 1, 2, 4)] == [whole[n] for n in (0, 1, 2, 4)]
    assert set(asked) == set(range(5))


def test_long_prompts_lose_their_beginning_and_short_ones_nothing(model, prompts):
    long = prompts[4] * 4
    found = written(model, [long, prompts[0]], length=30, max_new_tokens=10)
    assert [text.cut for text in found] == [True, False]
    assert found[0].tokens == plainly(model, long[-20:], 10, 0)
    assert len(written(model, [long], length=30, max_new_tokens=100)[0].tokens) <= 15


def test_drawn_texts_depend_on_the_seed_only(model, prompts):
    before = torch.random.get_rng_state()
    one, two, three = (written(model, prompts, sampling=Sampling(1.0, 1.0, seed)) for seed in (1, 1, 2))
    assert one == two != three
    assert torch.equal(torch.random.get_rng_state(), before)


def test_every_direction_is_translated_and_scored(sets, model):
    pytest.importorskip("sacrebleu")
    found = translate(sets.folder, model, pairs=1, form="prompt", length=64, batch=2, max_new_tokens=8)
    assert [(s.direction, s.seen, s.pairs) for s in found] == [("python->go", True, 1), ("go->python", False, 1)]
    assert all(0 <= s.bleu <= 100 and 0 <= s.chrf <= 100 and s.exact == 0 for s in found)
    assert "tok:intl" in found[0].settings and "nc:6" in found[0].settings


def test_a_model_that_knows_the_translation_is_scored_100(sets, monkeypatch, model):
    """The model reads the held-out text itself: whatever it says, the comparison is between equal texts."""
    pytest.importorskip("sacrebleu")
    held = ValidationSets(sets.folder)
    known = {
        tuple(row.tokens[: row.target_start].tolist()): row.tokens[row.target_start :].tolist()
        for direction in ("python->go", "go->python")
        for row in held.rows(direction, "concat")
    }

    class Knows(torch.nn.Module):
        config, device, training = model.config, torch.device("cpu"), False

        def set_attn_implementation(self, name):
            pass

        def generate(self, ids, attention_mask, generation_config, **_):
            rows = [known[tuple(row[mask.bool()].tolist())] for row, mask in zip(ids, attention_mask, strict=True)]
            width = max(map(len, rows))
            rows = [row + [held.pad_id] * (width - len(row)) for row in rows]
            return torch.cat([ids, torch.tensor(rows)], 1)

    found = translate(sets.folder, Knows(), pairs=5, form="concat", length=200, batch=3, max_new_tokens=99)
    assert [(s.pairs, s.exact, s.ended, s.cut) for s in found] == [(2, 2, 2, 0)] * 2
    assert all(s.chrf == pytest.approx(100) for s in found)


def test_scores_fall_with_the_distance_and_are_none_without_texts():
    pytest.importorskip("sacrebleu")
    wanted = ["def add(a, b):\n    return a + b\n"] * 2
    near, far = ["def add(x, b):\n    return x + b\n"] * 2, ["fn main() {}"] * 2
    scores = [compare(texts, wanted)[:2] for texts in (wanted, near, far)]
    assert scores[0] == (pytest.approx(100), pytest.approx(100))
    assert scores[0][0] > scores[1][0] > scores[2][0] and scores[0][1] > scores[1][1] > scores[2][1]
    assert compare([], []) == (None, None, "")
