"""What Discord refuses to take: messages and forms that break its limits.

The limits themselves stand in tests/adapters/platform_limits.py; here is what concerns flags, ids and uploads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.adapters.discord_platform.refusing import Json, Refused, refuse_faults, wrong
from tests.adapters.discord_platform.world import COMPONENTS_V2, EPHEMERAL
from tests.adapters.platform_limits import discord_message, discord_modal, units

GALLERY, FILE = 12, 13
CONTENT_LIMIT, COMPONENTS_LIMIT, ROWS_LIMIT, NONCE_LIMIT = 2000, 40, 5, 25
GALLERY_LIMIT, DESCRIPTION_LIMIT, FILES_LIMIT, FILE_LIMIT, REQUEST_LIMIT = 10, 1024, 10, 10 << 20, 25 << 20
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
_LEGAL: Final = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
# Who sees a message was said when it was sent: https://discord.com/developers/docs/resources/message#edit-message
_EDITABLE: Final = SUPPRESS_EMBEDS | COMPONENTS_V2


def nested(components: list[Json]) -> Iterator[Json]:
    """Walk through components and all that they hold."""
    for component in components:
        yield component
        yield from nested(component.get("components", []))
        if isinstance(component.get("component"), dict):
            yield from nested([component["component"]])


def check_message(
    body: Json, files: Mapping[str, bytes], *, before: str, edit: bool = False, answer: bool = False, v2: bool = False
) -> None:
    """Refuse a message; ``answer``: to an interaction; ``v2``: the message that is edited is one of components."""
    flags = body.get("flags") or 0
    legal = _EDITABLE if edit else _LEGAL | EPHEMERAL if answer else _LEGAL
    if not isinstance(flags, int) or flags & ~legal:
        raise wrong(f"{before}flags", f"Value {flags!r} has flags that cannot be set here.")
    _check_nonce(body)
    _check_files(body, files)
    if flags & COMPONENTS_V2 or v2:
        _check_components(body, files, before=before, edit=edit)
    else:
        _check_classic(body, files, before=before, edit=edit)


def check_modal(modal: object) -> None:
    """Refuse a form."""
    if not isinstance(modal, dict):
        raise wrong("data", "This field is required")
    refuse_faults("data", _faults(discord_modal, modal))


def _check_nonce(body: Json) -> None:
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > NONCE_LIMIT:
        raise wrong("nonce", "Must be 25 or fewer in length.")


def _check_files(body: Json, files: Mapping[str, bytes]) -> None:
    if len(files) > FILES_LIMIT:
        raise wrong("attachments", "Must be 10 or fewer in length.")
    if any(len(one) > FILE_LIMIT for one in files.values()) or sum(map(len, files.values())) > REQUEST_LIMIT:
        raise Refused(40005)
    for one in body.get("attachments") or []:
        if units(one.get("description") or "") > DESCRIPTION_LIMIT:
            raise wrong("attachments", "Must be 1024 or fewer in length.")


def _check_classic(body: Json, files: Mapping[str, bytes], *, before: str, edit: bool) -> None:
    content, rows = body.get("content"), body.get("components") or []
    if isinstance(content, str) and units(content) > CONTENT_LIMIT:
        raise wrong(f"{before}content", "Must be 2000 or fewer in length.")
    if any(row.get("type") != 1 for row in rows) or len(rows) > ROWS_LIMIT:
        raise wrong(f"{before}components", "Only up to five rows without the flag for components.")
    if rows:
        flagged: Json = {"flags": COMPONENTS_V2, "components": rows, "allowed_mentions": {"parse": []}}
        refuse_faults(f"{before}components", _faults(discord_message, flagged))
    if not edit and not (content or "").strip() and not rows and not files and not body.get("embeds"):
        raise Refused(50006)


def _check_components(body: Json, files: Mapping[str, bytes], *, before: str, edit: bool) -> None:
    for field in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(field):
            raise wrong(f"{before}{field}", f"The {field!r} field cannot be used with MessageFlags.IS_COMPONENTS_V2")
    components = body.get("components")
    if components is None and edit:
        return
    if not isinstance(components, list) or not components:
        raise wrong(f"{before}components", "This field is required")
    galleries = [one for one in components if one.get("type") == GALLERY]
    others = [one for one in components if one.get("type") not in (GALLERY, FILE)]
    _check_galleries(galleries, body, files, before=before, edit=edit)
    _check_shown_files([one for one in components if one.get("type") == FILE], body, files, before=before, edit=edit)
    _check_ids(components, before=before)
    if len([*nested(components)]) > COMPONENTS_LIMIT:
        raise wrong(f"{before}components", "The total number of components is more than 40.")
    flags = COMPONENTS_V2 | (body.get("flags") or 0) & EPHEMERAL
    rest = {"flags": flags, "components": others, "allowed_mentions": body.get("allowed_mentions", {})}
    if others:
        refuse_faults(f"{before}components", _faults(discord_message, rest))


def _check_galleries(galleries: list[Json], body: Json, files: Mapping[str, bytes], *, before: str, edit: bool) -> None:
    known = {one.get("filename") for one in body.get("attachments") or []} | set(files)
    for gallery in galleries:
        items = gallery.get("items", [])
        if not 1 <= len(items) <= GALLERY_LIMIT:
            raise wrong(f"{before}components", "Must be between 1 and 10 in length.")
        for item in items:
            url = str(item.get("media", {}).get("url", ""))
            if units(item.get("description") or "") > DESCRIPTION_LIMIT:
                raise wrong(f"{before}components", "Must be 1024 or fewer in length.")
            name = url.removeprefix("attachment://")
            # An edit may name what is attached already; that is seen where the message is at hand.
            if not url.startswith(("attachment://", "https://")) or (name != url and name not in known and not edit):
                raise wrong(f"{before}components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND")


def _check_shown_files(shown: list[Json], body: Json, files: Mapping[str, bytes], *, before: str, edit: bool) -> None:
    """A file is shown from an upload and nothing else: https://discord.com/developers/docs/components/reference#file."""
    known = {one.get("filename") for one in body.get("attachments") or []} | set(files)
    for one in shown:
        url = str((one.get("file") or {}).get("url", ""))
        if not re.fullmatch(r"attachment://[A-Za-z0-9._-]+", url):
            raise wrong(f"{before}components", "A file is named as attachment:// and letters, digits, '.', '-' or '_'.")
        if url.removeprefix("attachment://") not in known and not edit:
            raise wrong(f"{before}components", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND")


def _check_ids(components: list[Json], *, before: str) -> None:
    ids = [one["id"] for one in nested(components) if one.get("id")]
    if any(not isinstance(one, int) or not 0 <= one < 1 << 31 for one in ids):
        raise wrong(f"{before}components", "A component's id is a number of 31 bits.")
    if any(times > 1 for times in Counter(ids).values()):
        raise wrong(f"{before}components", "Component id duplicated.")


def _faults(check: Callable[[dict[str, Any]], list[str]], payload: Json) -> list[str]:
    try:
        return check(payload)
    except (KeyError, TypeError, AttributeError) as error:
        return [f"malformed: {error!r}"]
