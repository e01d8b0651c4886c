"""Who came: what people had said, what was seen, and what the record makes of it; two numbers, and nobody's name."""

from __future__ import annotations

import pytest

from bot.chat import Action
from bot.tables import Act, Evidence, Gathering, Host, Member, Visit, Watch
from tests.gatherings import card, letters, more
from tests.people import LOUNGE, RIVER
from tests.town import Town
from tests.turnouts import (
    HERE,
    at,
    coming,
    evidence,
    kept,
    numbers,
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

NUDGE = (
    "Clean River: who came to town hall (Mon 2 November, 18:00)? So far I know of two. It takes about a minute.\n"
    "All three answers are fine, and nobody is named for not coming.\n"
    "[Roll call] [Nobody came] [It did not happen]"
)

KINDS = ("attended", "hosted", "initiated")
COUNTED = "Seven came, two without a yes and three as guests; four had said yes."
ROLLED = (
    f"Noted. {COUNTED} You can correct it at any time within a month. Who was seen or wrote the word stays down as "
    "here.\n[Roll call]"
)


def town_name(town: Town, number: object) -> str:
    """The name of a member by number."""
    return next(str(row["person"]) for row in town.rows(Member) if row["id"] == number)


async def test_what_was_said_and_what_was_seen_make_one_right_record(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi", "dee", "fay")
    await town.press("gus", "Maybe", on=card(town))
    await town.press("dee", "Can't", on=card(town))
    await town.wait_until(at(17, 40))
    assert await start(town) == (
        "You run town hall now, and are down as here.\n"
        "Say the word aloud in the room: whoever writes it under I'm here is down as here, too. You can also call the "
        "roll, now or afterwards; it takes about a minute.\n"
        "[Show the word] [Roll call]"
    )
    assert "It is on now. Going: 4, maybe: 1.\n[I'm here] [More]" in card(town).text
    await town.wait_until(at(18, 5))
    assert await say_here(town, "ben", await word(town)) == HERE
    # Nothing is in the ledger before it is over, and it may be called off still.
    assert (coming(town), kept(town)) == ([], ("under way", False, "open"))
    await town.wait_until(at(19, 45))
    assert turnout(town) == "It is over. Two are known to have come; nobody has told me yet of the others."
    assert kept(town) == ("over", False, "held")
    assert letters(town, "ana")[-1] == NUDGE
    assert town.thread(card(town)) == []
    await town.press("ana", "Roll call")
    assert ticked(town, "ana") == {
        "came-0": ("ana", "ben"),
        "others": (),
        "guests": ("",),
        "excused": (),
        "ran": ("ana",),
    }
    said = await town.fill(
        "ana",
        came_0=numbers(town, "ana"),
        others=("gus", "eli"),
        guests="Maria, Jo and Kim",
        excused=("chi",),
    )
    assert said == ROLLED
    await town.wait(minutes=2)
    assert turnout(town) == "It is over. " + COUNTED
    assert town.thread(card(town)) == ["town hall: seven" + COUNTED.removeprefix("Seven")]
    assert letters(town, "ana")[-1] == "town hall: thank you, it is recorded who came."
    assert evidence(town) == {
        # Said yes and ran it; said yes and wrote the word, though the roll call has nobody ticked him.
        *{("ana", "lead", "came"), ("ana", "roll", "came"), ("ben", "word", "came"), ("ben", "roll", "away")},
        # Said yes and had told Ana; said yes and did not come.
        *{("chi", "roll", "excused"), ("fay", "roll", "away")},
        # Said maybe, or nothing, and came. Of Dee, who said no before the start, nothing is known and nothing missed.
        *{("gus", "roll", "came"), ("eli", "roll", "came")},
    }
    assert coming(town) == [
        *[("ana", "attended"), ("ana", "hosted"), ("ana", "initiated")],
        *[("ben", "attended"), ("eli", "attended"), ("gus", "attended")],
    ]
    acts = {(row["kind"], row["at"], row["evidence"]) for row in town.rows(Act) if row["kind"] in KINDS}
    assert acts == {
        *{("attended", at(18), "lead"), ("attended", at(18), "word"), ("attended", at(18), "roll")},
        *{("hosted", at(18), "lead"), ("initiated", at(18), "")},
    }
    assert [town_name(town, row["member_id"]) for row in town.rows(Host)] == ["ana"]
    # Done again, nothing is told twice, and nobody is told who did not come.
    before = town.rows(Act)
    await town.wait(days=4)
    assert [row for row in town.rows(Act) if row["kind"] in KINDS] == [row for row in before if row["kind"] in KINDS]
    assert len([text for text in letters(town, "ana") if "town hall" in text]) == 2
    assert "Fay" not in "\n".join([*town.channel(), *town.thread(card(town)), *town.inbox("ben"), *town.inbox("fay")])


async def test_who_was_seen_in_the_call_came_and_who_was_not_seen_is_not_said_to_be_absent(town: Town) -> None:
    await town.start_movement()
    await town.room.join("eli", RIVER)
    town.set_member("dee", seen_in_calls=False)
    where = "huddle" if town.stage.call(LOUNGE) == RIVER else "#Lounge"
    await town_hall(town, "ana", "ben", "chi", line=f"town hall tomorrow 18:00 1h in {where}")
    await town.wait_until(at(17, 50))
    await town.enter_call("ben")
    await town.wait_until(at(18))
    for person in ("ana", "chi", "dee"):
        await town.enter_call(person)
    await town.wait_until(at(18, 4))
    await town.leave_call("ben")
    await town.leave_call("chi")
    await town.wait_until(at(18, 10))
    await town.enter_call("ben")
    await town.wait_until(at(18, 20))
    # In the middle of it Drumbeat is not there for a while.
    await town.restart()
    await town.wait_until(at(18, 30))
    await town.enter_call("eli")
    await town.wait_until(at(18, 50))
    await town.leave_call("ben")
    await town.wait_until(at(19, 15))
    assert evidence(town) == {(who, "call", "came") for who in ("ana", "ben", "eli")}
    minutes = [(town_name(town, row["member_id"]), row["minutes"]) for row in town.rows(Evidence)]
    assert minutes == [("ana", 60), ("ben", 44), ("eli", 30)]
    assert turnout(town) == "It is over. Three came, one without a yes; three had said yes."
    # Ana was named as host and came, so she hosted it, though nobody pressed Start; and nobody is asked who came.
    assert kept(town) == ("over", True, "held")
    assert coming(town) == [
        *[("ana", "attended"), ("ana", "hosted"), ("ana", "initiated"), ("ben", "attended"), ("eli", "attended")],
    ]
    assert [text for text in letters(town, "ana") if "who came" in text] == []
    await more(town, "ben")
    assert await town.press("ben", "Was I there?") == (
        "town hall, Mon 2 November, 18:00: you are down as having been there (seen in the call for 44 minutes). "
        "Only you see this here.\nYou can correct it within a week. Whoever ran it is told, and may answer once.\n"
        "[I wasn't]"
    )
    for person in ("chi", "dee"):
        await more(town, person)
        assert await town.press(person, "Was I there?") == (
            "town hall, Mon 2 November, 18:00: nothing is written down about you. Only you see this here.\n"
            "You can correct it within a week. Whoever ran it is told, and may answer once.\n[I was there] [I wasn't]"
        )
    # When each of them came and went is forgotten soon after.
    await town.wait_until(at(21))
    assert (town.rows(Visit), town.rows(Watch)) == ([], [])
    assert coming(town)[-1] == ("eli", "attended")


@in_the_room
@sqlite
async def test_a_host_whom_nobody_saw_hosted_it_and_who_left_or_joined_is_taken_as_they_were(town: Town) -> None:
    await town_hall(town, "ben", "chi", "dee", line="town hall tomorrow 18:00 1h in #lounge")
    await town.wait_until(at(15))
    await town.room.leave("dee", RIVER)
    await town.wait_until(at(18))
    for person in ("ben", "chi"):
        await town.enter_call(person)
    await town.wait_until(at(18, 10))
    await town.room.join("eli", RIVER)
    await town.enter_call("eli")
    await town.wait_until(at(19, 20))
    # Dee's yes of before she left is no yes any more. Eli's first act is after he joined, so it is his first step.
    assert turnout(town) == "It is over. Three came, one without a yes; two had said yes."
    assert kept(town) == ("over", True, "held")
    (joined,) = (row["joined_at"] for row in town.rows(Member) if row["person"] == "eli")
    when = {(town_name(town, row["member_id"]), row["kind"]): row["at"] for row in town.rows(Act)}
    assert joined == at(18, 10)
    assert {act: moment for act, moment in when.items() if act[1] in KINDS} == {
        ("ana", "hosted"): at(18),
        ("ana", "initiated"): at(18),
        ("ben", "attended"): at(18),
        ("chi", "attended"): at(18),
        ("eli", "attended"): joined,
    }
    await more(town, "ana")
    await town.press("ana", "Roll call")
    assert ticked(town, "ana")["came-0"] == ("ben", "chi")
    # She was not there herself and says so: then nobody hosted it.
    await more(town, "ana")
    await town.press("ana", "Was I there?")
    await town.press("ana", "I wasn't")
    assert (kept(town)[2], coming(town)) == ("missed", [(who, "attended") for who in ("ben", "chi", "eli")])


@in_the_room
@sqlite
async def test_what_somebody_stood_in_for_took_place_as_long_as_nobody_tells_otherwise(town: Town) -> None:
    await town_hall(town, "chi", "dee", line="town hall tomorrow 18:00 90m open slot")
    await town.wait_until(at(18, 6))
    await start(town, "chi")
    await town.wait_until(at(19, 46))
    assert (kept(town), coming(town), town.rows(Host)) == (("over", False, "held"), [], [])
    await town.press_kept("chi", Action("gathering", "was-not", "1", 1))
    assert (kept(town), coming(town)) == (("over", False, "missed"), [])


@in_the_room
@sqlite
@pytest.mark.parametrize("goes", ["delete-now", "out-now"])
async def test_what_was_held_stays_held_whoever_is_forgotten(town: Town, goes: str) -> None:
    await seat_seven(town)
    await town_hall(town, "chi", "dee", who="ben")
    await town.wait_until(at(18))
    await start(town, "ben")
    await say_here(town, "chi", await word(town, "ben"))
    await town.wait_until(at(19))
    # One goes while it is still on, and one after it; one of them ran it.
    await town.press_kept("chi", Action("me", goes, "", 1))
    await town.wait_until(at(19, 46))
    await more(town, "ana")
    await town.press("ana", "Roll call")
    await town.fill("ana", came_0=numbers(town, "dee"))
    everybody = [("ben", "attended"), ("ben", "hosted"), ("ben", "initiated"), ("dee", "attended")]
    assert (kept(town), coming(town)) == (("over", True, "held"), everybody)
    await town.press_kept("ben", Action("me", goes, "", 1))
    left = [("dee", "attended")]
    assert (kept(town), coming(town)) == (("over", True, "held"), left)
    await town.wait(days=2)
    assert (kept(town), coming(town)) == (("over", True, "held"), left)
    # Nor does it come back when they do.
    await town.press_kept("ben", Action("me", "in", "", 1))
    await town.press_kept("eli", Action("gathering", "was-there", "1", 1))
    await town.press_kept("dee", Action("gathering", "was-not", "1", 1))
    assert (kept(town), coming(town)) == (("over", True, "held"), [("eli", "attended")])
    # An answer is an answer: that it did not happen is one.
    await town.press_kept("ana", Action("gathering", "not-held", "1", 1))
    assert (kept(town), coming(town)) == (("over", True, "missed"), [])


@in_the_room
@sqlite
async def test_a_call_in_which_few_were_seen_may_have_been_the_wrong_room(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi", "dee", "fay", line="town hall tomorrow 18:00 1h in #lounge")
    await town.wait_until(at(18))
    await town.enter_call("ana")
    await town.enter_call("gus")
    await town.wait_until(at(19, 15))
    assert turnout(town) == "It is over. Two are known to have come; nobody has told me yet of the others."
    assert kept(town) == ("over", False, "held")
    assert letters(town, "ana")[-1].startswith("Clean River: who came to town hall")
    await town.wait(days=5)
    assert [row["recorded"] for row in town.rows(Gathering)] == [False]


@in_the_room
@sqlite
async def test_what_is_moved_or_called_off_begins_at_its_new_time_or_never(town: Town) -> None:
    await town_hall(town, "chi", line="town hall tomorrow 18:00 1h in #lounge")
    await more(town, "ana")
    await town.press("ana", "Time and place")
    await town.fill("ana", when="2026-11-02 20:00")
    await town.wait_until(at(19, 59))
    await town.enter_call("ana")
    assert kept(town) == ("announced", False, "announced")
    await town.wait_until(at(20))
    assert kept(town) == ("under way", False, "open")
    await town.enter_call("chi")
    await town.wait_until(at(21, 15))
    assert (kept(town), len(evidence(town))) == (("over", True, "held"), 2)
    await town_hall(town, "chi", line="picnic tomorrow 18:00 1h in #lounge")
    await more(town, "ana", "picnic")
    await town.press("ana", "Cancel it")
    await town.fill("ana")
    await town.wait_until(at(23, day=3))
    assert (kept(town), town.rows(Watch), len(evidence(town))) == (("cancelled", False, "excused"), [], 2)
    start_it = Action("gathering", "start", str(town.rows(Gathering)[-1]["id"]), 1)
    assert await town.press_kept("ana", start_it) == "This gathering was cancelled."
    started = Action("gathering", "start", str(town.rows(Gathering)[0]["id"]), 1)
    assert await town.press_kept("ana", started) == (
        "It is over. The roll call can say who ran it: it is under More on its card."
    )
    assert (
        await town.press_kept("ana", Action("gathering", "start", "77", 1)) == "This gathering is not there any more."
    )


@in_the_room
@sqlite
async def test_what_was_started_too_early_can_still_be_moved_handed_on_and_called_off(town: Town) -> None:
    await town_hall(town, "ben", "chi", line="town hall tomorrow 18:00 1h max 9")
    await town.wait_until(at(17, 35))
    await start(town)
    assert (kept(town), evidence(town)) == (("under way", False, "open"), {("ana", "lead", "came")})
    await more(town, "ana")
    await town.press("ana", "Time and place")
    assert await town.fill("ana", when="2026-11-02 20:00") == (
        "Saved: town hall, Mon 2 November, 20:00 (1 hour). 2 people were told in private."
    )
    # It has not begun any more, and nobody was there yet.
    assert (kept(town), evidence(town)) == (("announced", False, "announced"), set())
    await town.wait(minutes=1)
    assert "[Going] [Maybe] [Can't] [More]" in card(town).text
    await town.wait_until(at(19, 40))
    await start(town)
    assert await town.press_kept("ana", Action("gathering", "host-off", "1", 1)) == (
        "All right. The slot is open now, and anybody may take it."
    )
    await more(town, "ben")
    await town.press("ben", "Host it")
    await more(town, "ben")
    await town.press("ben", "Cancel it")
    assert await town.fill("ben") == "Cancelled: town hall, Mon 2 November, 20:00. 1 person was told in private."
    await town.wait_until(at(22))
    assert (kept(town), evidence(town), coming(town)) == (("cancelled", False, "missed"), set(), [])


@in_the_room
@sqlite
async def test_what_drumbeat_slept_through_is_closed_when_it_wakes(town: Town) -> None:
    await town_hall(town, "chi")
    town.jump(at(9, day=4))
    await town.restart()
    await town.wait(minutes=2)
    # Somebody was to host it and nobody says that they did not: who came is missing, the gathering was not missed.
    assert (kept(town), coming(town)) == (("over", False, "held"), [])
    assert turnout(town) == "It is over. Nobody has told me yet who came."
    assert letters(town, "ana")[-1].startswith("Clean River: who came to town hall")
