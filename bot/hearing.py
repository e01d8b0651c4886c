"""Hearing: finds out what an event asks of whom, and lets the right ritual answer, inside a transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import posts
from bot.belonging import allow, find_movement, find_post, find_who
from bot.chat import (
    Answer,
    Changed,
    Commanded,
    Event,
    Joined,
    Looked,
    Present,
    Pressed,
    Reacted,
    Said,
    Submitted,
    Text,
    WasPresent,
    Whisper,
    code,
)
from bot.clock import Now
from bot.home import compose, glimpse
from bot.ledger import once_a_day, record
from bot.once import is_first
from bot.people import bring_up_to_date, find_member, movements_of
from bot.ritual import Rituals
from bot.routing import (
    HOME_COMMAND,
    Asked,
    find_handler,
    find_reaction,
    find_reply,
    suggest,
    unfold_pick,
)
from bot.tables import Member, Movement, Post
from bot.turn import Turn
from bot.untold import add_untold, taken_back
from bot.watching import note_presence

Wished = tuple[Answer, list[posts.Wish]]


class Hearing:
    """One verb: ``take`` the turn that an event is; gives the answer, and what the chat should show."""

    def __init__(self, rituals: Rituals, *, now: Now, stewards_only: bool) -> None:
        self.rituals = rituals
        self.now = now
        self.stewards_only = stewards_only
        # Where our web server is reached from outside.
        self.address = ""

    def take(self, db: Session, event: Event) -> Wished:
        match event:
            case Looked():
                return self._show_home(db, event), []
            case Changed():
                bring_up_to_date(db, event.who, event.place)
                return None, []
            case Present() | WasPresent():
                # Being in a call makes nobody a member, and is no act; which calls are of interest the watches say.
                note_presence(db, event, now=self.now())
                return None, []
            case _:
                return self._take_movements_turn(db, event)

    def _take_movements_turn(self, db: Session, event: Event) -> Wished:
        event, picked = unfold_pick(event)
        asked = find_handler(self.rituals, event)
        if isinstance(event, Commanded) and asked is None:
            return suggest(self.rituals, event), []
        movement = find_movement(db, event, asked, picked)
        if isinstance(movement, Whisper):
            return movement, []
        if movement is None and asked is None:
            return self._hear_in_private(db, event), []
        if (asked is None or not asked.handler.anonymous) and not is_first(db, event, now=self.now()):
            return None, []
        who = find_who(db, event, movement)
        if movement is None and (asked is None or asked.handler.only != "anyone"):
            return self._no_movement(event), []
        if movement is not None and who is not None:
            self._note_life(db, event, who)
            self._catch_up(db, event, movement, who)
        post = None
        if asked is None and isinstance(event, Said):
            post = find_post(db, event, movement)
            asked = find_reply(self.rituals, event, post)
        elif asked is None and isinstance(event, Reacted):
            post = find_post(db, event, movement)
            asked = find_reaction(self.rituals, post)
        if asked is None:
            return None, []
        allow(asked, who)
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
            find_post=lambda: find_post(db, event, movement) if post is None else post,
            movement_=movement,
            who_=who,
            stewards_only=self.stewards_only,
            address=self.address,
            raw_answers=event.answers if isinstance(event, Submitted) else {},
        )
        if asked.handler.anonymous:
            turn.forget_who()
        answer = asked.handler.handle(turn)
        # Wishes are written when all have had their turn; until then the table does not know what these take back.
        told_back = db.info["taken back"] = db.info.get("taken back", frozenset()) | taken_back(turn.wishes)
        # Not with something anonymous: that a person was told something then would stand beside it.
        if who is not None and not asked.handler.anonymous and isinstance(event, Commanded | Pressed | Submitted):
            answer = add_untold(db, answer, who, taken_back=told_back)
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

    def _hear_in_private(self, db: Session, event: Event) -> Answer:
        """Say to whoever writes to us in private that nobody reads it."""
        if (
            not isinstance(event, Said)
            or event.place.channel
            or event.who.bot
            or not is_first(db, event, now=self.now())
        ):
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
                record(db, who, "message", at=self.now(), once=once_a_day("message", who, self.now()))
            case Reacted(on=True, message=message):
                record(db, who, "reaction", at=self.now(), once=f"reaction:{who.id}:{message}"[:160])

    def _catch_up(self, db: Session, event: Event, movement: Movement, who: Member) -> None:
        """Try again what the channel did not take, when Drumbeat is let in again or somebody types a command there."""
        returned = isinstance(event, Joined) and who.bot
        at_home = event.place.channel == movement.channel
        # Whatever is heard from a channel that shut us out: we are in it again.
        if returned or (at_home and movement.shut_out_at is not None):
            movement.roll_due_at = min(movement.roll_due_at, self.now())
            movement.shut_out_at = None
        if returned or (isinstance(event, Commanded) and at_home):
            posts.revive(db, movement, now=self.now())
