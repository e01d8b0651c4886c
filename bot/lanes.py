"""The lanes: what may be sent next where, and what is remembered of how it went. One lane is one channel or inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

import structlog
from sqlalchemy import Integer, Select, bindparam, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot import posts
from bot.chat import Message, Place, shorten
from bot.plain import tidy_line
from bot.store import UTCDateTime
from bot.tables import Lane, Movement, Post
from bot.wire import from_json

log = structlog.get_logger()

# A little longer than a call may take: so long a channel waits after a process was killed while it wrote there.
LEASE = timedelta(seconds=30)
# About one message a second and place, the strictest platform's pace; a few may go at once after a quiet time.
PACE = timedelta(seconds=1)
BURST = timedelta(seconds=2)
# A post that was changed a moment ago waits, so that many answers become one edit. Old posts may be edited only rarely:
# Discord answers 429 with code 30046 (https://github.com/discord/discord-api-docs/issues/4413).
EDIT_PAUSE = timedelta(seconds=3)
OLD = timedelta(hours=1)
OLD_EDIT_PAUSE = timedelta(minutes=1)
LONGEST_BACK_OFF = timedelta(minutes=5)
# A platform that is down comes back: it is tried for more than two hours. What breaks on our side stays broken.
MOST_FAILURES = {"unsure": 40, "broken": 5}
# Two processes and a platform never agree on the time to the second.
CLOCKS_DIFFER = timedelta(minutes=2)
WHY_LIMIT = 300

OPEN = (Post.version > Post.shown_version) & Post.state.in_(("wanted", "sending", "shown"))

# What every delivery asks is put into words once.
_ROOT = aliased(Post)
_WITH_ROOT = (
    select(Post, _ROOT)
    .outerjoin(_ROOT, _ROOT.id == Post.root_id)
    .where(Post.id.in_(bindparam("chosen", expanding=True)))
)
_WAITING = (
    select(
        *(Post.lane, Post.id, Post.changed_at, Post.not_before, Post.message_id, Post.claimed_at, Post.shown_at),
        *(Post.root_id, _ROOT.message_id.label("root_message")),
    )
    .outerjoin(_ROOT, _ROOT.id == Post.root_id)
    .where(Post.lane.in_(bindparam("lanes", expanding=True)), OPEN)
    .order_by(Post.changed_at, Post.id)
)
_HELD = (
    select(Lane)
    .where(Lane.key.in_(bindparam("keys", expanding=True)))
    .order_by(Lane.key)
    .with_for_update(key_share=True)
)
_POSTS = select(Post).where(Post.id.in_(bindparam("ids", expanding=True)))

Outcome = Literal["shown", "again", "unsure", "broken", "never", "gone", "orphan"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One post on its way: what to show where, and since when an earlier attempt may have arrived.

    ``lease`` tells which claim this is: once the lane is somebody else's, only what happened is noted.
    """

    post_id: int
    lane: str
    lease: datetime
    place: Place
    message: Message
    version: int
    once: str
    message_id: str | None
    doubtful_since: datetime | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """How it went.

    ``again``: surely not taken, try later. ``unsure``: it may have arrived. ``broken``: we could not even send it.
    ``never``: no use in trying until somebody helps. ``gone``: somebody deleted it. ``orphan``: somebody deleted the
    thread that it belongs in.
    """

    parcel: Parcel
    outcome: Outcome
    message_id: str | None = None
    why: str = ""
    mend: str = ""
    retry_after: float | None = None


# ---------------------------------------------------------------------------------------- claiming


@cache
def _awake(platforms: tuple[str, ...]) -> Select[Lane]:
    """Ask for lanes that lead to these platforms and that nobody holds: another process may serve the others."""
    now = bindparam("now", type_=UTCDateTime)
    return (
        select(Lane)
        .where(
            Lane.wake_at <= now,
            or_(Lane.lease_until.is_(None), Lane.lease_until <= now),
            or_(*(Lane.key.startswith(f"{platform}/", autoescape=True) for platform in platforms)),
        )
        .order_by(Lane.wake_at)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True, key_share=True)
    )


def claim(db: Session, platforms: Collection[str], *, most: int, now: datetime) -> list[Parcel]:
    """Take hold of lanes in which something may be sent now, and give the one post that is next in each."""
    if not platforms:
        return []
    awake = db.scalars(_awake(tuple(sorted(platforms))), {"now": now, "most": most})
    lanes = {lane.key: lane for lane in awake}
    chosen = []
    heads = _heads(db, lanes, now=now)
    for key, lane in lanes.items():
        post_id, eligible_at = heads.get(key, (None, None))
        lane.lease_until = None
        lane.wake_at = max(eligible_at, lane.ready_at - BURST) if eligible_at is not None else None
        if post_id is not None and lane.wake_at is not None and lane.wake_at <= now:
            lane.lease_until = lane.wake_at = now + LEASE
            chosen.append(post_id)
    return _pack(db, chosen, lanes, now=now)


def _pack(db: Session, chosen: Sequence[int], lanes: Mapping[str, Lane], *, now: datetime) -> list[Parcel]:
    if not chosen:
        return []
    parcels = []
    for post, above in db.execute(_WITH_ROOT, {"chosen": list(chosen)}).all():
        try:
            parcel = _parcel(post, above, lease=now + LEASE)
        except Exception as error:  # one post that nobody can read must not hold up all others
            post.state, post.error = "failed", f"cannot be read: {type(error).__name__}"
            log.exception("post cannot be read", post=post.id)
            lanes[post.lane].lease_until, lanes[post.lane].wake_at = None, now
            continue
        parcels.append(parcel)
        if post.message_id is not None:
            post.claimed_at = now
        elif post.state != "sending":
            # Of several doubtful attempts the first one's time counts: any of them may have arrived.
            post.state = "sending"
            post.claimed_at = now
    return parcels


def _parcel(post: Post, above: Post | None, *, lease: datetime) -> Parcel:
    return Parcel(
        post_id=post.id,
        lane=post.lane,
        lease=lease,
        place=Place(
            post.platform,
            post.workspace,
            channel=post.channel,
            thread=(above.message_id or "") if above is not None else "",
            person=post.person,
        ),
        message=from_json(post.view),
        version=post.version,
        once=f"drumbeat-{post.id}",
        message_id=post.message_id,
        doubtful_since=post.claimed_at - CLOCKS_DIFFER if post.state == "sending" and post.claimed_at else None,
    )


def _heads(db: Session, lanes: Iterable[str], *, now: datetime) -> dict[str, tuple[int, datetime]]:
    """Find each lane's next post and when it may go: the first that may go now, else the one that may go soonest."""
    rows = db.execute(_WAITING, {"lanes": list(lanes)}).all()
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


# ---------------------------------------------------------------------------------------- noting


def note(db: Session, receipts: Sequence[Receipt], *, now: datetime) -> None:
    """Write down how it went, and when each lane has something to do next."""
    keys = sorted({receipt.parcel.lane for receipt in receipts})
    lanes = {lane.key: lane for lane in db.scalars(_HELD, {"keys": keys})}
    found = db.scalars(_POSTS, {"ids": [receipt.parcel.post_id for receipt in receipts]})
    by_id = {post.id: post for post in found}
    wishes: list[posts.Wish] = []
    freed = []
    for receipt in receipts:
        lane = lanes[receipt.parcel.lane]
        lane.ready_at = max(lane.ready_at, now) + PACE
        post = by_id.get(receipt.parcel.post_id)
        if post is not None:
            wishes += _note_one(db, post, lane, receipt, now=now)
        if lane.lease_until == receipt.parcel.lease:
            lane.lease_until = None
            freed.append(lane)
    db.flush()
    heads = _heads(db, [lane.key for lane in freed], now=now)
    for lane in freed:
        _, eligible_at = heads.get(lane.key, (None, None))
        lane.wake_at = None if eligible_at is None else max(eligible_at, lane.ready_at - BURST)
    db.flush()
    posts.put(db, wishes, now=now)


def _note_one(db: Session, post: Post, lane: Lane, receipt: Receipt, *, now: datetime) -> Sequence[posts.Wish]:
    if receipt.outcome == "shown":
        post.message_id = receipt.message_id
        post.state = "shown"
        post.shown_version = max(post.shown_version, receipt.parcel.version)
        post.shown_at = post.shown_at or now
        post.failures = 0
        post.error = ""
        return ()
    post.error = receipt.why
    if receipt.outcome in ("never", "gone", "orphan"):
        return _give_up(db, post, receipt, now=now)
    if receipt.outcome == "again":
        if receipt.parcel.message_id is None and receipt.parcel.doubtful_since is None:
            post.state = "wanted"
    else:
        post.failures += 1
        if post.failures >= MOST_FAILURES[receipt.outcome]:
            return _give_up(db, post, receipt, now=now)
    wait = (
        timedelta(seconds=receipt.retry_after)
        if receipt.retry_after
        else min(timedelta(seconds=2 ** max(post.failures, 1)), LONGEST_BACK_OFF)
    )
    lane.ready_at = max(lane.ready_at, now + wait + BURST)
    # Why stands in the post's row: a refusal may name a channel.
    log.warning("delivery put off", post=post.id, outcome=receipt.outcome, seconds=wait.total_seconds())
    return ()


def _give_up(db: Session, post: Post, receipt: Receipt, *, now: datetime) -> Sequence[posts.Wish]:
    """Stop trying, and say so where it helps: to the person at their next act, or to the organizers."""
    log.error("delivery given up", movement=post.movement_id, post=post.id, outcome=receipt.outcome)
    if receipt.outcome in ("gone", "orphan"):
        # Somebody deleted it. That was a decision: it is not posted again, and neither are answers under it.
        root_id = post.root_id if receipt.outcome == "orphan" and post.root_id is not None else post.id
        db.execute(update(Post).where(Post.id == root_id).values(state="gone"))
        _leave_thread(db, root_id)
        return ()
    if post.person and post.message_id is None:
        post.state = "refused"
        return ()
    # It is tried again when there is something new to show in it, or when somebody has helped (posts.revive).
    post.state = "failed"
    if post.message_id is None:
        db.execute(
            update(Post)
            .where(Post.root_id == post.id, Post.state == "wanted")
            .values(state="failed", error="the post it belongs under was not taken")
        )
    if post.person:
        return ()
    movement = db.get_one(Movement, post.movement_id)
    why = shorten(tidy_line(post.error), limit=WHY_LIMIT).rstrip(".")
    mend = receipt.mend or _MEND
    sentence = (
        f"I could not post in the channel of {movement.name}: {why}. {mend} "
        "Then type /drumbeat there, and I catch up. Everything else goes on."
    )
    key = f"delivery:{now:%Y%m%d}:{post.lane}"[:120]  # once a day and channel, however much was to be posted there
    return posts.tell_organizers(movement, db, key=key, message=Message(sentence), ritual=post.ritual)


_MEND = "Please check that I am still a member of the channel and may write there."


def _leave_thread(db: Session, root_id: int) -> None:
    db.execute(
        update(Post)
        .where(Post.root_id == root_id, Post.message_id.is_(None), Post.state.in_(("wanted", "sending", "failed")))
        .values(state="gone")
    )
