"""Gatherings in people's own calendars: as a file, behind a link, and among a Discord server's own events."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as IcsEvent

from bot.chat import Action
from bot.config import Config
from bot.following import find_calendar
from bot.tables import Feed, Gathering, Member, Twin
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.world import VOICE
from tests.gatherings import announce, more
from tests.stages import DiscordStage
from tests.town import RIVER, Found, Town

WEEK = timedelta(weeks=1)
ADDRESS = "https://drumbeat.example.org"
LINK = re.compile(rf"{re.escape(ADDRESS)}/calendar/([\w-]{{43}})\.ics")


async def reachable(found_town: Found, url: str) -> Town:
    """A town whose Drumbeat has a web address."""
    return await found_town(config=Config(database_url=url, public_url=ADDRESS, http_port=8080))


def behind(town: Town, token: str) -> str | None:
    """What is behind a link."""
    with town.drumbeat.database.reading() as db:
        return find_calendar(db, token, now=town.clock())


def titles(town: Town, token: str) -> list[tuple[str | None, str | None]]:
    """The gatherings behind a link, each with its status."""
    written = behind(town, token)
    assert written is not None
    return [(event.summary, event.status) for event in IcsCalendarStream.calendar_from_ics(written).events]


def token_in(shown: str) -> str:
    found = LINK.search(shown)
    assert found is not None, shown
    assert f"webcal://drumbeat.example.org/calendar/{found[1]}.ics" in shown
    return found[1]


async def test_a_gathering_comes_as_a_file_in_private(town: Town) -> None:
    card = await announce(town, "ana")
    await town.press("chi", "Going", on=card)
    assert await town.press("chi", "For my calendar") == "The calendar file is in your messages from me."
    sent = town.inbox("chi")[-1]
    assert sent == (
        "town hall, Mon 2 November, 18:00\n"
        "Open the file to put it into your calendar. It does not change there if the gathering does.\n"
        "town-hall-2026-11-02.ics (file)"
    )
    # Asked for again, the same file is not sent again.
    assert await town.press("chi", "For my calendar") == "The calendar file is in your messages from me."
    assert [post for post in town.inbox("chi") if "(file)" in post] == [sent]


@pytest.mark.parametrize("platform", ["playground"])
async def test_without_a_web_address_there_is_the_file(town: Town) -> None:
    await announce(town, "ana")
    assert await town.command("chi", "/gather calendar") == (
        "A calendar that follows needs a web address of mine, and I have none; whoever runs me can set one up. "
        "Until then tap 'For my calendar' at a gathering: I send it to you as a file."
    )


@pytest.mark.parametrize("platform", ["playground"])
async def test_a_link_follows_what_somebody_said_yes_to_and_a_new_one_ends_the_old_one(
    found_town: Found, database_url: str
) -> None:
    town = await reachable(found_town, database_url)
    hall = await announce(town, "ana")
    walk = await announce(town, "ben", "river walk saturday 10:00 60m")
    await announce(town, "ben", "quiet reading sunday 10:00 60m")
    assert await town.command("chi", "/gather calendar") == (
        "Your own calendar: the gatherings of Clean River that you are going to, may come to, wait for or host. It "
        "follows every change by itself. Whoever has the link sees the same, so keep it to yourself.\n"
        "[Make my link]"
    )
    old = token_in(await town.press("chi", "Make my link"))
    assert titles(town, old) == []
    await town.press("chi", "Going", on=hall)
    await town.press("chi", "Maybe", on=walk)
    assert titles(town, old) == [("town hall", "CONFIRMED"), ("river walk", "TENTATIVE")]
    # Nobody's name but the host's, and nothing of who else comes.
    await town.press("dee", "Going", on=hall)
    written = behind(town, old) or ""
    assert [name for name in ("Ana", "Ben", "Chi", "Dee") if name in written] == ["Ana", "Ben"]
    await town.press("chi", "Can't", on=walk)
    assert titles(town, old) == [("town hall", "CONFIRMED")]
    # What the database keeps is no link.
    (row,) = town.rows(Feed)
    assert old not in str(row)
    assert "You have had a link since" in await town.command("chi", "/gather calendar")
    new = token_in(await town.press("chi", "New link"))
    assert (behind(town, old), titles(town, new)) == (None, [("town hall", "CONFIRMED")])
    await town.command("chi", "/gather calendar")
    assert await town.press("chi", "Switch off") == "Your calendar is switched off: its link shows nothing any more."
    assert (behind(town, new), town.rows(Feed)) == (None, [])


@pytest.mark.parametrize("platform", ["playground"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_whoever_left_or_opted_out_leaves_no_calendar_behind(found_town: Found, database_url: str) -> None:
    town = await reachable(found_town, database_url)
    hall = await announce(town, "ana")
    for who in ("chi", "dee"):
        await town.press(who, "Going", on=hall)
        await town.command(who, "/gather calendar")
    tokens = {who: token_in(await town.press(who, "Make my link")) for who in ("chi", "dee")}
    await town.room.leave("chi", "river")
    with town.drumbeat.database.transaction() as db:
        dee = next(one for one in db.query(Member) if one.name == "Dee")
        dee.opted_out = True
    assert [behind(town, token) for token in tokens.values()] == [None, None]
    shown = await town.command("dee", "/gather calendar")
    assert shown == "You opted out of my records, so I keep no calendar for you."
    assert [behind(town, made_up) for made_up in ("", "x" * 43, "../" * 9, tokens["chi"][:-1])] == [None] * 4


@pytest.mark.parametrize("platform", ["playground"])
async def test_the_public_calendar_is_an_organizers_affair_and_says_neither_who_nor_where(
    found_town: Found, database_url: str
) -> None:
    town = await reachable(found_town, database_url)
    await announce(town, "ben", "work call tomorrow 12:00 https://meet.example.org/secret-room")
    await town.command("ana", "/gather town hall every thursday 18:00 90m at Dee's kitchen, River Road 5")
    shown = await town.command("chi", "/gather calendar")
    assert "public" not in shown
    await town.command("ana", "/gather calendar")
    token = token_in(await town.press("ana", "Open it"))
    assert "public calendar is open; the organizers have its link" in await town.command("chi", "/gather calendar")
    written = behind(town, token) or ""
    secrets = ("Ana", "Ben", "Dee", "kitchen", "River Road", "secret-room", "meet.example", "Host")
    assert [word for word in secrets if word in written] == []
    assert "\nRRULE:FREQ=WEEKLY;BYDAY=TH\n" in written
    assert "\nLOCATION:Online\n" in written
    later = titles(town, token)
    assert sorted(title or "" for title, _ in later) == ["town hall", "work call"]
    await town.command("ana", "/gather calendar")
    assert await town.press("ana", "Close it") == "The public calendar is closed: its link shows nothing any more."
    assert behind(town, token) is None


async def test_a_button_of_the_public_calendar_in_a_members_hand_does_nothing(
    found_town: Found, database_url: str, platform: str
) -> None:
    town = await reachable(found_town, database_url)
    await announce(town, "ana")
    refused = await town.press_kept("chi", Action("gathering", "calendar-open", "", 1))
    assert "organizer" in refused
    assert town.rows(Feed) == []


# ------------------------------------------------------------------------------------------------ series


@pytest.mark.parametrize("platform", ["playground"])
async def test_a_series_in_the_public_calendar_leaves_out_what_is_off_and_moves_what_was_moved(
    found_town: Found, database_url: str
) -> None:
    town = await reachable(found_town, database_url)
    await announce(town, "ana", "reading group every thursday 18:00 60m")
    await town.command("ana", "/gather calendar")
    token = token_in(await town.press("ana", "Open it"))
    first, second, third, *_ = coming(town)
    await town.press_kept("ana", Action("gathering", "cancel", f"{second['id']}/one", 1))
    await town.fill("ana", why="Nobody has read it")
    await town.press_kept("ana", Action("gathering", "change", f"{third['id']}/one", 1))
    await town.fill("ana", when="20 november 19:30")
    written = behind(town, token) or ""
    timeline = IcsCalendarStream.calendar_from_ics(written).timeline
    shown = [begin(event) for event in islice(timeline, 4)]
    moved = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert shown == [first["starts_at"], moved, third["slot"] + WEEK, third["slot"] + 2 * WEEK]
    # Ended, it has those that stay and no others.
    await town.press_kept("ana", Action("gathering", "cancel", f"{third['id']}/following", 1))
    await town.fill("ana", why="")
    ended = IcsCalendarStream.calendar_from_ics(behind(town, token) or "").timeline
    assert [begin(event) for event in islice(ended, 9)] == [first["starts_at"]]


def begin(event: IcsEvent) -> datetime:
    assert isinstance(event.dtstart, datetime)
    return event.dtstart.astimezone(UTC)


def coming(town: Town) -> list[dict[str, Any]]:
    """The gatherings that were made, in their order."""
    return sorted(town.rows(Gathering), key=lambda row: row["slot"])


# ------------------------------------------------------------------------------------------------ Discord


def stand_of(town: Town) -> DiscordStand:
    assert isinstance(town.stage, DiscordStage)
    assert isinstance(town.stage.stand, DiscordStand)
    return town.stage.stand


def event_of(town: Town) -> dict[str, Any]:
    """The one event of the server."""
    stand = stand_of(town)
    (event,) = stand.world.servers[stand.native("movement")].events.values()
    return {name: event[name] for name in ("name", "status", "entity_type", "scheduled_start_time")}


@pytest.mark.parametrize("platform", ["discord"])
async def test_a_gathering_in_a_call_is_among_the_servers_own_events_and_stays_in_step(town: Town) -> None:
    stand_of(town).add_call(RIVER)
    await announce(town, "ana", "town hall tomorrow 18:00 90m voice channel river")
    event = {"name": "town hall", "status": 1, "entity_type": 2, "scheduled_start_time": "2026-11-02T17:00:00+00:00"}
    assert event_of(town) == event
    await more(town, "ana")
    await town.press("ana", "Time and place")
    await town.fill("ana", when="tomorrow 19:00")
    moved = {**event, "scheduled_start_time": "2026-11-02T18:00:00+00:00"}
    assert event_of(town) == moved
    await town.restart()
    await town.wait_until(datetime(2026, 11, 2, 18, 0, 30, tzinfo=UTC))
    assert event_of(town) == {**moved, "status": 2}
    await town.wait(hours=3)
    assert event_of(town) == {**moved, "status": 3}
    assert [row["try_at"] for row in town.rows(Twin)] == [None]


@pytest.mark.parametrize("platform", ["discord"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_where_events_may_not_be_made_nobody_is_bothered_and_it_is_looked_at_daily(town: Town) -> None:
    stand = stand_of(town)
    stand.add_call(RIVER)
    call = next(one for one in stand.world.channels.values() if one.kind == VOICE)
    stand._change_bot(call, deny=("CREATE_EVENTS",), allow=())
    await announce(town, "ana", "town hall 12 november 18:00 90m voice channel river")
    server = stand.world.servers[stand.native("movement")]
    assert server.events == {}
    assert [text for text in town.inbox("ana") if "event" in text] == []
    stand._change_bot(call, deny=(), allow=("CREATE_EVENTS",))
    await town.wait(hours=25)
    assert event_of(town)["name"] == "town hall"
    await more(town, "ana")
    await town.press("ana", "Cancel it")
    await town.fill("ana", why="The hall is closed")
    assert event_of(town)["status"] == 4


@pytest.mark.parametrize("platform", ["discord"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_event_that_somebody_deleted_stays_deleted(town: Town) -> None:
    stand = stand_of(town)
    stand.add_call(RIVER)
    await announce(town, "ana", "town hall 12 november 18:00 90m voice channel river")
    server = stand.world.servers[stand.native("movement")]
    server.events.clear()
    for when in ("13 november 18:00", "14 november 18:00"):
        await more(town, "ana")
        await town.press("ana", "Time and place")
        await town.fill("ana", when=when)
    assert server.events == {}
    assert [(row["event"], row["try_at"]) for row in town.rows(Twin)] == [("deleted", None)]
