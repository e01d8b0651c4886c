"""A turn: everything that happens in Drumbeat, and all that a ritual may do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cadence import CadenceError, read_zone
from bot.chat import Action, Button, Message, Moment, Person, Place
from bot.ledger import mark_member, record
from bot.moments import MomentError, read_day, read_moment, spoken_day, spoken_moment
from bot.people import organizers
from bot.plain import tidy, tidy_line
from bot.posts import Wish
from bot.practices import begin, find_practice
from bot.quiet import read_quiet_hours
from bot.ritual import Ritual, Rituals
from bot.tables import Member, Movement, Occurrence, Post, Practice
from bot.timers import set_timer, unset_timer
from bot.watching import end_watch, set_watch

ZONE_MOST = 60
# The largest number that both databases hold has nineteen digits.
_NUMBER = re.compile(r"[0-9]{1,18}|[0-8][0-9]{18}")


def read_number(written: str) -> int | None:
    """Read the number in an action; whoever sends it may send anything."""
    return int(written) if _NUMBER.fullmatch(written) else None


class NotHereError(RuntimeError):
    """A handler asked for a movement, a person or an occurrence that this turn does not have."""


class Answers:
    """What somebody wrote into a form, tidied; ``problems`` gathers what is wrong with it, a sentence a field."""

    def __init__(self, given: Mapping[str, str | tuple[str, ...]], *, zone: str, now: datetime) -> None:
        self._given = given
        self._zone = zone
        self._now = now
        self.problems: dict[str, str] = {}

    def line(self, name: str, *, most: int, required: bool = True) -> str:
        """Read one line."""
        return self._checked(name, tidy_line(self._raw(name)), most, required=required)

    def words(self, name: str, *, most: int, required: bool = True) -> str:
        """Read words that may have several lines."""
        return self._checked(name, tidy(self._raw(name)), most, required=required)

    def one(self, name: str) -> str:
        """Read what was picked, or '' for nothing."""
        return next(iter(self.many(name)), "")

    def many(self, name: str) -> tuple[str, ...]:
        """Read everything that was picked."""
        given = self._given.get(name, ())
        return (given,) if isinstance(given, str) and given else tuple(given)

    def day(self, name: str, *, required: bool = True) -> date | None:
        """Read a day, from a picker or in words."""
        raw = tidy_line(self._raw(name))
        if not raw:
            self._missing(name, required=required)
            return None
        try:
            return read_day(raw, zone=self._zone, now=self._now)
        except MomentError as error:
            self.problems[name] = str(error)
            return None

    def zone(self, name: str) -> str:
        """Read a time zone."""
        written = self.line(name, most=ZONE_MOST)
        if not written or name in self.problems:
            return ""
        try:
            return read_zone(written)
        except CadenceError as error:
            self.problems[name] = str(error)
            return ""

    def moment(self, name: str, *, required: bool = True, zone: str = "") -> datetime | None:
        """Read a day and a time, from a picker or in words; ``zone`` is another one than the movement's."""
        raw = tidy_line(self._raw(name))
        if not raw:
            self._missing(name, required=required)
            return None
        try:
            return read_moment(raw, zone=zone or self._zone, now=self._now)
        except MomentError as error:
            self.problems[name] = str(error)
            return None

    def _raw(self, name: str) -> str:
        given = self._given.get(name, "")
        return given if isinstance(given, str) else " ".join(given)

    def _missing(self, name: str, *, required: bool) -> None:
        if required:
            self.problems[name] = "Please fill this in."

    def _checked(self, name: str, words: str, most: int, *, required: bool) -> str:
        length = len(words.encode("utf-16-le")) // 2  # as a form counts, which must be able to show them again
        if not words:
            self._missing(name, required=required)
        elif length > most:
            self.problems[name] = f"That is {length:,} characters; {most:,} fit here. Please shorten it."
            return words[:most]
        return words


@dataclass
class Turn:
    """One event or one timer, inside one database transaction. Whatever it writes is kept whole or not at all."""

    db: Session
    now: datetime
    rituals: Rituals
    ritual: Ritual
    place: Place
    person: Person | None = None
    about: str = ""
    words: str = ""
    # Somebody wrote, and the platform does not show us what.
    unread: bool = False
    choice: str = ""
    # A reaction, and whether it was put there or taken back.
    emoji: str = ""
    on: bool = False
    find_post: Callable[[], Post | None] = lambda: None
    occurrence_: Occurrence | None = None
    movement_: Movement | None = None
    who_: Member | None = None
    stewards_only: bool = True
    # Where our web server is reached from outside; '' where it is not, and no link to it can be given.
    address: str = ""
    raw_answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    # For an anonymous handler: hashes the member with a key, without telling who it is.
    mark: Callable[[bytes], str] = field(default=lambda _key: "")

    @property
    def movement(self) -> Movement:
        """The movement that this turn is inside of."""
        if self.movement_ is None:
            msg = "there is no movement here"
            raise NotHereError(msg)
        return self.movement_

    @property
    def who(self) -> Member:
        """The member who acts."""
        if self.who_ is None:
            msg = "nobody is known to act here"
            raise NotHereError(msg)
        return self.who_

    @cached_property
    def post(self) -> Post | None:
        """Our own post that was tapped, or under which somebody wrote."""
        return self.find_post()

    @property
    def occurrence(self) -> Occurrence:
        """The occurrence that is being opened."""
        if self.occurrence_ is None:
            msg = "no occurrence is being opened"
            raise NotHereError(msg)
        return self.occurrence_

    @property
    def asked_for(self) -> bool:
        """Tell whether a person caused this turn (a timer otherwise). Quiet hours hold only what nobody asked for."""
        return self.person is not None

    def _keeps_quiet(self, member: Member | None) -> bool:
        """Tell whether quiet hours are kept: the channel's only from a timer, a person's also from what others do."""
        is_theirs = member is None or (self.who_ is not None and member.id == self.who_.id)
        return not self.asked_for or not is_theirs

    @property
    def zone(self) -> str:
        """The movement's time zone, or where there is none yet the person's."""
        if self.movement_ is not None:
            return self.movement_.zone
        return self.person.zone if self.person is not None and self.person.zone else "UTC"

    @property
    def answers(self) -> Answers:
        """What was written into the form. Ask once: the problems are gathered in what this gives."""
        return Answers(self.raw_answers, zone=self.zone, now=self.now)

    def forget_who(self) -> None:
        """Make this an anonymous turn: the handler gets a mark that differs from member to member, and nobody."""
        member_id = self.who.id
        self.mark = lambda key: mark_member(key, member_id)
        self.who_ = None
        self.person = None
        self.place = replace(self.place, person="")

    # ---------------------------------------------------------------------------------------- what the chat shows

    def show(
        self,
        key: str,
        message: Message | Callable[[], Message],
        *,
        under: str = "",
        about: str | None = None,
        channel: str = "",
    ) -> None:
        """Make the movement's channel show a message under this key: posted the first time, edited afterwards.

        What many people change at once is given as a function: it makes the message once, when all have had their turn.
        """
        self._wish(key, message, about=about, under=under, channel=channel or self.movement.channel)

    def dm(
        self, member: Member, key: str, message: Message, *, about: str | None = None, at_once: bool = False
    ) -> None:
        """Write to one member in private. What they did not cause themselves waits for the end of their quiet hours.

        ``at_once``: it cannot wait, such as that something they mean to come to begins soon, or is called off.
        """
        self._wish(key, message, about=about, member=member, at_once=at_once)

    def tell_organizers(self, key: str, message: Message) -> None:
        """Write to every organizer in private."""
        for member in organizers(self.db, self.movement.id):
            self.dm(member, f"{key}:{member.id}", message)

    def withdraw(self, key: str) -> None:
        """Take back a message that nobody has seen yet, such as a reminder that is no longer needed.

        A message under the same key later in this turn is a correction: only those who saw the first one see it.
        """
        full = self._key(key)
        self.wishes = [wish for wish in self.wishes if wish.key != full]
        self.wishes.append(Wish(movement=self.movement, ritual=self.ritual.name, key=full, message=None))

    def _withdrew(self, full: str) -> bool:
        return any(wish.key == full and (wish.message is None or wish.correcting) for wish in self.wishes)

    def quiet_until(self, member: Member | None = None) -> datetime:
        """Tell from when on a member, or the channel, may be written to unasked: now, or the end of the quiet hours."""
        quiet = read_quiet_hours(self.movement.quiet_hours)
        zone = member.zone if member is not None and member.zone else self.movement.zone
        return quiet.ends_after(self.now, zone) if quiet else self.now

    def _key(self, key: str) -> str:
        return f"{self.ritual.name}:{key}"

    def _wish(
        self,
        key: str,
        message: Message | Callable[[], Message],
        *,
        about: str | None,
        under: str = "",
        channel: str = "",
        member: Member | None = None,
        at_once: bool = False,
    ) -> None:
        until = self.quiet_until(member) if self._keeps_quiet(member) and not at_once else self.now
        self.wishes.append(
            Wish(
                movement=self.movement,
                ritual=self.ritual.name,
                key=self._key(key),
                message=message,
                about=self.about if about is None else about,
                channel=channel,
                person=member.person if member is not None else "",
                under=self._key(under) if under else "",
                not_before=until if until > self.now else None,
                correcting=self._withdrew(self._key(key)),
            )
        )

    # ---------------------------------------------------------------------------------------- actions and times

    def action(self, verb: str, about: str | int = "", *, ritual: str = "") -> Action:
        """Name something to do in this movement, for a button, a menu or a form."""
        movement = self.movement_.id if self.movement_ is not None else 0
        return Action(ritual or self.ritual.name, verb, str(about), movement)

    def button(self, label: str, verb: str, about: str | int = "", *, primary: bool = False) -> Button:
        """Make a button of this ritual."""
        return Button(label, self.action(verb, about), "primary" if primary else "plain")

    def later(self, when: datetime | timedelta, verb: str, about: str | int = "") -> None:
        """Set a timer; the same verb about the same thing moves the one that is set."""
        due = self.now + when if isinstance(when, timedelta) else when
        set_timer(self.db, self.movement.id, self.ritual.name, verb, str(about), due=due)

    def cancel(self, verb: str, about: str | int = "") -> None:
        """Unset a timer."""
        unset_timer(self.db, self.movement.id, self.ritual.name, verb, str(about))

    def watch(self, about: str | int, *, room: str, since: datetime, until: datetime) -> None:
        """Note who is in a call from one moment to another, for ``bot.watching.visits_of``; again, it moves.

        ``room`` is a channel's id (the call of that channel), or what people call a voice channel.
        """
        set_watch(
            self.db,
            self.movement,
            self.ritual.name,
            str(about),
            room=room,
            since=since,
            until=until,
            now=self.now,
        )

    def unwatch(self, about: str | int) -> None:
        """Watch that call no more, and forget who was in it."""
        end_watch(self.db, self.movement.id, self.ritual.name, str(about))

    def moment(self, at: datetime) -> Moment:
        """Name an instant, for each reader in their own time zone."""
        return Moment(at, spoken_moment(at, self.zone, now=self.now))

    def spoken(self, at: datetime) -> str:
        """Say an instant in the movement's time zone."""
        return spoken_moment(at, self.zone, now=self.now)

    def spoken_date(self, at: datetime) -> str:
        """Say the day on which an instant lies in the movement's time zone."""
        return self.spoken_day(at.astimezone(ZoneInfo(self.zone)).date())

    def spoken_day(self, day: date) -> str:
        """Say a day."""
        return spoken_day(day, now=self.now, zone=self.zone)

    def today(self) -> date:
        """Tell the calendar day in the movement's time zone."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    # ---------------------------------------------------------------------------------------- the ledger

    def record(
        self,
        kind: str,
        *,
        once: str,
        member: Member | None = None,
        occurrence: Occurrence | None = None,
        evidence: str = "",
    ) -> None:
        """Write an act into the ledger. ``once`` names it: telling it again changes nothing."""
        doer = member or self.who
        occurrence_id = occurrence.id if occurrence else None
        record(self.db, doer, kind, at=self.now, once=once, occurrence_id=occurrence_id, evidence=evidence)

    def member(self, member_id: int) -> Member:
        """Find a member of this movement by number."""
        return self.db.execute(
            select(Member).where(Member.id == member_id, Member.movement_id == self.movement.id)
        ).scalar_one()

    def practice(self) -> Practice:
        """Find how this movement practises the ritual; one that was never used before begins now."""
        found = find_practice(self.db, self.movement, self.ritual.name)
        if found is not None:
            return found
        cadence = self.ritual.beat or self.ritual.beat_when_used
        founder = next((one for one in organizers(self.db, self.movement.id) if one.role == "founder"), None)
        owner_id = founder.id if founder is not None else None
        practice = begin(self.db, self.movement, self.ritual.name, cadence=cadence, owner_id=owner_id, now=self.now)
        if "begin" in self.ritual.timers:
            self.ritual.timers["begin"].handle(self)
        return practice
