"""Files that come with a message in Slack, such as a summary to download.

No block can hold a file, and sharing one while it is uploaded posts a message of its own, which would notify everybody
once more. But where the app writes the address of a file of its own in a message's ``text``, Slack shows the file
below that message, and lets everybody see it who sees the message; it does so in an edit too. So a file is brought
first, and then its address stands in the text, and as a link in the blocks.
https://github.com/slackapi/bolt-python/issues/1018, https://github.com/slackapi/python-slack-sdk/issues/1194 and 1500.

Which address belongs to which file is noted in the message's metadata: after a restart an edit writes the same address
again, and the file stays as it was. A file whose words changed is a new one with a new address; what was before stays
among the workspace's files, because where Slack deletes one it says so in the message for ever.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import structlog

from adapters.slack.refusals import SlackError
from adapters.slack.uploads import UPLOAD_SECONDS, Uploads, sign
from adapters.slack.workspaces import Install
from bot.chat import Attachment, DeliveryError, Message

Json = dict[str, Any]
log = structlog.get_logger()

TRIES = 2
# What Slack asks us to wait is waited for, if it is no longer than this.
LONGEST_WAIT = 3.0

# Nothing in an address may end the link that it stands in.
_ADDRESS = re.compile(r"https?://[^\s<>|&\"]{1,400}")


class Attached:
    """Brings the files of messages to Slack."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads

    def knows(self, install: Install, message: Message) -> bool:
        """Whether every file of a message was brought since we were started."""
        return all(self._uploads.knows(install, file.name, file.content) for file in message.attachments)

    async def bring(self, install: Install, message: Message, *, noted: Mapping[str, str]) -> dict[str, str]:
        """Give the address of each file by its name; one that Slack will not have is missing.

        ``noted``: what the message says itself of the files that it has.
        """
        files = message.attachments
        try:
            async with asyncio.timeout(UPLOAD_SECONDS):
                links = await asyncio.gather(*(self._find(install, file, noted) for file in files))
        except TimeoutError:
            log.warning("slack: a file took too long", workspace=install.workspace)
            return {}
        return {file.name: link for file, link in zip(files, links, strict=True) if link}

    async def _find(self, install: Install, file: Attachment, noted: Mapping[str, str]) -> str:
        before = noted.get(sign(file.name, file.content), "")
        if before:
            return before
        for attempt in range(TRIES):
            try:
                link = (await self._uploads.bring(install, file.name, file.content)).permalink
            except (DeliveryError, LookupError) as error:
                log.warning("slack: a file stays away", workspace=install.workspace, error=type(error).__name__)
                if attempt + 1 == TRIES or not await _worth_another_try(error):
                    return ""
            else:
                return link if _ADDRESS.fullmatch(link) else ""
        return ""


def note(message: Message, links: Mapping[str, str]) -> list[Json]:
    """Write down for a message's metadata where its files are."""
    files = message.attachments
    return [{"file": sign(one.name, one.content), "at": links[one.name]} for one in files if one.name in links]


def read_note(metadata: Mapping[str, Any]) -> dict[str, str]:
    """Read what ``note`` wrote; of anything else nothing."""
    noted = (metadata.get("event_payload") or {}).get("files")
    pairs = [one for one in noted if isinstance(one, Mapping)] if isinstance(noted, list) else []
    return {str(one.get("file")): str(one.get("at")) for one in pairs if _ADDRESS.fullmatch(str(one.get("at")))}


async def _worth_another_try(error: Exception) -> bool:
    """Tell whether it may go better a moment later, when that moment is over."""
    if not isinstance(error, SlackError) or error.permanent or (error.retry_after or 0) > LONGEST_WAIT:
        return False
    await asyncio.sleep(error.retry_after or 0)
    return True
