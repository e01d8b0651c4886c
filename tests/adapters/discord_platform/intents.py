"""Which events an application is told, by the intents that it names when it identifies.

https://discord.com/developers/docs/events/gateway#gateway-intents
"""

from __future__ import annotations

from typing import Final

GUILDS, MEMBERS, VOICE_STATES, PRESENCES = 1 << 0, 1 << 1, 1 << 7, 1 << 8
GUILD_MESSAGES, GUILD_REACTIONS = 1 << 9, 1 << 10
DIRECT_MESSAGES, DIRECT_REACTIONS = 1 << 12, 1 << 13
MESSAGE_CONTENT = 1 << 15
EXISTING: Final = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25

# By the name that a test uses: the bit of the intent, and the flag by which an application shows that it has it.
# https://discord.com/developers/docs/resources/application#application-object-application-flags
PRIVILEGED: Final = {
    "presences": (PRESENCES, 1 << 13),
    "members": (MEMBERS, 1 << 15),
    "message_content": (MESSAGE_CONTENT, 1 << 19),
}

_NEEDED: Final = {
    "GUILD_MEMBER_ADD": (MEMBERS, 0),
    "GUILD_MEMBER_REMOVE": (MEMBERS, 0),
    "GUILD_MEMBER_UPDATE": (MEMBERS, 0),
    "VOICE_STATE_UPDATE": (VOICE_STATES, 0),
    "MESSAGE_CREATE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_UPDATE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_DELETE": (GUILD_MESSAGES, DIRECT_MESSAGES),
    "MESSAGE_REACTION_ADD": (GUILD_REACTIONS, DIRECT_REACTIONS),
    "MESSAGE_REACTION_REMOVE": (GUILD_REACTIONS, DIRECT_REACTIONS),
}
_ALWAYS: Final = {"READY", "RESUMED", "INTERACTION_CREATE", "GUILD_MEMBERS_CHUNK"}


def is_told(event: str, intents: int, *, private: bool) -> bool:
    """Tell whether an application with these intents is told an event of a server, or of a private conversation."""
    if event in _ALWAYS:
        return True
    in_server, in_private = _NEEDED.get(event, (GUILDS, GUILDS))
    return bool(intents & (in_private if private else in_server))


def privileged_flags(granted: frozenset[str]) -> int:
    """Give the flags of an application to which these intents were granted."""
    return sum(PRIVILEGED[one][1] for one in granted)


def refused_intents(intents: int, granted: frozenset[str]) -> bool:
    """Tell whether somebody asks for a privileged intent that was not granted."""
    return any(intents & bit for name, (bit, _) in PRIVILEGED.items() if name not in granted)
