"""What is due is rung once, and no ritual's mistake keeps another one waiting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import practices
from bot.chat import Message
from bot.ritual import Ritual
from bot.tables import Movement, Occurrence, Post, Practice, Timer
from bot.timers import set_timer
from bot.turn import Turn
from tests.hamlet import Hamlet, notices
from tests.town import RIVER

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

drums = Ritual("drums", "Timers that do what they are called.")


@drums.timer("show")
def show(turn: Turn) -> None:
    turn.show(turn.about, Message(f"Shown {turn.about}"))


@drums.timer("break")
def break_(turn: Turn) -> None:
    turn.show("never", Message("never"))
    turn.movement.name = "Broken"
    turn.db.flush()
    raise ZeroDivisionError


@drums.timer("misplace")
def misplace(turn: Turn) -> None:
    turn.show("lost", Message("lost"), under="nothing")


@drums.timer("call-off")
def call_off(turn: Turn) -> None:
    turn.cancel("show", turn.about)


@drums.timer("put-off")
def put_off(turn: Turn) -> None:
    turn.later(timedelta(hours=1), "show", turn.about)


@drums.timer("again")
def again(turn: Turn) -> None:
    turn.later(timedelta(0), "again", turn.about)


weekly = Ritual("weekly", "Once a week.", beat="every monday 09:00")


@weekly.opens
def open_(turn: Turn) -> None:
    if turn.movement.scope == "broken":
        raise ZeroDivisionError
    turn.show(f"open:{turn.occurrence.id}", Message(f"Opened {turn.spoken(turn.occurrence.planned_at)}"))


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url, drums, notices, weekly)
    yield hamlet
    hamlet.close()


def set_(hamlet: Hamlet, movement: int, verb: str, about: str = "1", *, ritual: str = "drums", **ago: float) -> None:
    with hamlet.database.transaction() as db:
        set_timer(db, movement, ritual, verb, about, due=hamlet.clock() - timedelta(**ago))


def timers(hamlet: Hamlet) -> list[tuple[str, str, datetime, int]]:
    return [(row["verb"], row["about"], row["due_at"], row["failures"]) for row in hamlet.rows(Timer)]


def begin_weekly(hamlet: Hamlet, movement_id: int) -> None:
    with hamlet.database.transaction() as db:
        movement = db.get_one(Movement, movement_id)
        practices.begin(db, movement, "weekly", cadence=weekly.beat, owner_id=None, now=hamlet.clock())


def occurrences(hamlet: Hamlet) -> list[tuple[str, str]]:
    return [(f"{row['planned_at']:%d %b %H:%M}", row["state"]) for row in hamlet.rows(Occurrence)]


async def test_one_bad_ritual_among_fifty_movements_keeps_none_of_the_others_waiting(hamlet: Hamlet) -> None:
    movements = []
    for number in range(50):
        hamlet.room.add_channel(f"c{number}", f"c{number}", creator="ana")
        movements.append(hamlet.found(f"c{number}", people=("ana",)))
        set_(hamlet, movements[-1], "break" if number == 7 else "show")
    assert await hamlet.bell.do_due() == 50
    await hamlet.settle()
    shown = [hamlet.channel(f"c{number}") for number in range(50)]
    assert shown == [["Shown 1"]] * 7 + [[]] + [["Shown 1"]] * 42
    assert timers(hamlet) == [("break", "1", hamlet.clock() + timedelta(minutes=1), 1)]
    assert {row["name"] for row in hamlet.rows(Movement)} == {"Clean River"}


async def test_a_wish_that_cannot_be_written_keeps_nobody_else_waiting(hamlet: Hamlet) -> None:
    hamlet.room.add_channel("hill", "hill", creator="ana")
    river, hill = hamlet.found(), hamlet.found("hill", people=("ana",))
    set_(hamlet, river, "misplace")
    set_(hamlet, river, "show")
    set_(hamlet, hill, "show")
    await hamlet.settle()
    assert (hamlet.channel(), hamlet.channel("hill")) == (["Shown 1"], ["Shown 1"])
    assert [(verb, failures) for verb, _, _, failures in timers(hamlet)] == [("misplace", 1)]


async def test_a_timer_that_always_fails_is_given_up_and_organizers_are_told(hamlet: Hamlet) -> None:
    set_(hamlet, hamlet.found(), "break")
    waits = []
    for _ in range(4):
        await hamlet.settle()
        (_, _, due, _) = timers(hamlet)[0]
        waits.append(round((due - hamlet.clock()) / timedelta(minutes=1)))
        hamlet.clock.move_to(due)
    assert waits == [1, 5, 25, 125]
    await hamlet.settle()
    told = [[re.sub(r"[0-9A-F]{6}", "ABC123", post.text) for post in hamlet.room.inbox(who)] for who in ("ana", "chi")]
    assert told == [
        [
            (
                "Something I had to do for the drums failed 5 times, so I have stopped trying. Whoever runs me finds "
                "the reason in my log under ABC123."
            )
        ],
        [],
    ]
    assert (timers(hamlet), hamlet.channel()) == ([], [])


@SQLITE
async def test_a_verb_that_a_ritual_does_not_know_is_a_failure_like_any_other(hamlet: Hamlet) -> None:
    set_(hamlet, hamlet.found(), "unheard-of")
    await hamlet.bell.do_due()
    assert [(verb, failures) for verb, _, _, failures in timers(hamlet)] == [("unheard-of", 1)]


@SQLITE
async def test_a_ritual_that_is_not_installed_today_is_looked_for_tomorrow(hamlet: Hamlet) -> None:
    set_(hamlet, hamlet.found(), "show", ritual="elsewhere")
    await hamlet.bell.do_due()
    assert timers(hamlet) == [("show", "1", hamlet.clock() + timedelta(days=1), 0)]


async def test_a_timer_called_off_by_one_just_before_is_not_rung(hamlet: Hamlet) -> None:
    movement = hamlet.found()
    set_(hamlet, movement, "call-off", minutes=2)
    set_(hamlet, movement, "show", minutes=1)
    await hamlet.settle()
    assert (hamlet.channel(), timers(hamlet)) == ([], [])


async def test_a_timer_put_off_by_one_just_before_is_rung_at_its_new_time(hamlet: Hamlet) -> None:
    movement = hamlet.found()
    set_(hamlet, movement, "put-off", minutes=2)
    set_(hamlet, movement, "show", minutes=1)
    await hamlet.settle()
    assert hamlet.channel() == []
    hamlet.pass_time(hours=1)
    await hamlet.settle()
    assert hamlet.channel() == ["Shown 1"]


@SQLITE
async def test_a_timer_that_sets_itself_again_at_once_lets_the_rest_go_on(hamlet: Hamlet) -> None:
    set_(hamlet, hamlet.found(), "again")
    assert await hamlet.bell.do_due() == 250


async def test_timers_are_rung_in_the_order_in_which_they_were_due(hamlet: Hamlet) -> None:
    movement = hamlet.found()
    for minutes in (3, 9, 1, 5):
        set_(hamlet, movement, "show", str(minutes), minutes=minutes)
    await hamlet.settle()
    assert hamlet.channel() == ["Shown 9", "Shown 5", "Shown 3", "Shown 1"]


# ---------------------------------------------------------------------------------------- beats


async def test_a_ritual_opens_at_its_time_and_the_next_one_is_planned(hamlet: Hamlet) -> None:
    begin_weekly(hamlet, hamlet.found())
    hamlet.clock.move_to(datetime(2026, 11, 2, 8, 0, tzinfo=UTC))
    await hamlet.settle()
    assert hamlet.channel() == ["Opened Mon 2 November, 09:00"]
    assert [(verb, due) for verb, _, due, _ in timers(hamlet)] == [("beat", datetime(2026, 11, 9, 8, 0, tzinfo=UTC))]


async def test_after_weeks_of_silence_the_missed_ones_are_written_down_and_organizers_told(hamlet: Hamlet) -> None:
    begin_weekly(hamlet, hamlet.found())
    hamlet.clock.move_to(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    await hamlet.settle()
    assert occurrences(hamlet) == [
        ("02 Nov 08:00", "missed"),
        ("09 Nov 08:00", "missed"),
        ("16 Nov 08:00", "missed"),
        ("23 Nov 08:00", "missed"),
    ]
    assert hamlet.channel() == []
    told = (
        "I was not running for a while. 4 weeklys did not take place (the last: Mon 9 November, 09:00, Mon 16 "
        "November, 09:00, Mon 23 November, 09:00). Nothing was posted late; the next one comes as planned."
    )
    assert [[post.text for post in hamlet.room.inbox(who)] for who in ("ana", "ben", "chi")] == [[told], [told], []]
    assert hamlet.rows(Practice)[0]["next_at"] == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


async def test_after_a_short_silence_the_last_one_is_caught_up_with_and_only_earlier_ones_are_missed(
    hamlet: Hamlet,
) -> None:
    begin_weekly(hamlet, hamlet.found())
    hamlet.clock.move_to(datetime(2026, 11, 9, 19, 0, tzinfo=UTC))
    await hamlet.settle()
    assert occurrences(hamlet) == [("02 Nov 08:00", "missed"), ("09 Nov 08:00", "open")]
    assert hamlet.channel() == ["Opened Mon 9 November, 09:00"]


async def test_a_ritual_that_cannot_be_opened_one_day_goes_on_with_the_next(hamlet: Hamlet) -> None:
    begin_weekly(hamlet, hamlet.found(scope="broken"))
    hamlet.clock.move_to(datetime(2026, 11, 2, 8, 0, tzinfo=UTC))
    for _ in range(5):
        await hamlet.settle()
        hamlet.clock.move_to(max(min(due for _, _, due, _ in timers(hamlet)), hamlet.clock()))
        if hamlet.clock() > datetime(2026, 11, 3, tzinfo=UTC):
            break
    assert "The next one comes as planned." in hamlet.room.inbox("ana")[0].text
    with hamlet.database.transaction() as db:
        db.scalars(select(Movement)).one().scope = ""
    hamlet.clock.move_to(datetime(2026, 11, 9, 8, 0, tzinfo=UTC))
    await hamlet.settle()
    assert occurrences(hamlet) == [("02 Nov 08:00", "missed"), ("09 Nov 08:00", "open")]
    assert hamlet.channel() == ["Opened Mon 9 November, 09:00"]


@SQLITE
async def test_what_two_movements_show_under_one_key_stays_apart(hamlet: Hamlet) -> None:
    hamlet.room.add_channel("hill", "hill", creator="ana")
    for channel in (RIVER, "hill"):
        set_(hamlet, hamlet.found(channel, people=("ana",)), "show")
    await hamlet.settle()
    assert (hamlet.channel(), hamlet.channel("hill"), len(hamlet.rows(Post))) == (["Shown 1"], ["Shown 1"], 2)
