"""Who may do what on a server: roles, and what a channel changes about them.

The rule and the bits: https://discord.com/developers/docs/topics/permissions
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag


class Right(IntFlag):
    """The permissions that this Discord looks at, by Discord's own names."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38
    CREATE_EVENTS = 1 << 44


NONE = Right(0)
ALL = Right((1 << 53) - 1)
# What a new server gives everybody.
EVERYBODY = (
    Right.ADD_REACTIONS
    | Right.VIEW_CHANNEL
    | Right.SEND_MESSAGES
    | Right.EMBED_LINKS
    | Right.ATTACH_FILES
    | Right.READ_MESSAGE_HISTORY
    | Right.CONNECT
    | Right.SPEAK
    | Right.USE_APPLICATION_COMMANDS
    | Right.CREATE_PUBLIC_THREADS
    | Right.SEND_MESSAGES_IN_THREADS
)
# What remains for somebody who is not on the server any more, or was never.
STRANGER = NONE


@dataclass(frozen=True, slots=True)
class Role:
    """A role of a server; the one whose id is the server's own is everybody's."""

    id: str
    name: str
    rights: Right
    bot: str = ""


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows or denies a role, or with ``person`` somebody."""

    id: str
    person: bool
    allow: Right = NONE
    deny: Right = NONE


def base_rights(everybody: str, roles: Mapping[str, Role], held: Sequence[str]) -> Right:
    """Add up what the roles of a person give them on the whole server."""
    rights = roles[everybody].rights
    for role in held:
        rights |= roles[role].rights
    return ALL if Right.ADMINISTRATOR in rights else rights


def channel_rights(
    base: Right, everybody: str, overwrites: Mapping[str, Overwrite], *, person: str, held: Sequence[str]
) -> Right:
    """Apply a channel's overwrites: everybody's first, then all roles' together, then the person's own."""
    if Right.ADMINISTRATOR in base:
        return ALL
    rights = _apply(base, [overwrites[everybody]] if everybody in overwrites else [])
    rights = _apply(rights, [overwrites[role] for role in held if role in overwrites])
    rights = _apply(rights, [overwrites[person]] if person in overwrites else [])
    # Who cannot see a channel can do nothing in it, whatever else is allowed.
    return rights if Right.VIEW_CHANNEL in rights else NONE


def _apply(rights: Right, overwrites: Sequence[Overwrite]) -> Right:
    for overwrite in overwrites:
        rights &= ~overwrite.deny
    for overwrite in overwrites:
        rights |= overwrite.allow
    return rights
