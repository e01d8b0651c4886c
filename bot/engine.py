"""The engine: takes what people do one turn after the other, several at once where they crowd, whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Literal

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot import posts
from bot.chat import Answer, Commanded, Event, Looked, Pressed, Problems, Submitted, Whisper
from bot.clock import Now
from bot.hearing import Hearing
from bot.intake import Intake
from bot.measures import Measures
from bot.once import forget_old, see_all
from bot.people import find_members, hold, movement_at
from bot.ritual import Rituals
from bot.routing import RefusedError
from bot.store import Database, collided, forget, remembering
from bot.untold import taken_back

log = structlog.get_logger()

TURN_TRIES = 3

Outcome = Literal["done", "refused", "failed"]
Taken = tuple[Answer, Outcome]


class Engine:
    """One verb: ``hear`` an event and give the answer. What is due without anybody's doing is the bell's."""

    def __init__(
        self,
        database: Database,
        rituals: Rituals,
        *,
        now: Now,
        stewards_only: bool = True,
        measures: Measures | None = None,
    ) -> None:
        self.database = database
        self.rituals = rituals
        self.now = now
        self.hearing = Hearing(rituals, now=now, stewards_only=stewards_only)
        self.measures = measures or Measures()
        # Called after each turn that changed what the chat should show.
        self.on_wishes: Callable[[], None] = lambda: None
        self._intake: Intake[Event, Taken] = Intake(self._take)

    # ---------------------------------------------------------------------------------------- hearing

    async def hear(self, event: Event) -> Answer:
        """Take one event in; the answer is for the person who acted, and is given once."""
        started = time.perf_counter()
        # Two workspaces' turns never wait for each other where the database takes several at once.
        queue = None if self.database.is_sqlite else (event.place.platform, event.place.workspace)
        answer, outcome = await self._intake.put(event, queue=queue)
        kind, ritual = _name(self.rituals, event)
        self.measures.note_turn(kind, ritual, outcome, time.perf_counter() - started)
        return answer

    async def _take(self, events: Sequence[Event]) -> Sequence[Taken]:
        return await self.database.work(self._take_all, events)

    def _take_all(self, events: Sequence[Event]) -> Sequence[Taken]:
        """Take the turns of several events in one transaction; if that fails, find out whose fault it is."""
        if len(events) > 1:
            for careful in (False, True):
                with contextlib.suppress(Exception):
                    return self._take_together(events, careful=careful)
        return [self._take_alone(event) for event in events]

    def _take_together(self, events: Sequence[Event], *, careful: bool) -> Sequence[Taken]:
        """Take turns one after the other. ``careful``: each in a savepoint, so that one that fails spoils no other."""
        taken: list[Taken] = []
        wishes: list[posts.Wish] = []
        with self.database.transaction() as db, remembering(db):
            movements = [found for event in events if (found := movement_at(db, event.place)) is not None]
            find_members(db, [hold(db, movement) for movement in movements], [event.who.id for event in events])
            if not careful:
                see_all(db, events, self.rituals, now=self.now())
            for event in events:
                outcome: Outcome = "done"
                try:
                    with db.begin_nested() if careful else contextlib.nullcontext():
                        answer, wished = self.hearing.take(db, event)
                        if careful:
                            db.flush()
                except RefusedError as refusal:
                    if not careful:
                        raise
                    answer, wished, outcome = _refuse(event, refusal), [], "refused"
                    forget(db)
                    db.info["taken back"] = taken_back(wishes)
                wishes += wished
                taken.append((answer, outcome))
            wished_for = posts.put(db, wishes, now=self.now())
        if wished_for:
            self.on_wishes()
        return taken

    def _take_alone(self, event: Event) -> Taken:
        for attempt in range(1, TURN_TRIES + 1):
            try:
                with self.database.transaction() as db, remembering(db):
                    answer, wishes = self.hearing.take(db, event)
                    wished = posts.put(db, wishes, now=self.now())
            except RefusedError as refusal:
                return _refuse(event, refusal), "refused"
            except DBAPIError as error:
                # Two turns met: the database let one win, and the other is taken again on what the first one wrote.
                if attempt < TURN_TRIES and (isinstance(error, IntegrityError) or collided(error)):
                    continue
                return self._apologize(event, error), "failed"
            except Exception as error:  # noqa: BLE001 - whatever breaks in a ritual, the person gets an answer
                return self._apologize(event, error), "failed"
            break
        if wished:
            self.on_wishes()
        return answer, "done"

    def _apologize(self, event: Event, error: Exception) -> Answer:
        """Say that it went wrong, with a reference that stands in the log beside the reason."""
        reference = secrets.token_hex(3).upper()
        kind, ritual = _name(self.rituals, event)
        log.error("turn failed", what=kind, ritual=ritual, reference=reference, exc_info=error)
        sorry = (
            "Sorry, that went wrong on my side and nothing was changed. Please try again; "
            f"if it fails again, tell an organizer this reference: {reference}."
        )
        match event:
            case Submitted():
                return Problems({"": sorry})
            case Commanded() | Pressed() | Looked():
                return Whisper(sorry)
            case _:
                return None

    async def forget_old_events(self) -> None:
        """Let go of events that no platform delivers again."""

        def forget() -> None:
            with self.database.transaction() as db:
                forget_old(db, now=self.now())

        await self.database.work(forget)


def _refuse(event: Event, refusal: RefusedError) -> Answer:
    """Say why not. A form stays open: nobody's words are lost because something changed meanwhile."""
    return Problems({"": str(refusal)}) if isinstance(event, Submitted) else Whisper(str(refusal))


def _name(rituals: Rituals, event: Event) -> tuple[str, str]:
    """Name an event for the log and the figures, with its ritual: never who, and nothing that somebody typed."""
    kind = type(event).__name__.lower()
    match event:
        case Commanded(name=name):
            known = rituals.commands.get(name)
            return kind, known[0].name if known else ""
        case Pressed(action=action) | Submitted(action=action):
            return kind, action.ritual if action.ritual in rituals.by_name else ""
        case _:
            return kind, ""
