"""What a calendar program gets behind a link, and what everybody else gets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import aiohttp
import pytest

from adapters.playground import Playground
from bot.feeds import HEADERS, Feeds
from bot.following import end_link, make_link
from bot.tables import Gathering, Member, Movement
from tests.bot.test_door import opened
from tests.gatherings import announce
from tests.logged import log
from tests.town import Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOTHING = "There is no calendar here."


async def ask(address: str, **headers: str) -> tuple[int, str, Mapping[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        return answer.status, (await answer.read()).decode(), answer.headers.copy()


def link(town: Town, who: str) -> str:
    """Make somebody a link."""
    with town.drumbeat.database.transaction() as db:
        member = db.query(Member).filter_by(name=who).one()
        return make_link(db, db.query(Movement).one(), member, now=town.clock())


@sqlite
async def test_a_program_that_follows_a_link_is_given_what_changed_and_nothing_otherwise(town: Town) -> None:
    await announce(town, "ana")
    token = link(town, "Ana")
    feeds = Feeds(town.drumbeat.database, now=town.clock)
    async with opened(town, routes=feeds.routes()) as door:
        address = f"{door}/calendar/{token}.ics"
        status, body, headers = await ask(address)
        assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert body.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
        assert "\r\nSUMMARY:town hall\r\n" in body
        tag = headers["ETag"]
        status, body, headers = await ask(address, **{"If-None-Match": f'"other", W/{tag}'})
        assert (status, body, headers["ETag"]) == (304, "", tag)
        with town.drumbeat.database.transaction() as db:
            db.query(Gathering).one().title = "winter hall"
        status, body, headers = await ask(address, **{"If-None-Match": tag})
        assert (status, "\r\nSUMMARY:winter hall\r\n" in body, headers["ETag"] != tag) == (200, True, True)
        async with aiohttp.ClientSession() as session, session.head(address) as answer:
            assert (answer.status, await answer.read()) == (200, b"")


@sqlite
async def test_a_dead_link_and_one_that_never_was_look_the_same(town: Town) -> None:
    await announce(town, "ana")
    dead = [link(town, "Chi"), link(town, "Ben")]
    link(town, "Chi")
    with town.drumbeat.database.transaction() as db:
        end_link(db, db.query(Movement).one(), db.query(Member).filter_by(name="Ben").one())
    feeds = Feeds(town.drumbeat.database, now=town.clock)
    async with opened(town, routes=feeds.routes()) as door:
        seen = []
        for token in (*dead, "x" * 43, "x", "%27%20OR%201=1", "ü" * 43, "x" * 5000):
            status, body, headers = await ask(f"{door}/calendar/{token}.ics")
            seen.append((status, body, {name: headers.get(name) for name in (*HEADERS, "ETag")}))
        assert seen == [(404, NOTHING, {**HEADERS, "ETag": None})] * 7


@sqlite
async def test_no_link_stands_in_the_log_not_even_when_something_breaks(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    await announce(town, "ana")
    token = link(town, "Ana")

    def broken() -> datetime:
        raise RuntimeError

    caplog.set_level(0)
    with log() as entries:
        async with opened(town, routes=Feeds(town.drumbeat.database, now=broken).routes()) as door:
            assert (await ask(f"{door}/calendar/{token}.ics"))[0] == 500
        async with opened(town, routes=Feeds(town.drumbeat.database, now=town.clock).routes()) as door:
            assert (await ask(f"{door}/calendar/{token}.ics"))[0] == 200
    told = "\n".join([caplog.text, *map(repr, entries)])
    assert "RuntimeError" in told
    assert token not in told


@sqlite
async def test_the_playground_serves_calendars_on_its_own_address(town: Town) -> None:
    await announce(town, "ana")
    token = link(town, "Ana")
    page = Playground(town.room, port=0, routes=Feeds(town.drumbeat.database, now=town.clock).routes())
    running = asyncio.create_task(page.run(town.drumbeat.engine.hear))
    try:
        address = await page.ready()
        status, body, _ = await ask(f"{address}calendar/{token}.ics")
        assert (status, "SUMMARY:town hall" in body) == (200, True)
    finally:
        running.cancel()
        await asyncio.wait({running})
