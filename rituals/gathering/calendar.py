"""Gatherings in people's own calendars: one as a file, or all of theirs behind a link that follows every change."""

from __future__ import annotations

from bot.calendars import file_name
from bot.chat import Action, Answer, Attachment, Whisper
from bot.following import address_of, end_link, find_link, make_link, write_one
from bot.people import ORGANIZERS
from bot.tables import Feed, Member
from bot.turn import Turn
from rituals.gathering import calendar_messages as messages
from rituals.gathering.calendar_messages import Links
from rituals.gathering.declaration import ritual, typed
from rituals.gathering.gatherings import find


@ritual.press("calendar")
def send_file(turn: Turn) -> Answer:
    """Send one gathering as a file, in private: a whisper holds none."""
    gathering = find(turn, turn.about)
    if gathering is None:
        return Whisper("That gathering is not here any more.")
    if gathering.state == "cancelled":
        return Whisper("That gathering was cancelled.")
    attached = Attachment(
        file_name(gathering.title, gathering.starts_at, zone=turn.zone), write_one(turn.db, turn.movement, gathering)
    )
    message = messages.file(gathering.title, turn.moment(gathering.starts_at), attached, followed=_followed(turn))
    # A changed gathering is another file; the same one is not sent twice.
    turn.dm(turn.who, f"calendar:{gathering.id}:{turn.who.id}:{gathering.revision}", message, about=str(gathering.id))
    return messages.file_sent(_followed(turn))


@typed("calendar")
@ritual.press("calendar-links")
def offer(turn: Turn) -> Answer:
    """Show which links there are and what can be done about them: '/gather calendar'."""
    if not turn.address:
        return messages.no_address()
    if turn.who.opted_out:
        return messages.opted_out()
    shown = Links(
        movement=turn.movement.name,
        own=_since(turn, find_link(turn.db, turn.movement, turn.who)),
        public=_since(turn, find_link(turn.db, turn.movement, None)),
        organizer=turn.who.role in ORGANIZERS,
    )
    return messages.links(shown, turn.action)


@ritual.press("calendar-new")
def make_own(turn: Turn) -> Answer:
    """Give somebody a link, or another one."""
    if turn.who.opted_out:
        return messages.opted_out()
    return _make(turn, turn.who)


@ritual.press("calendar-off")
def switch_off(turn: Turn) -> Answer:
    """End somebody's link."""
    return messages.switched_off(public=False, there=end_link(turn.db, turn.movement, turn.who))


@ritual.press("calendar-open", only="organizer")
def open_public(turn: Turn) -> Answer:
    """Show the movement's gatherings to whoever has a link, or make that link anew."""
    return _make(turn, None)


@ritual.press("calendar-close", only="organizer")
def close_public(turn: Turn) -> Answer:
    """Show them to nobody outside any more."""
    return messages.switched_off(public=True, there=end_link(turn.db, turn.movement, None))


def _make(turn: Turn, whose: Member | None) -> Answer:
    if not turn.address:
        return messages.no_address()
    again = find_link(turn.db, turn.movement, whose) is not None
    token = make_link(turn.db, turn.movement, whose, now=turn.now)
    return messages.new_link(address_of(turn.address, token), public=whose is None, again=again)


def _followed(turn: Turn) -> Action | None:
    return turn.action("calendar-links") if turn.address else None


def _since(turn: Turn, link: Feed | None) -> str:
    return turn.spoken_date(link.made_at) if link is not None else ""
