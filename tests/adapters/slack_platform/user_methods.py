"""People: https://docs.slack.dev/reference/methods/users.info, users.list and auth.test."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.adapters.slack_platform.conversation_methods import page
from tests.adapters.slack_platform.objects import bot_object, slackbot_object, user_object
from tests.adapters.slack_platform.refusing import Json

if TYPE_CHECKING:
    from tests.adapters.slack_platform.web import Call


def who_am_i(call: Call) -> Json:
    return {
        "ok": True,
        "url": f"https://{call.workspace.name}.slack.com/",
        "team": call.workspace.name,
        "user": "drumbeat",
        "team_id": call.workspace.id,
        "user_id": call.workspace.bot_user,
        "bot_id": call.workspace.bot_id,
        "is_enterprise_install": False,
    }


def info(call: Call) -> Json:
    call.need("users:read")
    world, native = call.platform.world, call.needed("user")
    if native == call.workspace.bot_user:
        return {"ok": True, "user": bot_object(call.workspace, world.now())}
    if native == "USLACKBOT":
        return {"ok": True, "user": slackbot_object(call.workspace)}
    return {"ok": True, "user": user_object(world.user(call.workspace, native), call.workspace.id, world.now())}


def listing(call: Call) -> Json:
    """List everybody who is or was in the workspace: those who were deactivated, bots and Slackbot as well."""
    call.need("users:read")
    world = call.platform.world
    people = [user_object(world.users[one], call.workspace.id, world.now()) for one in call.workspace.people]
    whole = [slackbot_object(call.workspace), bot_object(call.workspace, world.now()), *people]
    found, cursor = page(call, whole, default=1000)
    return {"ok": True, "members": found, "cache_ts": world.seconds(), "response_metadata": {"next_cursor": cursor}}


METHODS: dict[str, Callable[[Call], Json]] = {
    "auth.test": who_am_i,
    "users.info": info,
    "users.list": listing,
}
