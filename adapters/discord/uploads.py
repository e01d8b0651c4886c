"""What goes up to Discord with a message, pictures and files, as the parts of one call.

https://discord.com/developers/docs/reference#uploading-files
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

Uploads = Sequence[tuple[str, bytes]]

# What a file is, by how its name ends.
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "png": "image/png",
        "md": "text/markdown",
        "html": "text/html",
        "csv": "text/csv",
        "json": "application/json",
        "ics": "text/calendar",
        "txt": "text/plain",
    }
)


def kind_of(name: str) -> str:
    """Tell a file's media type."""
    return _KINDS[name.rpartition(".")[2]]


def as_parts(body: object, uploads: Uploads) -> list[dict[str, Any]]:
    """Put a body and its files into the parts of one upload."""
    return [
        {"name": "payload_json", "value": json.dumps(body)},
        *(
            {"name": f"files[{number}]", "value": content, "filename": name, "content_type": kind_of(name)}
            for number, (name, content) in enumerate(uploads)
        ),
    ]
