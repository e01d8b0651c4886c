"""What Drumbeat remembers of a movement: its people, its rituals, what they did, and what the chat should show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Id, Table

NAME = String(200)
IDENT = String(120)


def _of_movement() -> Mapped[int]:
    return mapped_column(ForeignKey("movement.id", ondelete="CASCADE"))


class Movement(Table):
    """One group with one home: a channel. Everything else in the database hangs on one of these."""

    __tablename__ = "movement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    platform: Mapped[str] = mapped_column(IDENT)
    workspace: Mapped[str] = mapped_column(IDENT)
    channel: Mapped[str] = mapped_column(IDENT)
    name: Mapped[str] = mapped_column(NAME)
    next_step: Mapped[str] = mapped_column(Text, default="")
    first_gathering_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")
    future: Mapped[str] = mapped_column(Text, default="")
    part: Mapped[str] = mapped_column(Text, default="")
    scope: Mapped[str] = mapped_column(Text, default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    quiet_hours: Mapped[str] = mapped_column(String(20), default="22:00 to 07:00")
    started_at: Mapped[datetime]
    # When the people of the home channel are next compared with the members.
    roll_due_at: Mapped[datetime] = mapped_column(index=True)
    # Since when the home channel is closed to us: deleted, archived, or we were sent away.
    shut_out_at: Mapped[datetime | None]
    # When it last got another home. Whoever left at that moment and is in the new channel has been there all along.
    moved_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("platform", "workspace", "channel"),)


class Mission(Table):
    """One version of a movement's mission. A new one never overwrites an old one."""

    __tablename__ = "mission"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("movement_id", "version"),)


class Member(Table):
    """A person in a movement. The same person in two movements is two members that know nothing of each other."""

    __tablename__ = "member"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    person: Mapped[str] = mapped_column(IDENT)
    name: Mapped[str] = mapped_column(NAME)
    zone: Mapped[str] = mapped_column(String(64), default="")
    role: Mapped[str] = mapped_column(String(12), default="member")
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    bot: Mapped[bool] = mapped_column(default=False)
    opted_out: Mapped[bool] = mapped_column(default=False)
    reminders: Mapped[bool] = mapped_column(default=True)
    brought_in_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("movement_id", "person"), Index(None, "person"))


class Away(Table):
    """A time in which a member is not asked for anything: from ``start`` up to, not including, ``end``."""

    __tablename__ = "away"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    start: Mapped[datetime]
    end: Mapped[datetime | None]


class Act(Table):
    """The ledger: who did what when, about what. Rows are added and, on a person's wish, deleted; never changed.

    ``once`` is what makes a second telling of the same act change nothing.
    """

    __tablename__ = "act"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="SET NULL"), index=True)
    evidence: Mapped[str] = mapped_column(Text, default="")
    once: Mapped[str] = mapped_column(String(160))

    __table_args__ = (
        UniqueConstraint("movement_id", "once"),
        Index(None, "member_id", "at"),
        Index(None, "movement_id", "at"),
    )


class Practice(Table):
    """A ritual as one movement keeps it: its cadence, channel, settings, owner and understudy.

    ``next_slot`` is the next time by the cadence, ``next_at`` when it will really be: the two differ when an organizer
    moved that one time. Both are empty for a ritual on demand and while it is paused.
    """

    __tablename__ = "practice"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    ritual: Mapped[str] = mapped_column(String(40))
    cadence: Mapped[str] = mapped_column(NAME)
    anchor: Mapped[datetime]
    channel: Mapped[str] = mapped_column(IDENT)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    understudy_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    next_slot: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("movement_id", "ritual"),)


class Occurrence(Table):
    """One run of a ritual. ``state``: open, then held, missed or excused."""

    __tablename__ = "occurrence"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"))
    planned_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(NAME, default="")

    __table_args__ = (
        UniqueConstraint("practice_id", "planned_at"),
        Index(None, "movement_id", "planned_at"),
    )


class Host(Table):
    """Somebody who ran an occurrence: its host of record. There may be several, or nobody that is known."""

    __tablename__ = "host"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]


class Promise(Table):
    """A small public commitment: who, what, by when. Every ritual may lead to some (``ritual``, ``about``).

    ``due_at`` is the due date as it stands, the one agreed first and all moves are in ``renegotiation``. What somebody
    was put down for by another (``asked_by_id``) is only asked for until ``accepted_at``; it ends by ``done_at`` or
    ``released_at``. Who is to do it with the owner is asked likewise, until ``co_accepted_at``.
    """

    __tablename__ = "promise"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    owner_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    co_owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    what: Mapped[str] = mapped_column(Text)
    due_at: Mapped[datetime]
    made_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    co_accepted_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    public: Mapped[bool] = mapped_column(default=True)
    ritual: Mapped[str] = mapped_column(String(40), default="")
    about: Mapped[str] = mapped_column(String(90), default="")
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="SET NULL"), index=True)

    __table_args__ = (Index(None, "movement_id", "due_at"),)


class Renegotiation(Table):
    """That a promise's due date was moved, and when this was agreed."""

    __tablename__ = "renegotiation"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    promise_id: Mapped[int] = mapped_column(ForeignKey("promise.id", ondelete="CASCADE"), index=True)
    was_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    agreed_at: Mapped[datetime]


class Timer(Table):
    """Something that is due: which ritual's verb, about what. Rung and removed in one transaction."""

    __tablename__ = "timer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    ritual: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(90))
    due_at: Mapped[datetime]
    # When it was meant to be rung; ``due_at`` moves on after a failure, this does not.
    planned_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("movement_id", "ritual", "verb", "about"),
        Index(None, "due_at"),
    )


class Post(Table):
    """One message that the chat should show, and what is known of it there: the durable outbox.

    ``state``: wanted (never sent), sending (an attempt whose outcome is unknown), shown, gone (deleted by somebody, or
    under such a post), refused (the person takes no private messages), told (they were told in a whisper instead),
    failed (until there is something new to show), withdrawn.
    ``version`` counts what we want, ``shown_version`` what the chat shows.
    """

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = _of_movement()
    key: Mapped[str] = mapped_column(String(160))
    ritual: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(90), default="")
    platform: Mapped[str] = mapped_column(IDENT)
    workspace: Mapped[str] = mapped_column(IDENT)
    channel: Mapped[str] = mapped_column(IDENT, default="")
    person: Mapped[str] = mapped_column(IDENT, default="")
    root_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    lane: Mapped[str] = mapped_column(ForeignKey("lane.key"))
    view: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)
    shown_version: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="wanted")
    message_id: Mapped[str | None] = mapped_column(IDENT)
    not_before: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        UniqueConstraint("movement_id", "key"),
        Index(None, "message_id"),
        Index(
            "ix_post_open",
            "lane",
            "changed_at",
            postgresql_where=text("version > shown_version AND state IN ('wanted', 'sending', 'shown')"),
            sqlite_where=text("version > shown_version AND state IN ('wanted', 'sending', 'shown')"),
        ),
        Index(
            "ix_post_refused",
            "person",
            postgresql_where=text("state = 'refused'"),
            sqlite_where=text("state = 'refused'"),
        ),
    )


class Lane(Table):
    """One channel or inbox as the courier sees it: what is sent there keeps its order and its pace.

    ``wake_at`` says when there is something to do (none: nothing), ``ready_at`` is the rate clock, ``lease_until``
    keeps a second process away while one is sending.
    """

    __tablename__ = "lane"

    key: Mapped[str] = mapped_column(String(260), primary_key=True)
    wake_at: Mapped[datetime | None] = mapped_column(index=True)
    ready_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]


class MarkKey(Table):
    """The key with which those who took part in something anonymous are marked, until it closes."""

    __tablename__ = "mark_key"

    scope: Mapped[str] = mapped_column(String(90), primary_key=True)
    key: Mapped[str] = mapped_column(String(64))


class Mark(Table):
    """That somebody took part in something anonymous: a keyed hash, apart from what they gave, deleted with its key.

    SQLite would number the rows in secret as they come in, so it is told not to.
    """

    __tablename__ = "mark"
    __table_args__ = ({"sqlite_with_rowid": False},)

    scope: Mapped[str] = mapped_column(ForeignKey("mark_key.scope", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)


class Install(Table):
    """A workspace that installed Drumbeat by itself, with the token it gave us, encrypted."""

    __tablename__ = "install"

    platform: Mapped[str] = mapped_column(IDENT, primary_key=True)
    workspace: Mapped[str] = mapped_column(IDENT, primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Memo(Table):
    """Something small that an adapter wants to find again after a restart, such as which commands it offered last."""

    __tablename__ = "memo"

    key: Mapped[str] = mapped_column(IDENT, primary_key=True)
    words: Mapped[str] = mapped_column(Text)


class Seen(Table):
    """The duplicate filter: events that were heard already. A row is written in the turn that it guards."""

    __tablename__ = "seen"

    event: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
