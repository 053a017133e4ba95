import pytest

from game_of_life import GLIDER, parse, render, step


def test_glider_moves_one_cell_diagonally_in_four_generations():
    start = living = parse(GLIDER)
    for _ in range(4):
        living = step(living)
    assert living == {(x + 1, y + 1) for x, y in start}


def test_block_is_a_still_life():
    block = parse("OO\nOO")
    assert step(block) == block


def test_blinker_flips():
    assert step(parse("OOO")) == {(1, -1), (1, 0), (1, 1)}


def test_lonely_cell_dies():
    assert step(parse("O")) == frozenset()


def test_render_shows_the_requested_window():
    assert render(parse(GLIDER), 4, 3) == ".O..\n..O.\nOOO."


def test_parse_rejects_unknown_marks():
    with pytest.raises(ValueError, match="unexpected 'x'"):
        parse(".x.")
