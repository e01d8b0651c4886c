"""What an alignment check keeps: what was asked, the ratings until the close, and what was chosen."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Document, Id, Table


class Check(Table):
    """One alignment check: the mission it asked about, and how far it has come.

    ``phase``: prepare, rate, choose, closed. ``way``: anonymous, or among few people signed, or talk (nobody rates).
    """

    __tablename__ = "alignment_check"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True)
    mission_id: Mapped[int] = mapped_column(ForeignKey("mission.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(String(8))
    way: Mapped[str] = mapped_column(String(10), default="anonymous")
    raters: Mapped[int] = mapped_column(default=0)
    # When the check opens by itself, and later when choosing ends.
    turns_at: Mapped[datetime | None]


class Activity(Table):
    """One thing that is rated; ``source`` tells what it is in the ledger ('' for one that somebody added).

    The last one of every check is the mission question. ``figures`` are the ratings after the close, in the order of
    their size; with too few of them they stay closed, and all are forgotten after a while.
    """

    __tablename__ = "alignment_activity"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(60), default="")
    told: Mapped[str] = mapped_column(String(40), default="")
    acts: Mapped[int] = mapped_column(default=0)
    figures: Mapped[list[int]] = mapped_column(Document, default=list)
    unsure: Mapped[int] = mapped_column(default=0)
    reasons: Mapped[list[str]] = mapped_column(Document, default=list)

    __table_args__ = (UniqueConstraint("occurrence_id", "position"),)


class Rating(Table):
    """One rating of one activity while the check is open; 0 is 'not sure'. All are gone at the close.

    ``voter`` is a hash of what only the rater's own message holds, so that they can change it and nobody can trace it;
    in a signed check it is the member. SQLite would number the rows in secret as they come in, so it is told not to.
    """

    __tablename__ = "alignment_rating"
    __table_args__ = ({"sqlite_with_rowid": False},)

    activity_id: Mapped[int] = mapped_column(ForeignKey("alignment_activity.id", ondelete="CASCADE"), primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    figure: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")


class Proposal(Table):
    """What somebody proposes for one activity: keep, change or stop it; for the mission, other words.

    ``base`` is the mission's version that it started from. ``state``: open, adopted, objected, lapsed (too few
    answered), overtaken (the mission changed meanwhile), withdrawn (another one took its place).
    """

    __tablename__ = "alignment_proposal"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("alignment_activity.id", ondelete="CASCADE"))
    choice: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    due_on: Mapped[date | None] = mapped_column(Date)
    base: Mapped[int]
    at: Mapped[datetime]
    decides_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")

    __table_args__ = (Index(None, "activity_id", "state"),)


class Voice(Table):
    """What one member said to a proposal: consent, or an objection with its reason."""

    __tablename__ = "alignment_voice"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("alignment_proposal.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    consents: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
