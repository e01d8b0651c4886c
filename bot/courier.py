"""The courier: makes the chat show what the wish list says, each post once, in order, and no faster than allowed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from bot import posts
from bot.chat import Chat, DeliveryError, Message, Place
from bot.clock import Now
from bot.store import Database
from bot.tables import Lane, Movement, Post
from bot.wire import from_json

log = structlog.get_logger()

IN_FLIGHT = 64
CALL_SECONDS = 20
LEASE = timedelta(seconds=60)
# About one message a second and place, the strictest platform's pace; a few may go at once after a quiet time.
PACE = timedelta(seconds=1)
BURST = timedelta(seconds=2)
# A post that was changed a moment ago waits, so that many answers become one edit. Old posts may be edited only rarely:
# Discord answers 429 with code 30046 (https://github.com/discord/discord-api-docs/issues/4413).
EDIT_PAUSE = timedelta(seconds=3)
OLD = timedelta(hours=1)
OLD_EDIT_PAUSE = timedelta(minutes=1)
MOST_FAILURES = 8
LONGEST_BACK_OFF = timedelta(minutes=10)
LOOK_AGAIN_SECONDS = 1.0

OPEN = (Post.version > Post.shown_version) & Post.state.in_(("wanted", "sending", "shown"))

Outcome = Literal["shown", "again", "unsure", "never"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One post on its way: what to show where, and whether an earlier attempt may have arrived."""

    post_id: int
    lane: str
    place: Place
    message: Message
    version: int
    once: str
    message_id: str | None
    doubtful_since: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How it went. ``again``: not taken, try later; ``unsure``: it may have arrived; ``never``: no use in trying."""

    parcel: Parcel
    outcome: Outcome
    message_id: str | None = None
    why: str = ""
    retry_after: float | None = None


class Courier:
    """Claims lanes, calls the platforms outside any transaction, and notes what came of it."""

    def __init__(self, database: Database, chats: Mapping[str, Chat], *, now: Now) -> None:
        self.database = database
        self.chats = chats
        self.now = now
        self._poked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def poke(self) -> None:
        """Say, from any thread, that there is something to deliver."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._poked.set)

    async def run(self) -> None:
        """Deliver until cancelled; what is under way is finished and noted first."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._poked.clear()
            await asyncio.shield(self.deliver())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(await self._nap()):
                    await self._poked.wait()

    async def _nap(self) -> float:
        wake = await self.next_wake()
        if wake is None:
            return LOOK_AGAIN_SECONDS
        return min(max((wake - self.now()).total_seconds(), 0.01), LOOK_AGAIN_SECONDS)

    async def next_wake(self) -> datetime | None:
        """Tell when the next lane has something to do."""

        def look() -> datetime | None:
            with self.database.reading() as db:
                return db.scalar(select(func.min(Lane.wake_at)).where(Lane.wake_at.is_not(None)))

        return await self.database.work(look)

    async def deliver(self) -> int:
        """Deliver everything that may be delivered now; gives how many calls were made."""
        flying: set[asyncio.Task[Receipt]] = set()
        calls = 0
        while True:
            parcels = await self.database.work(self._claim, IN_FLIGHT - len(flying)) if len(flying) < IN_FLIGHT else ()
            flying |= {asyncio.create_task(self._carry(parcel)) for parcel in parcels}
            if not flying:
                return calls
            landed, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
            # Whoever landed meanwhile is noted in the same transaction: few commits for many posts.
            more = {task for task in flying if task.done()}
            flying -= more
            calls += len(landed | more)
            await self.database.work(self._note, [task.result() for task in landed | more])

    # ---------------------------------------------------------------------------------------- claiming

    def _claim(self, room: int) -> Sequence[Parcel]:
        now = self.now()
        with self.database.transaction() as db:
            lanes = db.scalars(
                select(Lane)
                .where(Lane.wake_at <= now, (Lane.lease_until.is_(None)) | (Lane.lease_until <= now))
                .order_by(Lane.wake_at)
                .limit(room)
                .with_for_update(skip_locked=True)
            ).all()
            chosen = {}
            heads = _heads(db, [lane.key for lane in lanes], now=now)
            for lane in lanes:
                post_id, eligible_at = heads.get(lane.key, (None, None))
                wake = max(eligible_at, lane.ready_at - BURST) if eligible_at is not None else None
                if post_id is None or wake is None or wake > now:
                    lane.wake_at = wake
                    lane.lease_until = None
                else:
                    lane.lease_until = now + LEASE
                    lane.wake_at = now + LEASE
                    chosen[post_id] = lane.key
            return self._pack(db, chosen, now=now)

    def _pack(self, db: Session, chosen: Mapping[int, str], *, now: datetime) -> list[Parcel]:
        if not chosen:
            return []
        root = aliased(Post)
        found = db.execute(
            select(Post, root.message_id).outerjoin(root, root.id == Post.root_id).where(Post.id.in_(chosen))
        ).all()
        parcels = [_parcel(post, root_message or "") for post, root_message in found]
        for post, _ in found:
            if post.message_id is not None:
                post.claimed_at = now
            elif post.state != "sending":
                # Of several doubtful attempts the first one's time counts: any of them may have arrived.
                post.state = "sending"
                post.claimed_at = now
        return parcels

    # ---------------------------------------------------------------------------------------- carrying

    async def _carry(self, parcel: Parcel) -> Receipt:
        chat = self.chats.get(parcel.place.platform)
        if chat is None:
            return Receipt(parcel, "again", why=f"{parcel.place.platform} is not connected", retry_after=60)
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await self._call(chat, parcel)
        except DeliveryError as error:
            if error.permanent:
                return Receipt(parcel, "never", why=error.why)
            sure = error.retry_after is not None
            return Receipt(parcel, "again" if sure else "unsure", why=error.why, retry_after=error.retry_after)
        except TimeoutError:
            return Receipt(parcel, "unsure", why=f"no answer within {CALL_SECONDS} seconds")
        except Exception as error:
            log.exception("delivery broke", lane=parcel.lane, post=parcel.post_id)
            return Receipt(parcel, "unsure", why=type(error).__name__)

    async def _call(self, chat: Chat, parcel: Parcel) -> Receipt:
        if parcel.message_id is not None:
            await chat.edit(parcel.place, parcel.message_id, parcel.message)
            return Receipt(parcel, "shown", message_id=parcel.message_id)
        if parcel.doubtful_since is not None:
            found = await chat.find(parcel.place, once=parcel.once, since=parcel.doubtful_since)
            if found is not None:
                await chat.edit(parcel.place, found, parcel.message)
                return Receipt(parcel, "shown", message_id=found)
        message_id = await chat.post(parcel.place, parcel.message, once=parcel.once)
        return Receipt(parcel, "shown", message_id=message_id)

    # ---------------------------------------------------------------------------------------- noting

    def _note(self, receipts: Sequence[Receipt]) -> None:
        now = self.now()
        with self.database.transaction() as db:
            keys = sorted(receipt.parcel.lane for receipt in receipts)
            lanes = {
                lane.key: lane
                for lane in db.scalars(select(Lane).where(Lane.key.in_(keys)).order_by(Lane.key).with_for_update())
            }
            found = db.scalars(select(Post).where(Post.id.in_([receipt.parcel.post_id for receipt in receipts])))
            by_id = {post.id: post for post in found}
            wishes: list[posts.Wish] = []
            for receipt in receipts:
                lane = lanes[receipt.parcel.lane]
                lane.ready_at = max(lane.ready_at, now) + PACE
                post = by_id.get(receipt.parcel.post_id)
                if post is not None:
                    wishes += self._note_one(db, post, lane, receipt, now=now)
                lane.lease_until = None
            db.flush()
            heads = _heads(db, keys, now=now)
            for key, lane in lanes.items():
                _, eligible_at = heads.get(key, (None, None))
                lane.wake_at = None if eligible_at is None else max(eligible_at, lane.ready_at - BURST)
            db.flush()
            posts.put(db, wishes, now=now)

    def _note_one(
        self, db: Session, post: Post, lane: Lane, receipt: Receipt, *, now: datetime
    ) -> Sequence[posts.Wish]:
        if receipt.outcome == "shown":
            post.message_id = receipt.message_id
            post.state = "shown"
            post.shown_version = receipt.parcel.version
            post.shown_at = post.shown_at or now
            post.failures = 0
            post.error = ""
            return ()
        post.error = receipt.why
        post.failures += 1
        if receipt.outcome == "never" or post.failures >= MOST_FAILURES:
            return self._give_up(db, post)
        if receipt.outcome == "again" and post.message_id is None:
            post.state = "wanted"
        wait = (
            timedelta(seconds=receipt.retry_after)
            if receipt.retry_after
            else min(timedelta(seconds=2**post.failures), LONGEST_BACK_OFF)
        )
        lane.ready_at = max(lane.ready_at, now + wait + BURST)
        log.warning("delivery put off", lane=lane.key, why=receipt.why, seconds=wait.total_seconds())
        return ()

    def _give_up(self, db: Session, post: Post) -> Sequence[posts.Wish]:
        """Stop trying, and say so where it helps: to the person at their next act, or to the organizers."""
        log.error("delivery given up", lane=post.lane, post=post.id, why=post.error)
        if post.person:
            post.state = "refused" if post.message_id is None else "gone"
            return ()
        if post.message_id is not None:
            # Somebody deleted it. That was a decision: it is not posted again.
            post.state = "gone"
            return ()
        post.state = "failed"
        db.execute(
            update(Post)
            .where(Post.root_id == post.id, Post.state == "wanted")
            .values(state="failed", error="the post it belongs under was not taken")
        )
        movement = db.get_one(Movement, post.movement_id)
        sentence = (
            f"I could not post in the channel of {movement.name}: {post.error}. Please check that I am still a member "
            "of the channel and may write there. Everything else goes on."
        )
        return posts.tell_organizers(
            movement, db, key=f"delivery:{post.lane}"[:100], message=Message(sentence), ritual=post.ritual
        )


def _parcel(post: Post, root_message: str) -> Parcel:
    return Parcel(
        post_id=post.id,
        lane=post.lane,
        place=Place(post.platform, post.workspace, channel=post.channel, thread=root_message, person=post.person),
        message=from_json(post.view),
        version=post.version,
        once=f"drumbeat-{post.id}",
        message_id=post.message_id,
        doubtful_since=post.claimed_at if post.state == "sending" else None,
    )


def _heads(db: Session, lanes: Iterable[str], *, now: datetime) -> dict[str, tuple[int, datetime]]:
    """Find each lane's next post and when it may go: the first that may go now, else the one that may go soonest."""
    root = aliased(Post)
    rows = db.execute(
        select(
            *(Post.lane, Post.id, Post.changed_at, Post.not_before, Post.message_id, Post.claimed_at, Post.shown_at),
            *(Post.root_id, root.message_id.label("root_message")),
        )
        .outerjoin(root, root.id == Post.root_id)
        .where(Post.lane.in_(list(lanes)), OPEN)
        .order_by(Post.changed_at, Post.id)
    ).all()
    heads: dict[str, tuple[int, datetime]] = {}
    for row in rows:
        if row.root_id is not None and row.root_message is None:
            continue  # its thread does not exist yet; the thread's first post is in this lane, before it
        if row.message_id is None:
            eligible = row.not_before or row.changed_at
        else:
            pause = OLD_EDIT_PAUSE if row.shown_at is not None and now - row.shown_at > OLD else EDIT_PAUSE
            eligible = max(row.changed_at + posts.GATHER_EDITS, row.claimed_at + pause)
        best = heads.get(row.lane)
        if best is None or (best[1] > now and eligible < best[1]):
            heads[row.lane] = (row.id, eligible)
    return heads
