"""A process that rings what is due until nothing is; it says 'ready', waits for a word, and tells each timer it rings.

Usage: ringing.py DATABASE
"""

from __future__ import annotations

import asyncio
import logging
import sys
from uuid import uuid4

import structlog
from sqlalchemy import func, select

from bot.ritual import Ritual
from bot.tables import Timer
from bot.turn import Turn
from tests.hamlet import Hamlet

strokes = Ritual("strokes", "One stroke a timer.")


@strokes.timer("ring")
def ring(turn: Turn) -> None:
    member = turn.member(int(turn.about.partition("/")[0]))
    # A name of its own for each ring: a second one of the same timer would be seen.
    turn.record("message", once=uuid4().hex, member=member, evidence=turn.about)
    sys.stdout.write(f"{turn.about}\n")
    sys.stdout.flush()


async def ring_all(hamlet: Hamlet) -> None:
    def left() -> int:
        with hamlet.database.reading() as db:
            return db.scalar(select(func.count()).select_from(Timer)) or 0

    while await hamlet.database.work(left):
        await hamlet.bell.do_due()


def main(url: str) -> None:
    hamlet = Hamlet(url, strokes)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    asyncio.run(ring_all(hamlet))
    hamlet.close()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    main(*sys.argv[1:])
