"""The roll: keeps the members of a movement the same people as those of its home channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select

from bot.chat import Chat, DeliveryError, Person, Place
from bot.clock import Now
from bot.people import welcome
from bot.store import Database
from bot.tables import Member, Movement

log = structlog.get_logger()

EVERY = timedelta(days=1)
AGAIN_AFTER_FAILURE = timedelta(minutes=10)
AT_ONCE = 20


class Roll:
    """Asks the platform who is in the home channel: once a movement starts, and daily, whatever events were lost."""

    def __init__(self, database: Database, chats: Mapping[str, Chat], *, now: Now) -> None:
        self.database = database
        self.chats = chats
        self.now = now

    async def call(self) -> int:
        """Call the roll of every movement whose time it is; gives how many were called."""
        claimed = await self.database.work(self._claim)
        for movement_id, place in claimed:
            chat = self.chats.get(place.platform)
            if chat is None:
                continue
            try:
                people = await chat.members(place)
            except DeliveryError as error:
                log.warning("roll put off", movement=movement_id, why=error.why)
                await self.database.work(self._put_off, movement_id)
                continue
            await self.database.work(self._apply, movement_id, people)
        return len(claimed)

    def _claim(self) -> list[tuple[int, Place]]:
        now = self.now()
        with self.database.transaction() as db:
            due = db.scalars(
                select(Movement)
                .where(Movement.roll_due_at <= now)
                .order_by(Movement.roll_due_at)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True)
            ).all()
            for movement in due:
                movement.roll_due_at = now + EVERY
            return [(one.id, Place(one.platform, one.workspace, channel=one.channel)) for one in due]

    def _put_off(self, movement_id: int) -> None:
        with self.database.transaction() as db:
            db.get_one(Movement, movement_id).roll_due_at = self.now() + AGAIN_AFTER_FAILURE

    def _apply(self, movement_id: int, people: Sequence[Person]) -> None:
        now = self.now()
        with self.database.transaction() as db:
            movement = db.scalars(select(Movement).where(Movement.id == movement_id).with_for_update()).one()
            known = {
                member.person: member for member in db.scalars(select(Member).where(Member.movement_id == movement_id))
            }
            for person in people:
                member = known.pop(person.id, None)
                if (
                    member is None
                    or member.left_at is not None
                    or (member.name, member.zone)
                    != (
                        person.name,
                        person.zone or member.zone,
                    )
                ):
                    welcome(db, movement, person, now=now)
            for gone in known.values():
                gone.left_at = gone.left_at or now
