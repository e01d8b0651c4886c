"""The bell: rings what is due, each thing once, and no ritual's mistake keeps another waiting."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from bot import dues, posts, practices
from bot.chat import Message, Place
from bot.clock import Now
from bot.measures import Measures
from bot.ritual import Ritual, Rituals
from bot.store import Database, UTCDateTime
from bot.tables import Movement, Practice, Timer
from bot.turn import Turn

log = structlog.get_logger()

# So many movements' timers are rung in one transaction: few commits for many, and nobody waits long behind them.
BATCH = 50
# A timer that sets itself again for this very moment rings on at the next tick, and keeps nobody waiting for ever.
MOST_ROUNDS = 250
TIMER_TRIES = 5
LOOK_FOR_RITUAL_AGAIN = timedelta(days=1)
# How many missed times are named one by one.
NAMED = 3

# What every round asks is put into words once.
_NOW = bindparam("now", type_=UTCDateTime)
_FIRST = (
    select(Timer.movement_id, func.min(Timer.due_at).label("first"))
    .where(Timer.due_at <= _NOW)
    .group_by(Timer.movement_id)
    .subquery()
)
_CLAIM = (
    select(Movement)
    .join(_FIRST, _FIRST.c.movement_id == Movement.id)
    .order_by(_FIRST.c.first, Movement.id)
    .limit(BATCH)
    .with_for_update(of=Movement, skip_locked=True, key_share=True)
)
_DUE = (
    select(Timer.id, Timer.movement_id, Timer.ritual, Timer.verb, Timer.about, Timer.failures, Timer.planned_at)
    .where(Timer.movement_id.in_(bindparam("movements", expanding=True)), Timer.due_at <= _NOW)
    .order_by(Timer.due_at, Timer.id)
)
_TAKE_OUT = delete(Timer).where(Timer.id == bindparam("timer"), Timer.due_at <= _NOW).returning(Timer.id)
_TAKE_OUT = _TAKE_OUT.execution_options(synchronize_session=False)


@dataclass(frozen=True, slots=True)
class _Due:
    """A timer that is due, as it stood when its movement was claimed."""

    id: int
    movement_id: int
    ritual: str
    verb: str
    about: str
    failures: int
    planned_at: datetime


class Bell:
    """Claims the movements that have something due, and rings their timers in one transaction."""

    def __init__(self, database: Database, rituals: Rituals, *, now: Now, measures: Measures | None = None) -> None:
        self.database = database
        self.rituals = rituals
        self.now = now
        self.measures = measures or Measures()
        # Called after a round that changed what the chat should show.
        self.on_wishes: Callable[[], None] = lambda: None

    async def next_due(self) -> datetime | None:
        """Tell when the next timer is due."""
        return await self.database.work(dues.next_timer, self.database)

    async def do_due(self) -> int:
        """Ring everything that is due now; gives how many timers were rung."""
        total = 0
        for _ in range(MOST_ROUNDS):
            claimed, rung = await self.database.work(self._ring_batch)
            total += rung
            if not claimed:
                break
        return total

    def _ring_batch(self) -> tuple[int, int]:
        """Ring one batch; gives how many movements were claimed and how many of their timers were rung."""
        claimed: list[int] = []
        try:
            with self.database.transaction() as db:
                movements = self._claim(db, claimed)
                rung, wishes = self._ring_all(db, movements)
                wished = posts.put(db, wishes, now=self.now())
        except Exception:
            # The database sent us away, or a wish could not be written: each movement again, in a transaction alone.
            if not claimed:
                raise
            log.exception("batch failed", movements=len(claimed))
            rung = sum(self._ring_alone(movement_id) for movement_id in claimed)
            return (len(claimed) if rung else 0), rung  # where nothing can be rung at all, the next tick tries again
        if wished:
            self.on_wishes()
        return len(movements), rung

    def _claim(self, db: Session, claimed: list[int]) -> dict[int, Movement]:
        """Claim movements, not timers: a movement's turns are taken one after the other, whoever runs."""
        movements = db.scalars(_CLAIM, {"now": self.now()}).all()
        claimed += [movement.id for movement in movements]
        return {movement.id: movement for movement in movements}

    def _ring_all(
        self, db: Session, movements: Mapping[int, Movement], *, put_each: bool = False
    ) -> tuple[int, list[posts.Wish]]:
        now = self.now()
        rows = db.execute(_DUE, {"now": now, "movements": list(movements)}).all()
        # Loaded together, and held on to, because a session forgets what nobody holds.
        beats = [int(row.about) for row in rows if row.verb == practices.BEAT and row.about.isdigit()]
        held = db.scalars(select(Practice).where(Practice.id.in_(beats))).all() if beats else []
        wishes: list[posts.Wish] = []
        for row in rows:
            wishes += self._ring_one(db, movements[row.movement_id], _Due(*row), now=now, put_each=put_each)
        log.debug("rung", timers=len(rows), beats=len(held))
        return len(rows), wishes

    def _ring_alone(self, movement_id: int) -> int:
        """Ring one movement's timers in a transaction of its own, each with its wishes in its own savepoint."""
        try:
            with self.database.transaction() as db:
                held = db.scalars(
                    select(Movement).where(Movement.id == movement_id).with_for_update(skip_locked=True, key_share=True)
                ).all()
                rung, wishes = self._ring_all(db, {movement.id: movement for movement in held}, put_each=True)
                posts.put(db, wishes, now=self.now())
        except Exception:
            log.exception("movement failed", movement=movement_id)
            return 0
        self.on_wishes()
        return rung

    def _ring_one(
        self, db: Session, movement: Movement, timer: _Due, *, now: datetime, put_each: bool
    ) -> Sequence[posts.Wish]:
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
        if ritual is None:
            # Perhaps it is installed again tomorrow; if not, this costs next to nothing.
            log.warning("timer of an unknown ritual", ritual=timer.ritual, verb=timer.verb)
            db.execute(update(Timer).where(Timer.id == timer.id).values(due_at=now + LOOK_FOR_RITUAL_AGAIN))
            return ()
        try:
            with db.begin_nested():
                # A turn just before may have moved or unset it: what is not due any more is not rung.
                if db.execute(_TAKE_OUT, {"timer": timer.id, "now": now}).first() is None:
                    return ()
                if not timer.failures:
                    self.measures.note_timer((now - timer.planned_at).total_seconds())
                if timer.verb == practices.BEAT:
                    self._beat(turn, movement)
                else:
                    ritual.timers[timer.verb].handle(turn)
                db.flush()
                if put_each:
                    posts.put(db, turn.wishes, now=now)
                    return ()
        except Exception as error:  # noqa: BLE001 - a ritual's defect must not stop the others' timers
            return self._put_off(db, turn, timer, error, now=now)
        return turn.wishes

    def _put_off(
        self, db: Session, turn: Turn, timer: _Due, error: Exception, *, now: datetime
    ) -> Sequence[posts.Wish]:
        reference = secrets.token_hex(3).upper()
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
            again = now + timedelta(minutes=5 ** (failures - 1))
            db.execute(update(Timer).where(Timer.id == timer.id).values(failures=failures, due_at=again))
            return ()
        db.execute(delete(Timer).where(Timer.id == timer.id))
        turn.wishes.clear()
        turn.about = ""
        goes_on = timer.verb == practices.BEAT and self._give_slot_up(turn, timer)
        turn.tell_organizers(
            f"failed:{timer.verb}:{timer.about}:{now:%Y%m%d}",
            Message(
                f"Something I had to do for the {timer.ritual} failed {TIMER_TRIES} times, so I have stopped trying. "
                f"{'The next one comes as planned. ' if goes_on else ''}"
                f"Whoever runs me finds the reason in my log under {reference}."
            ),
        )
        return turn.wishes

    def _give_slot_up(self, turn: Turn, timer: _Due) -> bool:
        """Write off the time that could not be opened: one bad day must not end a ritual."""
        practice = turn.db.get(Practice, int(timer.about)) if timer.about.isdigit() else None
        if practice is None or practice.next_at is None or practice.next_slot is None:
            return False
        practices.note_slots(turn.db, practice, (practice.next_at,), state="missed", why="it could not be opened")
        practices.plan(turn.db, turn.movement, practice, after=max(practice.next_slot, turn.now))
        return practice.next_at is not None

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
