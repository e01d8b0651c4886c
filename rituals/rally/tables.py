"""What a rally keeps: what is asked, who says they did it, and what they want to be shown of how they told it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Id, Table


class Rally(Table):
    """One ask to many. ``state``: proposed (organizers decide), open, closed, off (called off), left (not posted).

    ``once`` is the mark of the form, so that a form sent twice is one rally.
    """

    __tablename__ = "rally"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    movement_id: Mapped[int] = mapped_column(ForeignKey("movement.id", ondelete="CASCADE"))
    occurrence_id: Mapped[int | None] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), unique=True)
    once: Mapped[str] = mapped_column(String(40))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"), index=True)
    what: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int]
    link: Mapped[str] = mapped_column(Text, default="")
    nudge: Mapped[str] = mapped_column(Text, default="")
    deadline: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("movement_id", "once"),)


class RallyDone(Table):
    """That somebody says they did it. ``told``: in their own words; ``words`` only if they want them shown."""

    __tablename__ = "rally_done"

    rally_id: Mapped[int] = mapped_column(ForeignKey("rally.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]
    told: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text, default="")
