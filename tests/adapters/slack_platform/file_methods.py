"""Uploading a picture: https://docs.slack.dev/messaging/working-with-files.

The three steps are files.getUploadURLExternal, sending the bytes, files.completeUploadExternal; then Slack works on the
file for a while, in which no block can show it: https://github.com/slackapi/python-slack-sdk/issues/1521
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from tests.adapters.slack_platform.refusing import Json, RefusedError

if TYPE_CHECKING:
    from tests.adapters.slack_platform.web import Call


@dataclass(slots=True)
class File:
    id: str
    team: str
    name: str
    length: int
    content: bytes = b""
    complete: bool = False
    looks: int = 0


class Files:
    """Uploaded files. One can be shown after it was asked for ``looks`` times with files.info."""

    def __init__(self) -> None:
        self.known: dict[str, File] = {}
        self.looks = 1

    def is_ready(self, native: str) -> bool:
        file = self.known.get(native)
        return file is not None and file.complete and file.looks >= self.looks

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
    file = File(call.platform.world.serial("F"), call.workspace.id, call.needed("filename"), int(length))
    files.known[file.id] = file
    return {"ok": True, "upload_url": f"{call.platform.origin}/upload/{file.id}?key=made-up", "file_id": file.id}


def complete(call: Call) -> Json:
    call.need("files:write")
    wanted = call.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted:
        raise RefusedError("invalid_arguments")
    found = [_file(call, str(one.get("id"))) for one in wanted]
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
    kind = {"mimetype": "image/png", "filetype": "png"} if done else {"mimetype": "", "filetype": ""}
    return {"ok": True, "file": {"id": file.id, "name": file.name, "size": file.length, "shares": {}, **kind}}


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
