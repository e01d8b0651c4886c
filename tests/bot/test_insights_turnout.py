"""Said yes and came: the worked example, who had a fair chance, and how many usually answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.insights.drop_off import Attended, DropOff, look_for_drop_off
from bot.insights.newcomers import Newcomer
from bot.insights.numbers import Portion
from bot.insights.participation import Somebody
from bot.insights.turnout import (
    FairTurnout,
    Response,
    Round,
    ShowUp,
    Slot,
    fair_turnout,
    is_night,
    missing_attendance,
    own_show_up,
    recipients,
    show_up,
    usual_response,
    was_fair,
)

NOW = datetime(2026, 6, 29, tzinfo=UTC)
OLD = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = Somebody(joined=OLD)


def held(*, yes: set[int], came: set[int], at: datetime = NOW - 5 * DAY + timedelta(hours=18)) -> Slot:
    return Slot(at=at, state="held", recorded=True, yes=frozenset(yes), came=frozenset(came))


W6 = [
    held(yes={1, 2, 3, 4, 5}, came={1, 2, 3, 9}),
    held(yes={1, 6}, came={1, 6, 7}),
    Slot(at=NOW - 3 * DAY, state="held", yes=frozenset({1, 2})),
    Slot(at=NOW - 2 * DAY, state="missed", yes=frozenset({1, 2, 3})),
]


def test_the_worked_example() -> None:
    assert show_up(W6) == ShowUp(Portion(5, 7), walk_ins=2, not_recorded=1)
    # It is evening in Berlin, and night in Auckland.
    people = {who: Somebody(joined=OLD, zone="Europe/Berlin" if who <= 10 else "Pacific/Auckland") for who in range(13)}
    fair = fair_turnout(people, range(1, 13), {1, 2, 3, 9, 6, 7}, W6)
    assert fair == FairTurnout(came=Portion(6, 10), without=Portion(2, 12))


def test_whoever_came_in_their_night_had_a_fair_chance() -> None:
    people = {1: Somebody(joined=OLD, zone="Pacific/Auckland"), 2: Somebody(joined=OLD, zone="Pacific/Auckland")}
    assert fair_turnout(people, {1, 2}, {1}, W6[:1]) == FairTurnout(Portion(1, 1), Portion(1, 2))


def test_what_was_not_held_or_not_recorded_is_no_fair_chance() -> None:
    assert fair_turnout({1: HERE}, {1}, set(), W6[2:]) == FairTurnout(Portion(0, 0), Portion(1, 1))


@pytest.mark.parametrize(
    ("zone", "hour", "night"),
    [
        ("Europe/Berlin", 4, True),
        ("Europe/Berlin", 5, False),
        ("Europe/Berlin", 19, False),
        ("Europe/Berlin", 20, True),
        ("", 3, False),
        ("Middle/Earth", 3, False),
        ("../../etc/passwd", 3, False),
        ("Europe", 3, False),
    ],
)
def test_night_is_where_somebody_is(zone: str, hour: int, night: bool) -> None:  # noqa: FBT001
    assert is_night(zone, datetime(2026, 6, 20, hour, tzinfo=UTC)) == night


def test_nobody_could_come_who_was_away_or_not_there_yet() -> None:
    at = NOW - DAY
    assert was_fair(HERE, at)
    assert not was_fair(Somebody(joined=OLD, breaks=((at, NOW),)), at)
    assert was_fair(Somebody(joined=OLD, breaks=((at - DAY, at),)), at)
    assert was_fair(Somebody(joined=at), at)
    assert not was_fair(Somebody(joined=at + timedelta(seconds=1)), at)


@pytest.mark.parametrize(
    ("recorded", "missing", "said"),
    [
        (3, 5, "Attendance is missing for 5 of 8 calls, so I can't say who shows up."),
        (4, 4, ""),
        (0, 1, "Attendance is missing for 1 of 1 call, so I can't say who shows up."),
        (0, 0, ""),
    ],
)
def test_missing_attendance_is_said_where_it_is_most(recorded: int, missing: int, said: str) -> None:
    slots = [W6[0]] * recorded + [W6[2]] * missing + [W6[3]] * 9
    assert missing_attendance(slots) == said


def test_ones_own_yeses_and_comings() -> None:
    assert own_show_up(1, W6) == ShowUp(Portion(2, 2))
    assert own_show_up(4, W6) == ShowUp(Portion(0, 1))
    assert own_show_up(9, W6) == ShowUp(Portion(0, 0), walk_ins=1)


def asked(number: int, answered: int, of: int) -> Round:
    return Round(NOW + number * DAY, frozenset(range(of)), frozenset(range(answered)))


def test_how_many_usually_answer_is_the_middle_of_the_last_eight() -> None:
    rounds = [asked(number, answered, 10) for number, answered in enumerate((9, 9, 1, 2, 3, 4, 5, 6, 7, 8))]
    assert usual_response(reversed(rounds)) == Response(0.45, tuple(Portion(one, 10) for one in range(1, 9)))
    assert usual_response(rounds).said == "about half"
    assert usual_response([asked(0, 5, 20), asked(1, 11, 40)]).said == "26%"
    assert usual_response([]).said == usual_response([asked(0, 0, 0)]).said == "no data yet"


def test_only_whoever_was_asked_can_have_answered() -> None:
    people = {
        1: HERE,
        2: Somebody(joined=NOW),
        3: Somebody(joined=OLD, left=NOW),
        4: Somebody(joined=OLD, breaks=((NOW - DAY, NOW + DAY),)),
        5: Somebody(joined=OLD, counts=False),
        6: Somebody(joined=OLD, left=NOW + DAY),
    }
    assert recipients(people, at=NOW) == {1, 6}
    assert usual_response([Round(NOW, recipients(people, at=NOW), frozenset({1, 2, 3}))]).rounds == (Portion(1, 2),)


slots = st.lists(
    st.builds(
        Slot,
        at=st.integers(0, 100).map(lambda days: NOW - days * DAY),
        state=st.sampled_from(["held", "missed", "excused"]),
        recorded=st.booleans(),
        yes=st.frozensets(st.integers(1, 8)),
        came=st.frozensets(st.integers(1, 8)),
    ),
    max_size=12,
)


@given(some=slots, gone=st.integers(1, 8), order=st.randoms(use_true_random=False))
def test_a_member_who_is_deleted_changes_nobody_elses_record(some: list[Slot], gone: int, order: st.DataObject) -> None:
    left = [
        Slot(at=one.at, state=one.state, recorded=one.recorded, yes=one.yes - {gone}, came=one.came - {gone})
        for one in some
    ]
    order.shuffle(left)  # type: ignore[attr-defined]
    others = set(range(1, 9)) - {gone}
    assert {who: own_show_up(who, left) for who in others} == {who: own_show_up(who, some) for who in others}
    assert show_up(left).not_recorded == show_up(some).not_recorded


# ------------------------------------------------------------------------------------------------ slipping away


LATELY = held(yes=set(), came=set(), at=NOW - 20 * DAY + timedelta(hours=18))
BEFORE = Attended(2, NOW - 61 * DAY)
STILL = Attended(5, NOW - 20 * DAY)


def stopped(people: dict[int, Somebody], attended: dict[int, Attended], *slots: Slot) -> int | None:
    return look_for_drop_off(people, attended, slots or [LATELY], [], now=NOW).stopped_coming


def test_how_many_stopped_coming_is_told_only_of_three_among_three_others() -> None:
    people = dict.fromkeys(range(9), HERE)
    three = dict.fromkeys(range(3), BEFORE)
    assert stopped(people, three | dict.fromkeys(range(3, 6), STILL)) == 3
    assert stopped(people, three | dict.fromkeys(range(3, 5), STILL)) is None
    assert stopped(people, dict.fromkeys(range(2), BEFORE) | dict.fromkeys(range(3, 6), STILL)) is None


@pytest.mark.parametrize(
    "excuse",
    [
        Somebody(joined=OLD, left=NOW),
        Somebody(joined=OLD, counts=False),
        Somebody(joined=OLD, breaks=((NOW - 40 * DAY, NOW - 10 * DAY),)),
        Somebody(joined=OLD, breaks=((NOW - DAY, NOW + DAY),)),
        Somebody(joined=OLD, zone="Pacific/Auckland"),
    ],
)
def test_whoever_could_not_come_has_not_stopped(excuse: Somebody) -> None:
    people = dict.fromkeys(range(9), HERE)
    attended = dict.fromkeys(range(4), BEFORE) | dict.fromkeys(range(4, 8), STILL)
    assert stopped(people, attended) == 4
    assert stopped(people | {0: excuse}, attended) == 3
    assert stopped(people, attended | {0: Attended(1, NOW - 61 * DAY)}) == 3
    assert stopped(people, attended | {0: Attended(2, NOW - 60 * DAY)}) == 3


def test_where_nothing_was_held_nobody_has_stopped() -> None:
    people = dict.fromkeys(range(9), HERE)
    attended = dict.fromkeys(range(4), BEFORE) | dict.fromkeys(range(4, 8), STILL)
    assert stopped(people, attended, W6[3]) is None


def test_newcomers_without_a_step_and_people_without_a_slot() -> None:
    joined = NOW - 20 * DAY
    lost = [Newcomer(joined=joined)] * 3
    found = [Newcomer(joined=joined, first_step=joined + 19 * DAY)] * 3
    not_asked = [Newcomer(joined=joined, left=NOW - DAY), Newcomer(joined=NOW - 14 * DAY), Newcomer(joined=OLD)]
    far = dict.fromkeys(range(3), Somebody(joined=OLD, zone="Pacific/Auckland"))
    near = dict.fromkeys(range(3, 6), HERE)
    told = look_for_drop_off(far | near, {}, [LATELY], [*lost, *found, *not_asked], now=NOW)
    assert told == DropOff(stopped_coming=None, without_first_step=3, without_slot=3)
    assert look_for_drop_off(far | near, {}, [], found, now=NOW) == DropOff()
