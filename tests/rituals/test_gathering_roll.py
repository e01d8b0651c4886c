"""The roll call, and what becomes of it when the host is not there, forgets it, or nobody came at all."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.chat import Action, Choice, Person, Problems
from bot.tables import Gathering, Host
from tests.gatherings import card, letters, more
from tests.town import Town
from tests.turnouts import (
    at,
    coming,
    evidence,
    kept,
    numbers,
    roll_call,
    say_here,
    seat_seven,
    start,
    ticked,
    town_hall,
    turnout,
    word,
)

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

ASKED = "Clean River: who came to town hall (Mon 2 November, 18:00)?"
WAYS = (
    " It takes about a minute.\nAll three answers are fine, and nobody is named for not coming.\n"
    "[Roll call] [Nobody came] [It did not happen]"
)
CORRECT = (
    " You can correct it at any time within a month. Who was seen or wrote the word stays down as here.\n[Roll call]"
)
NOT_HELD = "Noted. It did not happen this time. You can correct it at any time within a month.\n[Roll call]"
SETTLED = "town hall: thank you, it is recorded who came."


def asked(town: Town, who: str) -> list[str]:
    """What somebody was asked about who came, and what became of it."""
    return [text for text in letters(town, who) if text.startswith((ASKED, "town hall: "))]


async def test_when_the_host_does_not_come_anybody_can_run_it(town: Town) -> None:
    await town_hall(town, "ben", "chi", "dee", who="ben")
    await town.wait_until(at(17, 50))
    later = "Ben hosts it. If nobody has started it 5 minutes after its time, you can run it then."
    assert await start(town, "chi") == later
    await town.wait_until(at(18, 4))
    assert await start(town, "chi") == later
    assert await town.press_kept("chi", Action("gathering", "run", "1", 1)) == later
    await town.wait_until(at(18, 5))
    assert await start(town, "chi") == (
        "Ben has not started it yet. If you are there and nobody else runs town hall, you can.\n[I'll run it]"
    )
    assert await town.press("chi", "I'll run it") == (
        "You run town hall now, thank you. You are down as having run it once the call, the word or the roll call "
        "shows that you were there. Its host is told, and can still start it.\n"
        "Say the word aloud in the room: whoever writes it under I'm here is down as here. You can also call the roll, "
        "now or afterwards; it takes about a minute.\n[Show the word] [Roll call]"
    )
    assert letters(town, "ben")[-1] == (
        "Clean River: Chi runs town hall now, since nobody had started it.\n"
        "If you are there, start it, and you run it. If not, nothing is left for you to do.\n[Start]"
    )
    run = Action("gathering", "run", "1", 1)
    assert await town.press_kept("dee", run) == "Chi runs it already. Thank you."
    # What Chi sees, Chi cannot have heard; that Dee has heard it shows that Chi is there.
    assert await town.press("chi", "I'm here", on=card(town)) == (
        "You see the word yourself, so writing it tells nothing. The roll call can say that you were there."
    )
    assert evidence(town) == {("chi", "lead", "claims")}
    await say_here(town, "dee", await word(town, "chi"))
    assert evidence(town) == {("chi", "lead", "came"), ("dee", "word", "came")}
    await town.wait_until(at(19, 45))
    assert turnout(town) == "It is over. Two are known to have come; nobody has told me yet of the others."
    # Whoever ran it is asked, not who was to.
    assert (asked(town, "ben"), asked(town, "ana")) == ([], [])
    assert asked(town, "chi") == [ASKED + " So far I know of two." + WAYS]
    await town.press("chi", "Roll call")
    assert ticked(town, "chi")["came-0"] == ("chi", "dee")
    assert ticked(town, "chi")["ran"] == ("chi",)
    assert await town.fill("chi") == "Noted. Two came; three had said yes." + CORRECT
    assert asked(town, "chi") == [SETTLED]
    assert kept(town) == ("over", True, "held")
    assert coming(town) == [
        *[("ben", "initiated"), ("chi", "attended"), ("chi", "hosted"), ("dee", "attended")],
    ]
    # Ben hears nothing of it, and whoever opens the roll call again can take all of it back.
    assert [text for text in letters(town, "ben") if "came" in text] == []
    await roll_call(town)
    await town.fill("ana", came_0=(), ran=(), guests="1")
    assert evidence(town) == {("dee", "word", "came"), *((who, "roll", "away") for who in ("ben", "chi", "dee"))}
    assert (kept(town), coming(town)) == (("over", True, "missed"), [("dee", "attended")])


@in_the_room
@sqlite
async def test_who_is_not_there_runs_nothing_whatever_they_press(town: Town) -> None:
    await town_hall(town, "ana", "ben", "chi", line="town hall tomorrow 18:00 1h in #lounge")
    await town.wait_until(at(18, 6))
    run, begin = (Action("gathering", verb, "1", 1) for verb in ("run", "start"))
    await town.enter_call("ana")
    for action in (run, begin):
        assert await town.press_kept("dee", action) == "Ana is in the call and can start it."
    await town.leave_call("ana")
    for action in (run, run, begin):
        assert (await town.press_kept("dee", action)).startswith("You run town hall now, thank you.")
    assert (await word(town, "dee")) != ""
    for who in ("ana", "ben", "chi"):
        await town.enter_call(who)
    seen = "Ana is there and sees the word. Thank you for standing in."
    assert await town.press_kept("dee", Action("gathering", "word", "1", 1)) == seen
    # Their host can still start it.
    assert (await start(town)).startswith("You run town hall now, and are down as here.")
    await say_here(town, "chi", await word(town))
    await town.wait_until(at(19, 45))
    assert kept(town) == ("over", True, "held")
    assert [act for act in coming(town) if act[0] == "dee"] == []
    assert [act for act in coming(town) if act[1] == "hosted"] == [("ana", "hosted")]
    # Of an open slot, too: whoever starts it runs it by their word alone, until somebody shows that they were there.
    await town_hall(town, "chi", line="picnic tomorrow 18:00 1h open slot")
    await town.wait_until(at(17, 45, day=3))
    assert (await start(town, "dee", "picnic")).splitlines()[0] == (
        "You run picnic now, thank you. You are down as having run it once the call, the word or the roll call shows "
        "that you were there."
    )
    await town.wait_until(at(19, 45, day=3))
    assert [act for act in coming(town) if act[0] == "dee"] == []
    assert asked(town, "dee")[-1:] == []
    assert letters(town, "dee")[-1].startswith("Clean River: who came to picnic (Tue 3 November, 18:00)?")


@in_the_room
@sqlite
async def test_a_host_is_asked_for_three_days_at_humane_hours_and_then_left_in_peace(town: Town) -> None:
    await town_hall(town, "chi", "dee", who="ben", line="night shift tomorrow 21:00 2h")
    await town.wait_until(at(21))
    await start(town, "ben", "night shift")
    await town.wait_until(at(23, 30))
    night = ASKED.replace("town hall", "night shift").replace("18:00", "21:00")
    assert [text for text in letters(town, "ben") if text.startswith(night)] == []
    await town.wait_until(at(7, 1, day=3))
    question = night + " So far I know of one." + WAYS
    assert letters(town, "ben")[-1] == question
    await town.wait_until(at(7, 1, day=4))
    asked_again = "night shift: I have asked again below."
    assert letters(town, "ben")[-2:] == [asked_again, question]
    await town.wait_until(at(7, 1, day=5))
    assert letters(town, "ben")[-3:] == [asked_again, asked_again, question]
    count = len(letters(town, "ben"))
    await town.wait_until(at(12, day=9))
    assert len(letters(town, "ben")) == count
    # It was started, so it counts as held; who came is not recorded, and nobody is known to have stayed away.
    assert (kept(town), evidence(town)) == (("over", False, "held"), {("ben", "lead", "came")})
    assert (letters(town, "ana"), coming(town)) == ([], [("ben", "attended")])
    known = "It is over. One is known to have come; nobody has told me yet of the others."
    assert known in card(town, "night shift").text
    # It can still be told later.
    await town.press("ben", "Nobody came")
    assert (kept(town), coming(town)) == (("over", True, "missed"), [("ben", "attended")])


@in_the_room
@sqlite
async def test_when_a_host_is_away_the_co_host_is_asked_and_then_organizers(town: Town) -> None:
    await town_hall(town, "chi", who="ben")
    await more(town, "ben")
    await town.press("ben", "Details")
    await town.fill("ben", co_host=("dee",))
    await town.wait_until(at(18, 1))
    await town.command("ben", "/away until friday")
    await town.wait_until(at(19, 45))
    assert (asked(town, "ben"), asked(town, "dee"), asked(town, "ana")) == ([], [ASKED + WAYS], [])
    await town.command("dee", "/away until friday")
    await town.wait_until(at(19, 45, day=3))
    assert (asked(town, "ben"), len(asked(town, "dee")), asked(town, "ana")) == ([], 1, [ASKED + WAYS])
    await town.press("ana", "Roll call")
    # Who was to host it is not put down as having run it by whoever else calls the roll.
    assert ticked(town, "ana")["ran"] == ()
    said = await town.fill("ana", came_0=numbers(town, "chi"), others=("dee",))
    assert said == (
        "Noted. Two came, one without a yes; one had said yes. Nobody is down as having run it, so it does not count "
        "as held. The roll call can say who did." + CORRECT
    )
    assert kept(town) == ("over", True, "missed")
    assert (asked(town, "dee"), asked(town, "ana")) == ([SETTLED], [SETTLED])
    await roll_call(town)
    await town.fill("ana", ran=("dee",))
    assert kept(town) == ("over", True, "held")
    assert coming(town) == [("ben", "initiated"), ("chi", "attended"), ("dee", "attended"), ("dee", "hosted")]


@in_the_room
@sqlite
async def test_it_did_not_happen_whoever_was_seen_until_somebody_says_otherwise(town: Town) -> None:
    await town_hall(town, "ben", "dee", line="town hall tomorrow 18:00 1h in #lounge")
    await town.wait_until(at(18))
    for who in ("ana", "ben", "dee"):
        await town.enter_call(who)
    await town.wait_until(at(19, 45))
    assert (kept(town), len(coming(town))) == (("over", True, "held"), 5)
    await more(town, "ben")
    await town.press("ben", "Was I there?")
    await town.press("ben", "I wasn't")
    await town.press("ben", "I was there after all")
    await town.wait(minutes=1)
    assert await town.press_kept("ana", Action("gathering", "not-held", "1", 1)) == NOT_HELD
    assert (kept(town), coming(town)) == (("over", True, "missed"), [])
    # When visits are looked at for the last time, nobody is seen after all; what somebody says of themselves counts.
    await town.wait_until(at(21))
    assert (kept(town), coming(town)) == (("over", True, "missed"), [])
    assert turnout(town) == "It is over. It did not happen this time."
    await town.press_kept("dee", Action("gathering", "was-there", "1", 1))
    assert (kept(town), coming(town)) == (("over", True, "missed"), [("dee", "attended")])
    # And whoever calls the roll says that it did happen: then all that was seen counts again.
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "dee"))
    assert (kept(town), len(coming(town))) == (("over", True, "held"), 5)


@in_the_room
@sqlite
async def test_a_host_who_is_not_counted_was_a_host_all_the_same(town: Town) -> None:
    await town_hall(town, "ana", "chi", "dee", who="ben")
    town.set_member("ben", opted_out=True)
    await town.wait_until(at(19, 45))
    await roll_call(town)
    said = await town.fill("ana", came_0=numbers(town, "ana", "chi"))
    assert said == "Noted. Two came; three had said yes." + CORRECT
    both = [("ana", "attended"), ("chi", "attended")]
    assert (kept(town), coming(town), town.rows(Host)) == (("over", True, "held"), both, [])
    # Once they are counted again, what they ran before stays nobody's.
    town.set_member("ben", opted_out=False)
    await town.press_kept("dee", Action("gathering", "was-not", "1", 1))
    assert (kept(town), coming(town), town.rows(Host)) == (("over", True, "held"), both, [])
    town.set_member("ben", opted_out=True)
    # Somebody who is not counted may be named as having run it, too; that there was somebody is all that is kept of it.
    with town.drumbeat.database.transaction() as db:
        db.execute(update(Gathering).values(host_id=None, unnamed_hosts=0))
    await roll_call(town)
    no_host = await town.fill("ana")
    assert no_host == (
        "Noted. Two came; three had said yes. Nobody is down as having run it, so it does not count as held. The roll "
        "call can say who did." + CORRECT
    )
    await roll_call(town)
    assert await town.fill("ana", ran=("ben",)) == "Noted. Two came; three had said yes." + CORRECT
    assert (kept(town), coming(town), town.rows(Host)) == (("over", True, "held"), both, [])


@in_the_room
@sqlite
async def test_nobody_came_and_it_did_not_happen_are_answers(town: Town) -> None:
    await town_hall(town, "ana", "chi", "dee")
    await town.wait_until(at(19, 45))
    assert await town.press("ana", "Nobody came") == (
        "Noted. One came; three had said yes. It counts as held from two people on." + CORRECT
    )
    assert (kept(town), coming(town)) == (("over", True, "missed"), [("ana", "attended")])
    not_held = Action("gathering", "not-held", "1", 1)
    assert await town.press_kept("ana", not_held) == NOT_HELD
    assert (kept(town), coming(town), evidence(town)) == (("over", True, "missed"), [], set())
    await town.wait(minutes=2)
    assert turnout(town) == "It is over. It did not happen this time."
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "ana", "chi"))
    await town.wait(minutes=2)
    assert turnout(town) == "It is over. Two came; three had said yes."
    assert town.thread(card(town)) == ["town hall: two came; three had said yes."]
    assert (kept(town), len(coming(town))) == (("over", True, "held"), 4)


@sqlite
async def test_a_long_roll_call_comes_in_pages(town: Town) -> None:
    await town.start_movement()
    crowd = [Person(f"p{number:02}", f"Person {number:02}", "Europe/Berlin") for number in range(14)]
    await town.bring(*crowd)
    await town_hall(town, "chi", *(one.id for one in crowd))
    await town.wait_until(at(18, 30))
    await start(town)
    assert await roll_call(town) == (
        "The roll call of town hall has several pages; each counts as soon as it is sent.\n[Page 1 of 1]\n"
        "[Others, guests, who ran it]"
    )
    await town.press("ana", "Others, guests, who ran it")
    said = await town.fill("ana", others=("dee",), excused=("p13",), guests="2")
    assert said.startswith("Noted. Four are known to have come; nobody has told me yet of the others.")
    await roll_call(town)
    await town.press("ana", "Page 1 of 1")
    fields = town.form("ana").form.fields
    assert [(field.label, len(field.options)) for field in fields if isinstance(field, Choice)] == [
        ("Chi to Person 05", 7),
        ("Person 06 to Person 13", 8),
    ]
    said = await town.fill("ana", came_0=numbers(town, "chi", "p00"), came_1=numbers(town, "p06", "p12"))
    assert said.startswith("Noted. Eight came, one without a yes and two as guests; 15 had said yes.")
    says = {(who, told) for who, source, told in evidence(town) if source == "roll"}
    came = ("chi", "dee", "ana", "p00", "p06", "p12")
    absent = [one.id for one in crowd if one.id not in (*came, "p13")]
    assert says == {*((who, "came") for who in came), ("p13", "excused"), *((who, "away") for who in absent)}
    await town.wait_until(at(19, 46))
    assert (kept(town), asked(town, "ana")) == (("over", True, "held"), [])


@in_the_room
@sqlite
async def test_a_roll_call_that_cannot_be_right_is_asked_back_and_others_cannot_call_it(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "chi", "fay", who="ben")
    roll = Action("gathering", "roll", "1", 1)
    assert await town.press_kept("ben", roll) == "The roll can be called once it has begun."
    await town.wait_until(at(18, 1))
    only = "Only whoever runs it and organizers call the roll."
    for verb in ("roll", "roll-others", "nobody", "not-held"):
        assert await town.press_kept("chi", Action("gathering", verb, "1", 1)) == only
        gone = "This gathering is not there any more."
        assert await town.press_kept("ben", Action("gathering", verb, "99", 1)) == gone
        assert await town.press_kept("ben", Action("gathering", verb, "x", 1)) == gone
    for about in ("1", "1/", "1/9-", "1/5-900", "1/99999999999999999999-1"):
        said = await town.press_kept("ben", Action("gathering", "roll-page", about, 1))
        assert said.startswith(("Nobody is on this page", "Roll call\n"))
    await roll_call(town, "ben")
    guests = "guests: Please write one number up to 999, or first names with commas."
    assert await town.fill("ben", guests="Maria and two friends") == guests
    assert await town.fill("ben", guests="1000") == guests
    both = "excused: Chi is down as having come, too. Please choose one."
    assert await town.fill("ben", came_0=numbers(town, "chi"), excused=("chi",)) == both
    assert await town.send_past_the_form("ben", others=("nobody",)) == Problems(
        {"others": "Please choose members of this movement only; count anybody else as a guest."}
    )
    assert evidence(town) == set()
    # One who asked not to be counted is written down nowhere, and a choice for somebody who had not said yes is none.
    town.set_member("gus", opted_out=True)
    await town.send_past_the_form("ben", came_0=numbers(town, "chi", "eli"), others=("gus",), guests="3")
    assert evidence(town) == {
        ("chi", "roll", "came"),
        ("fay", "roll", "away"),
        ("ben", "lead", "came"),
        ("ben", "roll", "came"),
    }
    assert town.rows(Gathering)[-1]["guests"] == 3
    await town.wait_until(at(18, day=2).replace(month=12, day=5))
    assert await town.press_kept("ben", roll) == "This was more than a month ago, so its record stays as it is."
