from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.slack import SlackChat
from adapters.slack.manifest import EVENTS, SCOPES, make_manifest, write_manifest
from bot.chat import Place, Typable
from tests.adapters.slack_scene import COMMANDS, slack

# https://docs.slack.dev/reference/methods and /events: what each call and event of ours needs, any one of a row.
CALLS = {
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "conversations.join": ("channels:join",),
    "conversations.open": ("im:write",),
    "users.info": ("users:read",),
    "users.list": ("users:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.info": ("files:read",),
}
HEARD = {
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "user_huddle_changed": ("users:read",),
    "app_home_opened": (),
    "app_uninstalled": (),
    "tokens_revoked": (),
}


def read_yaml(text: str) -> Any:  # noqa: ANN401 - whatever it holds
    """Read the YAML that we write: maps and lists by indentation, JSON for everything else."""
    rows = [(len(row) - len(row.lstrip()), row.strip().split("  # ")[0]) for row in text.splitlines()]
    rows = [row for row in rows if row[1] and not row[1].startswith("#")]

    def block(at: int, depth: int) -> tuple[Any, int]:
        made: Any = [] if rows[at][1].startswith("- ") else {}
        while at < len(rows) and rows[at][0] == depth:
            row = rows[at][1]
            if not row.startswith("- "):
                key, _, value = row.partition(":")
                made[key], at = (json.loads(value), at + 1) if value else block(at + 1, rows[at + 1][0])
            elif row[2] in '"[{':
                made.append(json.loads(row[2:]))
                at += 1
            else:
                rows[at] = (depth + 2, row[2:])
                item, at = block(at, depth + 2)
                made.append(item)
        return made, at

    return block(0, 0)[0]


@pytest.mark.parametrize("url", ["", "https://drum.river.example/"])
def test_what_is_written_reads_back_as_what_was_made(url: str) -> None:
    assert read_yaml(write_manifest(COMMANDS, http_url=url)) == make_manifest(COMMANDS, http_url=url)


def test_every_scope_and_event_is_written_with_its_reason() -> None:
    text = write_manifest(COMMANDS)
    for name, why in {**SCOPES, **EVENTS}.items():
        assert f'- "{name}"  # {why}\n' in text
        assert why.endswith(".")


def test_no_scope_is_asked_for_that_no_call_and_no_event_needs() -> None:
    needed = {scope for scopes in (*CALLS.values(), *HEARD.values()) for scope in scopes}
    assert set(SCOPES) == needed | {"commands"}
    assert set(EVENTS) == set(HEARD)


def test_over_sockets_no_address_is_named_and_over_http_every_one() -> None:
    assert "http" not in json.dumps(make_manifest(COMMANDS))
    manifest = make_manifest(COMMANDS, http_url="https://drum.river.example/")
    events = "https://drum.river.example/slack/events"
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {events}
    assert manifest["settings"] == {
        "event_subscriptions": {"request_url": events, "bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True, "request_url": events},
        "org_deploy_enabled": False,
        "socket_mode_enabled": False,
        "token_rotation_enabled": False,
    }
    assert manifest["oauth_config"]["redirect_urls"] == ["https://drum.river.example/slack/oauth_redirect"]


def test_a_command_says_what_it_does_and_what_may_follow() -> None:
    manifest = make_manifest([Typable("away", "Take a “break”: it's fine", "[until friday | back]")])
    assert manifest["features"]["slash_commands"] == [
        {
            "command": "/away",
            "description": "Take a “break”: it's fine",
            "should_escape": False,
            "usage_hint": "[until friday | back]",
        }
    ]
    assert make_manifest([])["features"]["slash_commands"] == []


# ------------------------------------------------------------------------------------------------ what doctor says


async def test_doctor_says_that_all_is_well() -> None:
    async with slack() as scene:
        found = await scene.chat.examine([scene.river, Place("slack", "TOTHER", "CHILL")])
        assert found == [
            ("Slack", f"reached at {scene.stand.api_url}", ""),
            ("Slack bot token", "drumbeat in movement", ""),
            ("Slack permissions", f"all {len(SCOPES)} granted", ""),
            ("Slack #river", "I am a member", ""),
            ("Slack app token", "accepted", ""),
        ]
        assert scene.chat.connected


async def test_doctor_names_each_missing_permission_and_what_it_costs() -> None:
    async with slack() as scene:
        scene.stand.set_scopes(set(SCOPES) - {"groups:read", "files:read"})
        found = await scene.chat.examine([])
        mend = "Put the text of `manifest slack` into the app's settings and reinstall the app."
        assert [line for line in found if "permission" in line[0]] == [
            (f"Slack permission {scope}", f"missing. It is for this: {SCOPES[scope]}", mend)
            for scope in ("groups:read", "files:read")
        ]


async def test_doctor_names_channels_that_cannot_be_written_in() -> None:
    async with slack() as scene:
        scene.stand.add_channel("lake", "lake", creator="ana", bot=False)
        scene.stand.add_channel("hill", "hill", creator="ana")
        scene.stand.archive("hill")
        places = [Place("slack", "TMOVEMENT", native) for native in ("CLAKE", "CHILL", "CNOWHERE")]
        found = await scene.chat.examine(places)
        assert [line for line in found if line[2]] == [
            ("Slack #lake", "I am not a member", "Invite me with /invite @Drumbeat in #lake."),
            ("Slack #hill", "archived", "Unarchive it, or start the movement in another channel."),
            (
                "Slack channel CNOWHERE",
                "that channel was deleted, or is private and I am not in it",
                "If it still exists, invite me with /invite @Drumbeat there.",
            ),
        ]


@pytest.mark.parametrize("wrong", ["bot_token", "app_token", "api_url"])
async def test_doctor_says_which_token_or_address_is_wrong_without_running(wrong: str) -> None:
    async with slack() as scene:
        settings: dict[str, Any] = {
            "bot_token": scene.stand.bot_token,
            "app_token": scene.stand.app_token,
            "api_url": scene.stand.api_url,
        }
        settings[wrong] = "http://127.0.0.1:9/api/" if wrong == "api_url" else "wrong"
        chat = SlackChat(**settings, commands=lambda: COMMANDS, now=scene.clock)
        found = [line for line in await chat.examine([]) if line[2]]
    assert (
        found[0][:2]
        == {
            "bot_token": ("Slack bot token", "not accepted (invalid_auth)"),
            "app_token": ("Slack app token", "not accepted (invalid_auth)"),
            "api_url": ("Slack", "Slack could not be reached (ClientConnectorError)"),
        }[wrong]
    )
