"""Taking along everything that is kept about oneself, as files in a private message."""

from __future__ import annotations

from datetime import datetime

from bot.chat import Answer, Whisper
from bot.tables import Post
from bot.turn import Turn, read_number
from rituals.me import messages
from rituals.me.declaration import COPY_KEPT, ritual
from rituals.me.erasing import erase_posts
from rituals.me.files import write_copies
from rituals.me.kept import read_everything

KEY = "copy"


@ritual.press("data")
def show_data(turn: Turn) -> Answer:
    """Show what somebody can do about what is kept of them."""
    return messages.data(turn.action, counted=not turn.who.opted_out)


@ritual.press("copy")
def send_copy(turn: Turn) -> Answer:
    """Send everything that is kept of the one who acts, to them alone."""
    movement, who = turn.movement, turn.who
    title = f"What Drumbeat keeps about you in {movement.name}"
    copies = write_copies(read_everything(turn.db, who), title=title, made_at=turn.now.isoformat())
    sent = f"{who.id}-{_stamp(turn.now)}"
    for number, copy in enumerate(copies, start=1):
        message = messages.copied(movement.name, number, len(copies), copy.json, copy.csv)
        turn.dm(who, f"{KEY}:{sent}:{number}", message, about=sent)
    turn.later(COPY_KEPT, "forget-copy", sent)
    return Whisper("It is on its way to you in a private message.")


def _stamp(now: datetime) -> int:
    return int(now.timestamp())


@ritual.timer("forget-copy")
def forget_copy(turn: Turn) -> None:
    """Keep no copy of a copy: it lies in the person's own chat."""
    member_id, _, _ = turn.about.partition("-")
    if read_number(member_id) is not None:
        erase_posts(turn, Post.ritual == ritual.name, Post.about == turn.about, Post.person != "")
