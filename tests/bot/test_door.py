"""The door: what whoever watches the program sees, and what nobody can read there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.door import Door, DoorError
from bot.store import Database
from tests.town import Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@asynccontextmanager
async def opened(town: Town, **parts: Any) -> AsyncIterator[str]:  # noqa: ANN401 - passed on
    drumbeat = town.drumbeat
    given: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": 0,
        "connected": {},
        "last_tick": town.clock,
        "database": drumbeat.database,
    }
    door = Door(measures=drumbeat.measures, now=town.clock, **(given | parts))
    task = asyncio.create_task(door.run())
    try:
        opening = asyncio.ensure_future(door.opened)
        waited: set[asyncio.Future[Any]] = {task, opening}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        yield f"http://127.0.0.1:{await door.opened}"
    finally:
        task.cancel()
        await asyncio.wait({task})


async def get(address: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.text()


@sqlite
async def test_a_program_that_ticks_is_healthy_and_one_that_hangs_is_not(town: Town) -> None:
    ticked = town.clock()
    async with opened(town, last_tick=lambda: ticked) as door:
        assert await get(f"{door}/healthz") == (200, '{"ok": true, "last_tick_seconds_ago": 0.0}')
        town.jump(ticked + timedelta(minutes=2))
        assert await get(f"{door}/healthz") == (503, '{"ok": false, "last_tick_seconds_ago": 120.0}')


@sqlite
async def test_it_is_ready_when_the_database_answers_and_every_platform_is_connected(town: Town) -> None:
    lines = {"slack": True, "discord": False}
    connected = {name: (lambda name=name: lines[name]) for name in lines}
    async with opened(town, connected=connected) as door:
        assert await get(f"{door}/readyz") == (503, '{"ok": false, "database": true, "slack": true, "discord": false}')
        lines["discord"] = True
        assert await get(f"{door}/readyz") == (200, '{"ok": true, "database": true, "slack": true, "discord": true}')


@sqlite
async def test_it_is_not_ready_where_the_database_cannot_be_reached(town: Town, tmp_path: Path) -> None:
    lost = Database(f"sqlite:///{tmp_path}/no/such/folder.db")
    async with opened(town, database=lost) as door:
        assert await get(f"{door}/readyz") == (503, '{"ok": false, "database": false}')
    lost.close()


@sqlite
async def test_the_figures_count_what_happened_and_hold_no_name_and_no_word(town: Town) -> None:
    board = await town.open_check_in()
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Zebra words")
    await town.command("chi", "/zebra")
    async with opened(town) as door:
        status, figures = await get(f"{door}/metrics")
    counted = {
        line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
        for line in figures.splitlines()
        if "_count{" in line or "_total{" in line or "late_seconds_count" in line
    }
    assert status == 200
    assert counted['drumbeat_turn_seconds_count{event="submitted",outcome="done",ritual="check-in"}'] == 1
    assert counted['drumbeat_turn_seconds_count{event="commanded",outcome="done",ritual=""}'] == 1
    assert counted['drumbeat_deliveries_total{call="post",outcome="shown",platform="playground"}'] == 3
    # What rituals prepare when a movement begins, and the check-in that opened.
    assert counted["drumbeat_timer_late_seconds_count"] >= 2
    assert [word for word in ("ebra", "Chi", "chi", "River", "river") if word in figures] == []


@sqlite
async def test_what_a_platform_sends_by_http_comes_in_by_the_same_door(town: Town) -> None:
    async def take(_request: web.Request) -> web.Response:
        return web.Response(text="taken")

    async with opened(town, routes=[web.get("/slack/events", take)]) as door:
        assert await get(f"{door}/slack/events") == (200, "taken")
        assert (await get(f"{door}/"))[0] == 404


@sqlite
async def test_a_port_that_is_taken_gets_a_sentence(town: Town) -> None:
    async with opened(town) as door:
        taken = int(door.rsplit(":", 1)[1])
        with pytest.raises(DoorError, match=rf"cannot listen on 127.0.0.1:{taken}: .* Choose another http_port"):
            async with opened(town, port=taken):
                pass
