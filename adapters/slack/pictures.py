"""Pictures in Slack: brought there before the message that shows them, and left out when Slack will not have them.

https://docs.slack.dev/reference/block-kit/blocks/image-block
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

import structlog

from adapters.slack.uploads import UPLOAD_SECONDS, Uploads
from adapters.slack.workspaces import Install
from bot.chat import DeliveryError, Message, Picture

Json = dict[str, Any]
log = structlog.get_logger()


class Pictures:
    """Puts pictures in the place of their words."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    async def put_in(self, install: Install, message: Message, blocks: Sequence[Json]) -> list[Json] | None:
        """Give the blocks with the pictures in the place of their words; nothing when there are none to show."""
        pictures = [(place, part) for place, part in enumerate(message.parts) if isinstance(part, Picture)]
        if not pictures:
            return None
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                files = await asyncio.gather(*(self._bring(install, picture) for _, picture in pictures))
        except (DeliveryError, TimeoutError, LookupError) as error:
            log.warning("slack: a picture stays words", workspace=install.workspace, error=type(error).__name__)
            return None
        shown = list(blocks)
        for (place, picture), file in zip(pictures, files, strict=True):
            shown[place] = {"type": "image", "slack_file": {"id": file}, "alt_text": picture.alt}
        return shown

    async def _bring(self, install: Install, picture: Picture) -> str:
        name = f"{hashlib.sha256(picture.png).hexdigest()[:12]}.png"
        return (await self._uploads.bring(install, name, picture.png)).id
