"""A Drumbeat that posts into a room until it is killed at a chosen moment, or that takes over where one was killed.

Usage: posting.py DATABASE JOURNAL MOMENT N, where the process dies at the N-th such MOMENT; 'never 0' takes over.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import structlog

from adapters.playground import Room
from bot.chat import Message, Place
from tests.hamlet import Hamlet
from tests.people import START

ACTS = (
    "/post root The question",
    "/reply one root An answer",
    "/tell chi note Please come",
    "/post root The question, corrected",
    "/reply two root Another answer",
    "/post second A second notice",
    "/reply one root An answer, corrected",
    "/tell dee note2 Please come too",
    "/post second A second notice, corrected",
)


class Countdown:
    """Kills this process, as a power cut would, the n-th time that a moment comes."""

    def __init__(self, moment: str, n: int) -> None:
        self.moment = moment
        self.left = n

    def reach(self, moment: str) -> None:
        if moment == self.moment:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalRoom(Room):
    """A room that outlives the process: its journal is on the disk before anything is answered."""

    countdown = Countdown("never", 0)

    async def post(self, place: Place, message: Message, *, once: str) -> str:
        self.countdown.reach("before a post")
        message_id = await super().post(place, message, once=once)
        self.countdown.reach("after a post")
        return message_id

    async def edit(self, place: Place, message_id: str, message: Message) -> None:
        self.countdown.reach("before an edit")
        await super().edit(place, message_id, message)
        self.countdown.reach("after an edit")


async def act(hamlet: Hamlet, countdown: Countdown) -> None:
    hamlet.engine.on_wishes = lambda: countdown.reach("after a commit")
    for number, line in enumerate(ACTS):
        await hamlet.command("ana", line)
        if number % 3 == 1:
            await hamlet.settle()
            hamlet.pass_time(seconds=5)
    await hamlet.settle()


async def take_over(hamlet: Hamlet) -> None:
    hamlet.pass_time(hours=1)
    await hamlet.settle()


def main(url: str, journal: str, moment: str, n: str) -> None:
    countdown = Countdown(moment, int(n))
    MortalRoom.countdown = countdown
    later = timedelta(hours=1) if moment == "never" else timedelta(0)
    hamlet = Hamlet(url, room=MortalRoom, journal=Path(journal), at=START + later)
    asyncio.run(take_over(hamlet) if moment == "never" else act(hamlet, countdown))
    hamlet.close()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    main(*sys.argv[1:])
