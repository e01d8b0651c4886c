"""How promises went: the worked example of the definitions, and the edges of each word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.promises import (
    FollowThrough,
    Move,
    Pledge,
    effective_due,
    follow_through,
    spoken_standing,
    standing,
)

T = datetime(2026, 6, 29, tzinfo=UTC)


def at(days: float) -> datetime:
    """So many days from the moment of evaluation."""
    return T + timedelta(days=days)


# W9: due dates and what became of them, in days from T.
WORKED = (
    Pledge(due=at(-20), done_at=at(-21)),
    Pledge(due=at(-20), done_at=at(-19.5)),
    Pledge(due=at(-20), done_at=at(-10)),
    Pledge(due=at(-20)),
    Pledge(due=at(-30), moves=(Move(at(-10), at(-31)),), done_at=at(-12)),
    Pledge(due=at(-30), moves=(Move(at(-10), at(-29)),), done_at=at(-12)),
    Pledge(due=at(-15), released_at=at(-16)),
    Pledge(due=at(3)),
    Pledge(due=at(-0.5)),
)


def test_the_worked_example_comes_out_as_defined() -> None:
    assert follow_through(WORKED, now=T) == FollowThrough(on_time=3, late=2, missed=1, renegotiated=1)
    assert follow_through(WORKED, now=T).counted == 6
    assert [standing(pledge, now=T) for pledge in WORKED] == [
        *("kept early", "kept", "late", "missed", "renegotiated", "late", "let go", "open", "open"),
    ]


def test_no_promises_give_an_empty_figure() -> None:
    assert follow_through((), now=T) == FollowThrough()


@pytest.mark.parametrize(
    ("pledge", "word"),
    [
        (Pledge(due=at(-5), done_at=at(-4)), "kept"),
        (Pledge(due=at(-5), done_at=at(-4) + timedelta(seconds=1)), "late"),
        (Pledge(due=at(-5), done_at=at(-6)), "kept early"),
        (Pledge(due=at(-5), done_at=at(-6) + timedelta(seconds=1)), "kept"),
        (Pledge(due=at(-1)), "open"),
        (Pledge(due=at(-1) - timedelta(seconds=1)), "missed"),
        (Pledge(due=at(-5), released_at=at(-5)), "missed"),
        (Pledge(due=at(-0.5), released_at=at(-0.25)), "let go"),
        (Pledge(due=at(-5), accepted=False), "asked"),
        (Pledge(due=at(-5), accepted=False, released_at=at(-6)), "let go"),
        # Moved once in time and once too late: the second new date does not count.
        (Pledge(due=at(-9), moves=(Move(at(-7), at(-10)), Move(at(-2), at(-6))), done_at=at(-3)), "late"),
        (Pledge(due=at(-9), moves=(Move(at(-7), at(-10)), Move(at(-2), at(-8))), done_at=at(-3)), "renegotiated"),
        (Pledge(due=at(-9), moves=(Move(at(5), at(-10)),)), "open"),
        (Pledge(due=at(-9), moves=(Move(at(5), at(-9)),)), "missed"),
    ],
)
def test_a_promise_stands_as_it_was_kept(pledge: Pledge, word: str) -> None:
    assert standing(pledge, now=T) == word


def test_only_what_fell_due_within_the_window_is_counted() -> None:
    edge = [Pledge(due=due, done_at=due) for due in (at(-90) - timedelta(seconds=1), at(-90), at(-1), at(0))]
    assert follow_through(edge, now=T) == FollowThrough(on_time=2)


@pytest.mark.parametrize(
    ("pledge", "word", "said"),
    [
        (Pledge(due=at(3), accepted=False), "asked", "asked for"),
        (Pledge(due=at(3)), "open", "still open"),
        (WORKED[0], "kept early", "done early"),
        (WORKED[1], "kept", "done"),
        (WORKED[4], "renegotiated", "done by a new date"),
        (WORKED[2], "late", "done"),
        (WORKED[6], "let go", "let go"),
        (WORKED[3], "missed", "still open"),
        # Let go after its day: the figure counts it as missed, and others read what its owner has made of it.
        (Pledge(due=at(-5), released_at=at(-2)), "missed", "let go"),
    ],
)
def test_nobody_but_its_owner_reads_that_a_promise_was_late_or_missed(pledge: Pledge, word: str, said: str) -> None:
    assert standing(pledge, now=T) == word
    assert spoken_standing(pledge, now=T) == said


_MOMENTS = st.floats(-120, 30, allow_nan=False).map(at)
_PLEDGES = st.builds(
    Pledge,
    due=_MOMENTS,
    moves=st.lists(st.builds(Move, _MOMENTS, _MOMENTS), max_size=3).map(
        lambda moves: tuple(sorted(moves, key=lambda move: move.agreed_at))
    ),
    accepted=st.booleans(),
    done_at=st.none() | _MOMENTS,
    released_at=st.none() | _MOMENTS,
)


@given(st.lists(_PLEDGES, max_size=8))
def test_every_promise_is_counted_at_most_once(pledges: list[Pledge]) -> None:
    figure = follow_through(pledges, now=T)
    assert figure == follow_through(pledges[::-1], now=T)
    assert figure.renegotiated <= figure.counted <= sum(at(-90) <= effective_due(one) < T for one in pledges)
    assert sum(follow_through([one], now=T).counted for one in pledges) == figure.counted
