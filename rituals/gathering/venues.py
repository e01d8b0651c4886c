"""Where people turn up: a voice channel, the huddle, a link or an address, as people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.chat import Link, ViewError

_LINK = re.compile(r"(?:^|(?<=\s))(?:(?:at|on|via|in) )?<?(?P<url>https?://[^\s>]+)>?(?=$|[\s,])", re.IGNORECASE)
_HUDDLE = re.compile(r"(?:^|(?<=\s))(?:in|on|at|via)?\s?(?:a |the |our )?huddle(?=$|[\s,.])", re.IGNORECASE)
_IN_HUDDLE = re.compile(r"(?:^|(?<=\s))(?:in|on|at|via) (?:a |the |our )?huddle$", re.IGNORECASE)
_VOICE = re.compile(
    r"(?:^|(?<=\s))(?:(?:in|on|at) )?(?:the )?"
    r"(?:(?:voice|stage)(?: channel| room)?[ :#🔊]+(?P<named>\S.{0,99})|#(?P<hashed>\S{1,100}))$",
    re.IGNORECASE,
)
_AT = re.compile(r"^(?P<title>.*?)(?:^|(?<=\s))(?:at|@) ?(?P<place>.+)$", re.IGNORECASE)
_IN = re.compile(r"^in (?P<place>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Where:
    """Where people turn up: ``kind`` voice, huddle, link, address, or '' while nobody has said."""

    kind: str = ""
    place: str = ""


def read_link(text: str) -> tuple[str, Where | None]:
    """Take a link out of a line."""
    found = _LINK.search(text)
    if found is None or not is_link(found["url"]):
        return text, None
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    return " ".join(rest.split()), Where("link", found["url"])


def read_tail(text: str, *, alone: bool) -> tuple[str, Where]:
    """Take the place out of what follows the time; ``alone`` when the title, too, is in there."""
    if found := _HUDDLE.search(text):
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        return " ".join(rest.split()), Where("huddle")
    if found := _VOICE.search(text):
        return text[: found.start()].strip(), Where("voice", _name(found))
    if found := _AT.fullmatch(text):
        return found["title"].strip(), Where("address", found["place"].strip())
    if not alone and (found := _IN.fullmatch(text)):
        return "", Where("address", found["place"].strip())
    return text, Where()


def read_head(text: str) -> tuple[str, Where]:
    """Take a call out of what comes before the time; 'Design huddle' may as well be a title, and stays one."""
    if found := _IN_HUDDLE.search(text):
        return text[: found.start()].strip(), Where("huddle")
    if found := _VOICE.search(text):
        return text[: found.start()].strip(), Where("voice", _name(found))
    return text, Where()


def read_place(words: str) -> Where:
    """Read a place that was written into a field of its own."""
    if not words:
        return Where()
    rest, link = read_link(words)
    if link is not None and not rest:
        return link
    if _HUDDLE.fullmatch(words):
        return Where("huddle")
    if found := _VOICE.fullmatch(words):
        return Where("voice", _name(found))
    return Where("address", words)


def write_place(where: Where) -> str:
    """Write a place as it can be read again."""
    return {"voice": f"voice channel {where.place}", "huddle": "huddle"}.get(where.kind, where.place)


def is_link(url: str) -> bool:
    """Tell whether every platform takes this as a web address."""
    try:
        Link("the link", url)
    except ViewError:
        return False
    return True


def _name(found: re.Match[str]) -> str:
    return (found["named"] or found["hashed"]).strip().lstrip("#🔊 ").rstrip(".")
