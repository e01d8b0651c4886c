"""What Drumbeat sends to Discord, a line a call, for whoever wants to check it; no line holds a token."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from adapters.discord.uploads import Uploads, kind_of

Record = Callable[[dict[str, object]], None]

# An interaction's token lets anybody answer in its place, for a quarter of an hour.
_TOKEN = re.compile(r"^(/interactions/[^/]+/|/webhooks/[^/]+/)[^/?]+")
_HIDDEN = r"\1token"


def describe_call(
    method: str,
    path: str,
    *,
    body: Any = None,  # noqa: ANN401 - any JSON
    query: Mapping[str, object] | None = None,
    uploads: Uploads = (),
    status: int = 0,
) -> dict[str, object]:
    """Write a call down; ``status`` is Discord's answer, or 0 when there was none."""
    call: dict[str, object] = {"method": method, "path": _TOKEN.sub(_HIDDEN, path), "t": time.time(), "status": status}
    if body is not None:
        call["json"] = body
    if query:
        call["query"] = {name: str(value) for name, value in query.items()}
    if uploads:
        call["files"] = [
            {"name": f"files[{number}]", "filename": name, "type": kind_of(name), "size": len(content)}
            for number, (name, content) in enumerate(uploads)
        ]
    return call
