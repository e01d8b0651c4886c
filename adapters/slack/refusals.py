"""What Slack says no to, told so that a person knows what to do about it.

The words are those of https://docs.slack.dev/reference/methods, each method's list of errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat import DeliveryError

NO_TOKEN = frozenset(
    {"account_inactive", "token_revoked", "token_expired", "invalid_auth", "not_authed", "not_allowed_token_type"}
)
# Somebody deleted it. Everything else that Slack refuses for good may come right when somebody does something.
GONE = frozenset({"message_not_found", "thread_not_found"})
# The whole channel is closed to us, because it is gone or because we were sent away.
SHUT_OUT = NO_TOKEN | {"not_in_channel", "channel_not_found", "is_archived", "is_inactive"}
RETRY_AFTER = 30.0
INBOX = "our conversation"

_REINSTALL = "Install me in the workspace again; with tokens of your own, put the new ones into the settings."
_RIGHTS = "Ask an admin of the workspace to let apps write there, or choose another channel."
_BUG = "This is a defect of mine: please report it with this reason."
_PERSON = ("this person cannot be reached in private", "They see what I wrote at their next act in the channel.")

# why (a part of a sentence) and mend (a whole one); {place} is the channel's name, or 'that channel'.
_FOREVER: Mapping[str, tuple[str, str]] = {
    "not_in_channel": ("I am not a member of {place}", "Type /invite @Drumbeat in {place}."),
    "channel_not_found": (
        "{place} was deleted, or is private and I am not in it",
        "If it still exists, invite me with /invite @Drumbeat there.",
    ),
    **dict.fromkeys(
        ("is_archived", "is_inactive"),
        ("{place} is archived", "Unarchive it, or start the movement in another channel."),
    ),
    "thread_not_found": ("the thread's first message is gone", "Nothing to do: the rest goes on."),
    "message_not_found": ("the message was deleted", "Nothing to do: the rest goes on."),
    "cant_update_message": ("the message is not mine", "Nothing to do: the rest goes on."),
    "edit_window_closed": (
        "the workspace does not let messages be edited so late",
        "An admin can change how long messages may be edited in the workspace's settings.",
    ),
    "missing_scope": (
        "I lack the permission {needed}",
        "Make the manifest anew with `manifest slack`, put it into the app's settings and reinstall the app.",
    ),
    "method_not_supported_for_channel_type": ("{place} is of a kind that apps cannot use", _RIGHTS),
    "messages_tab_disabled": (
        "the app's settings do not let people get messages from me",
        "Turn on the Messages tab under App Home in the app's settings.",
    ),
    **dict.fromkeys(NO_TOKEN, ("Slack does not accept my token any more", _REINSTALL)),
    **dict.fromkeys(
        ("user_disabled", "user_not_found", "users_not_found", "user_not_visible", "cannot_dm_bot", "cannot_dm_user"),
        _PERSON,
    ),
    **dict.fromkeys(
        ("user_is_restricted", "invalid_user_combination", "not_reachable", "user_not_in_channel", "is_bot"), _PERSON
    ),
    **dict.fromkeys(
        ("access_denied", "no_permission", "ekm_access_denied", "enterprise_is_restricted", "team_access_not_granted"),
        ("the workspace's settings keep me from writing in {place}", _RIGHTS),
    ),
    **dict.fromkeys(
        ("msg_too_long", "msg_blocks_too_long", "no_text", "metadata_too_large"),
        ("Slack did not take how it is written ({error})", _BUG),
    ),
}


class SlackError(DeliveryError):
    """A call that Slack refused or that did not get through; ``error`` is Slack's own word for it, if it said one."""

    def __init__(
        self,
        method: str,
        error: str,
        why: str,
        *,
        mend: str = "",
        permanent: bool = False,
        gone: bool = False,
        shut_out: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(why, mend=mend, permanent=permanent, gone=gone, shut_out=shut_out, retry_after=retry_after)
        self.method = method
        self.error = error


def refused(method: str, answer: Mapping[str, Any], *, place: str = "that channel") -> SlackError:
    """Make the error for an answer that says no."""
    error = str(answer.get("error", "") or "unknown_error")
    if error in _FOREVER:
        why, mend = _FOREVER[error]
    elif error.startswith("restricted_action"):
        why, mend = _PERSON if place == INBOX else ("the settings of {place} keep me from writing there", _RIGHTS)
    elif error.startswith("invalid_"):
        why, mend = "Slack did not take how it is written ({error})", _BUG
    else:
        # Slack's own trouble (internal_error, fatal_error, service_unavailable …), or a word that is new.
        return SlackError(method, error, f"Slack could not do it just now ({error})")
    told = {"place": place, "needed": answer.get("needed", "that it needs"), "error": error}
    gone, shut_out = error in GONE, error in SHUT_OUT
    return SlackError(
        method, error, why.format(**told), mend=mend.format(**told), permanent=True, gone=gone, shut_out=shut_out
    )


def slowed(method: str, seconds: float) -> SlackError:
    """Make the error for having asked too often; what was asked did not happen."""
    return SlackError(method, "ratelimited", "Slack asked me to slow down", retry_after=seconds)


def unheard(method: str, why: str) -> SlackError:
    """Make the error for a call of which nobody knows whether it arrived."""
    return SlackError(method, "", f"Slack could not be reached ({why})")
