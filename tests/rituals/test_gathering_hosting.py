"""Who hosts: an open slot, a rota with skip and swap, and a host who is asked in good time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Action
from bot.tables import Gathering, Member
from tests.gatherings import announce, card, letters, more
from tests.town import BERLIN, RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

LATER = "assembly 12 november 18:00"
ASKED = (
    "Clean River: you host this: assembly, Thu 12 November, 18:00. Can you still?\n"
    "A no is fine; then somebody else can be asked in time.\n"
    "[Yes, I host it] [I can't this time] [Ask somebody else]"
)
OPEN = (
    "assembly, Thu 12 November, 18:00 has no host yet.\n"
    "Hosting takes 1 hour: open it, keep an eye on the time, say afterwards who came.\n[I'll host it]"
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in November on Berlin's clocks."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def host_of(town: Town, title: str = "assembly") -> str:
    """The card's line on the host."""
    return next(line for line in card(town, title).text.splitlines() if line.startswith(("Host: ", "Nobody hosts")))


async def test_an_open_slot_is_called_out_once_and_anybody_takes_it(town: Town) -> None:
    await announce(town, "chi", f"{LATER} open slot")
    assert card(town, "assembly").text.endswith(
        "Nobody hosts it yet.\nIt asks for 1 hour of your time.\nGoing: 0.\n[Going] [Maybe] [Can't] [Host it] [More]"
    )
    await town.wait_until(at(9, 17))
    assert not any(text.startswith("assembly, Thu 12") for text in town.channel())
    await town.wait_until(at(9, 19))
    assert town.post("assembly, Thu 12").text == OPEN
    told = await town.press("dee", "I'll host it", on=town.post("assembly, Thu 12"))
    assert told == (
        "You host it: assembly, Thu 12 November, 18:00. Thank you.\n"
        "More on its card has all you need on the day.\n[I can't after all]"
    )
    assert town.post("assembly, Thu 12").text == "assembly, Thu 12 November, 18:00: Dee hosts it. Thank you."
    assert host_of(town) == "Host: Dee"
    late = await town.press_kept("ben", Action("gathering", "host", "1", 1))
    assert late == "Dee hosts it already. Thank you for offering."
    # Said yes three days ahead: nobody asks again. Handing it back shows the open slot again, without a new post.
    before = len(town.channel())
    await town.press("dee", "I can't after all")
    await town.wait(minutes=1)
    assert town.post("assembly, Thu 12").text == OPEN
    assert host_of(town) == "Nobody hosts it yet."
    await town.wait_until(at(12, 17))
    assert letters(town, "dee") == []
    assert len([text for text in town.channel() if text.startswith("assembly, Thu 12")]) == 1
    assert len(town.channel()) == before


async def test_a_host_is_asked_two_days_ahead_and_somebody_else_can_be_asked(town: Town) -> None:
    await announce(town, "chi", LATER)
    await town.wait_until(at(10, 19))
    assert letters(town, "chi") == [ASKED]
    assert "You host this: assembly, Thu 12 November, 18:00. Can you still?" in await town.look("chi")
    await town.press("chi", "Ask somebody else")
    assert await town.fill("chi", whom=("dee",)) == "I ask Dee in private. Until they say yes, it stays as it is."
    assert letters(town, "dee") == [
        (
            "Clean River: Chi asks whether you host this: assembly, Thu 12 November, 18:00.\n"
            "It takes 1 hour: you open it, keep an eye on the time, and say afterwards who came. "
            "Either answer is fine.\n"
            "[I'll host it] [I can't]"
        )
    ]
    assert (
        await town.press_kept("ben", Action("gathering", "swap-yes", "1", 1)) == "This is settled already. Thank you."
    )
    assert await town.press("dee", "I can't") == "All right, thank you for saying so."
    assert letters(town, "chi")[-1] == "Dee can't host this one: assembly, Thu 12 November, 18:00."
    await more(town, "chi", "assembly")
    await town.press("chi", "Ask somebody to host")
    await town.fill("chi", whom=("ben",))
    await town.press("ben", "I'll host it")
    assert host_of(town) == "Host: Ben"
    assert letters(town, "chi") == [
        "assembly, Thu 12 November, 18:00. Ben hosts it.",
        "Dee can't host this one: assembly, Thu 12 November, 18:00.",
        "Ben hosts it instead of you: assembly, Thu 12 November, 18:00.",
    ]
    await town.wait_until(at(12, 17))
    assert letters(town, "ana") == []


async def test_a_host_who_is_silent_a_day_ahead_is_noticed_by_organizers_alone(town: Town) -> None:
    await announce(town, "chi", LATER)
    await town.wait_until(at(10, 19))
    early = await town.press_kept("ben", Action("gathering", "host", "1", 1))
    assert early == "Chi hosts it already. Thank you for offering."
    await town.wait_until(at(11, 19))
    told = (
        "Clean River: its host has not confirmed yet: assembly, Thu 12 November, 18:00.\n"
        "They may just be busy. A word to them helps; you can also take it.\n[I'll host it]"
    )
    assert letters(town, "ana") == [told]
    assert letters(town, "dee") == []
    assert await town.press_kept("dee", Action("gathering", "host", "1", 1)) == (
        "Chi hosts it already. Thank you for offering."
    )
    await town.press("ana", "I'll host it")
    assert host_of(town) == "Host: Ana"
    assert letters(town, "chi") == [
        (
            "assembly, Thu 12 November, 18:00. Ana hosts it now, since it was near and not confirmed. "
            "Nothing is left for you to do."
        )
    ]
    assert not any("has no host yet" in text for text in town.channel())
    # Ana has just said yes, so nobody takes it from her.
    town.set_member("ben", role="organizer")
    late = await town.press_kept("ben", Action("gathering", "host", "1", 1))
    assert late == "Ana hosts it already. Thank you for offering."


@sqlite
async def test_hosts_of_a_series_take_turns_skip_and_are_not_put_down_while_away(town: Town) -> None:
    await town.start_movement()
    town.set_member("ben", role="organizer")
    await town.command("ben", "/away from 9 november until 12 november")
    await announce(town, "chi", "circle every tuesday 18:00 1h")
    assert await town.press("dee", "More", on=card(town, "circle"))
    told = await town.press("dee", "Who hosts")
    assert told == (
        "Hosts of circle\nTue 3 November, 18:00: Chi\nTue 10 November, 18:00: Ana\nTue 17 November, 18:00: Ben\n"
        "Tue 24 November, 18:00: Chi\nThey take turns: Ana, Ben, Chi.\n[I take turns] [Leave each slot open]"
    )
    await town.press("dee", "I take turns")
    assert (await town.press("dee", "Leave each slot open")) == "Only its hosts and organizers can change this."
    # Ana skips; by the rota it is the turn of who has not had it.
    await town.command("ana", "/gather list")
    await town.press("ana", "Open one", choice="2")
    assert await town.press("ana", "I can't host it") == (
        "All right. By the rota it is Dee's turn; I ask them in good time."
    )
    hosts = [row["host_id"] for row in town.rows(Gathering)]
    people = {row["person"]: row["id"] for row in town.rows(Member)}
    assert hosts == [people["chi"], people["dee"], people["ben"], people["chi"]]
    # Dee leaves for a while that covers it: the question passes to the next one, and Dee is not asked.
    await town.wait_until(at(5, 12))
    await town.command("dee", "/away until 20 november")
    await town.wait_until(at(8, 19))
    assert letters(town, "dee") == []
    assert host_of(town, "circle") in ("Host: Chi", "Nobody hosts it yet.")


@sqlite
@in_the_room
async def test_what_is_past_or_not_theirs_changes_no_host(town: Town) -> None:
    await announce(town, "chi", LATER)
    assert await town.press_kept("dee", Action("gathering", "host-ask", "1", 1)) == (
        "Only its host and organizers can do this."
    )
    assert await town.press_kept("dee", Action("gathering", "host-off", "1", 1)) == (
        "Somebody else hosts it now, so there is nothing to hand on."
    )
    await town.wait_until(at(12, 19, 30))
    for verb in ("host", "host-off", "host-ask"):
        assert await town.press_kept("chi", Action("gathering", verb, "1", 1)) == (
            "This gathering has begun, is over or was cancelled, so its host stays as noted."
        )
    assert await town.press_kept("chi", Action("gathering", "host-sure", "1", 1)) == (
        "This is settled already. Thank you."
    )
    assert await town.press_kept("chi", Action("gathering", "rota", "1", 1)) == "This gathering is not there any more."
    assert len(town.rows(Gathering)) == 1


@sqlite
@in_the_room
async def test_nobody_waits_for_a_host_who_left_and_the_next_on_the_rota_is_asked_at_once(town: Town) -> None:
    await announce(town, "chi", LATER)
    await town.room.leave("chi", RIVER)
    await town.wait_until(at(9, 19))
    assert town.post("assembly, Thu 12").text == OPEN
    assert host_of(town) == "Nobody hosts it yet."
    await more(town, "ana", "assembly")
    await town.press("ana", "Cancel it")
    await town.fill("ana")
    await town.wait(minutes=1)
    gone = "assembly, Thu 12 November, 18:00: called off, so no host is needed."
    assert town.post("assembly, Thu 12").text == gone
    # Whoever announces it for the day after tomorrow has just said yes, and is not asked.
    await announce(town, "dee", "picnic 12 november 06:00")
    await town.wait_until(at(10, 12))
    assert letters(town, "dee") == []
    # A rota: Ana is asked two days ahead, can't, and the next one is asked right then.
    town.set_member("ben", role="organizer")
    await announce(town, "dee", "circle every thursday 20:00 1h")
    await town.wait_until(at(17, 21))
    asked = [text for text in letters(town, "ana") if text.startswith("Clean River: you host this: circle")]
    assert len(asked) == 1
    told = await town.press("ana", "I can't this time")
    assert told == "All right. By the rota it is Ben's turn; I ask them in good time."
    assert letters(town, "ana")[-1] == (
        "circle, Thu 19 November, 20:00. You can't host it this time. Thank you for saying so."
    )
    assert letters(town, "ben")[-1].startswith("Clean River: you host this: circle, Thu 19 November, 20:00.")
    assert await town.press("ben", "Yes, I host it") == ("Thank you. You can still hand it on with More on its card.")
    assert letters(town, "ben")[-1] == "circle, Thu 19 November, 20:00. You host it. Thank you."
    # A year on: whoever is put down for it and is away on that day is not asked, and it passes on.
    await town.command("dee", "/away until 20 december")
    await town.wait_until(at(25, 12))
    (row,) = [row for row in town.rows(Gathering) if row["starts_at"] == at(26, 20)]
    assert row["host_id"] != next(one["id"] for one in town.rows(Member) if one["name"] == "Dee")


@sqlite
@in_the_room
async def test_a_co_host_may_take_it_over_when_it_is_near_and_step_down_any_time(town: Town) -> None:
    await announce(town, "chi", LATER)
    await town.press("chi", "Details")
    assert await town.fill("chi", co_host=("chi",)) == "co-host: Chi is the host. Please choose somebody else."
    await town.fill("chi", co_host=("dee",))
    await town.wait_until(at(11, 19))
    assert [text.splitlines()[-1] for text in letters(town, "dee")] == ["[I can't]", "[I'll host it]"]
    await town.press("dee", "I'll host it")
    assert host_of(town) == "Host: Dee"
    await more(town, "dee", "assembly")
    await town.press("dee", "Details")
    await town.fill("dee", co_host=("ben",))
    await town.wait(minutes=1)
    assert host_of(town) == "Host: Dee, with Ben"
    assert await town.press("ben", "I can't") == "All right, you are not its co-host any more."
    await town.wait(minutes=1)
    assert host_of(town) == "Host: Dee"
    await more(town, "dee", "assembly")
    await town.press("dee", "Ask somebody to host")
    assert await town.fill("dee", whom=("dee",)) == "whom: Dee hosts it already."
    await town.command("ben", "/away until 20 november")
    assert await town.fill("dee", whom=("ben",)) == "whom: Ben is away now. Please choose somebody else."
    assert await town.fill("dee", whom=("ana",)) == "I ask Ana in private. Until they say yes, it stays as it is."
    await more(town, "ana", "assembly")
    await town.press("ana", "Ask somebody to host")
    await town.fill("ana", whom=("ana",))
    await town.wait(minutes=1)
    assert host_of(town) == "Host: Ana"
    assert await town.press_kept("dee", Action("gathering", "host-sure", "1", 1)) == (
        "This is settled already. Thank you."
    )


async def test_when_a_host_has_gone_shortly_before_the_channel_is_asked_within_the_hour(town: Town) -> None:
    await announce(town, "ben", LATER)
    await announce(town, "chi", "circle 12 november 20:00")
    await town.wait_until(at(10, 20, 30))
    await town.press("ben", "Yes, I host it")
    await town.wait_until(at(11, 9))
    await town.room.leave("ben", RIVER)
    await town.command("chi", "/me")
    await town.press("chi", "My data")
    await town.press("chi", "Delete me")
    await town.press("chi", "Delete me now")
    await town.wait(hours=1, minutes=2)
    assert town.post("assembly, Thu 12").text == OPEN
    assert town.post("circle, Thu 12").text == OPEN.replace("assembly", "circle").replace("18:00", "20:00")
    assert (host_of(town), host_of(town, "circle")) == ("Nobody hosts it yet.", "Nobody hosts it yet.")
    await town.press("dee", "I'll host it", on=town.post("assembly, Thu 12"))
    before = len(town.channel())
    await town.wait_until(at(12, 17))
    assert (host_of(town), len(town.channel())) == ("Host: Dee", before)
    # Taken and given back on the last day, it is called out once more: nobody looks at the old post again.
    await town.press_kept("dee", Action("gathering", "host-off", "1", 1))
    await town.wait(minutes=1)
    assert [text for text in town.channel() if text.startswith("assembly, Thu 12")] == [OPEN, OPEN]
    await town.press_kept("ana", Action("gathering", "host", "1", 1))
    await town.wait(minutes=1)
    taken = "assembly, Thu 12 November, 18:00: Ana hosts it. Thank you."
    assert [text for text in town.channel() if text.startswith("assembly, Thu 12")] == [taken, taken]
    assert not any("has not confirmed" in text for text in letters(town, "ana"))


@sqlite
@in_the_room
async def test_a_move_asks_its_host_at_once_and_their_no_to_coming_hands_it_on(town: Town) -> None:
    await announce(town, "ben", LATER)
    await town.press("ben", "Going", on=card(town, "assembly"))
    await more(town, "ana", "assembly")
    await town.press("ana", "Time and place")
    await town.fill("ana", when="2026-11-02 21:00")
    await town.wait(minutes=1)
    moved = "assembly, Mon 2 November, 21:00"
    assert letters(town, "ben") == [
        f"Clean River: this has changed: {moved} (1 hour). It was to be Thu 12 November, 18:00.\n[I can't host it]",
        ASKED.replace("assembly, Thu 12 November, 18:00", moved),
    ]
    # Half of the time that is left is theirs, before anybody else hears of it.
    await town.wait_until(at(2, 2))
    assert letters(town, "ana") == []
    told = await town.press_kept("ben", Action("gathering", "cant", "1", 1))
    assert told == (
        f"Noted, thank you for saying so: you can't make {moved} (1 hour).\n"
        "Nobody is told who can't. You are still down as hosting it; hand that on as well, so that somebody can be "
        "found.\n[I can't host it] [I can come after all]"
    )
    await town.wait_until(at(2, 15, 50))
    assert [text.splitlines()[0] for text in letters(town, "ana")] == [
        f"Clean River: its host has not confirmed yet: {moved}."
    ]
    await town.press("ben", "I can't host it")
    await town.wait(minutes=1)
    assert town.post("assembly, Mon 2").text.startswith(f"{moved} has no host yet.")
    # Who is away when they would be asked is asked when they are back; nobody calls them silent before that.
    await announce(town, "chi", "circle 12 november 18:00")
    await town.command("chi", "/away from 9 november until 11 november")
    await town.wait_until(at(11, 6, 50))
    assert [text for who in ("ana", "chi") for text in letters(town, who) if "circle" in text] == []
    await town.wait_until(at(11, 7, 5))
    assert [text for who in ("ana", "chi") for text in letters(town, who) if "circle" in text] == [
        ASKED.replace("assembly", "circle")
    ]
    await town.wait_until(at(12, 7, 5))
    assert letters(town, "ana")[-1].startswith("Clean River: its host has not confirmed yet: circle, Thu 12 November")
