"""What a listening round keeps: who wants to listen, who was put together, what they said of it and what they heard."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Document, Id, Table


class Listener(Table):
    """Somebody who wants to be in the rounds. ``waits``: how often in a row they had nobody to listen to."""

    __tablename__ = "listener"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]
    waits: Mapped[int] = mapped_column(default=0)


class ListeningRound(Table):
    """One round: the questions it offers, and the ``seed`` from which everybody's partner follows."""

    __tablename__ = "listening_round"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True)
    seed: Mapped[int]
    pairs: Mapped[int]
    left_out: Mapped[int]
    questions: Mapped[list[str]] = mapped_column(Document)


class ListeningPair(Table):
    """Two people, or three, who listen to each other.

    It goes with the first of them who is deleted: what was heard from somebody must not outlive their wish.
    ``times`` are those that were suggested.
    """

    __tablename__ = "listening_pair"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id", ondelete="CASCADE"))
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), index=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    third_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    times: Mapped[list[str]] = mapped_column(Document)
    # When it was written into the ledger that they talked.
    talked_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "movement_id", "occurrence_id"),)


class ListeningSeat(Table):
    """One of those who listen to each other: whether they say it took place, and what they heard.

    ``says``: yes, not-yet, wont, or '' for nothing yet. ``heard`` is for the others of the pair, and for everybody only
    when all of them ``share``.
    """

    __tablename__ = "listening_seat"

    pair_id: Mapped[int] = mapped_column(ForeignKey("listening_pair.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    says: Mapped[str] = mapped_column(String(8), default="")
    said_at: Mapped[datetime | None]
    heard: Mapped[str] = mapped_column(Text, default="")
    shares: Mapped[bool] = mapped_column(default=False)
