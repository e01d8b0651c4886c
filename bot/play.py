"""The playground put together: a room of people, a movement with a past, and a clock that can be moved."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from adapters.playground import Playground, Room
from adapters.playground.sample import WEEKS, ZONE, gather_people, live_through
from bot.chat import Chat
from bot.clock import MovedClock, wall_clock
from bot.config import Config
from bot.feeds import Feeds
from bot.main import Drumbeat, assemble
from bot.store import migrate

log = structlog.get_logger()

JOURNAL = "room.jsonl"
DATABASE = "drumbeat.db"
ROOM_FILE = Path("data/room.jsonl")
MORNING = 9
# The sample ends shortly after a check-in has opened, so that there is something to answer at once.
INTO_THE_MORNING = timedelta(minutes=20)

Report = Callable[[str], None]


class MovableTime:
    """The clock as the page sees it: it tells the time in the movement's zone and can be moved forward."""

    def __init__(self, drumbeat: Drumbeat, clock: MovedClock, room: Room) -> None:
        self._drumbeat = drumbeat
        self._clock = clock
        self._room = room

    def now(self) -> datetime:
        """Tell the moved time."""
        return self._clock().astimezone(ZoneInfo(ZONE))

    async def move_to(self, moment: datetime) -> None:
        """Let time pass until then; everything that is due on the way happens."""
        await self._drumbeat.move_clock(self._clock, moment.astimezone(UTC))
        self._room.remember_offset(self._clock.offset.total_seconds())


def next_monday_morning(now: datetime) -> datetime:
    """Find the coming Monday, shortly after nine."""
    local = now.astimezone(ZoneInfo(ZONE))
    monday = local.date() + timedelta(days=7 - local.weekday())
    return datetime(monday.year, monday.month, monday.day, MORNING, tzinfo=ZoneInfo(ZONE)) + INTO_THE_MORNING


def _config(folder: Path) -> Config:
    return Config.model_construct(
        database_url=f"sqlite:///{folder / DATABASE}",
        who_may_start="stewards",
        playground_port=0,
        log_level="warning",
        log_format="plain",
    )


async def make_sample(folder: Path, *, report: Report, now: datetime) -> None:
    """Live through three months with a movement of twelve, in a folder that is there only when it is whole."""
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    config = _config(unfinished)
    migrate(config.database_url)
    end = next_monday_morning(now)
    # Days of the wall's calendar, so that the past begins at the same hour whatever the clocks did in between.
    start = (end.replace(tzinfo=None) - timedelta(weeks=WEEKS, days=3)).replace(tzinfo=ZoneInfo(ZONE))
    clock = MovedClock(wall=lambda: start.astimezone(UTC))
    room = Room(now=clock, journal=unfinished / JOURNAL)
    gather_people(room)
    drumbeat = assemble(config, chats={Room.platform: room}, now=clock)
    room.listen(drumbeat.engine.hear)
    try:
        await live_through(room, lambda moment: drumbeat.move_clock(clock, moment), start=start, report=report)
        await drumbeat.move_clock(clock, end.astimezone(UTC))
        room.remember_offset((clock() - now).total_seconds())
    finally:
        drumbeat.close()
    unfinished.rename(folder)


def make_empty(folder: Path) -> None:
    """Begin with the people and their channel, and no movement yet."""
    folder.mkdir(parents=True)
    migrate(_config(folder).database_url)
    gather_people(Room(now=wall_clock, journal=folder / JOURNAL))


def _is_prepared(folder: Path, *, empty: bool, fresh: bool) -> bool:
    """Make room for a new beginning where one is wanted; tell whether there is something to play on."""
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
    if empty and not folder.exists():
        make_empty(folder)
    return folder.exists()


async def play(folder: Path, *, port: int, empty: bool, fresh: bool, report: Report) -> None:
    """Serve the playground until cancelled, on what is in the folder or on a new beginning."""
    if not _is_prepared(folder, empty=empty, fresh=fresh):
        report("Drumbeat: living through three months with a movement of twelve (once; some seconds)")
        await make_sample(folder, report=report, now=wall_clock())
    clock = MovedClock()
    room = Room(now=clock, journal=folder / JOURNAL)
    clock.offset = timedelta(seconds=room.offset)
    chats: dict[str, Chat] = {}
    drumbeat = assemble(_config(folder), chats=chats, now=clock)
    page = Playground(
        room,
        port=port,
        controls=MovableTime(drumbeat, clock, room),
        commands=drumbeat.commands,
        routes=Feeds(drumbeat.database, now=clock).routes(),
    )
    chats[Room.platform] = page
    try:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(drumbeat.run())
            address = await _ready(page, running)
            drumbeat.engine.hearing.address = address.rstrip("/")
            report(f"Drumbeat: the playground is at {address}")
            report("          Play several people at once, type / in a channel, move the clock. Ctrl+C stops it.")
    finally:
        drumbeat.close()


async def _ready(page: Playground, running: asyncio.Task[None]) -> str:
    """Wait until the page is served; a start that fails says why instead of hanging."""
    ready = asyncio.create_task(page.ready())
    await asyncio.wait({ready, running}, return_when=asyncio.FIRST_COMPLETED)
    if not ready.done():
        ready.cancel()
        running.result()
    return await ready


def serve_playground(config: Config, drumbeat: Drumbeat) -> Playground:
    """Make the playground's page beside the platforms, with the real clock."""
    room = Room(now=wall_clock, journal=ROOM_FILE)
    if not room.people:
        gather_people(room)
    page = Playground(room, port=config.playground_port, commands=drumbeat.commands)
    log.info("playground", address=page.address)
    return page
