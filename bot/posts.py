"""The wish list of the chat: what should be shown where. Turns write it, the courier makes it true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.chat import Message, Place
from bot.people import organizers
from bot.store import insert_or
from bot.tables import Lane, Movement, Post
from bot.wire import to_json

# What changes within half a second becomes one edit.
GATHER_EDITS = timedelta(seconds=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One post as it should look. ``under`` is the key of the post whose thread it stands in."""

    movement: Movement
    ritual: str
    key: str
    message: Message
    about: str = ""
    channel: str = ""
    person: str = ""
    under: str = ""
    not_before: datetime | None = None

    @property
    def place(self) -> Place:
        """Tell where it is shown; the thread is known only once its first post is."""
        return Place(self.movement.platform, self.movement.workspace, channel=self.channel, person=self.person)


def put(db: Session, wishes: Sequence[Wish], *, now: datetime) -> int:
    """Write wishes down, the last one for a key winning; gives how many changed anything.

    The caller holds the movements' rows, so nobody else writes these posts' wishes. Lanes are locked in the order of
    their names, before posts: the courier does the same, so the two never wait for each other in a circle.
    """
    latest = {(wish.movement.id, wish.key): wish for wish in wishes}
    existing = {
        (post.movement_id, post.key): post
        for post in db.scalars(
            select(Post).where(
                Post.movement_id.in_({movement for movement, _ in latest}), Post.key.in_({key for _, key in latest})
            )
        )
    }
    fresh = [wish for key, wish in latest.items() if key not in existing]
    changed = [
        (post, view, wish)
        for key, wish in latest.items()
        if (post := existing.get(key)) is not None
        and ((view := to_json(wish.message)) != post.view or post.state == "withdrawn")
    ]
    wake: dict[str, datetime] = {}
    for wish in fresh:
        wake[wish.place.lane] = min(wake.get(wish.place.lane, now), now)
    for post, _, _ in changed:
        wake[post.lane] = min(wake.get(post.lane, now + GATHER_EDITS), now + GATHER_EDITS)
    _wake_lanes(db, wake, now=now)
    for post, view, wish in changed:
        post.view = view
        post.version += 1
        post.changed_at = now
        if post.state in ("failed", "withdrawn"):
            post.state = "shown" if post.message_id else "wanted"
            post.not_before = wish.not_before
            post.failures = 0
    _insert(db, [wish for wish in fresh if not wish.under], now=now)
    _insert(db, [wish for wish in fresh if wish.under], now=now)
    return len(fresh) + len(changed)


def _wake_lanes(db: Session, wake: dict[str, datetime], *, now: datetime) -> None:
    if not wake:
        return
    insert_lane = insert_or(db)(Lane)
    sooner = or_(Lane.wake_at.is_(None), Lane.wake_at > insert_lane.excluded.wake_at)
    db.execute(
        insert_lane.on_conflict_do_update(
            index_elements=["key"],
            set_={"wake_at": case((sooner, insert_lane.excluded.wake_at), else_=Lane.wake_at)},
        ),
        [{"key": key, "wake_at": wake[key], "ready_at": now} for key in sorted(wake)],
    )


def _insert(db: Session, wishes: Sequence[Wish], *, now: datetime) -> None:
    if not wishes:
        return
    keys = {wish.under for wish in wishes} - {""}
    found = select(Post.movement_id, Post.key, Post.id).where(Post.key.in_(keys)) if keys else None
    roots = {(movement, key): row for movement, key, row in db.execute(found)} if found is not None else {}
    db.execute(
        insert(Post),
        [
            {
                "movement_id": wish.movement.id,
                "key": wish.key,
                "ritual": wish.ritual,
                "about": wish.about,
                "platform": wish.movement.platform,
                "workspace": wish.movement.workspace,
                "channel": wish.channel,
                "person": wish.person,
                "root_id": roots[wish.movement.id, wish.under] if wish.under else None,
                "lane": wish.place.lane,
                "view": to_json(wish.message),
                "not_before": wish.not_before,
                "changed_at": now,
            }
            for wish in wishes
        ],
    )


def withdraw(db: Session, movement: Movement, key: str) -> None:
    """Take back a wish that nobody has been shown yet."""
    db.execute(
        update(Post)
        .where(Post.movement_id == movement.id, Post.key == key, Post.state == "wanted")
        .values(state="withdrawn")
    )


def tell_organizers(movement: Movement, db: Session, *, key: str, message: Message, ritual: str) -> list[Wish]:
    """Address a private message to each organizer of a movement."""
    return [
        Wish(movement=movement, ritual=ritual, key=f"{key}:{member.id}", message=message, person=member.person)
        for member in organizers(db, movement.id)
    ]
