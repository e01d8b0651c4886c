"""Who is in a call while a movement gathers there: noted while it is watched, through restarts, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from adapters.playground import Room
from bot.chat import Answer, DeliveryError, Event, Person, Place, Present, WasPresent, Whisper
from bot.looks import Looks
from bot.plain import read_aloud
from bot.ritual import Ritual
from bot.tables import Act, Member, Seen, Visit, Watch
from bot.turn import Turn
from bot.watching import forget_visits, visits_of
from tests.hamlet import Hamlet
from tests.logged import log
from tests.town import LOUNGE, RIVER, START

# A ritual that watches the lounge: '/watch 20 60' from in 20 minutes on until in 60.
circles = Ritual("circles", "Circles.")


@circles.command("watch", "Watch a call")
def watch(turn: Turn) -> Answer:
    about, room, since, until = turn.words.split()
    begins, ends = (turn.now + timedelta(minutes=int(one)) for one in (since, until))
    turn.watch(about, room=room, since=begins, until=ends)
    return None


@circles.command("unwatch", "Watch it no more")
def unwatch(turn: Turn) -> Answer:
    turn.unwatch(turn.words)
    return None


@circles.command("visits", "Show who was there")
def show_visits(turn: Turn) -> Answer:
    found = visits_of(turn, turn.words)
    lines = [f"{turn.member(one.member_id).name} {_minutes(one.came_at)}-{_minutes(one.left_at)}" for one in found]
    told = [one for one in found if one.told]
    return Whisper("\n".join([*lines, *(["told"] if told else [])]) or "nobody")


@circles.command("forget", "Be forgotten")
def forget(turn: Turn) -> Answer:
    forget_visits(turn.db, turn.who)
    return None


def _minutes(at: datetime | None) -> str:
    return "" if at is None else f"{(at - START).total_seconds() / 60:g}"


class FickleRoom(Room):
    """A room that may fail to tell who is in a call, or not know."""

    trouble: Exception | None = None
    blind = False
    asked = 0

    async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
        self.asked += 1
        if self.trouble is not None:
            raise self.trouble
        return None if self.blind else await super().inside(place, room)


@pytest.fixture
def hamlet(database_url: str) -> Iterator[Hamlet]:
    hamlet = Hamlet(database_url, circles, room=FickleRoom)
    hamlet.found()
    yield hamlet
    hamlet.close()


def room(hamlet: Hamlet) -> FickleRoom:
    assert isinstance(hamlet.room, FickleRoom)
    return hamlet.room


async def pass_minutes(hamlet: Hamlet, minutes: float, *, looking: bool = True) -> None:
    """Let time pass, with a look whenever one is due."""
    until = hamlet.clock() + timedelta(minutes=minutes)
    while looking and (due := await hamlet.looks.next_due()) is not None and due <= until:
        hamlet.clock.move_to(max(due, hamlet.clock()))
        await hamlet.looks.do_due()
    hamlet.clock.move_to(until)


async def visits(hamlet: Hamlet, about: str = "1", *, who: str = "ana", channel: str = RIVER) -> str:
    """Who was in the call from when to when, in minutes since the beginning."""
    answer = await hamlet.command(who, f"/visits {about}", channel=channel)
    assert isinstance(answer, Whisper)
    return read_aloud(answer.message)


def watches(hamlet: Hamlet) -> list[tuple[str, str, str, str]]:
    """Each watch's room, times, and when it is looked at next, in minutes since the beginning."""
    return [
        (row["room"], *(_minutes(row[name]) for name in ("since", "until", "look_at"))) for row in hamlet.rows(Watch)
    ]


def present(hamlet: Hamlet, who: str, *, here: bool, minutes: float = 0, event: str = "") -> Present:
    at = START + timedelta(minutes=minutes)
    place = Place("playground", "movement")
    known = hamlet.room.person(who)
    return Present(id=event or f"{who}{minutes}", who=known, place=place, at=at, room="V1", name="Lounge", here=here)


async def hear(hamlet: Hamlet, *events: Event) -> None:
    for event in events:
        await hamlet.engine.hear(event)


async def test_whoever_is_in_a_call_that_is_watched_is_noted_from_coming_to_leaving(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 #Lounge 10 70")
    await pass_minutes(hamlet, 5)
    await hamlet.room.enter_call("ben", LOUNGE)  # early
    await hamlet.room.enter_call("chi", LOUNGE)
    await pass_minutes(hamlet, 4)
    await hamlet.room.leave_call("chi", LOUNGE)  # before it begins
    await pass_minutes(hamlet, 11)
    hamlet.room.add_channel("sea", "sea", creator="eli")
    await hamlet.room.enter_call("eli", LOUNGE)  # no member
    await hamlet.room.enter_call("dee", "attic")
    await pass_minutes(hamlet, 20)
    await hamlet.room.leave_call("ben", LOUNGE)
    await hamlet.room.leave_call("dee", "attic")
    await hamlet.room.enter_call("dee", LOUNGE)
    await pass_minutes(hamlet, 1)
    await hamlet.room.enter_call("ben", LOUNGE)
    assert await visits(hamlet) == "Ben 5-40\nDee 40-\nBen 41-"
    await pass_minutes(hamlet, 60)  # nobody leaves, but it is over
    await hamlet.room.enter_call("chi", LOUNGE)
    await hamlet.room.leave_call("dee", LOUNGE)
    await hear(hamlet, present(hamlet, "chi", here=True, minutes=65))  # late news: nobody looks any more
    assert await visits(hamlet) == "Ben 5-40\nDee 40-70\nBen 41-70"
    assert (watches(hamlet), await hamlet.looks.next_due()) == ([("#Lounge", "10", "70", "")], None)
    assert sorted(row["person"] for row in hamlet.rows(Member)) == ["ana", "ben", "chi", "dee"]
    assert hamlet.rows(Act) == []


async def test_nothing_is_kept_of_a_call_that_nobody_watches(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 200 260")
    before = len(hamlet.rows(Seen))
    await hamlet.room.enter_call("ben", LOUNGE)  # hours before
    await hamlet.room.enter_call("chi", "attic")
    await hamlet.room.enter_call("dee", RIVER)
    assert (hamlet.rows(Visit), len(hamlet.rows(Seen)) - before) == ([], 0)
    await pass_minutes(hamlet, 200)
    assert await visits(hamlet) == "Ben 200-"  # who is still there when it begins is seen


async def test_a_restart_in_the_middle_of_a_call_costs_minutes_at_most(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    for person in ("ana", "ben"):
        await hamlet.room.enter_call(person, LOUNGE)
    await pass_minutes(hamlet, 24)
    hamlet.close()
    hamlet.room.listen(no_ear)
    await hamlet.room.leave_call("ben", LOUNGE)
    await hamlet.room.enter_call("chi", LOUNGE)
    await pass_minutes(hamlet, 2, looking=False)
    hamlet.wake()
    await hamlet.looks.begin()
    await pass_minutes(hamlet, 4)
    await hamlet.room.leave_call("chi", LOUNGE)
    assert await visits(hamlet) == "Ana 0-\nBen 0-20\nChi 26-30"
    # It stops again, and is started after the end.
    hamlet.close()
    hamlet.room.listen(no_ear)
    await pass_minutes(hamlet, 60, looking=False)
    hamlet.wake()
    await hamlet.looks.begin()
    await pass_minutes(hamlet, 1)
    assert await visits(hamlet) == "Ana 0-60\nBen 0-20\nChi 26-30"


async def no_ear(_event: object) -> None:
    """Hear nothing: Drumbeat was not running."""


async def test_an_event_that_comes_twice_or_late_changes_nothing(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    hamlet.pass_time(minutes=50)
    came, left = present(hamlet, "ben", here=True, minutes=5), present(hamlet, "ben", here=False, minutes=20)
    again, gone = present(hamlet, "ben", here=True, minutes=25), present(hamlet, "ben", here=False, minutes=40)
    await hear(hamlet, came, came, left, came, left, again, left, came, gone, again, left, gone)
    assert await visits(hamlet) == "Ben 5-20\nBen 25-40"
    await hear(hamlet, replace(came, at=START + timedelta(minutes=70)))  # a clock that is ahead of ours
    assert await visits(hamlet) == "Ben 5-20\nBen 25-40\nBen 50-"


async def test_who_is_found_gone_left_when_we_hear_of_it_late(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    await hamlet.room.enter_call("ben", LOUNGE)
    await pass_minutes(hamlet, 15)
    hamlet.room.listen(no_ear)
    await hamlet.room.leave_call("ben", LOUNGE)
    await pass_minutes(hamlet, 10)
    hamlet.room.listen(hamlet.engine.hear)
    assert await visits(hamlet) == "Ben 0-10"  # the last look that saw him
    left = present(hamlet, "ben", here=False, minutes=15)
    await hear(hamlet, left, left, present(hamlet, "ben", here=False, minutes=24))
    assert await visits(hamlet) == "Ben 0-15"


async def test_each_movement_sees_its_own_people_and_knows_nothing_of_the_other(hamlet: Hamlet) -> None:
    hamlet.room.add_channel("sea", "sea", creator="eli")
    hamlet.room.seat("sea", "chi")
    hamlet.found("sea", people=("eli", "chi"), name="Clean Sea")
    for who, channel in (("ana", RIVER), ("eli", "sea")):
        await hamlet.command(who, "/watch 1 lounge 0 60", channel=channel)
    for person in ("ben", "chi", "eli"):
        await hamlet.room.enter_call(person, LOUNGE)
    seen = [await visits(hamlet), await visits(hamlet, who="eli", channel="sea")]
    await pass_minutes(hamlet, 10)
    await hamlet.command("eli", "/unwatch 1", channel="sea")
    await hamlet.command("eli", "/unwatch 1", channel="sea")
    seen += [await visits(hamlet), await visits(hamlet, who="eli", channel="sea")]
    assert seen == ["Ben 0-\nChi 0-", "Chi 0-\nEli 0-", "Ben 0-\nChi 0-", "nobody"]
    assert (len(hamlet.rows(Watch)), len(hamlet.rows(Visit))) == (1, 2)


async def test_whoever_does_not_want_to_be_seen_is_not_seen(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    for person, choice in (("ben", {"seen_in_calls": False}), ("dee", {"opted_out": True})):
        set_member(hamlet, person, **choice)
    for person in ("ana", "ben", "chi", "dee"):
        await hamlet.room.enter_call(person, LOUNGE)
    await pass_minutes(hamlet, 20)
    assert (await visits(hamlet), len(hamlet.rows(Visit))) == ("Ana 0-\nChi 0-", 2)
    await hamlet.command("ana", "/forget")
    set_member(hamlet, "chi", seen_in_calls=False)
    assert (await visits(hamlet), len(hamlet.rows(Visit))) == ("nobody", 1)


def set_member(hamlet: Hamlet, person: str, **values: bool) -> None:
    with hamlet.database.transaction() as db:
        db.execute(update(Member).where(Member.person == person).values(values))


async def test_a_watch_can_be_moved_and_takes_only_what_belongs_to_it_along(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    await hamlet.room.enter_call("ben", LOUNGE)
    await pass_minutes(hamlet, 5)
    await hamlet.room.leave_call("ben", LOUNGE)
    await hamlet.room.enter_call("chi", LOUNGE)
    await pass_minutes(hamlet, 5)
    await hamlet.command("ana", "/watch 1 attic 10 50")  # 10 minutes later, elsewhere
    await hamlet.room.enter_call("dee", "attic")
    assert (watches(hamlet), await visits(hamlet)) == ([("attic", "20", "60", "20")], "Chi 5-\nDee 10-")
    await pass_minutes(hamlet, 10)
    assert await visits(hamlet) == "Dee 10-"
    await hamlet.command("ana", "/watch 1 attic -20 -5")  # it was over earlier, as turns out
    await pass_minutes(hamlet, 0)
    assert (watches(hamlet), await visits(hamlet)) == ([("attic", "0", "15", "")], "Dee 10-15")
    await hamlet.command("ana", "/watch 2 attic -20 -5")  # nothing of that was seen
    assert (watches(hamlet)[1], await visits(hamlet, "2")) == (("attic", "0", "15", ""), "nobody")


async def test_what_the_platform_says_afterwards_is_noted_of_whom_nothing_is_known(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    await hamlet.room.enter_call("ben", LOUNGE)
    await pass_minutes(hamlet, 30)
    await hamlet.room.leave_call("ben", LOUNGE)
    await pass_minutes(hamlet, 100)
    for person, began, ended in (
        *(("ben", 0, 64), ("eli", 0, 64), ("chi", -300, 64), ("chi", 0, 125), ("chi", -60, 0)),
        *(("dee", 0, 64), ("dee", 0, 64), ("beep", 0, 64)),
    ):
        await hear(hamlet, was_present(hamlet, person, began=began, ended=ended))
    assert await visits(hamlet) == "Ben 0-30\nDee 60-60\ntold"


def was_present(hamlet: Hamlet, who: str, *, began: float, ended: float) -> WasPresent:
    first, last = (START + timedelta(minutes=one) for one in (began, ended))
    place = Place("playground", "movement", RIVER)
    known = Person("beep", "Beep", bot=True) if who == "beep" else hamlet.room.person(who)
    return WasPresent(id=f"{who}{ended}", who=known, place=place, at=last, began=first, room="V1", name="lounge")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_platform_that_cannot_say_who_is_there_is_believed_what_it_told(hamlet: Hamlet) -> None:
    room(hamlet).blind = True
    await hamlet.command("ana", "/watch 1 lounge 0 55")
    await hamlet.room.enter_call("ben", LOUNGE)
    await hamlet.room.enter_call("chi", LOUNGE)
    await pass_minutes(hamlet, 25)
    await hamlet.room.leave_call("chi", LOUNGE)
    await pass_minutes(hamlet, 30)
    assert (await visits(hamlet), room(hamlet).asked) == ("Ben 0-55\nChi 0-25", 7)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("trouble", "again", "kind"),
    [
        (DeliveryError("Slow down.", retry_after=3), timedelta(seconds=3), "refused"),
        (DeliveryError("I am not in #river.", permanent=True), timedelta(minutes=10), "refused"),
        (OSError("no line to Ben"), timedelta(minutes=2), "OSError"),
    ],
)
async def test_a_look_that_fails_is_put_off_and_given_up_an_hour_after_the_end(
    hamlet: Hamlet, trouble: Exception, again: timedelta, kind: str
) -> None:
    room(hamlet).trouble = trouble
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    await hamlet.room.enter_call("ben", LOUNGE)
    with log() as entries:
        await hamlet.looks.do_due()
    assert await hamlet.looks.next_due() == hamlet.clock() + again
    number = hamlet.rows(Watch)[0]["id"]
    assert entries == [{"event": "look put off", "log_level": "warning", "watch": number, "kind": kind}]
    hamlet.pass_time(minutes=119)
    await hamlet.looks.do_due()
    await hamlet.room.enter_call("chi", LOUNGE)  # it is over
    assert await visits(hamlet) == "Ben 0-"
    hamlet.pass_time(minutes=10)
    await hamlet.looks.do_due()
    assert (await visits(hamlet), await hamlet.looks.next_due()) == ("Ben 0-60", None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_who_leaves_while_the_platform_is_asked_has_left(hamlet: Hamlet) -> None:
    class Slow(FickleRoom):
        """While the list is on its way, time passes, and people come and go."""

        async def inside(self, place: Place, room: str) -> tuple[Person, ...] | None:
            listed = await super().inside(place, room)
            hamlet.pass_time(seconds=30)
            await self.leave_call("ben", LOUNGE)
            await self.enter_call("chi", LOUNGE)
            return listed

    await hamlet.command("ana", "/watch 1 lounge 0 60")
    await hamlet.room.enter_call("ben", LOUNGE)
    hamlet.room.__class__ = Slow
    await hamlet.looks.do_due()
    assert await visits(hamlet) == "Ben 0-0.5\nChi 0.5-"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_looks_of_another_platform_are_left_to_those_who_serve_it(hamlet: Hamlet) -> None:
    await hamlet.command("ana", "/watch 1 lounge 0 60")
    elsewhere = Looks(hamlet.database, {"slack": hamlet.room}, now=hamlet.clock)
    await elsewhere.begin()
    assert (await elsewhere.do_due(), await elsewhere.next_due()) == (0, None)
    assert (await hamlet.looks.do_due(), await hamlet.looks.do_due()) == (1, 0)


@pytest.mark.parametrize("words", ["1 # 0 60", "1 lounge 60 60"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_watch_of_nothing_is_a_mistake_of_the_ritual(hamlet: Hamlet, words: str) -> None:
    answer = await hamlet.command("ana", f"/watch {words}")
    assert isinstance(answer, Whisper)
    assert (read_aloud(answer.message).startswith("Sorry, that went wrong on my side"), hamlet.rows(Watch)) == (
        True,
        [],
    )
