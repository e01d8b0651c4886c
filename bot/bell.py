"""The bell: rings what is due, each thing once, and no ritual's mistake keeps another waiting."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import posts, practices
from bot.chat import Message, Place
from bot.clock import Now
from bot.ritual import Ritual, Rituals
from bot.store import Database
from bot.tables import Movement, Practice, Timer
from bot.turn import Turn

log = structlog.get_logger()

# So many movements' timers are rung in one transaction: few commits for many, and nobody waits long behind them.
BATCH = 50
TIMER_TRIES = 5
# How many missed times are named one by one.
NAMED = 3


class Bell:
    """Claims the movements that have something due, and rings their timers in one transaction."""

    def __init__(self, database: Database, rituals: Rituals, *, now: Now) -> None:
        self.database = database
        self.rituals = rituals
        self.now = now
        # Called after a round that changed what the chat should show.
        self.on_wishes: Callable[[], None] = lambda: None

    async def ring(self) -> int:
        """Ring everything that is due now; gives how many timers were rung."""
        rung = 0
        while batch := await self.database.work(self._ring_batch):
            rung += batch
        return rung

    def _ring_batch(self) -> int:
        now = self.now()
        with self.database.transaction() as db:
            due = (
                select(Timer.movement_id)
                .where(Timer.due_at <= now)
                .group_by(Timer.movement_id)
                .order_by(func.min(Timer.due_at))
                .limit(BATCH)
            )
            # A process claims movements, not timers: a movement's turns are taken one after the other, whoever runs.
            movements = {
                movement.id: movement
                for movement in db.scalars(
                    select(Movement).where(Movement.id.in_(due)).order_by(Movement.id).with_for_update(skip_locked=True)
                )
            }
            timers = db.scalars(
                select(Timer)
                .where(Timer.movement_id.in_(movements), Timer.due_at <= now)
                .order_by(Timer.due_at, Timer.id)
            ).all()
            wished = 0
            wishes: list[posts.Wish] = []
            for timer in timers:
                wishes += self._ring_one(db, movements[timer.movement_id], timer, now=now)
            wished = posts.put(db, wishes, now=now)
        if wished:
            self.on_wishes()
        return len(timers)

    def _ring_one(self, db: Session, movement: Movement, timer: Timer, *, now: datetime) -> Sequence[posts.Wish]:
        """Ring one timer in a savepoint of its own, so that one bad turn spoils no other."""
        ritual = self.rituals.by_name.get(timer.ritual)
        turn = Turn(
            db=db,
            now=now,
            rituals=self.rituals,
            ritual=ritual or Ritual(timer.ritual, ""),
            place=Place(movement.platform, movement.workspace, channel=movement.channel),
            about=timer.about,
            movement_=movement,
        )
        try:
            with db.begin_nested():
                db.delete(timer)
                db.flush()
                if ritual is None:
                    return ()
                if timer.verb == practices.BEAT:
                    self._beat(turn, movement)
                else:
                    ritual.timers[timer.verb].handle(turn)
        except Exception as error:  # noqa: BLE001 - a ritual's defect must not stop the others' timers
            return self._put_off(db, turn, timer, error, now=now)
        return turn.wishes

    def _put_off(
        self, db: Session, turn: Turn, timer: Timer, error: Exception, *, now: datetime
    ) -> Sequence[posts.Wish]:
        reference = secrets.token_hex(3).upper()
        db.expire(timer)
        failures = timer.failures + 1
        log.error(
            "timer failed",
            ritual=timer.ritual,
            verb=timer.verb,
            about=timer.about,
            failures=failures,
            reference=reference,
            exc_info=error,
        )
        if failures < TIMER_TRIES:
            timer.failures = failures
            timer.due_at = now + timedelta(minutes=5**failures / 5)
            return ()
        db.delete(timer)
        turn.wishes.clear()
        turn.tell_organizers(
            f"failed:{timer.verb}:{timer.about}",
            Message(
                f"Something I had to do for the {timer.ritual} failed {TIMER_TRIES} times, so I have stopped trying. "
                f"Whoever runs me finds the reason in my log under {reference}."
            ),
        )
        return turn.wishes

    def _beat(self, turn: Turn, movement: Movement) -> None:
        """Open what is due, write down what was missed while nobody listened, and plan the next time."""
        practice = turn.db.get(Practice, int(turn.about))
        if practice is None:
            return
        due = practices.read_beat(movement, practice, now=turn.now)
        practices.note_slots(turn.db, practice, due.missed, state="missed", why="nobody was there to ring it")
        if due.missed:
            turn.tell_organizers(f"missed:{due.missed[-1]:%Y%m%d%H%M}", self._say_missed(turn, practice, due.missed))
        slot = practice.next_slot or turn.now
        practices.plan(turn.db, movement, practice, after=max(slot, turn.now))
        if due.opens is None:
            return
        occurrence = practices.open_slot(turn.db, practice, due.opens, now=turn.now)
        if occurrence is not None:
            turn.occurrence_ = occurrence
            turn.about = str(occurrence.id)
            turn.ritual.timers["open"].handle(turn)

    def _say_missed(self, turn: Turn, practice: Practice, missed: Sequence[datetime]) -> Message:
        count = "One" if len(missed) == 1 else str(len(missed))
        named = ", ".join(turn.spoken(slot) for slot in missed[-NAMED:])
        return Message(
            f"I was not running for a while. {count} {practice.ritual}{'' if len(missed) == 1 else 's'} did not take "
            f"place ({'the last: ' if len(missed) > NAMED else ''}{named}). Nothing was posted late; the next one "
            "comes as planned."
        )
