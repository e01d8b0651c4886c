"""Small numbers are told in words: exactly as the worked example has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.numbers import (
    Change,
    Portion,
    change,
    cohort_cell,
    half_up,
    may_show_listeners,
    may_show_some,
    mean,
    newcombe,
    opted_out_note,
    rate,
    share,
    wilson,
)


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
    assert share(part, whole) == Portion(part, whole).said == said


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


def rounded(interval: tuple[float, float]) -> tuple[float, float]:
    return round(interval[0], 4), round(interval[1], 4)


@pytest.mark.parametrize(
    ("part", "whole", "interval"),
    [(3, 7, (0.1864, 0.7105)), (0, 7, (0, 0.2788)), (7, 7, (0.7212, 1)), (10, 500, (0.0120, 0.0332))],
)
def test_the_true_share_lies_within(part: int, whole: int, interval: tuple[float, float]) -> None:
    assert rounded(wilson(Portion(part, whole))) == interval


def test_by_how_much_a_share_has_risen() -> None:
    assert rounded(newcombe(Portion(3, 10), Portion(7, 10))) == (0.0347, 0.6448)
    assert rounded(newcombe(Portion(30, 100), Portion(45, 100))) == (0.0374, 0.2574)


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ((3, 10), (7, 10), "up"),
        ((30, 100), (45, 100), "up"),
        ((7, 10), (3, 10), "down"),
        ((4, 10), (6, 10), "no clear change"),
        ((1, 4), (3, 4), "too few to compare"),
        ((0, 5), (4, 4), "too few to compare"),
        ((0, 0), (0, 0), "too few to compare"),
        ((0, 5), (5, 5), "up"),
        ((5, 5), (5, 5), "no clear change"),
    ],
)
def test_what_changed_is_said_in_a_word(before: tuple[int, int], after: tuple[int, int], word: Change) -> None:
    assert change(Portion(*before), Portion(*after)) == word


shares = st.integers(1, 300).flatmap(lambda whole: st.integers(0, whole).map(lambda part: Portion(part, whole)))


@given(one=shares, other=shares)
def test_a_change_read_backwards_is_the_opposite_one(one: Portion, other: Portion) -> None:
    opposite = {"up": "down", "down": "up"}
    assert change(other, one) == opposite.get(change(one, other), change(one, other))
    low, high = wilson(one)
    assert 0 <= low <= one.part / one.whole + 1e-12
    assert one.part / one.whole - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    ("eligible", "count", "shown"),
    [(9, 3, False), (10, 2, False), (10, 3, True), (10, 7, True), (10, 8, False), (0, 0, False), (40, 0, False)],
)
def test_how_many_listen_is_said_only_where_it_points_at_nobody(eligible: int, count: int, shown: bool) -> None:  # noqa: FBT001
    assert may_show_listeners(eligible, count) == shown


def test_other_counts_need_three_on_either_side() -> None:
    assert [may_show_some(Portion(part, 6)) for part in range(7)] == [False, False, False, True, False, False, False]


def test_a_cell_of_few_and_a_note_of_one_tell_nothing() -> None:
    assert [cohort_cell(Portion(3, 4)), cohort_cell(Portion(3, 5)), cohort_cell(Portion(9, 20))] == [
        "few",
        "3 of 5 (about half)",
        "45% (9 of 20)",
    ]
    assert [opted_out_note(count) for count in (0, 1, 2)] == ["", "", "2 people chose not to be counted"]


@pytest.mark.parametrize(
    ("value", "fewest", "said"),
    [
        (0.445, 20, "45%"),
        (0.445, 19, "about half"),
        (0.0, 4, "none"),
        (1.0, 4, "all"),
        (0.39, 4, "fewer than half"),
        (0.61, 4, "more than half"),
    ],
)
def test_a_rate_of_several_shares_is_a_percentage_only_where_each_is_of_twenty(
    value: float, fewest: int, said: str
) -> None:
    assert rate(value, fewest=fewest) == said
