"""The roll: keeps the members of a movement the same people as those of its home channel."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select, update

from bot import posts
from bot.chat import Chat, DeliveryError, Message, Person, Place, shorten
from bot.clock import Now
from bot.people import welcome
from bot.plain import tidy_line
from bot.store import Database
from bot.tables import Member, Movement

log = structlog.get_logger()

EVERY = timedelta(days=1)
AGAIN_AFTER_FAILURE = timedelta(minutes=10)
AT_ONCE = 20
CALL_SECONDS = 20
WHY_LIMIT = 300
_MEND = "Until I can, I know people once they act."


class Roll:
    """Asks the platform who is in the home channel: once a movement starts, and daily, whatever events were lost."""

    def __init__(self, database: Database, chats: Mapping[str, Chat], *, now: Now) -> None:
        self.database = database
        self.chats = chats
        self.now = now
        # Called after something was put on the wish list of the chat.
        self.on_wishes: Callable[[], None] = lambda: None

    async def begin(self) -> None:
        """Call every roll anew: nobody knows who came and went while we were not listening."""

        def due() -> None:
            with self.database.transaction() as db:
                db.execute(update(Movement).where(Movement.platform.in_(self.chats)).values(roll_due_at=self.now()))

        await self.database.work(due)

    async def do_due(self) -> int:
        """Call the roll of every movement whose time it is; gives how many were called."""
        claimed = await self.database.work(self._claim)
        await asyncio.gather(*(self._call_one(movement_id, place) for movement_id, place in claimed))
        return len(claimed)

    async def next_due(self) -> datetime | None:
        """Tell when the next roll is due."""

        def look() -> datetime | None:
            with self.database.reading() as db:
                return db.scalar(select(func.min(Movement.roll_due_at)).where(Movement.platform.in_(self.chats)))

        return await self.database.work(look)

    async def _call_one(self, movement_id: int, place: Place) -> None:
        asked_at = self.now()
        try:
            async with asyncio.timeout(CALL_SECONDS):
                people = await self.chats[place.platform].members(place)
        except DeliveryError as error:
            wait = timedelta(seconds=error.retry_after) if error.retry_after else AGAIN_AFTER_FAILURE
            why, again = error.why, EVERY if error.permanent else wait
            if error.permanent:
                await self.database.work(self._tell, movement_id, error)
        except Exception as error:  # noqa: BLE001 - one platform's trouble must not keep the other rolls waiting
            why, again = type(error).__name__, AGAIN_AFTER_FAILURE
        else:
            if people:
                await self.database.work(self._apply, movement_id, people, asked_at)
                return
            # Whoever asks is in the channel: an empty list is a platform's mistake, and would make everybody leave.
            why, again = "the channel seems to be empty", AGAIN_AFTER_FAILURE
        log.warning("roll put off", movement=movement_id, why=why)
        await self.database.work(self._put_off, movement_id, again)

    def _claim(self) -> list[tuple[int, Place]]:
        now = self.now()
        with self.database.transaction() as db:
            due = db.scalars(
                select(Movement)
                .where(Movement.roll_due_at <= now, Movement.platform.in_(self.chats))
                .order_by(Movement.roll_due_at)
                .limit(AT_ONCE)
                .with_for_update(skip_locked=True, key_share=True)
            ).all()
            for movement in due:
                movement.roll_due_at = now + EVERY
            return [(one.id, Place(one.platform, one.workspace, channel=one.channel)) for one in due]

    def _put_off(self, movement_id: int, wait: timedelta) -> None:
        with self.database.transaction() as db:
            db.execute(update(Movement).where(Movement.id == movement_id).values(roll_due_at=self.now() + wait))

    def _tell(self, movement_id: int, error: DeliveryError) -> None:
        """Tell the organizers, once a month for each reason, why the members may not be the people of the channel."""
        with self.database.transaction() as db:
            movement = db.scalars(
                select(Movement).where(Movement.id == movement_id).with_for_update(key_share=True)
            ).one_or_none()
            if movement is None:
                return
            why = shorten(tidy_line(error.why), limit=WHY_LIMIT).rstrip(".")
            sentence = f"I could not see who is in the channel of {movement.name}: {why}. {error.mend or _MEND}"
            key = f"roll:{self.now():%Y%m}:{hashlib.sha256(error.why.encode()).hexdigest()[:16]}"
            told = posts.tell_organizers(movement, db, key=key, message=Message(sentence), ritual="movement")
            posts.put(db, told, now=self.now())
        self.on_wishes()

    def _apply(self, movement_id: int, people: Sequence[Person], asked_at: datetime) -> None:
        """Let members come and go. What was heard after the platform was asked is newer than its list, and stays."""
        now = self.now()
        with self.database.transaction() as db:
            movement = db.scalars(
                select(Movement).where(Movement.id == movement_id).with_for_update(key_share=True)
            ).one_or_none()
            if movement is None:
                return
            posts.revive(db, movement, now=now)
            known = {
                member.person: member for member in db.scalars(select(Member).where(Member.movement_id == movement_id))
            }
            for person in people:
                member = known.pop(person.id, None)
                if member is not None and member.left_at is not None and member.left_at > asked_at:
                    continue
                if (
                    member is None
                    or member.left_at is not None
                    or (member.name, member.zone) != (person.name or member.name, person.zone or member.zone)
                ):
                    welcome(db, movement, person, now=now)
            for gone in known.values():
                if gone.joined_at <= asked_at:
                    gone.left_at = gone.left_at or now
