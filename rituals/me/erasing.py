"""Erasing what is remembered of posts: the chat keeps its messages, and we keep nothing of somebody in ours."""

from __future__ import annotations

import json
import re

from sqlalchemy import ColumnElement, ScalarResult, delete, select

from bot.chat import Message
from bot.store import leave_nothing_behind
from bot.tables import Lane, Post
from bot.turn import Turn
from bot.wire import to_json

# What could not be delivered would be tried again, or told later.
UNDELIVERED = ("refused", "failed")
# What is not in the chat yet, or not as it is wanted there, is still needed while it is on its way.
AT_REST = (Post.version == Post.shown_version) | Post.state.in_(("told", "gone", "withdrawn", *UNDELIVERED))
AT_ONCE = 200
FORGOTTEN = Message("What stood here is in the chat, and not remembered any more.")


def erase_posts(turn: Turn, *which: ColumnElement[bool]) -> None:
    """Delete posts of this movement. Their lanes are held first, as by the courier, so that no two wait in a circle."""
    ours = (Post.movement_id == turn.movement.id, *which)
    _hold_lanes(turn, *ours)
    turn.db.execute(delete(Post).where(*ours).execution_options(synchronize_session=False))
    leave_nothing_behind(turn.db)


def erase_name(turn: Turn, name: str) -> bool:
    """Forget what posts say that name somebody. In the chat they stay as they are, and are made anew when they change.

    What could not be delivered is not tried again. A namesake's are forgotten as well, which hardly anybody notices.
    Tells whether something that names them is still on its way: then it is to be done again.
    """
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    ours = Post.movement_id == turn.movement.id
    _hold_lanes(turn, ours, AT_REST)
    for post in _posts(turn, ours, AT_REST):
        if _names(post, named):
            post.view = to_json(FORGOTTEN)
            if post.state in UNDELIVERED:
                post.state = "withdrawn"
    leave_nothing_behind(turn.db)
    return any(_names(post, named) for post in _posts(turn, ours, ~AT_REST))


def _posts(turn: Turn, *which: ColumnElement[bool]) -> ScalarResult[Post]:
    return turn.db.scalars(select(Post).where(*which).execution_options(yield_per=AT_ONCE))


def _names(post: Post, named: re.Pattern[str]) -> bool:
    return named.search(json.dumps(post.view, ensure_ascii=False)) is not None


def _hold_lanes(turn: Turn, *which: ColumnElement[bool]) -> None:
    lanes = select(Post.lane).where(*which).distinct()
    turn.db.scalars(select(Lane).where(Lane.key.in_(lanes)).order_by(Lane.key).with_for_update(key_share=True)).all()
