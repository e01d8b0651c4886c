"""People, channels, messages and views as Slack writes them down: https://docs.slack.dev/reference/objects."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.world import Conversation, Line, User, View, Workspace

APP = "ADRUMBEAT"
TOKEN = "made-up-verification-token"
HUDDLE_LASTS = 24 * 3600
# What else a profile always has.
UNUSED: Json = {
    **dict.fromkeys(("title", "phone", "skype", "first_name", "last_name", "avatar_hash"), ""),
    **dict.fromkeys(("status_text", "status_text_canonical", "status_emoji"), ""),
    **{f"image_{size}": f"https://a.slack-edge.example/{size}.png" for size in (24, 32, 48, 72, 192, 512)},
    "status_emoji_display_info": [],
    "status_expiration": 0,
    "fields": {},
}


def user_object(user: User, team: str, now: datetime) -> Json:
    """A member of a workspace. ``tz_offset`` moves with the season; Slack tells nobody when only that changed."""
    person = user.person
    made: Json = {
        "id": user.id,
        "team_id": team,
        "name": person.id.lower(),
        "deleted": user.deleted,
        "real_name": person.name,
        "is_bot": person.bot,
        "is_app_user": False,
        "color": "9f69e7",
        "is_email_confirmed": True,
        "locale": "en-US",
        "updated": int(now.timestamp()),
        "profile": {
            "real_name": person.name,
            "real_name_normalized": person.name,
            "display_name": person.name,
            "display_name_normalized": person.name,
            "huddle_state": "in_a_huddle" if user.huddle else "default_unset",
            "huddle_state_expiration_ts": int(now.timestamp()) + HUDDLE_LASTS if user.huddle else 0,
            "team": team,
            **UNUSED,
        },
    }
    if user.huddle:
        made["profile"]["huddle_state_call_id"] = user.huddle
    if user.deleted:
        return made
    if person.zone:
        at = now.astimezone(ZoneInfo(person.zone))
        offset = at.utcoffset()
        made |= {"tz": person.zone, "tz_label": at.tzname(), "tz_offset": int(offset.total_seconds()) if offset else 0}
    made |= {"is_admin": person.steward, "is_owner": False, "is_primary_owner": False}
    return made | {"is_restricted": False, "is_ultra_restricted": False, "who_can_share_contact_card": "EVERYONE"}


def bot_object(workspace: Workspace, now: datetime) -> Json:
    """The app's own user."""
    profile = {"real_name": "Drumbeat", "display_name": "", "api_app_id": APP, "bot_id": workspace.bot_id}
    return {
        "id": workspace.bot_user,
        "team_id": workspace.id,
        "name": "drumbeat",
        "deleted": False,
        "real_name": "Drumbeat",
        "is_bot": True,
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "updated": int(now.timestamp()),
        "profile": profile,
    }


def slackbot_object(workspace: Workspace) -> Json:
    """Slackbot is in every workspace, and says of itself that it is no bot: https://docs.slack.dev/reference/methods/users.list."""
    return {
        "id": "USLACKBOT",
        "team_id": workspace.id,
        "name": "slackbot",
        "deleted": False,
        "real_name": "Slackbot",
        "tz": "America/Los_Angeles",
        "is_bot": False,
        "is_app_user": False,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "profile": {"real_name": "Slackbot", "display_name": "Slackbot"},
    }


def channel_object(channel: Conversation, workspace: Workspace) -> Json:
    if channel.kind == "im":
        partner = next(user for user in channel.members if user != workspace.bot_user)
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_archived": channel.archived,
            "is_org_shared": False,
            "user": partner,
            "context_team_id": workspace.id,
            "is_user_deleted": False,
            "priority": 0,
        }
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": channel.created,
        "creator": channel.creator,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "group",
        "is_archived": channel.archived,
        "is_general": False,
        "is_shared": False,
        "is_org_shared": False,
        "is_ext_shared": False,
        "is_member": workspace.bot_user in channel.members,
        "context_team_id": workspace.id,
        "shared_team_ids": [workspace.id],
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def message_object(line: Line, workspace: Workspace, *, metadata: bool = False) -> Json:
    """A message in a history, an event or an answer."""
    made: Json = {"type": "message", "user": line.user, "ts": line.ts, "text": line.text, "team": workspace.id}
    if line.subtype:
        made["subtype"] = line.subtype
    if line.bot:
        profile = {"id": workspace.bot_id, "app_id": APP, "name": "Drumbeat", "team_id": workspace.id}
        shown = {"deleted": False, "updated": 0, "icons": {"image_36": "https://a.slack-edge.example/36.png"}}
        made |= {"bot_id": workspace.bot_id, "app_id": APP, "bot_profile": profile | shown}
    if line.blocks:
        made["blocks"] = line.blocks
    if line.thread_ts:
        made["thread_ts"] = line.thread_ts
    if line.edited:
        made["edited"] = {"user": line.user, "ts": line.ts}
    if line.room is not None:
        made |= {"room": line.room, "channel": line.channel, "no_notifications": False}
    if metadata and line.metadata is not None:
        made["metadata"] = line.metadata
    return made


def view_object(view: View, workspace: Workspace) -> Json:
    """A view as it comes back to the app, with all that it did not say itself."""
    made: Json = {
        "id": view.id,
        "team_id": view.team,
        "state": {"values": {}},
        "hash": view.hash,
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": False,
        "notify_on_close": False,
        "close": None,
        "submit": None,
        "previous_view_id": None,
        "root_view_id": view.root,
        "app_id": APP,
        "external_id": "",
        "app_installed_team_id": view.team,
        "bot_id": workspace.bot_id,
        "private_metadata": "",
        "callback_id": "",
    }
    return made | view.content
