"""Waiting for something to happen, without looking again and again."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable


class Changes:
    """Tells everybody who waits that something is different now."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Future[None]]] = defaultdict(set)

    def changed(self, about: str = "") -> None:
        """Wake who waits for anything, and who waits for this alone: hundreds may wait, each for their own."""
        for one in (*self._waiting[""], *(self._waiting[about] if about else ())):
            if not one.done():
                one.set_result(None)

    async def wait_until(self, condition: Callable[[], object], seconds: float = 5, *, about: str = "") -> bool:
        """Wait until the condition holds; tell whether it did in time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not condition():
            waiting: asyncio.Future[None] = loop.create_future()
            self._waiting[about].add(waiting)
            try:
                await asyncio.wait_for(waiting, end - loop.time())
            except TimeoutError:
                return bool(condition())
            finally:
                self._waiting[about].discard(waiting)
        return True
