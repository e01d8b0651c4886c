"""What is kept of wins: the win, who made it happen, how it was celebrated, and what each member agreed to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Id, Table


def _of_member() -> Mapped[int]:
    return mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)


class Win(Table):
    """Something worth celebrating: ``kind`` is outcome or effort. Without ``evidence`` it is a claim.

    ``once`` stops a second sending of the same form. ``found``: seen in the ledger, and told with the person's yes. One
    that was taken back keeps its number, so that no other win is ever shown in its place, and loses everything else.
    """

    __tablename__ = "win"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id", ondelete="CASCADE"))
    once: Mapped[str] = mapped_column(String(40))
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(8))
    what: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text, default="")
    found: Mapped[bool] = mapped_column(default=False)
    taken_back: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="SET NULL"), index=True)

    __table_args__ = (UniqueConstraint("movement_id", "once"), Index(None, "movement_id", "at"))


class WinMaker(Table):
    """Who made a win happen. Whoever takes their name out is not in here any more.

    ``shown`` is no for those who asked not to be counted, until they say otherwise. ``note`` tells apart the private
    messages of somebody who was named twice.
    """

    __tablename__ = "win_maker"

    win_id: Mapped[int] = mapped_column(ForeignKey("win.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = _of_member()
    shown: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(16))


class Cheer(Table):
    """That somebody celebrated a win, and ``how``: a reaction, a reply (its words stand in the chat), or words."""

    __tablename__ = "win_cheer"

    win_id: Mapped[int] = mapped_column(ForeignKey("win.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = _of_member()
    how: Mapped[str] = mapped_column(String(120), primary_key=True)
    words: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class WinDigest(Table):
    """What one digest holds beside the new wins: the month that it rounds up ('2026-05'), or none."""

    __tablename__ = "win_digest"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), default="")


class WinOffer(Table):
    """Effort that the ledger shows, offered once to whoever made it. ``answer``: asked, yes or no."""

    __tablename__ = "win_offer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    effort: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(String(5))
    at: Mapped[datetime]
    win_id: Mapped[int | None] = mapped_column(ForeignKey("win.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("member_id", "effort"),)


class WinChoice(Table):
    """What a member agreed to: their name in what is told outside (none: not asked or not answered), and offers."""

    __tablename__ = "win_choice"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    in_stories: Mapped[bool | None]
    offers: Mapped[bool] = mapped_column(default=True)
