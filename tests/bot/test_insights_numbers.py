"""Small numbers are told in words: exactly as the worked example has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.numbers import half_up, mean, share


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "no data yet"),
        (1, 1, "1 of 1"),
        (2, 4, "2 of 4"),
        (0, 4, "0 of 4"),
        (0, 7, "0 of 7 (none)"),
        (2, 7, "2 of 7 (fewer than half)"),
        (3, 7, "3 of 7 (about half)"),
        (5, 7, "5 of 7 (more than half)"),
        (7, 7, "7 of 7 (all)"),
        (2, 5, "2 of 5 (about half)"),
        (3, 5, "3 of 5 (about half)"),
        (4, 5, "4 of 5 (more than half)"),
        (9, 19, "9 of 19 (about half)"),
        (9, 20, "45% (9 of 20)"),
        (0, 20, "0% (0 of 20)"),
        (20, 20, "100% (20 of 20)"),
        (1, 40, "3% (1 of 40)"),
        (10, 500, "2% (10 of 500)"),
    ],
)
def test_a_share_says_no_more_than_so_few_people_allow(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said


@given(whole=st.integers(0, 10_000), data=st.data())
def test_below_twenty_there_is_never_a_percentage(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    assert ("%" in share(part, whole)) == (whole >= 20)


@pytest.mark.parametrize(("value", "rounded"), [(0.5, 1), (1.5, 2), (2.5, 3), (2.4999, 2), (0.0, 0)])
def test_halves_are_rounded_up(value: float, rounded: int) -> None:
    assert half_up(value) == rounded


@pytest.mark.parametrize(
    ("figures", "said"),
    [((5, 1, 2, 2, 3), "2.6"), ((3, 3, 3, 4), "3.3"), ((1,), "1.0"), ((5, 5), "5.0"), ((4, 4, 4, 4, 5), "4.2")],
)
def test_a_mean_has_one_decimal(figures: tuple[int, ...], said: str) -> None:
    assert mean(figures) == said
