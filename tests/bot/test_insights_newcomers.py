"""How newcomers find their way in: the worked examples, and who stays in which count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.newcomers import (
    Activation,
    Newcomer,
    cohorts,
    first_step_conversion,
    kaplan_meier,
    retention,
    time_to_activation,
)
from bot.insights.numbers import Portion

NOW = datetime(2026, 6, 29, tzinfo=UTC)
DAY = timedelta(days=1)


def ago(days: float) -> datetime:
    return NOW - days * DAY


FIRST_STEPS: dict[int, tuple[float, bool]] = {
    # days ago, and whether it was an act; the message of 1 and the reaction of 6 are no steps.
    0: (70, False),
    2: (45, False),
    3: (39.1, True),
    5: (39, False),
    6: (26, False),
    8: (18, True),
}
W7 = [
    Newcomer(
        joined=ago(74 - 7 * number),
        first_step=ago(FIRST_STEPS[number][0]) if number in FIRST_STEPS else None,
        first_act=ago(FIRST_STEPS[number][0]) if FIRST_STEPS.get(number, (0, False))[1] else None,
    )
    for number in range(9)
] + [Newcomer(joined=ago(5))]


def test_the_worked_example() -> None:
    assert first_step_conversion(W7, now=NOW) == Portion(5, 9)
    assert time_to_activation(W7, now=NOW) == Activation(median=None, people=10, acted=2)


def spans(written: str) -> list[tuple[timedelta, bool]]:
    return [(int(one.rstrip("*")) * DAY, not one.endswith("*")) for one in written.split()]


@pytest.mark.parametrize(
    ("written", "median"),
    [
        ("2 3 5 8 9* 12 20* 20*", 8),
        ("2 3 20* 20* 20*", None),
        ("", None),
        ("4", 4),
        ("4*", None),
        ("1 2*", 1),
        ("1* 2", 2),
        # Who only ends on the day on which another acts was still there.
        ("3* 3 4 5", 4),
        ("0 0 9*", 0),
    ],
)
def test_after_how_long_half_of_them_act(written: str, median: int | None) -> None:
    assert kaplan_meier(spans(written)) == (None if median is None else median * DAY)
    assert kaplan_meier(reversed(spans(written))) == kaplan_meier(spans(written))


@given(days=st.lists(st.integers(0, 30), min_size=1))
def test_where_everybody_acted_it_is_the_lower_median(days: list[int]) -> None:
    assert kaplan_meier([(day * DAY, True) for day in days]) == sorted(days)[(len(days) - 1) // 2] * DAY


@pytest.mark.parametrize(
    ("days", "step", "counted"),
    [
        (74, 61, Portion(1, 1)),
        (74, 60, Portion(0, 1)),
        (74.1, 74, Portion(0, 0)),
        (14, 14, Portion(0, 0)),
        (14.1, 14, Portion(1, 1)),
        (14.1, None, Portion(0, 1)),
    ],
)
def test_the_two_weeks_of_a_first_step(days: float, step: float | None, counted: Portion) -> None:
    newcomer = Newcomer(joined=ago(days), left=ago(1), first_step=None if step is None else ago(step))
    assert first_step_conversion([newcomer], now=NOW) == counted


def test_whoever_left_counts_as_long_as_they_were_there() -> None:
    people = [
        Newcomer(joined=ago(30), left=ago(20)),
        Newcomer(joined=ago(30), first_act=ago(25)),
        # Written down as having come, after they had left.
        Newcomer(joined=ago(30), left=ago(28), first_act=ago(27)),
        Newcomer(joined=ago(181), first_act=ago(180)),
    ]
    assert time_to_activation(people, now=NOW) == Activation(median=5 * DAY, people=3, acted=1)


ZERO = datetime(2026, 1, 1, tzinfo=UTC)


def one(joined: int, *acts: int, left: int | None = None, away: tuple[int, int] | None = None) -> Newcomer:
    return Newcomer(
        joined=ZERO + joined * DAY,
        left=None if left is None else ZERO + left * DAY,
        acts=tuple(ZERO + act * DAY for act in acts),
        breaks=() if away is None else ((ZERO + away[0] * DAY, ZERO + away[1] * DAY),),
    )


W8 = [one(0, 3, 40), one(5, 20, 70), one(10, 12, left=50), one(20, 90), one(70, 71)]
HUNDRED = ZERO + 100 * DAY


def test_the_worked_example_of_cohorts() -> None:
    assert retention(W8[:4], now=HUNDRED) == (Portion(3, 4), Portion(1, 4), Portion(1, 3))
    assert retention(W8[4:], now=HUNDRED) == (Portion(1, 1),)
    assert retention([], now=HUNDRED) == ()


def test_a_cohort_is_a_month_of_the_movement() -> None:
    assert [(month, cells[0]) for month, cells in cohorts(W8, now=HUNDRED)] == [
        (date(2026, 1, 1), Portion(3, 4)),
        (date(2026, 3, 1), Portion(1, 1)),
    ]
    honolulu = cohorts(W8, now=HUNDRED, zone=ZoneInfo("Pacific/Honolulu"))
    assert [month for month, _ in honolulu] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1)]


def test_whoever_was_away_for_all_of_a_block_is_left_out_of_it() -> None:
    assert retention([one(0, 1, away=(30, 60))], now=HUNDRED) == (Portion(1, 1), Portion(0, 0), Portion(0, 1))
    assert retention([one(0, 1, away=(30, 59))], now=HUNDRED)[1] == Portion(0, 1)


def test_a_block_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    assert retention([one(0, 30)], now=ZERO + 60 * DAY) == (Portion(0, 1), Portion(1, 1))
    assert retention([one(0, 30)], now=ZERO + 60 * DAY - timedelta(seconds=1)) == (Portion(0, 1),)
