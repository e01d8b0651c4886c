"""What Drumbeat is doing on Discord at this moment: in order, never too much at once, and finished before it stops."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

import structlog

log = structlog.get_logger()

Result = TypeVar("Result")
Job = Callable[[], Awaitable[None]]

# More than this that waits in one server is a storm. What people press and type is never in this queue.
WAITING_LIMIT = 2000


class Underway:
    """Everything that was begun and is not finished."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._idle = asyncio.Event()

    def start(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Begin something."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        self._idle.clear()
        task.add_done_callback(self._finish)
        return task

    def _finish(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not self._tasks:
            self._idle.set()

    async def rest(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await self._idle.wait()

    async def finish(self, seconds: float) -> None:
        """Wait for what is under way, but not for ever."""
        try:
            async with asyncio.timeout(seconds):
                await self.rest()
        except TimeoutError:
            log.warning("discord stopped before everything was done", left=len(self._tasks))


class Order:
    """Lets things happen one after the other in each server, and servers beside each other."""

    def __init__(self, underway: Underway) -> None:
        self._underway = underway
        self._waiting: dict[str, deque[Job]] = {}
        self._lost: dict[str, int] = {}

    def put(self, server: str, job: Job) -> None:
        """Do this after everything else that came from the same server."""
        waiting = self._waiting.get(server)
        if waiting is None:
            waiting = self._waiting[server] = deque()
            self._underway.start(self._work_off(server, waiting))
        if len(waiting) >= WAITING_LIMIT:
            self._lost[server] = self._lost.get(server, 0) + 1
            return
        waiting.append(job)

    async def _work_off(self, server: str, waiting: deque[Job]) -> None:
        try:
            while waiting:
                try:
                    await waiting.popleft()()
                except Exception as error:  # one event that breaks must not stop those behind it
                    log.exception("discord event failed", server=server, error=type(error).__name__)
        finally:
            del self._waiting[server]
            if lost := self._lost.pop(server, 0):
                log.error("discord events lost in a storm", server=server, lost=lost)
