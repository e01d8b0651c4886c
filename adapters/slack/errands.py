"""What Drumbeat still has to do for Slack after it answered, and who waits until it is done."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog

log = structlog.get_logger()

Result = TypeVar("Result")


class Errands:
    """Work on its way: none is forgotten, none fails unheard, and a stop can wait for it."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._attended = 0
        self._changed = asyncio.Event()

    def run(self, what: str, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Set out. What goes wrong is logged under ``what``; whoever awaits the task is told as well."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._come_back(what, done))
        return task

    @contextmanager
    def attending(self) -> Iterator[None]:
        """Count what Slack sent as under way until its answer has left."""
        self._attended += 1
        try:
            yield
        finally:
            self._attended -= 1
            self._changed.set()

    async def rest(self) -> None:
        """Return once nothing is under way."""
        while self._tasks or self._attended:
            self._changed.clear()
            await self._changed.wait()

    async def answered(self) -> None:
        """Return once everything that Slack sent has its answer; follow-ups may still be under way."""
        while self._attended:
            self._changed.clear()
            await self._changed.wait()

    async def drain(self, seconds: float) -> None:
        """Finish what is under way; what takes longer is given up."""
        try:
            async with asyncio.timeout(seconds):
                await self.rest()
        except TimeoutError:
            log.warning("slack: gave up what was under way", errands=len(self._tasks))
            for task in self._tasks:
                task.cancel()

    def _come_back(self, what: str, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        self._changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("slack: an errand failed", errand=what, error=type(error).__name__)
