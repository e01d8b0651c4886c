"""Where the parts are put together: the only place that knows them all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.bell import Bell
from bot.chat import Chat, ConnectError, Typable
from bot.clock import MovedClock, Now, wall_clock
from bot.config import Config
from bot.courier import Courier
from bot.dues import Dues, next_of_all
from bot.engine import Engine
from bot.looks import Looks
from bot.measures import Measures
from bot.roll import Roll
from bot.routing import find_rituals
from bot.store import Database, check_schema
from bot.twins import Twins

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
        self.looks = Looks(self.database, chats, now=now)
        self.twins = Twins(self.database, chats, now=now)
        self.engine.on_wishes = self.bell.on_wishes = self.roll.on_wishes = self.courier.poke
        # Without a web server of ours a public address leads nowhere.
        self.engine.hearing.address = config.public_url if config.http_port else ""
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
        # A job each, because a platform that is slow to say who is in a channel must not keep the bell waiting.
        for due_work in (self.bell, self.roll, self.looks, self.twins):
            scheduler.add_job(self._tick, "interval", [due_work], seconds=TICK_SECONDS, **always)
        scheduler.add_job(self.engine.forget_old_events, "interval", hours=1, **always)
        await self.roll.begin()
        await self.looks.begin()
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
                log.error("refused", platform=chat.platform, sentence=str(error), again_in=REFUSED_SECONDS)  # noqa: TRY400 - the sentence says it all
            else:
                return
            await asyncio.sleep(REFUSED_SECONDS)
            self._refused.discard(chat.platform)

    async def _tick(self, due_work: Bell | Roll | Looks | Twins) -> None:
        self.last_tick = self.now()
        if self._turning.locked():
            return  # the clock is being moved: its mover does what is due
        try:
            # A look costs little; a round would take the database's write lock every second for nothing.
            if self._is_due(await due_work.next_due()):
                await due_work.do_due()
        except Exception:
            log.exception("tick failed", work=type(due_work).__name__)

    async def settle(self) -> Dues:
        """Do everything that is due now until nothing is, deliveries included; gives what comes next."""
        due = await self._look()
        for _ in range(MOST_ROUNDS):
            if not self._is_due(due.first()):
                break
            # Who is in a call is asked first: what is rung at the end of a gathering wants to know.
            if self._is_due(due.look):
                await self.looks.do_due()
            if self._is_due(due.timer):
                await self.bell.do_due()
            if self._is_due(due.roll):
                await self.roll.do_due()
            # Whatever was rung or called may have made something to deliver.
            if self._is_due(due.timer) or self._is_due(due.roll) or self._is_due(due.look):
                due = await self._look()
            if self._is_due(due.delivery):
                await self.courier.deliver()
                due = await self._look()
            if self._is_due(due.twin):
                await self.twins.do_due()
                due = await self._look()
        return due

    async def _look(self) -> Dues:
        return await self.database.work(next_of_all, self.database, self.chats)

    def _is_due(self, at: datetime | None) -> bool:
        return at is not None and at <= self.now()

    async def move_clock(self, clock: MovedClock, to: datetime) -> None:
        """Move the clock forward, stopping wherever something is due: a week passes as it would have."""
        async with self._turning:
            due = await self.settle()
            while (first := due.first()) is not None and first <= to:
                clock.move_to(max(first, clock() + timedelta(milliseconds=1)))
                due = await self.settle()
            clock.move_to(to)

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
