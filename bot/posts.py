"""The wish list of the chat: what should be shown where. Turns write it, the courier makes it true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, insert, or_, select, update
from sqlalchemy.orm import Session

from bot.chat import Message, Place
from bot.people import organizers
from bot.store import insert_or
from bot.tables import Lane, Movement, Post
from bot.wire import Json, to_json

# What changes within half a second becomes one edit.
GATHER_EDITS = timedelta(seconds=0.5)
WORTH_IT = timedelta(days=3)
# Nobody has seen these: they can still be taken back.
UNSEEN = ("wanted", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One post as it should look. ``under`` is the key of the post whose thread it stands in.

    A message may be a function that makes it: of many turns that change the same post, only the last one makes it.

    Without a message it is taken back if nobody has seen it yet. ``correcting``: it is shown to those who have seen
    the post already, and taken back otherwise.
    """

    movement: Movement
    ritual: str
    key: str
    message: Message | Callable[[], Message] | None
    about: str = ""
    channel: str = ""
    person: str = ""
    under: str = ""
    not_before: datetime | None = None
    correcting: bool = False

    @property
    def takes_back(self) -> bool:
        """Tell whether this makes what nobody has seen yet disappear."""
        return self.message is None or self.correcting

    @property
    def place(self) -> Place:
        """Tell where it is shown; the thread is known only once its first post is."""
        return Place(self.movement.platform, self.movement.workspace, channel=self.channel, person=self.person)


_Key = tuple[int, str]


def put(db: Session, wishes: Sequence[Wish], *, now: datetime) -> int:
    """Write wishes down, the last one for a key winning; gives how many changed anything.

    The caller holds the movements' rows, so nobody else writes these posts' wishes. Lanes are locked in the order of
    their names, and before any post is written: the courier does the same, so the two never wait for each other in a
    circle. What the courier notes meanwhile is read again once the lanes are held.
    """
    latest = {(wish.movement.id, wish.key): wish for wish in wishes}
    existing = _find(db, latest)
    fresh: list[tuple[Wish, Json]] = []
    changed: dict[_Key, Json | None] = {}
    wake: dict[str, datetime] = {}
    for key, wish in latest.items():
        post = existing.get(key)
        message = wish.message() if callable(wish.message) else wish.message
        view = to_json(message) if message is not None else None
        if post is None:
            if view is not None and not wish.correcting:
                fresh.append((wish, view))
                wake[wish.place.lane] = now
        elif view != post.view or wish.correcting or post.state == "withdrawn":
            changed[key] = view
            wake.setdefault(post.lane, now + GATHER_EDITS)
    _wake_lanes(db, wake, now=now)
    done = len(fresh)
    for key, post in _find(db, changed).items():
        done += _change(db, post, latest[key], changed[key], now=now)
    _insert(db, [(wish, view) for wish, view in fresh if not wish.under], now=now)
    _insert(db, [(wish, view) for wish, view in fresh if wish.under], now=now)
    return done


def _find(db: Session, keys: Mapping[_Key, object]) -> dict[_Key, Post]:
    if not keys:
        return {}
    found = db.scalars(
        select(Post)
        .where(Post.movement_id.in_({movement for movement, _ in keys}), Post.key.in_({key for _, key in keys}))
        .execution_options(populate_existing=True)
    )
    return {key: post for post in found if (key := (post.movement_id, post.key)) in keys}


def _change(db: Session, post: Post, wish: Wish, view: Json | None, *, now: datetime) -> int:
    """Change what a post should look like; its lane is held."""
    if view is None or wish.correcting:
        if post.state in UNSEEN:
            post.state = "withdrawn"
            return 1
        if view is None or post.state == "withdrawn" or view == post.view:
            return 0
    if post.version == post.shown_version or post.state in ("failed", "withdrawn"):
        # A change on top of one that waits keeps the first one's time: a post that never rests is shown all the same.
        post.changed_at = now
    post.view = view
    post.version += 1
    if post.state in ("failed", "withdrawn"):
        post.state = "shown" if post.message_id else "wanted"
        post.not_before = wish.not_before
        post.failures = 0
        db.execute(
            update(Post).where(Post.root_id == post.id, Post.state == "failed").values(state="wanted", failures=0)
        )
    return 1


def revive(db: Session, movement: Movement, *, now: datetime) -> None:
    """Try again what a channel did not take lately: somebody may have let us in again.

    The caller holds the movement's row. Only what is not older than ``WORTH_IT``: nobody wants last week's prompt.
    """
    failed = (
        (Post.movement_id == movement.id)
        & (Post.state == "failed")
        & (Post.channel != "")
        & (Post.changed_at > now - WORTH_IT)
    )
    lanes = db.scalars(select(Post.lane).where(failed).distinct()).all()
    if not lanes:
        return
    _wake_lanes(db, dict.fromkeys(lanes, now), now=now)
    again = case((Post.message_id.is_(None), "wanted"), else_="shown")
    db.execute(update(Post).where(failed).values(state=again, failures=0))


def _wake_lanes(db: Session, wake: Mapping[str, datetime], *, now: datetime) -> None:
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


def _insert(db: Session, wishes: Sequence[tuple[Wish, Json]], *, now: datetime) -> None:
    if not wishes:
        return
    roots = _find(db, {(wish.movement.id, wish.under): None for wish, _ in wishes if wish.under})
    db.execute(insert(Post), [_row(wish, view, roots, now=now) for wish, view in wishes])


def _row(wish: Wish, view: Json, roots: Mapping[_Key, Post], *, now: datetime) -> dict[str, object]:
    root = roots.get((wish.movement.id, wish.under))
    if wish.under and root is None:
        msg = f"{wish.key!r} cannot stand under {wish.under!r}: there is no such post"
        raise LookupError(msg)
    return {
        "movement_id": wish.movement.id,
        "key": wish.key,
        "ritual": wish.ritual,
        "about": wish.about,
        "platform": wish.movement.platform,
        "workspace": wish.movement.workspace,
        # A thread stays where it is, also when the movement has moved since.
        "channel": root.channel if root is not None else wish.channel,
        "person": wish.person,
        "root_id": root.id if root is not None else None,
        "lane": root.lane if root is not None else wish.place.lane,
        "view": view,
        # Where the thread was deleted, nobody wants to read its replies.
        "state": "gone" if root is not None and root.state == "gone" else "wanted",
        "not_before": wish.not_before,
        "changed_at": now,
    }


def tell_organizers(movement: Movement, db: Session, *, key: str, message: Message, ritual: str) -> list[Wish]:
    """Address a private message to each organizer of a movement."""
    return [
        Wish(movement=movement, ritual=ritual, key=f"{key}:{member.id}", message=message, person=member.person)
        for member in organizers(db, movement.id)
    ]
