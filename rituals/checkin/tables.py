"""What a check-in keeps: the questions, the signed answers, and the energy figures that belong to nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Document, Id, Table
from bot.tables import Energy

__all__ = ["Asked", "CheckInAnswer", "Energy", "QuestionSet"]


class QuestionSet(Table):
    """One to five questions that are asked together. Sets take turns, so that no question goes stale."""

    __tablename__ = "question_set"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    questions: Mapped[list[str]] = mapped_column(Document)


class Asked(Table):
    """What one check-in asked, as it stood then."""

    __tablename__ = "check_in"

    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"), primary_key=True)
    questions: Mapped[list[str]] = mapped_column(Document)
    final: Mapped[bool] = mapped_column(default=False)


class CheckInAnswer(Table):
    """One member's answer to one check-in.

    ``words`` maps a question's number to what was written; a reply in the thread stands in the chat and is not kept
    twice, so it has none. ``page`` is the post in the thread that shows it; 0 is none.
    """

    __tablename__ = "check_in_answer"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("occurrence.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    did: Mapped[str] = mapped_column(Text, default="")
    passed: Mapped[bool] = mapped_column(default=False)
    late: Mapped[bool] = mapped_column(default=False)
    page: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("occurrence_id", "member_id"),)
