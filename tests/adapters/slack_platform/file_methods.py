"""Uploading a picture or a file: https://docs.slack.dev/messaging/working-with-files.

The three steps are files.getUploadURLExternal, sending the bytes, files.completeUploadExternal; then Slack works on the
file for a while, in which no block can show it: https://github.com/slackapi/python-slack-sdk/issues/1521

A file is private until a message shares it: its address in the message's ``text``, written by the app that brought it,
shows it below the message (https://github.com/slackapi/bolt-python/issues/1018 and python-slack-sdk issue 1194). In
blocks alone the address is a link to something that nobody may see.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp import web

from tests.adapters.slack_platform.refusing import Json, RefusedError

if TYPE_CHECKING:
    from tests.adapters.slack_platform.web import Call

_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
NAME_LIMIT = 255
KINDS = {
    "png": "image/png",
    "md": "text/markdown",
    "html": "text/html",
    "csv": "text/csv",
    "json": "application/json",
    "ics": "text/calendar",
    "txt": "text/plain",
}


@dataclass(slots=True)
class File:
    id: str
    team: str
    name: str
    length: int
    content: bytes = b""
    complete: bool = False
    looks: int = 0
    permalink: str = ""
    channels: set[str] = field(default_factory=set)

    @property
    def kind(self) -> tuple[str, str]:
        """The media type, and Slack's own word for it."""
        ending = self.name.rpartition(".")[2]
        return KINDS.get(ending, "application/octet-stream"), {"md": "markdown", "txt": "text"}.get(ending, ending)


class Files:
    """Uploaded files. One can be shown after it was asked for ``looks`` times with files.info."""

    def __init__(self) -> None:
        self.known: dict[str, File] = {}
        self.looks = 1

    def is_ready(self, native: str) -> bool:
        file = self.known.get(native)
        return file is not None and file.complete and file.looks >= self.looks

    def share(self, team: str, channel: str, text: str) -> None:
        """Let everybody in a channel see the files whose addresses stand in what the app wrote there."""
        for file in self.named(text).values():
            if file.team == team and self.is_ready(file.id):
                file.channels.add(channel)

    def named(self, text: str) -> dict[str, File]:
        """Give the files whose addresses stand in a text, by these."""
        links = {html.unescape(link) for link in _LINK.findall(text)}
        return {file.permalink: file for file in self.known.values() if file.permalink in links}

    def below(self, channel: str, text: str) -> dict[str, File]:
        """Give those of them that are shown below a message in this channel."""
        return {link: file for link, file in self.named(text).items() if channel in file.channels}

    async def receive(self, request: web.Request) -> web.Response:
        file = self.known.get(request.match_info["file"])
        if file is None or request.query.get("key") != "made-up":
            return web.Response(status=404, text="no such upload")
        if request.content_type.startswith("multipart/"):
            fields = await request.post()
            content = next((one.file.read() for one in fields.values() if isinstance(one, web.FileField)), b"")
        else:
            content = await request.read()
        if len(content) != file.length:
            return web.Response(status=400, text="not the length that was told")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")


def get_url(call: Call) -> Json:
    call.need("files:write")
    files, length = call.platform.files, call.needed("length")
    if not length.isdigit() or length == "0":
        raise RefusedError("missing_argument")
    name = call.needed("filename")
    if len(name) > NAME_LIMIT or "/" in name:
        raise RefusedError("invalid_arguments")
    file = File(call.platform.world.serial("F"), call.workspace.id, name, int(length))
    file.permalink = f"https://{call.workspace.name}.slack.com/files/{call.workspace.bot_user}/{file.id}/{name}"
    files.known[file.id] = file
    return {"ok": True, "upload_url": f"{call.platform.origin}/upload/{file.id}?key=made-up", "file_id": file.id}


def complete(call: Call) -> Json:
    call.need("files:write")
    wanted = call.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise RefusedError("invalid_arguments")
    found = [_file(call, str(one.get("id"))) for one in wanted]
    if call.arguments.get("channel_id") or call.arguments.get("channels"):
        # It would post a message that notifies everybody, and whose ts nobody is told.
        raise RefusedError("sharing_while_uploading_is_not_done_here")
    if not all(file.content for file in found):
        raise RefusedError("file_not_found")
    for file in found:
        file.complete = True
    return {"ok": True, "files": [{"id": one["id"], "title": one.get("title", "")} for one in wanted]}


def info(call: Call) -> Json:
    call.need("files:read")
    file = _file(call, call.needed("file"))
    if not file.complete:
        raise RefusedError("file_not_found")
    file.looks += 1
    done = call.platform.files.is_ready(file.id)
    mimetype, filetype = file.kind if done else ("", "")
    told: Json = {"id": file.id, "name": file.name, "size": file.length, "permalink": file.permalink, "shares": {}}
    return {"ok": True, "file": {**told, "mimetype": mimetype, "filetype": filetype}}


METHODS: dict[str, Callable[[Call], Json]] = {
    "files.getUploadURLExternal": get_url,
    "files.completeUploadExternal": complete,
    "files.info": info,
}


def _file(call: Call, native: str) -> File:
    file = call.platform.files.known.get(native)
    if file is None or file.team != call.workspace.id:
        raise RefusedError("file_not_found")
    return file
