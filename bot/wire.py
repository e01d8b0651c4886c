"""How views and answers are written down: as JSON that survives a restart, the database and the way to a browser."""

from __future__ import annotations

import base64
import dataclasses
from datetime import datetime
from typing import Any

from bot import chat

Json = dict[str, Any]

_VIEWS: dict[str, type[Any]] = {
    view.__name__: view
    for view in (
        *(chat.Span, chat.Link, chat.Mention, chat.Moment, chat.Text, chat.Action),
        *(chat.Quote, chat.Facts, chat.Picture, chat.Attachment, chat.Button, chat.Buttons, chat.Option, chat.Menu),
        chat.Message,
        *(chat.Words, chat.Choice, chat.People, chat.When, chat.Form, chat.Whisper, chat.Problems),
    )
}
# Views built as Text("a", "b") take this field as their positional arguments.
_SPREAD = {"Text": "spans", "Facts": "pairs", "Buttons": "row", "Message": "parts"}

View = chat.Message | chat.Form | chat.Whisper | chat.Problems


def to_json(view: View) -> Json:
    """Write a view as plain JSON; every object says what it ``is``."""
    written: Json = _write(view)
    return written


def from_json(written: Json) -> Any:  # noqa: ANN401 - the caller knows which view it stored
    """Read what ``to_json`` wrote. Every limit is checked again."""
    return _read(written)


def _write(value: object) -> Any:  # noqa: ANN401 - any JSON
    if dataclasses.is_dataclass(value):
        fields = {field.name: _write(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"is": type(value).__name__, **fields}
    if isinstance(value, tuple):
        return [_write(one) for one in value]
    if isinstance(value, datetime):
        return {"is": "datetime", "iso": value.isoformat()}
    if isinstance(value, bytes):
        return {"is": "bytes", "base64": base64.b64encode(value).decode("ascii")}
    return value


def _read(written: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(written, list):
        return tuple(_read(one) for one in written)
    if not isinstance(written, dict):
        return written
    kind = written["is"]
    if kind == "datetime":
        return datetime.fromisoformat(written["iso"])
    if kind == "bytes":
        return base64.b64decode(written["base64"])
    fields = {name: _read(value) for name, value in written.items() if name != "is"}
    if kind in _SPREAD:
        return _VIEWS[kind](*fields[_SPREAD[kind]])
    if kind == "Whisper":
        return chat.Whisper(*fields["message"].parts)
    if kind == "Problems":
        return chat.Problems(dict(fields["sentences"]))
    if kind == "Form":
        return chat.Form(fields["title"], fields["action"], *fields["fields"], submit=fields["submit"])
    return _VIEWS[kind](**fields)
