"""The wait-list: never more people than places, and a free one is offered to whoever waits longest, for a while."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.chat import Action, Event, Person, Pressed
from bot.tables import Gathering, Member, Movement, Rsvp
from rituals.gathering.seats import keep_until
from tests.gatherings import announce, card
from tests.people import RIVER
from tests.town import BERLIN, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

ONE_PLACE = "town hall friday 18:00 90m max 1"
IT = "town hall, Fri 6 November, 18:00 (90 minutes)"
TAKE = "[I'll take it] [No, thank you]"
LAPSED = f"{IT}. A free place was kept for you for a while and is not any more. To come all the same, tap Going there."
NOT_KEPT = "This place is not kept for you any more. To come all the same, tap Going at the gathering."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def offer(until: str) -> str:
    return (
        f"Clean River: a place is free for you: {IT}.\n"
        f"It is kept for you until {until}. Then the next one in line is asked.\n{TAKE}"
    )


def letters(town: Town, who: str) -> list[str]:
    """What somebody was told of the town hall in private."""
    return [text for text in town.inbox(who) if "town hall" in text]


def counted(town: Town) -> str:
    return next(line for line in card(town).text.splitlines() if line.startswith("Going: "))


def answered(town: Town, *which: str) -> list[str]:
    """Who gave one of these answers, or any, the first to answer first."""
    with town.drumbeat.database.reading() as db:
        rows = db.execute(select(Member.person, Rsvp.answer).join(Rsvp, Rsvp.member_id == Member.id).order_by(Rsvp.at))
        return [f"{town.stage.named(person)} {answer}" for person, answer in rows if not which or answer in which]


@pytest.mark.parametrize(
    ("told", "start", "until"),
    [
        (at(2, 12), at(6, 18), at(3, 12)),  # more than two days ahead: a day
        (at(5, 18), at(6, 18), at(6, 6)),  # half of the time that is left
        (at(6, 17, 10), at(6, 18), at(6, 17, 40)),  # but half an hour at least
        (at(6, 17, 45), at(6, 18), at(6, 18)),  # and never longer than until the start
    ],
)
def test_a_place_is_kept_for_half_of_the_time_that_is_left(told: datetime, start: datetime, until: datetime) -> None:
    assert keep_until(told, start) == until


async def test_a_free_place_is_offered_to_whoever_waits_longest_and_then_passes_on(town: Town) -> None:
    await announce(town, line=ONE_PLACE)
    await town.press("chi", "Going", on=card(town))
    assert await town.press("dee", "Going", on=card(town)) == (
        f"All places are taken: {IT}. You are the first to wait for one.\n"
        "When one is free I offer it to you in private, with a time until when it is kept for you.\n"
        "[Don't wait]"
    )
    assert "One person waits before you." in await town.press("ben", "Going", on=card(town))
    assert await town.press("ana", "Going", on=card(town)) == (
        f"You are going: {IT}.\nWhere: not known yet. You host it, so you take nobody's place. "
        "I will remind you in private an hour before.\n"
        "[Can't make it after all] [For my calendar] [Don't remind me]"
    )
    assert counted(town) == "Going: 1 of 1 place, waiting for a place: 2."
    assert "Your place is free for somebody else." in await town.press("chi", "Can't", on=card(town))
    assert letters(town, "dee") == [offer("Mon 2 November, 12:00")]
    assert letters(town, "ben") == []
    # It is kept: nobody who comes along meanwhile gets it.
    assert "One person waits before you." in await town.press("chi", "Going", on=card(town))
    await town.restart()
    await town.wait_until(at(2, 12, 2))  # an edit of an old message takes its time
    assert letters(town, "dee") == [LAPSED]
    assert letters(town, "ben") == [offer("Tue 3 November, 12:00")]
    assert await town.press("ben", "I'll take it") == (
        f"You are going: {IT}.\nWhere: not known yet. I will remind you in private a day and an hour before.\n"
        "[Can't make it after all] [For my calendar] [Don't remind me]"
    )
    assert letters(town, "ben") == [f"You took a free place: {IT}.\n[Can't make it after all]"]
    assert counted(town) == "Going: 1 of 1 place, waiting for a place: 1."
    await town.press("ben", "Can't make it after all")
    assert letters(town, "chi") == [offer("Tue 3 November, 12:02")]
    assert f"you can't make {IT}" in await town.press("chi", "No, thank you")
    await town.wait(minutes=1)
    assert letters(town, "chi") == [f"{IT}. You passed this place on."]
    assert counted(town) == "Going: 0 of 1 place."
    assert await town.press("dee", "Going", on=card(town)) == (
        f"You are going: {IT}.\nWhere: not known yet. I will remind you in private a day and an hour before.\n"
        "[Can't make it after all] [For my calendar] [Don't remind me]"
    )
    assert answered(town, "going") == ["ana going", "dee going"]


@in_the_room
@sqlite
async def test_an_offer_wakes_nobody_and_is_kept_from_when_it_can_be_read(town: Town) -> None:
    await announce(town, line=ONE_PLACE)
    await town.press("chi", "Going", on=card(town))
    await town.press("dee", "Going", on=card(town))
    await town.wait_until(at(5, 23))
    await town.press("chi", "Can't", on=card(town))
    assert letters(town, "dee") == []
    assert counted(town) == "Going: 0 of 1 place, waiting for a place: 1."
    # That the place has changed they are told at once; that does not bring the offer along.
    await change(town, where="City Library")
    await town.wait_until(at(6, 6, 59))
    assert not any("a place is free" in text for text in letters(town, "dee"))
    await town.wait_until(at(6, 7))
    assert letters(town, "dee")[1:] == [offer("Fri 6 November, 12:30")]
    # Whoever does not want to wait for an answer taps, and waits in line behind them.
    assert "You are the first to wait for one." in await town.press("ben", "Going", on=card(town))
    assert (await town.look("dee")).count(f"A place is kept for you until Fri 6 November, 12:30: {IT}.\n{TAKE}") == 1
    await town.wait_until(at(6, 12, 30))
    assert letters(town, "ben") == [offer("Fri 6 November, 15:15")]
    # The last offer ends with the start, and what was answered stands.
    await town.press("ben", "No, thank you")
    await town.press("dee", "Going", on=card(town))
    assert answered(town, "going") == ["dee going"]


@in_the_room
@sqlite
async def test_who_cannot_be_asked_is_passed_over_and_keeps_their_place_in_the_line(town: Town) -> None:
    await announce(town, line=ONE_PLACE)
    await town.press("chi", "Going", on=card(town))
    await town.press("dee", "Going", on=card(town))
    await town.press("ben", "Going", on=card(town))
    await town.command("dee", "/away until wednesday")
    await town.room.leave("chi", RIVER)  # Drumbeat finds out within the hour
    await town.wait(hours=1)
    assert (letters(town, "dee"), letters(town, "ben")) == ([], [offer("Mon 2 November, 13:00")])
    await town.room.join("chi", RIVER)  # and does not bring the place along again
    assert "One person waits before you." in await town.press("chi", "Going", on=card(town))
    await town.wait_until(at(4, 7, 30))
    assert letters(town, "ben") == [LAPSED]
    # Dee was away when Ben let it pass, so Chi was asked, and let it pass, too. Now Dee is back.
    assert letters(town, "chi") == [LAPSED]
    assert len(letters(town, "dee")) == 1
    await town.press("dee", "I'll take it")
    assert answered(town) == ["dee going"]


@in_the_room
@sqlite
async def test_who_waits_no_more_is_asked_no_more(town: Town) -> None:
    await announce(town, line=ONE_PLACE)
    await town.press("chi", "Going", on=card(town))
    await town.press("dee", "Going", on=card(town))
    await town.press("ben", "Going", on=card(town))
    assert await town.press("dee", "Don't wait") == f"You wait no more for a place: {IT}.\n[Wait again]"
    assert await town.press("dee", "Don't wait") == "You are not waiting for a place there."
    await town.press("ben", "Maybe", on=card(town))
    await town.press("chi", "Can't", on=card(town))
    assert (letters(town, "dee"), letters(town, "ben")) == ([], [])
    assert counted(town) == "Going: 0 of 1 place, maybe: 1."
    gathering = town.rows(Gathering)[0]["id"]
    for verb in ("take-place", "pass-place"):
        assert await town.press_kept("dee", Action("gathering", verb, str(gathering), 1)) == NOT_KEPT


@in_the_room
@sqlite
async def test_whoever_left_keeps_no_place_but_in_a_move_of_the_whole_movement(town: Town) -> None:
    await announce(town, line=ONE_PLACE)
    await town.press("chi", "Going", on=card(town))
    # The movement is on its way to another channel: until its people are known there, nobody has left.
    moved = town.clock()
    town.set_member("chi", left_at=moved)
    with town.drumbeat.database.transaction() as db:
        db.scalars(select(Movement)).one().moved_at = moved
    await town.press("ben", "Going", on=card(town))
    assert answered(town) == ["chi going", "ben waiting"]
    town.set_member("chi", left_at=None)
    await town.press("ben", "Don't wait")
    await town.room.leave("chi", RIVER)
    assert f"You are going: {IT}." in await town.press("dee", "Going", on=card(town))
    await town.room.join("chi", RIVER)
    assert "You are the first to wait for one." in await town.press("chi", "Going", on=card(town))
    assert answered(town) == ["dee going", "chi waiting"]


@in_the_room
async def test_of_a_hundred_who_tap_at_once_ten_get_a_place(town: Town) -> None:
    await town.start_movement()
    people = [Person(f"p{number:03}", f"Person {number:03}", "Europe/Berlin") for number in range(100)]
    await town.bring(*people)
    await announce(town, line="clean-up friday 18:00 max 10")
    gathering = town.rows(Gathering)[0]["id"]

    def tap(who: Person, verb: str, turn: int = 0) -> Event:
        action = Action("gathering", verb, str(gathering), 1)
        return Pressed(id=f"{who.id}-{verb}-{turn}", who=who, place=town.place(), at=town.clock(), action=action)

    await asyncio.gather(*[town.drumbeat.engine.hear(tap(who, "going", turn)) for turn in (0, 1) for who in people])
    await town.settle()
    assert (len(answered(town, "going")), len(answered(town, "waiting"))) == (10, 90)
    assert "Going: 10 of 10 places, waiting for a place: 90." in card(town, "clean-up").text
    assert len(town.acts("rsvp")) == 100
    # Half of those who have a place let it go while everybody taps again.
    going = {line.partition(" ")[0] for line in answered(town, "going")}
    leaving = [who for who in people if who.id in sorted(going)[:5]]
    taps = [tap(who, "cant") for who in leaving] + [tap(who, "going", 2) for who in people if who not in leaving]
    random.Random(5).shuffle(taps)  # noqa: S311 - an order, not a secret
    await asyncio.gather(*map(town.drumbeat.engine.hear, taps))
    await town.settle()
    assert len(answered(town, "going")) + len(answered(town, "offered")) == 10
    assert len(answered(town, "waiting")) == 85


@in_the_room
@sqlite
async def test_whatever_happens_there_are_never_more_than_places(town: Town) -> None:
    await town.start_movement()
    people = [Person(f"p{number}", f"Person {number}", "Europe/Berlin") for number in range(7)]
    await town.bring(*people)
    await announce(town, line="town hall friday 18:00 max 3")
    gathering = town.rows(Gathering)[0]["id"]
    chance = random.Random(11)  # noqa: S311 - the same story each time
    verbs = ("going", "going", "maybe", "cant", "take-place", "pass-place", "leave-line")
    there = {one.id for one in people}
    for _ in range(160):
        who = chance.choice(people).id
        match chance.randrange(8):
            case 0:
                await town.wait(minutes=chance.choice((5, 40, 70)))
            case 1 if who in there:
                there.discard(who)
                await town.room.leave(who, RIVER)
            case _:
                if who not in there:
                    there.add(who)
                    await town.room.join(who, RIVER)
                await town.press_kept(who, Action("gathering", chance.choice(verbs), str(gathering), 1))
        kept = answered(town, "going", "offered")
        assert len([line for line in kept if line.partition(" ")[0] in there]) <= 3
    assert answered(town, "going", "waiting")


@in_the_room
@sqlite
async def test_more_places_are_offered_and_fewer_throw_nobody_out(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("fay", "Fay", "Europe/Berlin"), Person("gus", "Gus", "Europe/Berlin"))
    await announce(town, line=f"{ONE_PLACE} open slot")
    for who in ("chi", "dee", "ben", "fay", "gus"):
        await town.press(who, "Going", on=card(town))
    assert "Saved: " in await change(town, places="3")
    assert [len(letters(town, who)) for who in ("dee", "ben", "fay", "gus")] == [1, 1, 0, 0]
    await town.press("dee", "I'll take it")
    assert await change(town, places="1") == (
        "Saved: town hall, Fri 6 November, 18:00 (90 minutes). Nobody had to be told. 3 people have a place already. "
        "Nobody loses theirs; a new one is given when there is room again."
    )
    assert counted(town) == "Going: 2 of 1 place, waiting for a place: 3."
    # Whoever hosts it needs no place, and one who stops hosting has none of theirs taken away.
    await town.press("fay", "Host it", on=card(town))
    assert answered(town, "going") == ["chi going", "fay going", "dee going"]
    await town.press("chi", "Can't", on=card(town))
    assert letters(town, "gus") == []
    # What is offered tells the new time, and is kept for no longer than until then.
    await change(town, when="2026-11-02 10:00")
    sooner = offer("Mon 2 November, 10:00").replace("Fri 6 November, 18:00", "Mon 2 November, 10:00")
    assert letters(town, "ben")[0] == sooner
    await town.press("ana", "More", on=card(town))
    await town.press("ana", "Cancel it")
    await town.fill("ana", why="Rain")
    assert letters(town, "ben")[0] == "town hall, Mon 2 November, 10:00 (90 minutes). It was called off."
    gathering = town.rows(Gathering)[0]["id"]
    assert await town.press_kept("ben", Action("gathering", "take-place", str(gathering), 1)) == (
        "This gathering was called off, so there is nothing to answer any more."
    )
    await town.wait_until(at(3, 12))
    assert not any("a place is free" in text for text in letters(town, "gus"))
    assert answered(town, "going") == ["fay going", "dee going"]


async def change(town: Town, **answers: str) -> str:
    """Change something about the town hall, as an organizer."""
    await town.press("ana", "More", on=card(town))
    await town.press("ana", "Time and place")
    return await town.fill("ana", **answers)


@in_the_room
@sqlite
async def test_who_hosts_it_no_more_is_the_first_to_wait_where_all_places_are_taken(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("fay", "Fay", "Europe/Berlin"), Person("gus", "Gus", "Europe/Berlin"))
    await announce(town, line="town hall friday 18:00 90m max 2")
    await town.press("ana", "Details")
    await town.fill("ana", co_host=("ben",))
    for who in ("ana", "ben", "chi", "dee", "fay"):
        await town.press(who, "Going", on=card(town))
    assert counted(town) == "Going: 2 of 2 places, waiting for a place: 1."
    full = " All places are taken now, so you are the first to wait for one."
    assert await town.press_kept("ana", Action("gathering", "host-off", "1", 1)) == (
        f"All right. The slot is open now, and anybody may take it.{full}"
    )
    # Somebody else puts another co-host down: Ben is told.
    await town.press_kept("ana", Action("gathering", "details", "1", 1))
    await town.fill("ana", co_host=("gus",))
    assert letters(town, "ben")[-1] == (
        f"Clean River: you do not host this any more: {IT}.\n"
        "All places are taken, so you are the first to wait for one. When one is free I offer it to you.\n[Don't wait]"
    )
    assert answered(town, "waiting") == ["ben waiting", "ana waiting", "fay waiting"]
    assert counted(town) == "Going: 2 of 2 places, waiting for a place: 3."
    # Hosting again needs no place, and handing it on while one is free keeps it.
    await town.press("ana", "Host it", on=card(town))
    for who in ("chi", "dee"):
        await town.press(who, "Can't", on=card(town))
    assert answered(town, "going", "offered") == ["ben offered", "ana going", "fay offered"]
    await town.press("fay", "No, thank you")
    assert await town.press_kept("ana", Action("gathering", "host-off", "1", 1)) == (
        "All right. The slot is open now, and anybody may take it."
    )
    assert answered(town, "going", "offered", "waiting") == ["ben offered", "ana going"]
