"""One's own page: what one did, where one stands, a small next step, and setting the record right."""

from __future__ import annotations

import pytest

from bot.chat import Action
from bot.tables import Act, Member, Visit
from tests.gatherings import announce, card
from tests.histories import did, joined
from tests.retros import options
from tests.town import Town
from tests.turnouts import (
    at,
    coming,
    evidence,
    numbers,
    roll_call,
    say_here,
    seat_seven,
    start,
    town_hall,
    turnout,
    word,
)

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

WAYS = "[I did something] [Correct] [My data] [Settings]"


async def came_to_the_town_hall(town: Town) -> None:
    """Ana, Ben and Chi said yes; Ana and Chi came, and Ana called the roll."""
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi")
    await town.wait_until(at(18, 5))
    await start(town)
    await town.wait_until(at(19, 45))
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "ana", "chi"))


async def test_the_page_shows_what_one_did_where_one_stands_and_one_small_step(town: Town) -> None:
    await came_to_the_town_hall(town)
    await announce(town, "ana", "river walk wednesday 18:00 30m")
    assert await town.command("dee", "/me") == (
        "You in Clean River\nOnly you see this.\n"
        "Nothing of the last 90 days is in your record yet.\n"
        "Where you stand\n"
        "You are new here. Look around as long as you like; the first step takes under five minutes.\n"
        f"A next small step\nAnswer the check-in. It takes 2 minutes.\n[Check in]\n{WAYS}"
    )
    assert (await town.press("dee", "Check in")).startswith("Check-in\n")
    await town.press("chi", "Check in", on=town.board())
    await town.fill("chi", q1="Fine", did="Ten posters")
    await town.command("chi", "/me")
    await town.press("chi", "I did something")
    assert await town.fill("chi", what="Ten more") == (
        "Thank you. You told me of something today already, and one a day is what counts."
    )
    await town.wait(minutes=1)
    assert await town.command("chi", "/me") == (
        "You in Clean River\nOnly you see this.\n"
        "In the last 90 days you\n• came to one gathering\n• did one thing on your own\n• answered one check-in\n"
        "• answered one invitation to a gathering\n"
        "Gatherings you came to\ntown hall, Mon 2 November\n"
        "Where you stand\nYou do your part. Movements are made of that.\n"
        "A next small step\nCome to 'river walk', Wed 4 November, 18:00. It takes 30 minutes.\n[I'm going]\n"
        f"{WAYS}"
    )
    assert (await town.press("chi", "I'm going")).startswith("You are going")
    assert "Going: 1" in card(town, "river walk").text


@sqlite
async def test_no_step_goes_beyond_ones_hours_and_none_is_suggested_to_who_does_not_want_it(town: Town) -> None:
    await came_to_the_town_hall(town)
    await announce(town, "ana", "river walk wednesday 18:00 90m")
    assert "Come to 'river walk', Wed 4 November, 18:00. It takes 90 minutes." in await town.command("chi", "/me")
    await town.press("chi", "Settings")
    assert await town.fill("chi", hours="a lot") == "hours: Write a number of hours from 0 to 80, such as 2 or 1.5."
    assert (await town.fill("chi", hours="1,25")).startswith("Saved. ")
    assert "Answer the check-in. It takes 2 minutes." in await town.command("chi", "/me")
    await town.press("chi", "Settings")
    assert town.form("chi").form.fields[0].value == "1.25"
    await town.fill("chi", wants=("rising",))
    assert "\nYou would rather not be asked, so I suggest nothing. Settings changes that.\n" in await town.command(
        "chi", "/me"
    )
    (chi,) = [row for row in town.rows(Member) if row["person"] == "chi"]
    assert [chi[name] for name in ("hours", "asks", "seen_in_calls", "told_when_rising")] == [1.25, False, False, True]


async def test_what_is_not_so_can_be_taken_out_of_ones_own_record_and_of_nobody_elses(town: Town) -> None:
    await came_to_the_town_hall(town)
    await town.wait(minutes=2)
    assert turnout(town) == "It is over. Two came; three had said yes."
    await town.command("chi", "/me")
    assert await town.press("chi", "Correct") == (
        "Were you there or not? You can set that right for a week.\n[town hall, Mon 2 November]\n"
        "Something in your record that is not so can be taken out.\n"
        "Take out … {Mon 2 November: came to one gathering, Sun 1 November: answered one invitation to a gathering}"
    )
    (came,) = [row["id"] for row in town.rows(Act) if row["kind"] == "attended" and row["member_id"] != 1][:1]
    number = options(town, "chi", "Take out …")["Mon 2 November: came to one gathering"]
    assert str(came) == number
    gone = "That is not in your record any more."
    assert await town.press_kept("ben", Action("me", "take-out", movement=1), choice=number) == gone
    assert await town.press_kept("ben", Action("me", "taken-out", number, movement=1)) == gone
    assert await town.press("chi", "Take out …", choice=number) == (
        "Take this out of your record? It is deleted for good; only how many came to a gathering stays as it was told "
        "there. I keep just a note not to write it down again.\n"
        "> Mon 2 November: came to one gathering\n[Take it out]"
    )
    assert await town.press("chi", "Take it out") == "It is out of your record."
    assert await town.press("chi", "Take it out") == gone
    assert town.acts("attended") == [("ana", "attended")]
    await town.wait(minutes=2)
    # Whoever takes something out says nothing of who was there, so no number changes, and nobody is told.
    assert turnout(town) == "It is over. Two came; three had said yes."
    assert town.thread(card(town)) == ["town hall: two came; three had said yes."]
    assert [one for one in evidence(town) if one[0] == "chi"] == [("chi", "roll", "came")]
    # The roll call, sent once more, does not write it down again.
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "ana", "ben", "chi"))
    assert town.acts("attended") == [("ana", "attended"), ("ben", "attended")]
    assert turnout(town) == "It is over. Three came; three had said yes."
    # Nor does somebody else's word; what one tells anew oneself is written down again.
    await take_out(town, "ana", "hosted")
    await town.press_kept("ben", Action("gathering", "was-not", "1", movement=1))
    assert coming(town) == [("ana", "attended"), ("ana", "initiated")]
    for _ in range(2):
        await town.command("chi", "/me")
        await town.press("chi", "I did something")
        await town.fill("chi", what="Ten posters")
        await take_out(town, "chi", "action_done")
    assert town.acts("action_done") == []


async def take_out(town: Town, who: str, kind: str) -> None:
    """Take the last act of a kind out of one's record."""
    number = [str(row["id"]) for row in town.rows(Act) if row["kind"] == kind][-1]
    await town.command(who, "/me")
    await town.press(who, "Correct")
    await town.press(who, "Take out …", choice=number)
    assert await town.press(who, "Take it out") == "It is out of your record."


@sqlite
@in_the_room
async def test_whoever_wants_no_call_noted_leaves_the_one_that_is_on(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi", line="town hall tomorrow 18:00 90m in voice lounge")
    await town.wait_until(at(18, 1))
    await start(town)
    for who in ("ana", "ben", "chi"):
        await town.enter_call(who)
    await town.wait_until(at(18, 50))
    # Somebody writes the word, so what is known by now is put together.
    await say_here(town, "ben", await word(town))
    assert {("ben", "call", "came"), ("chi", "call", "came")} <= evidence(town)
    await town.command("chi", "/me")
    await town.press("chi", "Settings")
    await town.fill("chi", wants=("asks",))
    chi = int(numbers(town, "chi")[0])
    assert [row for row in town.rows(Visit) if row["member_id"] == chi] == []
    assert [one for one in evidence(town) if one[0] == "chi"] == []
    await town.wait_until(at(20, 30))
    assert turnout(town) == "It is over. Two are known to have come; nobody has told me yet of the others."
    assert [one for one in evidence(town) if one[0] == "chi"] == []


@sqlite
@in_the_room
async def test_whoever_rises_is_told_once_in_private_and_nobody_hears_who_moved_down(town: Town) -> None:
    await town.start_movement()
    joined(town, 200, "ana", "ben", "dee")
    await town.wait(days=1)
    did(town, "ben", "hosted", 0.1, 1.1)
    did(town, "dee", "action_done", 0.1)
    await town.command("dee", "/me")
    await town.press("dee", "Settings")
    await town.fill("dee", wants=("asks", "rising"))
    posts = len(town.channel())
    await town.wait(days=20)
    rose = "Only you are told. /me shows your record and a next small step.\n[Settings]"
    letters = {who: [text for text in town.inbox(who) if "Only you are told" in text] for who in ("ben", "chi", "dee")}
    assert letters == {
        "ben": [f"Clean River: You carry things for others now, too. Thank you.\n{rose}"],
        "chi": [],
        "dee": [f"Clean River: You did your part. Thank you: movements are made of that.\n{rose}"],
    }
    told = [text for text in town.channel()[posts:] if not text.startswith("Check-in")]
    assert told == ["Dee did their part. Thank you."]
    await town.wait(days=110)
    levels = {str(row["person"]): row["level"] for row in town.rows(Member)}
    assert levels == {"ana": "listening", "ben": "listening", "chi": "listening", "dee": "listening"}
    assert len([text for text in town.inbox("ben") if "Only you are told" in text]) == 1
    assert len([text for text in town.channel() if text.startswith("Dee")]) == 1
