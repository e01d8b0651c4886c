"""Bringing a file to Slack: asked for, sent, and looked at by Slack before any message can show it.

https://docs.slack.dev/messaging/working-with-files. What was brought belongs to Drumbeat alone until a message shares
it, so bringing something twice, after an answer that was lost, shows nothing twice.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from adapters.slack.calls import Calls
from adapters.slack.workspaces import Install

Json = dict[str, Any]

UPLOAD_SECONDS = 8.0
LOOK_SECONDS = 0.2
UPLOADS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Upload:
    """Something that Slack has: its id, and the address at which people find it once it is shared."""

    id: str
    permalink: str


def sign(name: str, content: bytes) -> str:
    """Tell one file from any other, whenever it was brought."""
    return hashlib.sha256(name.encode() + b"\0" + content).hexdigest()


class Uploads:
    """What was brought already, so that nothing is brought again for an edit or after a refusal."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: OrderedDict[tuple[str, str], Upload] = OrderedDict()

    def knows(self, install: Install, name: str, content: bytes) -> bool:
        return (install.workspace, sign(name, content)) in self._known

    async def bring(self, install: Install, name: str, content: bytes) -> Upload:
        """Bring a file, and wait until it can be shown."""
        key = (install.workspace, sign(name, content))
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        token = install.token
        asked = {"filename": name, "length": len(content)}
        given = await self._calls.call("files.getUploadURLExternal", asked, token=token)
        file = str(given["file_id"])
        await self._calls.upload(given["upload_url"], content)
        await self._calls.call("files.completeUploadExternal", {"files": [{"id": file, "title": name}]}, token=token)
        upload = Upload(file, await self._wait_until_ready(install, file))
        self._known[key] = upload
        while len(self._known) > UPLOADS_KEPT:
            self._known.popitem(last=False)
        return upload

    async def _wait_until_ready(self, install: Install, file: str) -> str:
        """Wait until Slack has looked at the file: only then it has a type, and a message may show it."""
        pause = LOOK_SECONDS
        while True:
            found: Json = (await self._calls.call("files.info", {"file": file}, token=install.token)).get("file") or {}
            if found.get("mimetype"):
                return str(found.get("permalink") or "")
            await asyncio.sleep(pause)
            pause *= 2
