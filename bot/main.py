"""Where the parts are put together: the only place that knows them all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.bell import Bell
from bot.chat import Chat, ConnectError, Typable
from bot.clock import MovedClock, Now, wall_clock
from bot.config import Config
from bot.courier import Courier
from bot.engine import Engine
from bot.measures import Measures
from bot.roll import Roll
from bot.routing import find_rituals
from bot.store import Database, check_schema

log = structlog.get_logger()

TICK_SECONDS = 1
# A token may be made anew without a restart of ours being the reason; so seldom, a wrong one costs nobody anything.
REFUSED_SECONDS = 600
# So many rounds of 'do what is due' at one moment mean that something makes work for itself without end.
MOST_ROUNDS = 10_000


class Drumbeat:
    """The whole program, put together but not started."""

    def __init__(self, config: Config, *, now: Now, chats: Mapping[str, Chat]) -> None:
        self.now = now
        self.database = Database(config.database_url)
        self.chats = chats
        self.rituals = find_rituals()
        self.measures = Measures()
        self.engine = Engine(
            self.database,
            self.rituals,
            now=now,
            stewards_only=config.who_may_start == "stewards",
            measures=self.measures,
        )
        self.bell = Bell(self.database, self.rituals, now=now, measures=self.measures)
        self.courier = Courier(self.database, chats, now=now, measures=self.measures)
        self.roll = Roll(self.database, chats, now=now)
        self.engine.on_wishes = self.bell.on_wishes = self.roll.on_wishes = self.courier.poke
        self._turning = asyncio.Lock()
        # Platforms that refuse us until somebody changes a setting.
        self._refused: set[str] = set()
        # When the program last looked for something to do; whoever watches it sees that it is alive.
        self.last_tick = now()

    def commands(self) -> tuple[Typable, ...]:
        """List what can be typed, by name."""
        return self.rituals.typable

    async def run(self) -> None:
        """Run until cancelled: listen to every chat, ring what is due, deliver."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        always = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        # Two jobs, because a platform that is slow to say who is in a channel must not keep the bell waiting.
        for due_work in (self.bell, self.roll):
            scheduler.add_job(self._tick, "interval", [due_work], seconds=TICK_SECONDS, **always)
        scheduler.add_job(self.engine.forget_old_events, "interval", hours=1, **always)
        await self.roll.begin()
        scheduler.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.courier.run())
                for chat in self.chats.values():
                    group.create_task(self._keep_connected(chat))
        finally:
            scheduler.shutdown(wait=False)

    async def _keep_connected(self, chat: Chat) -> None:
        """Run a chat. One platform that refuses us for good must not take the other one away from its people."""
        while True:
            try:
                await chat.run(self.engine.hear)
            except ConnectError as error:
                self._refused.add(chat.platform)
                if self._refused >= set(self.chats):
                    raise
                log.error("refused", platform=chat.platform, why=str(error), again_in=REFUSED_SECONDS)  # noqa: TRY400 - the sentence says it all
            else:
                return
            await asyncio.sleep(REFUSED_SECONDS)
            self._refused.discard(chat.platform)

    async def _tick(self, due_work: Bell | Roll) -> None:
        self.last_tick = self.now()
        if self._turning.locked():
            return  # the clock is being moved: its mover does what is due
        try:
            # A look costs little; a round would take the database's write lock every second for nothing.
            await self._do_due(due_work.next_due, due_work.do_due)
        except Exception:
            log.exception("tick failed", work=type(due_work).__name__)

    async def settle(self) -> None:
        """Do everything that is due now until nothing is, deliveries included."""
        for _ in range(MOST_ROUNDS):
            rung = await self._do_due(self.bell.next_due, self.bell.do_due)
            called = await self._do_due(self.roll.next_due, self.roll.do_due)
            delivered = await self._do_due(self.courier.next_wake, self.courier.deliver)
            if not (rung or called or delivered):
                return

    async def _do_due(self, look: Callable[[], Awaitable[datetime | None]], do: Callable[[], Awaitable[int]]) -> bool:
        due = await look()
        if due is None or due > self.now():
            return False
        await do()
        return True

    async def next_due(self) -> datetime | None:
        """Tell when something is due next: a timer, a delivery or a roll."""
        moments = (await self.bell.next_due(), await self.courier.next_wake(), await self.roll.next_due())
        return min((moment for moment in moments if moment is not None), default=None)

    async def move_clock(self, clock: MovedClock, to: datetime) -> None:
        """Move the clock forward, stopping wherever something is due: a week passes as it would have."""
        async with self._turning:
            await self.settle()
            while (due := await self.next_due()) is not None and due <= to:
                clock.move_to(max(due, clock() + timedelta(milliseconds=1)))
                await self.settle()
            clock.move_to(to)
            await self.settle()

    def close(self) -> None:
        """Let the database go."""
        self.database.close()


def assemble(config: Config, *, chats: Mapping[str, Chat], now: Now = wall_clock) -> Drumbeat:
    """Put the program together on a database that has this version's tables; raises ``SchemaError`` otherwise."""
    drumbeat = Drumbeat(config, now=now, chats=chats)
    try:
        check_schema(drumbeat.database)
    except BaseException:
        with contextlib.suppress(Exception):
            drumbeat.close()
        raise
    return drumbeat
