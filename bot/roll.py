"""The roll: keeps the members of a movement the same people as those of its home channel."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, select, update

from bot import dues, posts
from bot.chat import Chat, DeliveryError, Message, Person, Place, shorten
from bot.clock import Now
from bot.people import welcome
from bot.plain import tidy_line
from bot.store import Database, UTCDateTime
from bot.tables import Member, Movement

log = structlog.get_logger()

EVERY = timedelta(days=1)
AGAIN_AFTER_FAILURE = timedelta(minutes=10)
# Whoever shut us out is asked less and less, and after a while not at all: it is they who can let us in again.
SELDOM_AFTER, SELDOM = timedelta(days=7), timedelta(days=7)
NEVER_AFTER, NEVER = timedelta(days=60), timedelta(days=36_500)
AT_ONCE = 20
CALL_SECONDS = 20
WHY_LIMIT = 300
# What every roll asks is put into words once.
_CLAIM = (
    select(Movement)
    .where(
        Movement.roll_due_at <= bindparam("now", type_=UTCDateTime),
        Movement.platform.in_(bindparam("platforms", expanding=True)),
    )
    .order_by(Movement.roll_due_at)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)
_HOLD = select(Movement).where(Movement.id == bindparam("movement")).with_for_update(key_share=True)
_KNOWN = select(Member).where(Member.movement_id == bindparam("movement"))
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
        return await self.database.work(dues.next_roll, self.database, self.chats)

    async def _call_one(self, movement_id: int, place: Place) -> None:
        asked_at = self.now()
        try:
            async with asyncio.timeout(CALL_SECONDS):
                people = await self.chats[place.platform].members(place)
        except DeliveryError as error:
            wait = timedelta(seconds=error.retry_after) if error.retry_after else AGAIN_AFTER_FAILURE
            why, again = _outline(error), EVERY if error.permanent else wait
            if error.permanent:
                again = await self.database.work(self._note_refusal, movement_id, error)
        except Exception as error:  # noqa: BLE001 - one platform's trouble must not keep the other rolls waiting
            why, again = type(error).__name__, AGAIN_AFTER_FAILURE
        else:
            if people:
                await self.database.work(self._apply, movement_id, people, asked_at)
                return
            # Whoever asks is in the channel: an empty list is a platform's mistake, and would make everybody leave.
            why, again = "the channel seems to be empty", AGAIN_AFTER_FAILURE
        log.warning("roll put off", movement=movement_id, kind=why)
        await self.database.work(self._put_off, movement_id, again)

    def _claim(self) -> list[tuple[int, Place]]:
        now = self.now()
        with self.database.transaction() as db:
            due = db.scalars(_CLAIM, {"now": now, "platforms": list(self.chats)}).all()
            for movement in due:
                movement.roll_due_at = now + EVERY
            return [(one.id, Place(one.platform, one.workspace, channel=one.channel)) for one in due]

    def _put_off(self, movement_id: int, wait: timedelta) -> None:
        with self.database.transaction() as db:
            db.execute(update(Movement).where(Movement.id == movement_id).values(roll_due_at=self.now() + wait))

    def _note_refusal(self, movement_id: int, error: DeliveryError) -> timedelta:
        """Tell the organizers, once a month for each reason, why the members may not be the people of the channel.

        Gives how long to wait until the roll is called again.
        """
        with self.database.transaction() as db:
            movement = db.scalars(_HOLD, {"movement": movement_id}).one_or_none()
            if movement is None:
                return EVERY
            again = EVERY
            if error.shut_out:
                movement.shut_out_at = movement.shut_out_at or self.now()
                again = _patience(self.now() - movement.shut_out_at)
            why = shorten(tidy_line(error.why), limit=WHY_LIMIT).rstrip(".")
            sentence = f"I could not see who is in the channel of {movement.name}: {why}. {error.mend or _MEND}"
            key = f"roll:{self.now():%Y%m}:{hashlib.sha256(error.why.encode()).hexdigest()[:16]}"
            told = posts.tell_organizers(movement, db, key=key, message=Message(sentence), ritual="movement")
            posts.put(db, told, now=self.now())
        self.on_wishes()
        return again

    def _apply(self, movement_id: int, people: Sequence[Person], asked_at: datetime) -> None:
        """Let members come and go. What was heard after the platform was asked is newer than its list, and stays."""
        now = self.now()
        with self.database.transaction() as db:
            movement = db.scalars(_HOLD, {"movement": movement_id}).one_or_none()
            if movement is None:
                return
            movement.shut_out_at = None
            posts.revive(db, movement, now=now)
            known = {member.person: member for member in db.scalars(_KNOWN, {"movement": movement_id})}
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


def _patience(shut_out_for: timedelta) -> timedelta:
    """Tell how long to wait before asking somebody again who shut us out."""
    if shut_out_for < SELDOM_AFTER:
        return EVERY
    return SELDOM if shut_out_for < NEVER_AFTER else NEVER


def _outline(error: DeliveryError) -> str:
    """Tell a refusal for the log: its reason may hold a channel's name."""
    return "shut out" if error.shut_out else "refused" if error.permanent else "not now"
