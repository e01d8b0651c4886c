"""The next small step: one up from the last yes, within the hours that somebody has, and never against their wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.insights.ladder import ACTS, LEADING, ONLINE
from bot.insights.steps import DEED, LEAD, NOTHING, RUNGS, Kind, LastYes, Offer, last_yes, next_step
from bot.insights.steps import ONLINE as SIGN

NOW = datetime(2026, 11, 1, 11, tzinfo=UTC)
CHECK_IN = Offer(kind="check-in", words="Answer the check-in.", minutes=2, verb="answer", like="check-in:1")
PROMISE = Offer(kind="promise", words="Promise something.", minutes=3, verb="new")
POSTER = Offer(kind="rally", words="Put up a poster.", minutes=20, verb="do", at=NOW + timedelta(days=1))
HALL = Offer(kind="gathering", words="Come.", minutes=90, verb="going", about="1", like="gathering:7", at=NOW)
WALK = Offer(kind="gathering", words="Walk.", minutes=60, verb="going", about="2", like="gathering:8", at=NOW)
HOST = Offer(kind="host", words="Host.", minutes=60, verb="host", about="2", like="gathering:8", at=NOW)
ALL = (CHECK_IN, PROMISE, POSTER, HALL, WALK, HOST)


@pytest.mark.parametrize(
    ("last", "step"),
    [
        (LastYes(NOTHING), CHECK_IN),
        (LastYes(SIGN), POSTER),
        (LastYes(SIGN, "gathering:7"), HALL),
        (LastYes(DEED), HOST),
        (LastYes(LEAD), HOST),
    ],
)
def test_the_step_is_one_up_from_the_last_yes_and_the_like_of_it_if_there_is_one(last: LastYes, step: Offer) -> None:
    assert next_step(ALL, last) == step


def test_whoever_has_not_said_yes_yet_is_asked_for_five_minutes_at_most() -> None:
    short = replace(POSTER, minutes=5)
    assert next_step([POSTER, HALL, WALK, HOST], LastYes()) is None
    assert next_step([POSTER, HALL, short], LastYes()) == short
    # Hosting is no first step, however short.
    assert next_step([replace(HOST, minutes=5)], LastYes()) is None


def test_no_step_goes_beyond_the_hours_that_are_left_this_week() -> None:
    assert next_step([HALL, WALK], LastYes(DEED), hours=1) == WALK
    assert next_step([HALL, WALK], LastYes(DEED), hours=1.5, taken=[60]) is None
    assert next_step([HALL, WALK], LastYes(DEED), hours=0) is None
    assert next_step([HALL, WALK], LastYes(DEED), hours=None, taken=[600]) == WALK


def test_who_does_not_want_to_be_asked_is_not() -> None:
    assert next_step(ALL, LastYes(DEED), asks=False) is None


def test_of_what_is_alike_the_sooner_comes_first() -> None:
    later = replace(WALK, about="3", at=NOW + timedelta(hours=1))
    assert next_step([later, WALK], LastYes(SIGN)) == WALK


def test_the_last_yes_is_the_newest_act_and_talk_is_none() -> None:
    acts = [
        (NOW, "message", ""),
        (NOW - timedelta(days=1), "rsvp", "gathering:7"),
        (NOW - timedelta(days=2), "attended", "gathering:8"),
        (NOW - timedelta(days=1), "attended", "gathering:8"),
        (NOW, "reaction", "check-in:1"),
    ]
    assert last_yes(acts) == LastYes(DEED, "gathering:8")
    assert last_yes([]) == last_yes([(NOW, "unheard of", "")]) == LastYes()
    assert {last_yes([(NOW, kind, "")]).rung for kind in LEADING} == {LEAD}
    assert {last_yes([(NOW, kind, "")]).rung for kind in ACTS - LEADING} == {DEED}
    assert {last_yes([(NOW, kind, "")]).rung for kind in ONLINE - {"message", "reaction"}} == {SIGN}


kinds: some.SearchStrategy[Kind] = some.sampled_from(sorted(RUNGS))
offers = some.lists(
    some.builds(
        Offer,
        kind=kinds,
        words=some.just("Do it."),
        minutes=some.integers(1, 300),
        verb=some.just("do"),
        about=some.integers(1, 9).map(str),
        like=some.sampled_from(["", "gathering:7"]),
        at=some.sampled_from([None, NOW, NOW + timedelta(days=1)]),
    ),
    max_size=8,
)


@given(offers, some.integers(0, 3), some.one_of(some.none(), some.floats(0, 10)))
def test_a_step_is_never_more_than_one_up_and_the_order_of_offers_does_not_matter(
    given_offers: list[Offer], rung: int, hours: float | None
) -> None:
    step = next_step(given_offers, LastYes(rung), hours=hours)
    assert next_step([*reversed(given_offers)], LastYes(rung), hours=hours) == step
    if step is not None:
        assert step.rung <= rung + 1
        assert hours is None or step.minutes <= 60 * hours
        assert rung > NOTHING or step.minutes <= 5
