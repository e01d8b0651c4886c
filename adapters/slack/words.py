"""What people typed, as they would read it: without Slack's markup for links, people and channels.

How Slack writes them down: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Callable

MENTIONS_READ = 20

_MARKS = re.compile(r"<([^<>]*)>|&(lt|gt|amp);")
_LETTERS = {"lt": "<", "gt": ">", "amp": "&"}
_ENTITY = re.compile("&(lt|gt|amp);")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")


def people_in(text: str) -> tuple[str, ...]:
    """List the ids of the people whom a text names, at most so many that they can be looked up."""
    return tuple(dict.fromkeys(_PERSON.findall(text)))[:MENTIONS_READ]


def plain_words(text: str, *, name_of: Callable[[str], str]) -> str:
    """Write a text out; ``name_of`` gives a person's name, or nothing."""

    def read(mark: re.Match[str]) -> str:
        if mark[2]:
            return _LETTERS[mark[2]]
        inside, _, label = mark[1].partition("|")
        label = _unescape(label)
        kind, rest = inside[:1], inside[1:]
        if kind == "@":
            return f"@{name_of(rest) or label or 'somebody'}"
        if kind == "#":
            return f"#{label or 'channel'}"
        if kind == "!":
            return label or _special(rest)
        return label or _unescape(inside.removeprefix("mailto:").removeprefix("tel:"))

    return _MARKS.sub(read, text)


def _special(name: str) -> str:
    """Write out <!here> and <!subteam^S1>; a <!date^…> brings its own words."""
    return "@group" if name.startswith("subteam^") else f"@{name.partition('^')[0]}"


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda entity: _LETTERS[entity[1]], text)
