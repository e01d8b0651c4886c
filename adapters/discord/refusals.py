"""What Discord refuses, in words that say why and what somebody can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import aiohttp
from discord import HTTPException, RateLimited

from adapters.discord.calls import LONG_PAUSE, TOO_MANY, BusyError
from bot.chat import DeliveryError

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
UNKNOWN_CHANNEL, UNKNOWN_SERVER, UNKNOWN_MESSAGE, UNKNOWN_EVENT = 10003, 10004, 10008, 10070
ANSWERED_ALREADY, TOO_LATE = 40060, 10062
NO_ACCESS, NOT_PERMITTED, ARCHIVED, HAS_THREAD = 50001, 50013, 50083, 160004
TOO_LARGE = 40005
UNAUTHORIZED = 401

_SHY = (
    "this person takes no private messages from me",
    "They can allow private messages in the privacy settings of the server.",
)
_FOR_GOOD: Final = {
    UNKNOWN_CHANNEL: ("{channel} was deleted", "Start again in another channel with /drumbeat."),
    UNKNOWN_MESSAGE: ("the message in {channel} was deleted", ""),
    10013: ("there is no such person on Discord any more", ""),
    50005: ("the message in {channel} is somebody else's", ""),
    50007: _SHY,
    50278: _SHY,
    160005: ("the thread in {channel} is locked", "Somebody who manages threads can unlock it in the thread's menu."),
}
THROWN_OUT = (
    "I am not on that Discord server any more",
    "Invite me again with the link that `manifest discord` prints.",
)


@dataclass(frozen=True, slots=True)
class Errand:
    """What we were about to do: in which channel, whether we are on its server, and which permissions we lack there.

    ``thread``: in a thread of a channel that is still there.
    """

    channel: str = "the channel"
    thread: bool = False
    on_server: bool = True
    lacking: tuple[str, ...] = ()


def explain(error: Exception, errand: Errand) -> DeliveryError:
    """Turn what went wrong into a sentence."""
    match error:
        case DeliveryError():
            return error
        case BusyError(wait=float() as wait) | RateLimited(retry_after=wait):
            return DeliveryError("Discord asks me to wait", retry_after=wait)
        case BusyError(status=status):
            return DeliveryError(f"Discord is out of order (status {status})")
        case HTTPException():
            return _explain_refusal(error, errand)
        case TimeoutError():
            return DeliveryError("Discord did not answer in time")
        case aiohttp.ClientError() | OSError():
            return DeliveryError("the line to Discord broke")
        case _:
            return DeliveryError(f"something unexpected happened on the way to Discord ({type(error).__name__})")


def _explain_refusal(error: HTTPException, errand: Errand) -> DeliveryError:
    gone = shut_out = False
    if error.status == TOO_MANY:
        # Not Discord itself says so, but the guard before it.
        return DeliveryError("Discord shuts me out for a while", retry_after=LONG_PAUSE)
    if error.status == UNAUTHORIZED:
        return DeliveryError("Discord does not take my token any more", mend="Put a new one into discord_token.")
    if error.code == UNKNOWN_SERVER or (error.code in (UNKNOWN_CHANNEL, NO_ACCESS) and not errand.on_server):
        (why, mend), shut_out = THROWN_OUT, True
    elif error.code in (NO_ACCESS, NOT_PERMITTED):
        why, mend = _explain_permission(error.code, errand)
        shut_out = error.code == NO_ACCESS
    elif error.code == UNKNOWN_CHANNEL and errand.thread:
        why, mend, gone = "the thread in {channel} was deleted", "", True
    elif error.code in _FOR_GOOD:
        why, mend = _FOR_GOOD[error.code]
        gone, shut_out = error.code == UNKNOWN_MESSAGE, error.code == UNKNOWN_CHANNEL
    else:
        # Without a code it was not Discord's API that said no, but something on the way.
        why, mend = f"Discord refused it (status {error.status}, code {error.code})", ""
        return DeliveryError(why, permanent=bool(error.code))
    return DeliveryError(why.format(channel=errand.channel), mend=mend, permanent=True, gone=gone, shut_out=shut_out)


def _explain_permission(code: int, errand: Errand) -> tuple[str, str]:
    if code == NO_ACCESS:
        why, named = "I cannot see {channel}", "“View Channel”"
    else:
        named = " and ".join(f"“{one}”" for one in errand.lacking or ("Send Messages",))
        why = f"I lack the permission {named} in {{channel}}"
    return why, f"In the settings of {errand.channel}, under Permissions, allow Drumbeat {named}."
