"""Answers that come later than the acknowledgement: https://docs.slack.dev/interactivity/handling-user-interaction."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from tests.adapters.slack_platform.limits import ANSWER_KEYS, message_faults
from tests.adapters.slack_platform.refusing import Json
from tests.adapters.slack_platform.triggers import MINUTES, USES, ResponseUrl
from tests.adapters.slack_platform.world import Ephemeral, Line

if TYPE_CHECKING:
    from tests.adapters.slack_platform.platform import SlackPlatform


class ResponseUrls:
    """The addresses that went out, and what may still be done with them."""

    def __init__(self, platform: SlackPlatform) -> None:
        self._platform = platform
        self._known: dict[str, ResponseUrl] = {}

    def give(self, url: ResponseUrl) -> str:
        native = self._platform.world.serial("")
        self._known[native] = url
        return f"{self._platform.origin}/{url.kind}/{url.team}/{native}/made-up"

    async def receive(self, request: web.Request) -> web.Response:
        """Take a message. Used up and too old are told apart; a body that makes no message is refused."""
        found = self._known.get(request.match_info["native"])
        if found is None:
            return web.Response(status=404, text="no_service")
        if self._platform.world.now() > found.at + timedelta(minutes=MINUTES):
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if found.uses >= USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        try:
            body = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        self._platform.record("response_url", body)
        error = self._platform.faults.refusal("response_url")
        faults = [error] if error else [*self._faults(body)]
        if faults:
            self._platform.dispatch.failures.append(f"response_url: {faults}")
            return web.Response(status=500 if error else 400, text=error or "invalid_blocks")
        found.uses += 1
        self.show(found, body)
        self._platform.changed()
        return web.Response(text="ok")

    def show(self, url: ResponseUrl, body: Json) -> None:
        """Do what a body says: replace or delete what was acted upon, or say something beside it."""
        platform = self._platform
        origin = self._origin(url)
        if body.get("delete_original") is True:
            platform.remove(origin)
        elif body.get("replace_original") is True and origin is not None:
            platform.rewrite(origin, str(body.get("text") or ""), platform.name_blocks(body.get("blocks") or []))
        else:
            self._add(url, body)

    def _add(self, url: ResponseUrl, body: Json) -> None:
        platform, channel = self._platform, self._platform.world.conversations[url.channel]
        text, blocks = str(body.get("text") or ""), platform.name_blocks(body.get("blocks") or [])
        thread_ts = str(body.get("thread_ts") or "") or url.thread_ts
        made: Line | Ephemeral
        if body.get("response_type") == "in_channel":
            bot = platform.world.workspaces[url.team].bot_user
            made = platform.write(channel, bot, text, blocks=blocks, thread_ts=thread_ts, bot=True)
        else:
            made = platform.whisper(channel, url.user, text, blocks, thread_ts=thread_ts)
        if url.kind == "commands":
            # A command stands on no message; what replaces the original replaces the answer before.
            url.origin = made.id

    def _origin(self, url: ResponseUrl) -> Line | Ephemeral | None:
        line = self._platform.world.line(url.origin)
        whispers = self._platform.world.whispers[url.user]
        return line or next((one for one in whispers if one.id == url.origin), None)

    def _faults(self, body: object) -> list[str]:
        if not isinstance(body, dict):
            return ["no object"]
        if not self._platform.strict:
            return []
        faults = [f"{key} is no part of a message" for key in body if key not in ANSWER_KEYS]
        if not any(body.get(key) for key in ("text", "blocks", "delete_original")):
            faults.append("no_text")
        return [*faults, *message_faults(body, ready=self._platform.files.is_ready)]
