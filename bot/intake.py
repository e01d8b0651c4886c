"""The intake: events that wait for their turn at the same time are taken together, so that a crowd is answered soon."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

E = TypeVar("E")
A = TypeVar("A")

# So many turns keep others waiting for some tens of milliseconds, and share the cost of one transaction.
TOGETHER = 100


class Intake(Generic[E, A]):
    """Hands events on in the order in which they came; whatever arrives while some are taken waits for the next hand.

    ``take`` gets the events of one queue and gives as many answers. It never fails for one event's sake.
    """

    def __init__(self, take: Callable[[Sequence[E]], Awaitable[Sequence[A]]]) -> None:
        self._take = take
        self._waiting: dict[Hashable, deque[tuple[E, asyncio.Future[A]]]] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def put(self, event: E, *, queue: Hashable) -> A:
        """Give the answer to an event, once its turn has been taken. Whoever gives up waiting undoes no turn."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.get(queue)
        if waiting is not None:
            waiting.append((event, answer))
        else:
            self._waiting[queue] = deque([(event, answer)])
            working = asyncio.ensure_future(self._work(queue))
            self._working.add(working)
            working.add_done_callback(self._working.discard)
        return await answer

    async def _work(self, queue: Hashable) -> None:
        waiting = self._waiting[queue]
        try:
            while waiting:
                taken = [waiting.popleft() for _ in range(min(TOGETHER, len(waiting)))]
                await self._answer(taken)
        finally:
            del self._waiting[queue]
            for _, answer in waiting:
                answer.cancel()

    async def _answer(self, taken: Sequence[tuple[E, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._take([event for event, _ in taken])
        except Exception as error:  # noqa: BLE001 - everybody who waits learns of it
            for _, future in taken:
                if not future.done():
                    future.set_exception(error)
        except BaseException:
            for _, future in taken:
                future.cancel()
            raise
        else:
            for (_, future), answer in zip(taken, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
