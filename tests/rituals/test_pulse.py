"""The pulse: all figures to organizers, the active side to everybody, each explained, and one quiet note a month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat import Action
from tests.histories import held, joined
from tests.retros import pick
from tests.town import Town
from tests.turnouts import seat_seven

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

ACTIVE = (
    "The pulse of Clean River\n"
    "Did something: 4 of 7 (about half), up since the month before\n"
    "Came to a gathering: 4 of 7 (about half), up since the month before\n"
    "Said yes and came: 3 of 5 (about half), too few to compare; 1 came without a yes\n"
    "Promises kept in time: told when five have come due\n"
    "Answer a check-in: no data yet\n"
    "People who led: Sep 0, Oct 1, Nov 0\n"
    "What it was for: 4 organizing, 0 mobilizing"
)
ALL = (
    "The pulse of Clean River\n"
    "Did something: 4 of 7 (about half), up since the month before\n"
    "Came to a gathering: 4 of 7 (about half), up since the month before\n"
    "Came, of who could have: 4 of 7 (about half)\n"
    "Said yes and came: 3 of 5 (about half), too few to compare; 1 came without a yes\n"
    "Talk against turning up: too few to tell\n"
    "Who does how much: leading 0, core 0, activated 4\n"
    "Newcomers' first step: no data yet\n"
    "Until newcomers act: half of them within 94 days\n"
    "Promises kept in time: told when five have come due\n"
    "Answer a check-in: no data yet\n"
    "People who led: Sep 0, Oct 1, Nov 0\n"
    "What it was for: 4 organizing, 0 mobilizing"
)
PICTURE = "(Said yes and came, oldest first. town hall, Mon 26 October: 5 said yes, 4 came.)"
NOTE = (
    "Clean River, once a month, to organizers only:\n"
    "- 3 people who used to come have not been to a gathering for 60 days.\n"
    "What you could offer\n- Listen before you ask: a listening round, with /listen.\n"
    "These are numbers, not names: nobody owes anybody a reason. /pulse has more.\n[Don't write me this]"
)


async def a_town_hall(town: Town) -> None:
    """Seven people are there for long; five said yes to a town hall, three of them came, and one who had not."""
    await seat_seven(town)
    joined(town, 100)
    held(town, "town hall", 6, yes="ana ben chi dee eli", came="ana ben chi fay")


async def test_everybody_sees_the_active_side_and_organizers_all_of_it_each_figure_explained(town: Town) -> None:
    await a_town_hall(town)
    names = [line.partition(":")[0] for line in ALL.splitlines()[1:]]
    active = [line.partition(":")[0] for line in ACTIVE.splitlines()[1:]]
    assert await town.command("chi", "/pulse") == (
        f"{ACTIVE}\nWhat does this mean? {{{', '.join(active)}}}\n[Send me the picture]"
    )
    assert await pick(town, "chi", "What does this mean?", "Came to a gathering") == (
        "Came to a gathering\n"
        "Of all who could have acted, those who came to a gathering, or hosted one, in the last 30 days.\n"
        "Now\n4 of 7 (about half), up since the month before"
    )
    assert await town.press("chi", "Send me the picture") == "It is in your private messages."
    assert town.inbox("chi")[-1] == f"Clean River: who said yes, and who came.\n{PICTURE}"
    assert await town.command("ana", "/pulse") == (
        f"{ALL}\nWhat does this mean? {{{', '.join(names)}}}\n[Send me the picture] [Show the channel]"
    )
    assert (await pick(town, "ana", "What does this mean?", "Talk against turning up")).endswith("Now\ntoo few to tell")
    posts = len(town.channel())
    for _ in range(2):
        assert (await town.press("ana", "Show the channel")).startswith("Done. The active side is in the channel")
    assert town.channel()[posts:] == [f"{ACTIVE}\n{PICTURE}"]


async def test_what_is_for_organizers_nobody_else_can_ask_for(town: Town) -> None:
    await town.start_movement()
    assert await town.press_kept("chi", Action("pulse", "channel", movement=1)) == "Only an organizer can do this."
    for hidden in ("talk", "fair", "ladder", "first-step", "time-to-act", "anything"):
        said = await town.press_kept("chi", Action("pulse", "meaning", movement=1), choice=hidden)
        assert said == "There is no such figure here. /pulse shows those there are."
    await town.command("chi", "/pulse")
    assert await town.press("chi", "Send me the picture") == (
        "There is no gathering yet that is over. After the first one there is a picture of it."
    )


@sqlite
@in_the_room
async def test_organizers_see_whether_more_come_after_looking_back_and_what_that_does_not_prove(town: Town) -> None:
    await seat_seven(town)
    joined(town, 300)
    for week in range(1, 12):
        looked_back = week % 2 == 1
        came = "ana ben gus" if looked_back else "ana ben chi dee gus"
        held(town, "town hall", 7 * week, yes="ana", came=came, notes=2 if looked_back and week > 1 else 0)
    said = (
        "After gatherings that people looked back on, 2 more came to the next one; after the others, 2 fewer came "
        "(medians; 5 times against 5). That is no proof of a cause."
    )
    assert f"\nLooking back: {said}\n" in await town.command("ana", "/pulse")
    explained = await pick(town, "ana", "What does this mean?", "Looking back")
    assert explained.startswith("Looking back\nGatherings of the last year of which somebody told who came, each ")
    assert explained.endswith(f"\nNow\n{said}")
    assert "Looking back" not in await town.command("chi", "/pulse")
    refused = await town.press_kept("chi", Action("pulse", "meaning", movement=1), choice="looking-back")
    assert refused == "There is no such figure here. /pulse shows those there are."
    # Whoever is not counted is not counted here either.
    for who in ("chi", "dee"):
        town.set_member(who, opted_out=True)
    assert "on, as many came to the next one; after the others, as many came (" in await town.command("ana", "/pulse")


@sqlite
@in_the_room
async def test_once_a_month_organizers_hear_how_many_are_slipping_away_and_never_who(town: Town) -> None:
    await seat_seven(town)
    joined(town, 300)
    town.set_member("ben", role="organizer")
    held(town, "town hall", 100, yes="ana", came="ana ben chi dee eli fay gus")
    held(town, "town hall", 90, yes="ana", came="ana ben chi dee eli fay gus")
    held(town, "town hall", 20, yes="ana", came="ana ben chi dee")
    await town.wait_until(datetime(2026, 11, 30, 23, tzinfo=UTC))
    notes = {who: [text for text in town.inbox(who) if "once a month" in text] for who in ("ana", "ben", "chi")}
    assert notes == {"ana": [], "ben": [], "chi": []}
    await town.wait_until(datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert [town.inbox("ana")[-1], town.inbox("ben")[-1]] == [NOTE, NOTE]
    assert NOTE not in town.inbox("chi")
    assert await town.press("ben", "Don't write me this") == (
        "I won't write you this any more. /pulse shows the figures whenever you want them.\n[Write it again]"
    )
    held(town, "town hall", 0.5, yes="ana", came="ana ben chi dee")
    await town.wait_until(datetime(2027, 1, 1, 12, tzinfo=UTC))
    letters = {who: sum("once a month" in text for text in town.inbox(who)) for who in ("ana", "ben", "chi")}
    assert letters == {"ana": 2, "ben": 1, "chi": 0}
    await town.press("ben", "Write it again")
    # Where only two are slipping away, nothing is said: it would point at them.
    held(town, "town hall", 1, yes="ana", came="ana ben chi dee eli")
    await town.wait_until(datetime(2027, 2, 1, 12, tzinfo=UTC))
    assert sum("once a month" in text for text in town.inbox("ben")) == 1
