"""The engine: hears what people do, and lets the right ritual answer, whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, Literal

import structlog
from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from bot import posts
from bot.chat import (
    Answer,
    Changed,
    Commanded,
    Event,
    Joined,
    Left,
    Looked,
    Place,
    Pressed,
    Problems,
    Reacted,
    Said,
    Submitted,
    Text,
    ViewError,
    Whisper,
    code,
    italic,
)
from bot.clock import Now
from bot.home import compose, glimpse
from bot.intake import Intake
from bot.ledger import record
from bot.measures import Measures
from bot.people import bring_up_to_date, find_member, find_members, hold, movement_at, movements_of, welcome
from bot.ritual import RANKS, Rituals
from bot.routing import (
    GONE,
    HOME_COMMAND,
    Asked,
    RefusedError,
    ask_which,
    find_handler,
    find_reaction,
    find_reply,
    suggest,
    unfold_pick,
)
from bot.store import Database, collided, forget, insert_or, recall, remembering
from bot.tables import Member, Movement, Post, Seen
from bot.turn import Turn
from bot.wire import from_json

log = structlog.get_logger()

SEEN_FOR = timedelta(days=2)
TURN_TRIES = 3
# One message that is too big for a whisper must not keep the ones after it back.
UNTOLD_TRIED = 5

Outcome = Literal["done", "refused", "failed"]
Taken = tuple[Answer, Outcome]
Wished = tuple[Answer, list[posts.Wish]]


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
        self.stewards_only = stewards_only
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
                self._see_all(db, events)
            for event in events:
                outcome: Outcome = "done"
                try:
                    with db.begin_nested() if careful else contextlib.nullcontext():
                        answer, wished = self._take_turn(db, event)
                        if careful:
                            db.flush()
                except RefusedError as refusal:
                    if not careful:
                        raise
                    answer, wished, outcome = _refuse(event, refusal), [], "refused"
                    forget(db)
                    db.info["taken back"] = _taken_back(wishes)
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
                    answer, wishes = self._take_turn(db, event)
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

    def _take_turn(self, db: Session, event: Event) -> Wished:
        match event:
            case Looked():
                return self._show_home(db, event), []
            case Changed():
                bring_up_to_date(db, event.who, event.place)
                return None, []
            case _:
                return self._take_movements_turn(db, event)

    def _take_movements_turn(self, db: Session, event: Event) -> Wished:
        event, picked = unfold_pick(event)
        asked = find_handler(self.rituals, event)
        if isinstance(event, Commanded) and asked is None:
            return suggest(self.rituals, event), []
        movement = self._find_movement(db, event, asked, picked)
        if isinstance(movement, Whisper):
            return movement, []
        if movement is None and asked is None:
            return self._hear_in_private(db, event), []
        if (asked is None or not asked.handler.anonymous) and not self._is_first(db, event):
            return None, []
        who = self._find_who(db, event, movement)
        if movement is None and (asked is None or asked.handler.only != "anyone"):
            return self._no_movement(event), []
        if movement is not None and who is not None:
            self._note_life(db, event, who)
            self._catch_up(db, event, movement, who)
        post = None
        if asked is None and isinstance(event, Said):
            post = self._find_post(db, event, movement)
            asked = find_reply(self.rituals, event, post)
        elif asked is None and isinstance(event, Reacted):
            post = self._find_post(db, event, movement)
            asked = find_reaction(self.rituals, post)
        if asked is None:
            return None, []
        self._allow(asked, who)
        return self._answer(db, event, asked, movement, who, post)

    def _answer(
        self,
        db: Session,
        event: Event,
        asked: Asked,
        movement: Movement | None,
        who: Member | None,
        post: Post | None,
    ) -> Wished:
        turn = Turn(
            db=db,
            now=self.now(),
            rituals=self.rituals,
            ritual=asked.ritual,
            place=event.place,
            person=event.who,
            about=asked.about,
            words=asked.words,
            unread=isinstance(event, Said) and event.unread,
            choice=asked.choice,
            emoji=event.emoji if isinstance(event, Reacted) else "",
            on=isinstance(event, Reacted) and event.on,
            find_post=lambda: self._find_post(db, event, movement) if post is None else post,
            movement_=movement,
            who_=who,
            stewards_only=self.stewards_only,
            raw_answers=event.answers if isinstance(event, Submitted) else {},
        )
        if asked.handler.anonymous:
            turn.forget_who()
        answer = asked.handler.handle(turn)
        # Wishes are written when all have had their turn; until then the table does not know what these take back.
        taken_back = db.info["taken back"] = db.info.get("taken back", frozenset()) | _taken_back(turn.wishes)
        if who is not None and isinstance(event, Commanded | Pressed | Submitted):
            answer = self._add_untold(db, answer, who, taken_back=taken_back)
        return answer, turn.wishes

    def _show_home(self, db: Session, event: Looked) -> Answer:
        """Show somebody the page that is theirs alone: it holds all their movements of this workspace."""
        shown = []
        for movement in movements_of(db, event.who, event.place):
            turn = Turn(
                db=db,
                now=self.now(),
                rituals=self.rituals,
                ritual=next(iter(self.rituals.by_name.values())),
                place=event.place,
                person=event.who,
                movement_=movement,
                who_=find_member(db, movement, event.who.id),
            )
            shown.append((movement, glimpse(turn)))
        return compose(shown)

    def _is_first(self, db: Session, event: Event) -> bool:
        """Tell whether this event is heard for the first time; a platform may deliver it again."""
        seen = db.info.get("seen", {})
        if event.id in seen:
            return bool(seen.pop(event.id))
        row = {"event": event.id, "at": self.now()}
        return db.connection().execute(_see(insert_or(db)), row).first() is not None

    def _see_all(self, db: Session, events: Sequence[Event]) -> None:
        """Write down at once that these were heard, where it is plain beforehand that it will be asked for."""
        plain = [
            event.id
            for event in events
            if movement_at(db, event.place) is not None and isinstance(event, Pressed | Submitted | Said)
            if not self._is_anonymous(event)
        ]
        if plain:
            rows = [{"event": event_id, "at": self.now()} for event_id in dict.fromkeys(plain)]
            fresh = db.connection().execute(_see(insert_or(db)), rows).scalars().all()
            db.info["seen"] = {event_id: event_id in set(fresh) for event_id in plain}

    def _is_anonymous(self, event: Event) -> bool:
        """Tell whether nobody may be noted with this; what cannot be found is treated as if."""
        try:
            asked = find_handler(self.rituals, event)
        except RefusedError:
            return True
        return asked is not None and asked.handler.anonymous

    # ---------------------------------------------------------------------------------------- finding

    def _find_movement(self, db: Session, event: Event, asked: Asked | None, picked: int) -> Movement | Whisper | None:
        """Find the movement that an event belongs to, and hold it: its turns are taken one after the other."""
        found: Movement | None = None
        here = movement_at(db, event.place)
        meant = event.action.movement if isinstance(event, Pressed | Submitted) else picked
        if meant:
            found = db.get(Movement, meant)
            # A number in an action is only a claim: it must be a movement of this very workspace.
            if found is None or not _is_of(found, event.place):
                raise RefusedError(GONE)
        elif here is not None:
            found = here
        elif isinstance(event, Commanded) and asked is not None and asked.handler.only != "anyone":
            theirs = movements_of(db, event.who, event.place)
            if len(theirs) > 1:
                return ask_which(event, theirs)
            found = theirs[0] if theirs else None
        return hold(db, found) if found is not None else None

    def _find_who(self, db: Session, event: Event, movement: Movement | None) -> Member | None:
        if movement is None:
            return None
        member = find_member(db, movement, event.who.id)
        at_home = event.place.channel == movement.channel
        # A platform may deliver late: whoever came again is not gone by an older leave, nor the other way round.
        if isinstance(event, Left):
            if member is not None and at_home and member.joined_at <= event.at:
                member.left_at = member.left_at or event.at
            return member
        late = member is not None and member.left_at is not None and event.at < member.left_at
        if at_home and not late and (member is None or member.left_at is not None or isinstance(event, Joined)):
            return welcome(db, movement, event.who, now=event.at)
        if member is None or member.left_at is not None:
            raise RefusedError(_NOT_YOURS)
        return member

    def _find_post(self, db: Session, event: Event, movement: Movement | None) -> Post | None:
        """Find our own post that was tapped, or under which somebody wrote."""
        match event:
            case Pressed(message=message) | Reacted(message=message):
                message_id = message
            case Said(place=Place(thread=thread)):
                message_id = thread
            case _:
                message_id = ""
        if not message_id or movement is None:
            return None
        # A message's id tells it apart only within its channel or inbox.
        place = event.place
        here = Post.channel == place.channel if place.channel else Post.person == event.who.id
        return db.scalar(select(Post).where(Post.message_id == message_id, Post.movement_id == movement.id, here))

    def _allow(self, asked: Asked, who: Member | None) -> None:
        only = asked.handler.only
        if only == "anyone":
            return
        if who is None:
            raise RefusedError(_NOT_YOURS)
        if RANKS.index(only) > RANKS.index(who.role):
            msg = f"Only {'an organizer' if only == 'organizer' else 'the founder'} can do this."
            raise RefusedError(msg)

    def _hear_in_private(self, db: Session, event: Event) -> Answer:
        """Say to whoever writes to us in private that nobody reads it."""
        if not isinstance(event, Said) or event.place.channel or event.who.bot or not self._is_first(db, event):
            return None
        return Whisper(Text("I can't chat, but I know some commands. Type ", code(f"/{HOME_COMMAND}"), " to see them."))

    def _no_movement(self, event: Event) -> Answer:
        match event:
            case Commanded() | Pressed() | Submitted():
                who = "Its creator or an admin" if self.stewards_only else "Anybody"
                start = (f" {who} can start one with ", code(f"/{HOME_COMMAND}"), ".")
                return Whisper(Text("There is no movement in this channel yet.", *start))
            case _:
                return None

    def _note_life(self, db: Session, event: Event, who: Member) -> None:
        """Write signs of life into the ledger: that somebody wrote, at most once a day and never what; reactions."""
        match event:
            case Said():
                day = self.now().date().isoformat()
                record(db, who, "message", at=self.now(), once=f"message:{who.id}:{day}")
            case Reacted(on=True, message=message):
                record(db, who, "reaction", at=self.now(), once=f"reaction:{who.id}:{message}"[:160])

    def _catch_up(self, db: Session, event: Event, movement: Movement, who: Member) -> None:
        """Try again what the channel did not take, when Drumbeat is let in again or somebody types a command there."""
        returned = isinstance(event, Joined) and who.bot
        if returned:
            movement.roll_due_at = min(movement.roll_due_at, self.now())
        at_home = event.place.channel == movement.channel
        if returned or (isinstance(event, Commanded) and at_home):
            posts.revive(db, movement, now=self.now())

    def _add_untold(
        self, db: Session, answer: Answer, who: Member, *, taken_back: Collection[tuple[int, str]]
    ) -> Answer:
        """Add to a whisper what this person could not be told in private, and what was not taken back just now."""
        if not isinstance(answer, Whisper | None):
            return answer
        said = answer.message.parts if answer is not None else ()
        if who.person not in (recall(db, ("untold", who.movement_id), lambda: _untold(db, who.movement_id)) or ()):
            return answer
        of_theirs = {"movement": who.movement_id, "person": who.person}
        for refused in db.scalars(_UNTOLD_POSTS, of_theirs):
            if (refused.movement_id, refused.key) in taken_back:
                continue
            try:
                whisper = Whisper(*said, Text(italic(_UNTOLD)), *from_json(refused.view).parts)
            except ViewError:
                continue  # too much for one whisper: it waits for the next act
            refused.state = "told"
            return whisper
        return answer

    async def forget_old_events(self) -> None:
        """Let go of events that no platform delivers again."""

        def forget() -> None:
            with self.database.transaction() as db:
                db.execute(delete(Seen).where(Seen.at < self.now() - SEEN_FOR))

        await self.database.work(forget)


_UNTOLD = "I could not write to you in private, so here it is:"
_NOT_YOURS = "This belongs to a movement that you are not in. Join its channel first."


@cache
def _see(insert: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - either dialect's own insert
    return insert(Seen.__table__).on_conflict_do_nothing().returning(Seen.__table__.c.event)


def _is_of(movement: Movement, place: Place) -> bool:
    """Tell whether a movement belongs to the workspace of a place, where that is known."""
    return movement.platform == place.platform and place.workspace in ("", movement.workspace)


_UNTOLD_PEOPLE = select(Post.person).where(Post.movement_id == bindparam("movement"), Post.state == "refused")


def _untold(db: Session, movement_id: int) -> frozenset[str]:
    """Tell who could not be told something in private: nearly always nobody, so one look is enough for many turns."""
    return frozenset(db.scalars(_UNTOLD_PEOPLE, {"movement": movement_id}))


_UNTOLD_POSTS = (
    select(Post)
    .where(Post.movement_id == bindparam("movement"), Post.person == bindparam("person"), Post.state == "refused")
    .order_by(Post.id)
    .limit(UNTOLD_TRIED)
)


def _taken_back(wishes: Sequence[posts.Wish]) -> frozenset[tuple[int, str]]:
    """Name what these wishes make disappear where nobody has seen it yet."""
    return frozenset((wish.movement.id, wish.key) for wish in wishes if wish.takes_back)


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
