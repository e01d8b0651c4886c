"""What a retro keeps: how it runs, the notes that belong to nobody, the topics made of them, and the blind votes.

The numbers of notes and topics are random, and SQLite keeps these rows without a secret number of its own, so their
order tells nothing. A note has no time at all.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Document, Table

LABEL = String(40)
TAKEN_BACK = ""


class Retro(Table):
    """How one retro runs. ``phase``: gather, group, vote, discuss, closed.

    ``spans`` are the minutes of the four phases; ``phase_ends_at`` is when the present one ends, if it ends by itself.
    ``asked_id`` was asked to facilitate and has not answered yet. ``spent`` are hashes of keys that changed a note and
    can't any more; they stand in no order and beside no note.
    """

    __tablename__ = "retro"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True)
    phase: Mapped[str] = mapped_column(String(10), default="gather")
    format: Mapped[str] = mapped_column(LABEL)
    columns: Mapped[list[str]] = mapped_column(Document)
    live: Mapped[bool] = mapped_column(default=False)
    signed: Mapped[bool] = mapped_column(default=False)
    # How many could have written when it opened, where that is too few for a promise of anonymity; 0 otherwise.
    few: Mapped[int] = mapped_column(default=0)
    spans: Mapped[list[int]] = mapped_column(Document)
    votes_each: Mapped[int]
    votes_on_one: Mapped[int]
    topics_most: Mapped[int]
    phase_ends_at: Mapped[datetime | None]
    topic_timer_at: Mapped[datetime | None]
    voters: Mapped[int] = mapped_column(default=0)
    facilitator_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    facilitator_seen_at: Mapped[datetime | None]
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    skipped: Mapped[list[int]] = mapped_column(Document, default=list)
    spent: Mapped[list[str]] = mapped_column(Document, default=list)
    ended: Mapped[str] = mapped_column(String(10), default="")


class RetroTopic(Table):
    """A group of notes that are talked about as one. ``place`` is its turn in the discussion; 0 is none."""

    __tablename__ = "retro_topic"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(Text)
    votes: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(default=0)
    decision: Mapped[str] = mapped_column(Text, default="")
    no_action: Mapped[bool] = mapped_column(default=False)


class RetroNote(Table):
    """One note. Without a retro it waits for the next one; ``member_id`` is only there when notes are signed.

    ``token`` is the hash of a key that lies in the author's chat alone: with it a note can be changed until the reveal,
    which drops it. ``column`` -1 means noted in between; less than that, it waits for a column (``wait_for``). One that
    waited and was taken back has no words any more; it stays until the next retro opens, so that a late delivery of its
    form is known.
    """

    __tablename__ = "retro_note"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id", ondelete="CASCADE"), index=True)
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    column: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    token: Mapped[str] = mapped_column(String(64), default="", index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("retro_topic.id", ondelete="SET NULL"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))


class RetroVote(Table):
    """How many votes somebody gave a topic, under a keyed hash; deleted when voting closes and the totals are kept."""

    __tablename__ = "retro_vote"
    __table_args__ = ({"sqlite_with_rowid": False},)

    topic_id: Mapped[int] = mapped_column(ForeignKey("retro_topic.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    votes: Mapped[int]
