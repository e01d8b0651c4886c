"""The courier: makes the chat show what the wish list says, each post once, in order, and no faster than allowed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy.exc import DBAPIError

from bot import dues, lanes
from bot.chat import Chat, DeliveryError
from bot.clock import Now
from bot.lanes import Outcome, Parcel, Receipt
from bot.measures import Measures
from bot.store import Database, collided

log = structlog.get_logger()

IN_FLIGHT = 64
CALL_SECONDS = 20
LOOK_AGAIN_SECONDS = 1.0
SHORTEST_NAP_SECONDS = 0.01
NOTE_TRIES = 5


class Courier:
    """Claims lanes, calls the platforms outside any transaction, and notes what came of it."""

    def __init__(
        self, database: Database, chats: Mapping[str, Chat], *, now: Now, measures: Measures | None = None
    ) -> None:
        self.database = database
        self.chats = chats
        self.now = now
        self.measures = measures or Measures()
        self._poked = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        # A clock that is moved makes leases run out: within one process, only one round at a time holds any.
        self._delivering = asyncio.Lock()
        self._stopping = False

    def poke(self) -> None:
        """Say, from any thread, that there is something to deliver."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and with it the need to hurry
                self._loop.call_soon_threadsafe(self._poked.set)

    async def run(self) -> None:
        """Deliver until cancelled; what is under way is finished and noted first."""
        while True:
            round_ = asyncio.create_task(self._deliver_in_spite_of_errors())
            try:
                await asyncio.shield(round_)
            except asyncio.CancelledError:
                self._stopping = True
                try:
                    await round_
                finally:
                    self._stopping = False
                raise
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(await self._nap()):
                    await self._poked.wait()

    async def _deliver_in_spite_of_errors(self) -> None:
        try:
            await self.deliver()
        except Exception:
            # Such as a database that restarts. What was under way is looked up on the platform before it is sent again.
            log.exception("courier stumbled")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _nap(self) -> float:
        try:
            wake = await self.next_wake()
        except DBAPIError:
            wake = None
        if wake is None:
            return LOOK_AGAIN_SECONDS
        return min(max((wake - self.now()).total_seconds(), SHORTEST_NAP_SECONDS), LOOK_AGAIN_SECONDS)

    async def next_wake(self) -> datetime | None:
        """Tell when the next lane has something to do."""
        return await self.database.work(dues.next_delivery, self.database, self.chats)

    async def deliver(self) -> int:
        """Deliver everything that may be delivered now; gives how many calls were made."""
        async with self._delivering:
            self._loop = asyncio.get_running_loop()
            flying: set[asyncio.Task[Receipt]] = set()
            try:
                return await self._deliver(flying)
            finally:
                if flying:
                    await asyncio.wait(flying)

    async def _deliver(self, flying: set[asyncio.Task[Receipt]]) -> int:
        calls = 0
        while True:
            self._poked.clear()
            if len(flying) < IN_FLIGHT and not self._stopping:
                parcels = await self.database.work(self._claim, IN_FLIGHT - len(flying))
                flying |= {asyncio.create_task(self._carry(parcel)) for parcel in parcels}
            if not flying:
                return calls
            # Whoever landed meanwhile is noted in the same transaction: few commits for many posts.
            landed = await self._wait_for_news(flying)
            if landed:
                flying -= landed
                calls += len(landed)
                await self.database.work(self._note, [task.result() for task in landed])

    async def _wait_for_news(self, flying: set[asyncio.Task[Receipt]]) -> set[asyncio.Task[Receipt]]:
        """Wait until something has landed or there may be something to claim: one slow call keeps nobody waiting."""
        poked = asyncio.create_task(self._poked.wait())
        try:
            await asyncio.wait({*flying, poked}, timeout=LOOK_AGAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            poked.cancel()
        return {task for task in flying if task.done()}

    def _claim(self, most: int) -> Sequence[Parcel]:
        # A look costs little; a claim takes the database's write lock.
        due = dues.next_delivery(self.database, self.chats)
        if due is None or due > self.now():
            return []
        with self.database.transaction() as db:
            return lanes.claim(db, self.chats, most=most, now=self.now())

    def _note(self, receipts: Sequence[Receipt]) -> None:
        for attempt in range(1, NOTE_TRIES + 1):
            try:
                with self.database.transaction() as db:
                    lanes.note(db, receipts, now=self.now())
            except DBAPIError as error:
                if attempt == NOTE_TRIES or not collided(error):
                    raise
            else:
                return

    # ---------------------------------------------------------------------------------------- carrying

    async def _carry(self, parcel: Parcel) -> Receipt:
        started = time.perf_counter()
        receipt = await self._try(parcel)
        call = "post" if parcel.message_id is None else "edit"
        self.measures.note_delivery(parcel.place.platform, call, receipt.outcome, time.perf_counter() - started)
        return receipt

    async def _try(self, parcel: Parcel) -> Receipt:
        chat = self.chats[parcel.place.platform]
        try:
            async with asyncio.timeout(CALL_SECONDS):
                return await self._call(chat, parcel)
        except DeliveryError as error:
            if error.permanent:
                return Receipt(parcel, _refused(parcel, error), why=error.why, mend=error.mend)
            sure = error.retry_after is not None
            return Receipt(parcel, "again" if sure else "unsure", why=error.why, retry_after=error.retry_after)
        except TimeoutError:
            return Receipt(parcel, "unsure", why=f"no answer within {CALL_SECONDS} seconds")
        except Exception as error:
            log.exception("delivery broke", post=parcel.post_id)
            return Receipt(parcel, "broken", why=f"{type(error).__name__}.")

    async def _call(self, chat: Chat, parcel: Parcel) -> Receipt:
        if parcel.message_id is not None:
            await chat.edit(parcel.place, parcel.message_id, parcel.message)
            return Receipt(parcel, "shown", message_id=parcel.message_id)
        if parcel.doubtful_since is not None:
            found = await chat.find(parcel.place, once=parcel.once, since=parcel.doubtful_since)
            if found is not None:
                await chat.edit(parcel.place, found, parcel.message)
                return Receipt(parcel, "shown", message_id=found)
        message_id = await chat.post(parcel.place, parcel.message, once=parcel.once)
        return Receipt(parcel, "shown", message_id=message_id)


def _refused(parcel: Parcel, error: DeliveryError) -> Outcome:
    """Tell what a refusal means: our post is gone, the thread that it belongs in is gone, or somebody must help."""
    if not error.gone:
        return "never"
    return "gone" if parcel.message_id is not None or not parcel.place.thread else "orphan"
