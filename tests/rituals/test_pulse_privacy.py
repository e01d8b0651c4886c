"""What the pulse must not tell: who is quiet, who did not come, who is not counted; with all of them there."""

from __future__ import annotations

import pytest

from bot.chat import Person
from tests.histories import did, held, joined
from tests.retros import options
from tests.town import RIVER, Town
from tests.turnouts import seat_seven

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

NAMES = ("Ana", "Ben", "Chi", "Dee", "Eli", "Fay", "Gus")


async def a_mixed_town(town: Town) -> None:
    """Dee only listens, Fay only talks, Eli said yes and did not come, Gus is not counted; Ben organizes."""
    await seat_seven(town)
    joined(town, 100)
    town.set_member("ben", role="organizer")
    held(town, "town hall", 6, yes="ana ben chi eli gus", came="ana ben chi gus")
    did(town, "fay", "message", 1, 2)
    did(town, "gus", "action_done", 3)
    town.set_member("gus", opted_out=True)


async def all_that_is_told(town: Town, who: str) -> str:
    """Everything that one person can get out of the pulse."""
    told = [await town.command(who, "/pulse")]
    label = "What does this mean?"
    told += [await town.press(who, label, choice=value) for value in options(town, who, label).values()]
    await town.press(who, "Send me the picture")
    return "\n".join([*told, town.inbox(who)[-1]])


async def test_nobody_is_named_or_can_be_told_from_the_others_and_a_founder_sees_no_more(town: Town) -> None:
    await a_mixed_town(town)
    told = {who: await all_that_is_told(town, who) for who in ("chi", "ben", "ana")}
    assert told["ana"] == told["ben"]
    for words in told.values():
        assert [name for name in NAMES if name in words] == []
        # One person is not counted, so nothing is said of that; six are too few for a word on who is quiet.
        assert "people chose not to be counted" not in words
        assert "listening in" not in words
        assert "in the chat only" not in words
        # Gus came, and is in no figure: three of four who count had said yes and came.
        assert "Said yes and came: 3 of 4, too few to compare" in words
        assert "Did something: 3 of 6 (about half)" in words
    hidden = ("Came, of who could have", "Talk against turning up", "Who does how much", "Newcomers' first step")
    assert [name for name in hidden if name in told["chi"]] == []
    assert [name for name in hidden if name in told["ana"]] == [*hidden]


@in_the_room
async def test_how_many_are_quiet_is_told_to_organizers_alone_and_from_three_among_ten_on(town: Town) -> None:
    await a_mixed_town(town)
    names = ("hal", "ida", "jon", "kim", "lea", "max")
    await town.bring(*(Person(name, name.capitalize(), "Europe/Berlin") for name in names))
    joined(town, 100)
    did(town, "hal", "action_done", 1)
    did(town, "ida", "message", 1)
    did(town, "jon", "message", 1)
    for who in ("kim", "lea"):
        did(town, who, "action_done", 2)
    # Twelve count: six did something, three only talk; Dee, Eli and Max are listening.
    talk = "Talk against turning up: "
    shown = await town.command("ana", "/pulse")
    listening = "6 of 9 (more than half) of who was seen did something; 3 of 12 (fewer than half) are listening in"
    assert f"{talk}{listening}\n" in shown
    assert "listening in" not in await town.command("chi", "/pulse")
    did(town, "max", "action_done", 1)
    # Two are left who only listen.
    assert f"{talk}too few to tell\n" in await town.command("ana", "/pulse")


async def test_what_somebody_sees_of_themselves_reaches_nobody_else(town: Town) -> None:
    await a_mixed_town(town)
    await town.command("dee", "/me")
    await town.command("eli", "/me")
    await town.command("chi", "/me")
    assert "You are listening in." in town.whisper("dee")
    assert "You do your part." in town.whisper("chi")
    own = ("listening in.", "You do your part.", "Only you see this", "came to one gathering")
    read = [*town.channel(), *(text for who in ("ana", "ben", "chi", "dee", "eli") for text in town.inbox(who))]
    read += [post.text for who in ("ana", "ben") for post in town.room.whispers(who)]
    read += [text for post in town.room.channel_messages(RIVER) for text in town.thread(post)]
    assert [words for words in read if any(one in words for one in own)] == []
    # Not even to themselves is it said that they did not come.
    assert "did not come" not in town.whisper("eli")


async def test_whoever_opts_out_leaves_every_figure_at_once(town: Town) -> None:
    await a_mixed_town(town)
    assert "Did something: 3 of 6 (about half)" in await town.command("ana", "/pulse")
    await town.command("chi", "/me")
    for label in ("My data", "Don't count me", "Don't count me"):
        await town.press("chi", label)
    shown = await town.command("ana", "/pulse")
    assert "Did something: 2 of 5 (about half)" in shown
    assert "Said yes and came: 2 of 3, too few to compare" in shown
    assert "2 people chose not to be counted." in shown
