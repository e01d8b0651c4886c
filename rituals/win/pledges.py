"""A movement's promises as the figures see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from bot.insights.promises import Move, Pledge
from bot.tables import Promise, Renegotiation
from bot.turn import Turn


def read_pledges(turn: Turn, promises: Sequence[Promise]) -> dict[int, Pledge]:
    """Give promises with their moves, by number."""
    moves: dict[int, list[Renegotiation]] = defaultdict(list)
    for move in turn.db.scalars(
        select(Renegotiation)
        .join(Promise, Promise.id == Renegotiation.promise_id)
        .where(Promise.movement_id == turn.movement.id)
        .order_by(Renegotiation.agreed_at, Renegotiation.id)
    ):
        moves[move.promise_id].append(move)
    return {
        promise.id: Pledge(
            due=moves[promise.id][0].was_due_at if moves[promise.id] else promise.due_at,
            moves=tuple(Move(move.due_at, move.agreed_at) for move in moves[promise.id]),
            accepted=promise.accepted_at is not None,
            done_at=promise.done_at,
            released_at=promise.released_at,
        )
        for promise in promises
    }
