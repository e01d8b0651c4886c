"""Looks: asks the platform who is in a call that is watched, so that lost events and restarts cost minutes at most."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, select, update

from bot import dues
from bot.chat import Chat, DeliveryError, Person, Place
from bot.clock import Now
from bot.store import Database, UTCDateTime
from bot.tables import Movement, Watch
from bot.watching import finish, note_inside

log = structlog.get_logger()

EVERY = timedelta(minutes=10)
AGAIN_AFTER_FAILURE = timedelta(minutes=2)
# So long after the end it is tried to learn who stayed; then whoever was not heard leaving has.
PATIENCE = timedelta(hours=1)
AT_ONCE = 20
CALL_SECONDS = 20
_CLAIM = (
    select(Watch, Movement.channel)
    .join(Movement, Movement.id == Watch.movement_id)
    .where(
        Watch.look_at <= bindparam("now", type_=UTCDateTime),
        Watch.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(Watch.look_at, Watch.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, of=Watch)
)
_HOLD = select(Movement).where(Movement.id == bindparam("movement")).with_for_update(key_share=True)


@dataclass(frozen=True, slots=True)
class Look:
    """One question to a platform: who is in this room."""

    watch: int
    movement: int
    home: Place
    room: str


class Looks:
    """Looks into every call that is watched: at its start, every ten minutes, at its end, and after a restart."""

    def __init__(self, database: Database, chats: Mapping[str, Chat], *, now: Now) -> None:
        self.database = database
        self.chats = chats
        self.now = now

    async def begin(self) -> None:
        """Look anew into every call under way: nobody knows who came and went while we were not listening."""

        def due() -> None:
            under_way = Watch.look_at.is_not(None) & (Watch.since <= self.now())
            with self.database.transaction() as db:
                named = update(Watch).where(Watch.platform.in_(self.chats), under_way)
                db.execute(named.values(look_at=self.now()))

        await self.database.work(due)

    async def do_due(self) -> int:
        """Look wherever it is time; gives how many looks that were."""
        claimed = await self.database.work(self._claim)
        await asyncio.gather(*(self._look(one) for one in claimed))
        return len(claimed)

    async def next_due(self) -> datetime | None:
        """Tell when the next look is due."""
        return await self.database.work(dues.next_look, self.database, self.chats)

    async def _look(self, look: Look) -> None:
        asked_at = self.now()
        try:
            async with asyncio.timeout(CALL_SECONDS):
                people = await self.chats[look.home.platform].inside(look.home, look.room)
        except DeliveryError as error:
            again = timedelta(seconds=error.retry_after) if error.retry_after else AGAIN_AFTER_FAILURE
            await self._put_off(look, EVERY if error.permanent else again, kind="refused")
        except Exception as error:  # noqa: BLE001 - one platform's trouble must not keep the other looks waiting
            await self._put_off(look, AGAIN_AFTER_FAILURE, kind=type(error).__name__)
        else:
            await self.database.work(self._apply, look, people, asked_at)

    async def _put_off(self, look: Look, wait: timedelta, *, kind: str) -> None:
        log.warning("look put off", watch=look.watch, kind=kind)
        await self.database.work(self._wait, look, wait)

    def _claim(self) -> list[Look]:
        now = self.now()
        with self.database.transaction() as db:
            due = db.execute(_CLAIM, {"now": now, "platforms": list(self.chats)}).all()
            for watch, _ in due:
                # If we do not come back from it, somebody else looks.
                watch.look_at = now + AGAIN_AFTER_FAILURE
            return [
                Look(one.id, one.movement_id, Place(one.platform, one.workspace, channel), one.room)
                for one, channel in due
            ]

    def _apply(self, look: Look, people: tuple[Person, ...] | None, asked_at: datetime) -> None:
        """Note who is there; a watch that was changed meanwhile is looked at as it is now."""
        with self.database.transaction() as db:
            db.scalars(_HOLD, {"movement": look.movement}).one_or_none()
            watch = db.get(Watch, look.watch)
            if watch is None or watch.look_at is None:
                return
            if watch.room != look.room or asked_at < watch.since:
                watch.look_at = max(watch.since, self.now())
                return
            if people is not None:
                note_inside(db, watch, [person.id for person in people], at=asked_at)
            if asked_at >= watch.until:
                finish(db, watch)
            else:
                watch.look_at = min(asked_at + EVERY, watch.until)

    def _wait(self, look: Look, wait: timedelta) -> None:
        now = self.now()
        with self.database.transaction() as db:
            db.scalars(_HOLD, {"movement": look.movement}).one_or_none()
            watch = db.get(Watch, look.watch)
            if watch is None or watch.look_at is None:
                return
            if now >= watch.until + PATIENCE:
                finish(db, watch)
            else:
                watch.look_at = now + wait
