"""Pictures in Slack: brought there before the message that shows them, and left out when Slack will not have them.

https://docs.slack.dev/messaging/working-with-files and https://docs.slack.dev/reference/block-kit/blocks/image-block
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import structlog

from adapters.slack.calls import Calls
from adapters.slack.workspaces import Install
from bot.chat import DeliveryError, Message, Picture

Json = dict[str, Any]
log = structlog.get_logger()

UPLOAD_SECONDS = 8.0
LOOK_SECONDS = 0.2
PICTURES_KEPT = 500


class Pictures:
    """What was uploaded already, so that an edit does not upload it again."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._files: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def put_in(self, install: Install, message: Message, blocks: Sequence[Json]) -> list[Json] | None:
        """Give the blocks with the pictures in the place of their words; nothing when there are none to show."""
        pictures = [(place, part) for place, part in enumerate(message.parts) if isinstance(part, Picture)]
        if not pictures:
            return None
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                files = await asyncio.gather(*(self._bring(install, picture) for _, picture in pictures))
        except (DeliveryError, TimeoutError, LookupError) as error:
            log.warning("slack: a picture stays words", workspace=install.workspace, why=getattr(error, "why", "time"))
            return None
        shown = list(blocks)
        for (place, picture), file in zip(pictures, files, strict=True):
            shown[place] = {"type": "image", "slack_file": {"id": file}, "alt_text": picture.alt}
        return shown

    async def _bring(self, install: Install, picture: Picture) -> str:
        key = (install.workspace, hashlib.sha256(picture.png).hexdigest())
        if key in self._files:
            self._files.move_to_end(key)
            return self._files[key]
        name = f"{key[1][:12]}.png"
        token = install.token
        asked = {"filename": name, "length": len(picture.png)}
        given = await self._calls.call("files.getUploadURLExternal", asked, token=token)
        file = str(given["file_id"])
        await self._calls.upload(given["upload_url"], picture.png)
        await self._calls.call("files.completeUploadExternal", {"files": [{"id": file, "title": name}]}, token=token)
        await self._wait_until_ready(install, file)
        self._files[key] = file
        while len(self._files) > PICTURES_KEPT:
            self._files.popitem(last=False)
        return file

    async def _wait_until_ready(self, install: Install, file: str) -> None:
        """Wait until Slack has looked at the file: only then it has a type, and a block may show it."""
        pause = LOOK_SECONDS
        while True:
            found = await self._calls.call("files.info", {"file": file}, token=install.token)
            if (found.get("file") or {}).get("mimetype"):
                return
            await asyncio.sleep(pause)
            pause *= 2
