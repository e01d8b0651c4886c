"""What counts as evidence of a win: a web address or a number."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from bot.chat import Link, Piece, Span, ViewError, shorten
from bot.plain import tidy_line

MOST_LINKS = 3
LABEL = 60
NO_ADDRESS = "That is not a web address that I can show. Begin it with https:// or give a number instead."
NOTHING = (
    "Please give a link or a number in digits, such as '40 bags'. Or leave this empty: then it is shown as a claim."
)
TOO_MANY = f"Please keep to {MOST_LINKS} links."

# What somebody means as an address: 'scheme:something', 'www.something'. '18:00' and 'bags: 40' are none.
_MEANT = re.compile(r"[a-z][a-z0-9+.-]*:\S|www\.\S|\S*://", re.IGNORECASE)


def find_problem(evidence: str) -> str:
    """Say what is wrong with what was given as evidence; '' for nothing."""
    words = evidence.split()
    links = [word for word in words if _read_link(word)]
    if any(_MEANT.match(word) and not _read_link(word) for word in words):
        return NO_ADDRESS
    if len(links) > MOST_LINKS:
        return TOO_MANY
    if evidence and not links and not any(letter.isdigit() for letter in evidence):
        return NOTHING
    return ""


def in_a_row(evidence: str) -> list[tuple[str, str]]:
    """Give it as words without an address, and labels with theirs."""
    row: list[tuple[str, str]] = []
    for word in evidence.split():
        link = _read_link(word)
        if link:
            row.append((spoken_link(link), link))
        elif row and not row[-1][1]:
            row[-1] = (f"{row[-1][0]} {word}", "")
        else:
            row.append((word, ""))
    return row


def pieces(evidence: str) -> list[Piece]:
    """Give it for a text: words as they are, addresses as links that say where they lead."""
    found: list[Piece] = []
    for words, link in in_a_row(evidence):
        found += [Span(" ")] if found else []
        found.append(Link(words, link) if link else Span(words))
    return found


def spoken(evidence: str) -> str:
    """Give it in plain words, addresses without what every address begins with."""
    return " ".join(words for words, _ in in_a_row(evidence))


def spoken_link(link: str) -> str:
    """Say where a link leads, letters of every alphabet readable; the host is always in sight."""
    return shorten(tidy_line(unquote(link.partition("://")[2])).removeprefix("www.").rstrip("/"), limit=LABEL)


def spoken_host(link: str) -> str:
    """Say on which site a link leads somewhere, without the rest, which may hold a name."""
    return shorten((urlsplit(link).hostname or "").removeprefix("www."), limit=LABEL)


def take_link(words: str) -> tuple[str, str]:
    """Part what was typed behind /win into the words and the first web address in them."""
    for word in words.split():
        if _read_link(word):
            return " ".join(one for one in words.split() if one != word), word
    return words, ""


def _read_link(word: str) -> str:
    """Give a word as a web address that every platform takes, letters of other alphabets encoded; '' if it is none."""
    word = word.lstrip("(<[").rstrip(",.;:!?>]" if "(" in word[1:] else ",.;:!?>])")
    if not word.lower().startswith(("http://", "https://")):
        return ""
    try:
        parts = urlsplit(word)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
        rest = quote(word[word.index(parts.netloc) + len(parts.netloc) :], safe="/?#[]@!$&()*+,;=:.~%-_")
        url = f"{parts.scheme.lower()}://{host}{port}{rest}"
        # A name before the host would let a link look like another one.
        return Link("evidence", url).url if "@" not in parts.netloc else ""
    except (ValueError, UnicodeError, ViewError):
        return ""
