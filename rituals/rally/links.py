"""The one web address that an ask may come with."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from bot.chat import Link, ViewError

NO_ADDRESS = "That is not a web address that I can show. Begin it with https:// or leave this empty."


def read_link(words: str) -> str:
    """Give a web address as every platform takes it, letters of other alphabets encoded; '' for what is none."""
    try:
        parts = urlsplit(words)
        # A name before the host would let a link look like another one.
        if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc:
            return ""
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
        rest = quote(words[words.index(parts.netloc) + len(parts.netloc) :], safe="/?#[]@!$&()*+,;=:.~%-_")
        return Link("link", f"{parts.scheme.lower()}://{host}{port}{rest}").url
    except (ValueError, UnicodeError, ViewError):
        return ""


def host_of(link: str) -> str:
    """Say on which site a link leads somewhere."""
    return (urlsplit(link).hostname or "").removeprefix("www.")
