"""Where a member stands: the worked example word for word, what a break does, and that nobody falls in haste."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.ladder import (
    ACTS,
    DOING,
    FIRST_STEPS,
    LEADING,
    LEVELS,
    ONLINE,
    Break,
    Level,
    Term,
    Trace,
    available_age,
    class_of,
    counted_from,
    first_needed,
    frozen_at,
    level,
    merge,
    raw_level,
)

Breaks = tuple[tuple[datetime, datetime], ...]

NOW = datetime(2026, 6, 29, tzinfo=UTC)
OLD = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
CLASSES = {"reaction": 1, "attended": 2, "promise_kept": 2, "hosted": 3, "role_duty": 3}


def day(written: str) -> datetime:
    month, number = written.split("-")
    return datetime(2026, int(month), int(number), tzinfo=UTC)


def traces(kind: str, *days: str) -> list[Trace]:
    return [Trace(day(one) + timedelta(hours=12), class_of(kind)) for one in days]


# When they joined, what they did, their breaks, and the terms of their roles.
W2: dict[str, tuple[datetime, list[Trace], list[Break], list[Term]]] = {
    "M1": (day("6-20"), [], [], []),
    "M2": (OLD, traces("reaction", "6-1"), [], []),
    "M3": (OLD, [], [], []),
    "M4": (OLD, traces("attended", "4-15"), [], []),
    "M5": (OLD, traces("attended", "3-25"), [], []),
    "M6": (OLD, traces("attended", "4-10", "5-8", "6-5", "6-19"), [], []),
    "M7": (OLD, traces("attended", "5-8", "6-5", "6-19", "6-20"), [], []),
    "M8": (OLD, traces("hosted", "6-5", "6-19"), [], []),
    "M9": (OLD, traces("role_duty", "6-1"), [], [(OLD, None)]),
    "M10": (OLD, traces("attended", "3-10"), [(day("5-1"), day("6-15"))], []),
    "M11": (OLD, traces("attended", "3-20"), [(day("5-20"), day("7-20"))], []),
    "M12": (OLD, traces("promise_kept", "4-6", "5-4", "5-30", "6-20"), [], []),
}


def shown(name: str, at: datetime) -> tuple[Level, Level]:
    """Give the level that is shown, and the one without any patience."""
    joined, left, breaks, terms = W2[name]
    merged = merge(breaks)
    return (
        level(left, joined=joined, at=at, breaks=merged, terms=terms),
        raw_level(left, joined=joined, at=at, breaks=merged, terms=terms),
    )


@pytest.mark.parametrize(
    ("name", "now", "later"),
    [
        ("M1", ("newcomer", "newcomer"), ("listening", "listening")),
        ("M2", ("digital-only", "digital-only"), ("digital-only", "digital-only")),
        ("M3", ("listening", "listening"), ("listening", "listening")),
        ("M4", ("activated", "activated"), ("activated", "activated")),
        ("M5", ("activated", "listening"), ("listening", "listening")),
        ("M6", ("core", "core"), ("core", "activated")),
        ("M7", ("activated", "activated"), ("core", "core")),
        ("M8", ("leading", "leading"), ("leading", "leading")),
        ("M9", ("leading", "leading"), ("leading", "leading")),
        ("M10", ("activated", "activated"), ("activated", "activated")),
        ("M11", ("activated", "activated"), ("activated", "activated")),
        ("M12", ("core", "core"), ("core", "activated")),
    ],
)
def test_the_worked_example(name: str, now: tuple[Level, Level], later: tuple[Level, Level]) -> None:
    assert shown(name, NOW) == now
    assert shown(name, NOW + 14 * DAY) == later


def test_every_kind_of_act_has_exactly_one_class() -> None:
    assert {kind: class_of(kind) for kind in CLASSES} == CLASSES
    assert not ONLINE & DOING and not ONLINE & LEADING and not DOING & LEADING  # noqa: PT018
    assert (len(ONLINE), len(DOING), len(LEADING), class_of("poked")) == (8, 5, 6, 0)
    assert ACTS == DOING | LEADING
    assert {
        "rsvp",
        "poll_vote",
        "decision_vote",
        "checkin_answer",
        "promise_made",
        "invite_sent",
    } == FIRST_STEPS - ACTS
    assert get_args(Level) == LEVELS


@pytest.mark.parametrize(
    ("days", "stands"),
    [
        # Exactly ninety days old still counts; what happens this very moment does not yet.
        ((90,), "activated"),
        ((90 + 1 / 86400,), "listening"),
        ((0,), "listening"),
        ((1 / 86400,), "activated"),
        ((29, 30, 59, 60), "core"),
        ((28, 29, 30, 59), "activated"),
        ((1, 30, 60), "activated"),
        ((1, 30, 60, 90), "core"),
        # Four acts on three days.
        ((1.1, 1.2, 31, 61), "activated"),
    ],
)
def test_the_bounds_of_ninety_days_and_of_their_thirds(days: tuple[float, ...], stands: Level) -> None:
    left = [Trace(NOW - one * DAY, 2) for one in days]
    assert raw_level(left, joined=OLD - 100 * DAY, at=NOW) == stands


def test_a_day_is_one_of_the_movement() -> None:
    """Hosting at 23:00 and at 01:00 is on two days in Berlin and on one in Auckland."""
    led = [Trace(datetime(2026, 6, 10, 21, tzinfo=UTC), 3), Trace(datetime(2026, 6, 10, 23, tzinfo=UTC), 3)]
    assert raw_level(led, joined=OLD, at=NOW, zone=ZoneInfo("Europe/Berlin")) == "leading"
    assert raw_level(led, joined=OLD, at=NOW, zone=ZoneInfo("Pacific/Auckland")) == "activated"


def test_leading_in_a_role_counts_only_while_it_was_held() -> None:
    led = traces("role_duty", "6-1")
    held = [(day("5-1"), day("6-1"))]
    assert raw_level(led, joined=OLD, at=NOW, terms=held) == "activated"
    assert raw_level(led, joined=OLD, at=NOW, terms=[*held, (day("6-1"), None)]) == "leading"


def test_whoever_joined_in_a_break_is_a_newcomer_when_it_ends() -> None:
    breaks = merge([(day("4-1"), day("6-28"))])
    assert level([], joined=day("5-1"), at=day("6-20"), breaks=breaks) == "newcomer"
    assert level([], joined=day("5-1"), at=NOW, breaks=breaks) == "listening"


def test_a_break_is_as_old_as_its_end() -> None:
    breaks = merge([(NOW - 100 * DAY, NOW - 90 * DAY)])
    assert raw_level([Trace(NOW - 100 * DAY, 2)], joined=OLD, at=NOW, breaks=breaks) == "activated"
    assert raw_level([Trace(NOW - 101 * DAY, 2)], joined=OLD, at=NOW, breaks=breaks) == "listening"


def test_a_newcomer_is_one_for_two_weeks() -> None:
    assert raw_level([], joined=NOW - 14 * DAY, at=NOW) == "listening"
    assert raw_level([], joined=NOW - 14 * DAY + timedelta(seconds=1), at=NOW) == "newcomer"


def test_whoever_came_back_does_not_stand_where_they_stood_before() -> None:
    long_ago = [Trace(NOW - 95 * DAY, 2)]
    assert level(long_ago, joined=NOW - 6 * DAY, at=NOW) == "newcomer"
    assert level(long_ago, joined=NOW - 7 * DAY, at=NOW) == "activated"


def test_breaks_that_touch_are_one_and_an_open_one_never_ends() -> None:
    one, two, three, four = (day(f"5-{number}") for number in (1, 5, 9, 20))
    assert merge([(three, four), (one, two), (two, three), (one, two)]) == ((one, four),)
    assert merge([(two, two)]) == ()
    ((start, end),) = merge([(one, None), (two, three)])
    assert (start, end > NOW + 10_000 * DAY) == (one, True)


SPAN = 250
moments = st.integers(0, SPAN * 4).map(lambda quarter: NOW - quarter * DAY / 4)
all_traces = st.lists(st.builds(Trace, moments, st.integers(1, 3)), max_size=12)
spells = st.lists(
    st.tuples(moments, st.integers(1, 300)).map(lambda one: (one[0], one[0] + one[1] * DAY / 4)), max_size=4
).map(merge)


@given(left=all_traces, breaks=spells, order=st.randoms(use_true_random=False))
def test_the_order_in_which_acts_arrive_changes_nothing(left: list[Trace], breaks: Breaks, order: Random) -> None:
    shuffled = sorted(left, key=lambda _: order.random())
    assert level(left, joined=OLD, at=NOW, breaks=breaks) == level(shuffled, joined=OLD, at=NOW, breaks=breaks)


@given(at=moments, since=moments, breaks=spells)
def test_what_counts_is_what_is_at_most_ninety_days_old_without_the_breaks(
    at: datetime, since: datetime, breaks: Breaks
) -> None:
    at = frozen_at(breaks, at)
    if since < at:
        assert (since >= counted_from(breaks, at)) == (available_age(breaks, since, at) <= 90 * DAY)


@given(left=all_traces, breaks=spells)
def test_acts_from_before_the_first_one_needed_change_nothing(left: list[Trace], breaks: Breaks) -> None:
    needed = [one for one in left if one.at >= first_needed(breaks, NOW)]
    assert level(left, joined=OLD, at=NOW, breaks=breaks) == level(needed, joined=OLD, at=NOW, breaks=breaks)


@given(left=all_traces, breaks=spells, member=st.integers(0, 60))
def test_nobody_falls_sooner_than_two_weeks_after_the_fall(
    left: list[Trace], breaks: tuple[tuple[datetime, datetime], ...], member: int
) -> None:
    """Looked at every week, a level that is shown falls only if the raw one was lower two weeks before already."""
    joined = NOW - (SPAN + member) * DAY
    weeks = [NOW - 7 * number * DAY for number in range(24, -1, -1)]
    shown = [LEVELS.index(level(left, joined=joined, at=at, breaks=breaks)) for at in weeks]
    raw = [LEVELS.index(raw_level(left, joined=joined, at=at, breaks=breaks)) for at in weeks]
    for number, (before, after) in enumerate(pairwise(shown), start=1):
        assert after >= raw[number]  # up at once
        if after < before and number >= 3:
            assert max(raw[number - 2 : number + 1]) == after < before == raw[number - 3]


@given(left=all_traces, days=st.integers(0, 120))
def test_whoever_stood_somewhere_for_a_week_keeps_it_for_two_more(left: list[Trace], days: int) -> None:
    at = NOW - days * DAY
    joined = NOW - 2 * SPAN * DAY
    quarters = [at - number * DAY / 4 for number in range(1, 29)]
    kept = min(LEVELS.index(raw_level(left, joined=joined, at=one)) for one in quarters)
    for later in range(57):
        assert LEVELS.index(level(left, joined=joined, at=at + (later - 1) * DAY / 4)) >= kept
