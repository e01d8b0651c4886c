"""What Drumbeat asks of a Discord server and why, and the link that invites it with exactly that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from discord import Permissions

SCOPES: Final = ("bot", "applications.commands")

# By discord.py's names of the flags; each is used by what the sentence says, and nothing else is asked for.
PERMISSIONS: Final[Mapping[str, str]] = {
    "view_channel": "To see the movement's channel, who is in it, and who is in its calls.",
    "send_messages": "To open check-ins and tell what is on.",
    "create_public_threads": "To open the thread under a check-in, where the answers stand.",
    "send_messages_in_threads": "To show the answers there.",
    "read_message_history": "To look, after a crash, whether a message was sent already, so that none comes twice.",
    "attach_files": "To show figures as a picture, and to give what was gathered as a file to keep.",
}

# What Drumbeat uses where it has it, and does without otherwise: no fault to mend, but a price to know.
EXTRAS: Final[Mapping[str, str]] = {
    "create_events": (
        "To keep gatherings among the server's own events. "
        "Without it gatherings stand in the channel and in calendars only."
    ),
}

# As people see them in a channel's settings.
NAMES: Final[Mapping[str, str]] = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "create_public_threads": "Create Public Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "attach_files": "Attach Files",
    "create_events": "Create Events",
}

# The privileged intents, by what Discord's page calls them; the sentence says what is lost without.
INTENTS: Final[Mapping[str, str]] = {
    "Server Members Intent": (
        "Lets me list the people of a channel and hear who comes and goes. Without it I know people only once they "
        "act, so nobody who never does is missed, and reminders reach only those who did."
    ),
    "Message Content Intent": (
        "Lets me read replies in a check-in's thread. Without it replies are counted but not read, except where "
        "somebody mentions me; answers by button and form lose nothing."
    ),
}


def bits(*names: str) -> int:
    """Add up permissions."""
    return Permissions(**dict.fromkeys(names, True)).value


def invite_link(application_id: str) -> str:
    """Give the link with which somebody adds Drumbeat to their server."""
    asked = {"client_id": application_id, "scope": " ".join(SCOPES), "permissions": str(bits(*PERMISSIONS, *EXTRAS))}
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"


def lacking(allowed: int) -> tuple[str, ...]:
    """List by their names the permissions that we use and do not have."""
    return tuple(NAMES[name] for name in PERMISSIONS if not allowed & bits(name))


def extras_lacking(allowed: int) -> tuple[tuple[str, str], ...]:
    """List the permissions that we would use and do not have, by name, each with what it is for."""
    return tuple((NAMES[name], why) for name, why in EXTRAS.items() if not allowed & bits(name))


def write_manifest(application_id: str) -> str:
    """Say how Drumbeat comes to a server, and what each thing that it asks for is for."""
    lines = [
        "Invite Drumbeat to your server with this link:",
        "",
        f"  {invite_link(application_id)}",
        "",
        "It asks for these permissions and no others:",
        "",
        *(f"  {NAMES[name]}: {why}" for name, why in {**PERMISSIONS, **EXTRAS}.items()),
        "",
        "Two switches on your application's page (Bot, Privileged Gateway Intents) let it do more. Both are optional:",
        "",
        *(f"  {name}: {what}" for name, what in INTENTS.items()),
    ]
    return "\n".join(lines) + "\n"
