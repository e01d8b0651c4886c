"""Twins: keeps a platform's own list of events, where it has one and lets us, in step with the gatherings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot import dues
from bot.appointments import DELETED, appointment_of, fingerprint
from bot.chat import Appointment, Chat, DeliveryError, Place
from bot.clock import Now
from bot.store import Database, UTCDateTime
from bot.tables import Gathering, Movement, Twin

log = structlog.get_logger()

# A call that nobody answered is tried again soon, then more and more rarely.
AGAIN_AFTER_FAILURE = timedelta(minutes=1)
# What we may not do is looked at daily: somebody may have allowed it. Nobody is told; the card says everything.
EVERY = timedelta(days=1)
AT_ONCE = 20
CALL_SECONDS = 20
_CLAIM = (
    select(Twin, Gathering, Movement)
    .join(Gathering, Gathering.id == Twin.gathering_id)
    .join(Movement, Movement.id == Gathering.movement_id)
    .where(
        Twin.try_at <= bindparam("now", type_=UTCDateTime),
        Twin.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(Twin.try_at, Twin.gathering_id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, of=Twin)
)


@dataclass(frozen=True, slots=True)
class Errand:
    """One event to make or to change."""

    gathering: int
    place: Place
    event: str
    appointment: Appointment


class Twins:
    """Makes and changes events, one after the other on each platform's own terms."""

    def __init__(self, database: Database, chats: Mapping[str, Chat], *, now: Now) -> None:
        self.database = database
        self.chats = chats
        self.now = now

    async def do_due(self) -> int:
        """Keep every event in step that is out of it; gives how many were tried."""
        errands = await self.database.work(self._claim)
        await asyncio.gather(*(self._keep(errand) for errand in errands))
        return len(errands)

    async def next_due(self) -> datetime | None:
        """Tell when the next event is to be made or changed."""
        return await self.database.work(dues.next_twin, self.database, self.chats)

    async def _keep(self, errand: Errand) -> None:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                event = await self.chats[errand.place.platform].keep_event(
                    errand.place, errand.event, errand.appointment
                )
        except DeliveryError as error:
            if error.gone:
                await self.database.work(self._leave_alone, errand)
                return
            wait = timedelta(seconds=error.retry_after) if error.retry_after else None
            await self._put_off(errand, EVERY if error.permanent else wait, kind="refused" if error.permanent else "")
        except Exception as error:  # noqa: BLE001 - one platform's trouble must not keep the other events waiting
            await self._put_off(errand, None, kind=type(error).__name__)
        else:
            await self.database.work(self._note, errand, event)

    async def _put_off(self, errand: Errand, wait: timedelta | None, *, kind: str) -> None:
        log.info("event put off", gathering=errand.gathering, kind=kind or "not now")
        await self.database.work(self._wait, errand, wait)

    def _claim(self) -> list[Errand]:
        now = self.now()
        with self.database.transaction() as db:
            errands = []
            for twin, gathering, movement in db.execute(_CLAIM, {"now": now, "platforms": list(self.chats)}).all():
                # If we do not come back from it, somebody else does it.
                twin.try_at = now + AGAIN_AFTER_FAILURE
                place = Place(movement.platform, movement.workspace, channel=movement.channel)
                errands.append(Errand(gathering.id, place, twin.event, appointment_of(gathering)))
            return errands

    def _note(self, errand: Errand, event: str) -> None:
        with self.database.transaction() as db:
            twin = self._hold(db, errand)
            if twin is None:
                return
            twin.event, twin.kept, twin.failures = event, fingerprint(errand.appointment), 0
            # What changed while we were away is done next.
            twin.try_at = None if twin.kept == twin.wanted else self.now()

    def _leave_alone(self, errand: Errand) -> None:
        with self.database.transaction() as db:
            twin = self._hold(db, errand)
            if twin is not None:
                twin.event, twin.try_at = DELETED, None

    def _wait(self, errand: Errand, wait: timedelta | None) -> None:
        with self.database.transaction() as db:
            twin = self._hold(db, errand)
            if twin is None:
                return
            twin.failures += 1
            soon = min(AGAIN_AFTER_FAILURE * 2 ** min(twin.failures, 10), EVERY)
            twin.try_at = self.now() + (wait or soon)

    def _hold(self, db: Session, errand: Errand) -> Twin | None:
        """Read a double as it is now; turns that change it wait for us and we for them."""
        return db.get(Twin, errand.gathering, with_for_update=True)
