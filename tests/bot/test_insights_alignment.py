"""What ratings of a mission say: the worked example W10 of the figures' definition, and what holds for any ratings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.insights.alignment import (
    Drift,
    Reading,
    chance,
    compare,
    expose,
    look_for_drift,
    read_ratings,
    tell_agreement,
)
from bot.insights.consent import decide, quorum

ratings = some.lists(some.integers(1, 5), max_size=12)
enough = some.lists(some.integers(1, 5), min_size=5, max_size=8)


def rounded(reading: Reading) -> tuple[float, float, float, str]:
    return round(reading.mean, 3), round(reading.spread, 3), round(reading.split, 3), reading.verdict


@pytest.mark.parametrize(
    ("given_ratings", "told"),
    [
        ((5, 5, 4, 4, 4, 3), (4.167, 0.25, 0, "aligned")),
        ((1, 2, 2, 3, 2), (2, 0.2, 0, "off mission")),
        ((1, 1, 5, 5, 5, 1), (3, 1, 1, "split")),
        ((3, 4), (3.5, 0.25, 0, "too few answers")),
        ((3, 3, 4, 2, 3), (3, 0.2, 0.16, "unsure")),
        ((), (0, 0, 0, "too few answers")),
        # On the very edges.
        ((3, 3, 4, 4), (3.5, 0.25, 0, "too few answers")),
        ((3, 3, 3, 4, 4, 4), (3.5, 0.25, 0, "aligned")),
        ((2, 2, 2, 3, 3, 3), (2.5, 0.25, 0, "off mission")),
    ],
)
def test_ratings_as_worked_out_in_w10(given_ratings: tuple[int, ...], told: tuple[float, float, float, str]) -> None:
    assert rounded(read_ratings(given_ratings)) == told


def test_drift_exposure_as_worked_out_in_w10() -> None:
    activities = [
        (30, read_ratings((5, 5, 4, 4, 4, 3))),
        (15, read_ratings((1, 2, 2, 3, 2))),
        (10, read_ratings((3, 3, 4, 2, 3))),
    ]
    exposed = expose(activities)
    assert exposed == 15 / 55
    assert not look_for_drift(activities, read_ratings((4, 4, 4, 4, 4)), "no clear change").warns


def test_change_as_worked_out_in_w10() -> None:
    fell = ((4, 4, 5, 4, 3, 4), (2, 3, 3, 2, 3, 2))
    assert round(chance(*fell), 4) == 0.0087
    assert compare(*fell) == "down"
    assert compare(*reversed(fell)) == "up"
    stayed = ((4, 3, 5, 2, 4), (3, 3, 4, 2, 4))
    assert round(chance(*stayed), 4) == 0.7619
    assert compare(*stayed) == "no clear change"
    assert compare((4, 4, 5, 4), (1, 1, 1, 1, 1)) == "too few to compare"
    assert compare((4, 4, 5, 4, 4), (1, 1, 1, 1)) == "too few to compare"


def test_a_move_that_is_surely_no_chance_and_yet_small_is_no_clear_change() -> None:
    # 0.47 of a point, among a hundred and twenty: p is far below 0.10.
    before, after = [4] * 60, [4] * 32 + [3] * 28
    assert chance(before, after) < 0.01
    assert compare(before, after) == "no clear change"
    assert compare(before, [4] * 30 + [3] * 30) == "down"


def test_many_ratings_are_shuffled_always_alike() -> None:
    before, after = [5, 4, 3, 4, 2] * 10, [3, 2, 4, 2, 3] * 8
    assert chance(before, after) == chance(before, after) == 1 / 10_001
    assert compare(before, after) == "down"


@pytest.mark.parametrize(
    ("drift", "warns"),
    [
        (Drift(), False),
        (Drift(exposed=0.33), False),
        (Drift(exposed=1 / 3), True),
        (Drift(exposed=0, mission_down=True), True),
        (Drift(mission_split=True), True),
    ],
)
def test_drift_is_worth_a_talk(drift: Drift, *, warns: bool) -> None:
    assert drift.warns is warns


def test_drift_looks_at_the_mission_question_apart() -> None:
    split = read_ratings((1, 1, 5, 5, 5, 1))
    assert look_for_drift([], split, "down") == Drift(None, mission_down=True, mission_split=True)
    # An activity with too few ratings, or that nobody did anything for, exposes nothing.
    assert expose([(9, read_ratings((1, 1, 1, 1))), (0, read_ratings((1, 1, 1, 1, 1)))]) is None


@pytest.mark.parametrize(
    ("given_ratings", "change", "word"),
    [
        ((4, 4, 4, 4, 4), "no clear change", "agreed"),
        ((3, 3, 2, 3, 3), "down", "drifted"),
        ((1, 1, 5, 5, 5, 1), "down", "contested"),
        ((5, 4, 3, 4, 2, 5), "up", "views differ"),
    ],
)
def test_agreement_in_a_word(given_ratings: tuple[int, ...], change: str, word: str) -> None:
    assert tell_agreement(read_ratings(given_ratings), change) == word  # type: ignore[arg-type]


@given(ratings)
def test_a_reading_stays_in_its_bounds_whatever_the_order(given_ratings: list[int]) -> None:
    reading = read_ratings(given_ratings)
    assert reading == read_ratings(sorted(given_ratings))
    assert 0 <= reading.spread <= 1
    assert 0 <= reading.split <= 1
    assert (reading.verdict == "too few answers") is (len(given_ratings) < 5)
    if given_ratings:
        assert min(given_ratings) <= reading.mean <= max(given_ratings)


@given(enough, enough)
def test_a_change_turns_round_when_time_does(before: list[int], after: list[int]) -> None:
    assert 0 < chance(before, after) <= 1
    assert chance(before, after) == chance(after, before) == chance(sorted(before), sorted(after))
    turned = {"up": "down", "down": "up"}
    assert compare(after, before) == turned.get(compare(before, after), compare(before, after))
    assert compare(before, before) == "no clear change"


@given(some.lists(some.tuples(some.integers(0, 99), enough), max_size=5))
def test_exposure_is_a_share(activities: list[tuple[int, list[int]]]) -> None:
    exposed = expose([(acts, read_ratings(given_ratings)) for acts, given_ratings in activities])
    assert exposed is None or 0 <= exposed <= 1


@pytest.mark.parametrize(
    ("asked", "present", "needed"),
    [(0, 1, 1), (2, 2, 2), (4, 4, 3), (5, 12, 3), (6, 12, 3), (7, 12, 4), (80, 500, 40)],
)
def test_half_of_those_asked_must_answer_and_three_at_least(asked: int, present: int, needed: int) -> None:
    assert quorum(asked, present=present) == needed


def test_silence_is_neither_consent_nor_objection() -> None:
    assert decide(3, 0, needed=3) == "adopted"
    assert decide(2, 0, needed=3) == "too few answered"
    assert decide(9, 1, needed=3) == "objected"
