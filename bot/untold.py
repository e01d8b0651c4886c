"""What somebody could not be told in private: they are told at their next act, in the answer that only they see."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.chat import Answer, Text, ViewError, Whisper, italic
from bot.posts import Wish
from bot.store import recall
from bot.tables import Member, Post
from bot.wire import from_json

# One message that is too big for a whisper must not keep the ones after it back.
UNTOLD_TRIED = 5
_UNTOLD = "I could not write to you in private, so here it is:"


def add_untold(db: Session, answer: Answer, who: Member, *, taken_back: Collection[tuple[int, str]]) -> Answer:
    """Add to a whisper what this person could not be told in private, and what was not taken back just now."""
    if not isinstance(answer, Whisper | None):
        return answer
    said = answer.message.parts if answer is not None else ()
    if who.person not in (recall(db, ("untold", who.movement_id), lambda: _untold(db, who.movement_id)) or ()):
        return answer
    of_theirs = {"movement": who.movement_id, "person": who.person}
    for refused in db.scalars(_UNTOLD_POSTS, of_theirs):
        if (refused.movement_id, refused.key) in taken_back:
            continue
        try:
            whisper = Whisper(*said, Text(italic(_UNTOLD)), *from_json(refused.view).parts)
        except ViewError:
            continue  # too much for one whisper: it waits for the next act
        refused.state = "told"
        return whisper
    return answer


def taken_back(wishes: Sequence[Wish]) -> frozenset[tuple[int, str]]:
    """Name what these wishes make disappear where nobody has seen it yet."""
    return frozenset((wish.movement.id, wish.key) for wish in wishes if wish.takes_back)


_UNTOLD_PEOPLE = select(Post.person).where(Post.movement_id == bindparam("movement"), Post.state == "refused")


def _untold(db: Session, movement_id: int) -> frozenset[str]:
    """Tell who could not be told something in private: nearly always nobody, so one look is enough for many turns."""
    return frozenset(db.scalars(_UNTOLD_PEOPLE, {"movement": movement_id}))


_UNTOLD_POSTS = (
    select(Post)
    .where(Post.movement_id == bindparam("movement"), Post.person == bindparam("person"), Post.state == "refused")
    .order_by(Post.id)
    .limit(UNTOLD_TRIED)
)
