"""What is said about calendars: the file of one gathering, and the links that follow all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.chat import Action, Attachment, Button, Buttons, Message, Moment, Part, Text, Whisper, bold, code, shorten
from bot.ritual import Sample

Act = Callable[..., Action]
TITLE_ROOM = 200


@dataclass(frozen=True, slots=True)
class Links:
    """What somebody may do about calendars: since when there are links, '' where there is none.

    ``organizer``: they may open and close what everybody can see.
    """

    movement: str
    own: str = ""
    public: str = ""
    organizer: bool = False


def file(title: str, starts: Moment, attached: Attachment, *, followed: Action | None) -> Message:
    """Give one gathering as a file; ``followed`` opens the links, where there can be any."""
    more = [Buttons(Button("A calendar that follows", followed))] if followed is not None else []
    return Message(
        Text(bold(shorten(title, limit=TITLE_ROOM)), ", ", starts),
        Text("Open the file to put it into your calendar. It does not change there if the gathering does."),
        attached,
        *more,
    )


def file_sent(followed: Action | None) -> Whisper:
    """Say where the file is."""
    more = [Buttons(Button("A calendar that follows", followed))] if followed is not None else []
    return Whisper("The calendar file is in your messages from me.", *more)


def no_address() -> Whisper:
    """Say why there are no links."""
    return Whisper(
        "A calendar that follows needs a web address of mine, and I have none; whoever runs me can set one up. "
        "Until then tap 'For my calendar' at a gathering: I send it to you as a file."
    )


def opted_out() -> Whisper:
    """Say why there is no calendar for somebody who does not want to be in any record."""
    return Whisper("You opted out of my records, so I keep no calendar for you.")


def links(shown: Links, action: Act) -> Whisper:
    """Show which links there are, and what can be done about them."""
    parts: list[Part] = [*_own(shown, action)]
    if shown.organizer:
        parts += _public(shown, action)
    elif shown.public:
        parts.append(Text("The movement's public calendar is open; the organizers have its link."))
    return Whisper(*parts)


def _own(shown: Links, action: Act) -> list[Part]:
    about = Text(
        bold("Your own calendar"),
        f": the gatherings of {shorten(shown.movement, limit=TITLE_ROOM)} that you are going to, may come to, wait for "
        "or host. It follows every change by itself. Whoever has the link sees the same, so keep it to yourself.",
    )
    if not shown.own:
        return [about, Buttons(Button("Make my link", action("calendar-new"), "primary"))]
    since = f"You have had a link since {shown.own}. I keep only its fingerprint, so I cannot show it again."
    ways = Buttons(Button("New link", action("calendar-new")), Button("Switch off", action("calendar-off")))
    return [about, Text(since), ways]


def _public(shown: Links, action: Act) -> list[Part]:
    what = "It shows title, time and kind of every gathering to whoever has the link; no names, addresses or links."
    if not shown.public:
        closed = Text(bold("The movement's public calendar"), f" is closed. {what}")
        return [closed, Buttons(Button("Open it", action("calendar-open")))]
    ways = Buttons(Button("New public link", action("calendar-open")), Button("Close it", action("calendar-close")))
    return [Text(bold("The movement's public calendar"), f" has been open since {shown.public}. {what}"), ways]


def new_link(address: str, *, public: bool, again: bool) -> Whisper:
    """Show a link, this once."""
    whose = "The link of the public calendar" if public else "The link of your calendar"
    old = " The old one shows nothing any more." if again else ""
    hand = " Put it where people look." if public else " Keep it to yourself."
    scheme, _, rest = address.partition("://")
    return Whisper(
        Text(f"{whose}; I can show it only now.{hand}{old}"),
        Text(code(address)),
        Text("Some programs want it like this:"),
        Text(code(f"webcal://{rest}" if scheme else address)),
        Text(
            "In Google Calendar: Other calendars, From URL. In Apple's: File, New Calendar Subscription. In Outlook: "
            "Add calendar, Subscribe from web. Some look for changes only once a day."
        ),
    )


def switched_off(*, public: bool, there: bool) -> Whisper:
    """Say that a link is dead."""
    what = "The public calendar" if public else "Your calendar"
    if not there:
        return Whisper(f"{what} has no link.")
    done = "is closed" if public else "is switched off"
    return Whisper(f"{what} {done}: its link shows nothing any more.")


def samples() -> Iterator[Sample]:
    """Give one of each."""
    action, starts = _act, Moment(datetime(2026, 11, 5, 17, 0, tzinfo=UTC), "Thu 5 Nov, 18:00")
    attached = Attachment("town-hall-2026-11-05.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    yield "A gathering as a file", file("Town hall", starts, attached, followed=action("calendar-links"))
    yield "Where the file is", file_sent(None)
    yield "No calendar to follow", no_address()
    yield "No calendar for who opted out", opted_out()
    yield "Calendar links, at first", links(Links("Open data"), action)
    both = Links("Open data", "Mon 2 Nov", "Sun 1 Nov", organizer=True)
    yield "Calendar links, for an organizer", links(both, action)
    yield "Calendar links, for an organizer, at first", links(Links("Open data", organizer=True), action)
    yield "Calendar links, with a public one", links(Links("Open data", public="Sun 1 Nov"), action)
    address = "https://drumbeat.example.org/calendar/" + "a" * 43 + ".ics"
    yield "A new calendar link", new_link(address, public=False, again=True)
    yield "A new public calendar link", new_link(address, public=True, again=False)
    yield "A calendar link switched off", switched_off(public=False, there=True)
    yield "A public calendar closed", switched_off(public=True, there=True)


def _act(verb: str, about: str | int = "") -> Action:
    return Action("gathering", verb, str(about), 1)
