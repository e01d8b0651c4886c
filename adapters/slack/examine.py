"""What is missing before Drumbeat works in Slack, a line each, with how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from adapters.slack.calls import Calls
from adapters.slack.channels import channel_of
from adapters.slack.manifest import SCOPES
from adapters.slack.refusals import SlackError
from bot.chat import Place

Finding = tuple[str, str, str]

_GIVE_BOT = "Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions in the app's settings to SLACK_BOT_TOKEN."
_GIVE_APP = (
    "Make an app-level token (xapp-…) with connections:write under Basic Information in the app's settings, "
    "and give it as SLACK_APP_TOKEN."
)
_SCOPE = "Put the text of `manifest slack` into the app's settings and reinstall the app."


async def examine_token(calls: Calls, token: str, homes: Sequence[Place]) -> list[Finding]:
    """Look at one workspace: its token, what the token may do, and the home channels."""
    try:
        who, headers = await calls.ask("auth.test", token=token, patience=5)
    except SlackError as error:
        if error.permanent:
            return [("Slack bot token", f"not accepted ({error.error})", _GIVE_BOT)]
        return [("Slack", error.why, f"Check that this machine reaches {calls.api_url}, and SLACK_API_URL.")]
    found: list[Finding] = [("Slack", f"reached at {calls.api_url}", "")]
    name = f"{who.get('user', '?')} in {who.get('team', '?')}"
    if not who.get("bot_id"):
        return [*found, ("Slack bot token", f"{name} is a person's token", _GIVE_BOT)]
    found.append(("Slack bot token", name, ""))
    found += _scopes(headers)
    here = [home for home in homes if home.channel and home.workspace == who.get("team_id")]
    return [*found, *[await _home(calls, token, home) for home in here]]


async def examine_app_token(calls: Calls, app_token: str) -> Finding:
    """Ask for the address of a socket, without going there."""
    try:
        await calls.call("apps.connections.open", token=app_token, patience=5)
    except SlackError as error:
        if error.permanent:
            return ("Slack app token", f"not accepted ({error.error})", _GIVE_APP)
        return ("Slack app token", error.why, "Try again in a minute.")
    return ("Slack app token", "accepted", "")


def _scopes(headers: Mapping[str, str]) -> Iterable[Finding]:
    """Name each scope that the token lacks, and what that costs: Slack lists what it has with every answer."""
    granted = {scope.strip() for scope in headers.get("X-OAuth-Scopes", "").split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return [("Slack permissions", f"all {len(SCOPES)} granted", "")]
    return [(f"Slack permission {scope}", f"missing. It is for this: {SCOPES[scope]}", _SCOPE) for scope in missing]


async def _home(calls: Calls, token: str, home: Place) -> Finding:
    what = f"Slack channel {home.channel}"
    try:
        answer = await calls.call("conversations.info", {"channel": home.channel}, token=token, patience=5)
    except SlackError as error:
        return (what, error.why, error.mend or "Try again in a minute.")
    channel = channel_of(answer["channel"])
    what = f"Slack #{channel.name}"
    if channel.archived:
        return (what, "archived", "Unarchive it, or start the movement in another channel.")
    if not channel.member:
        return (what, "I am not a member", f"Invite me with /invite @Drumbeat in #{channel.name}.")
    return (what, "I am a member", "")
