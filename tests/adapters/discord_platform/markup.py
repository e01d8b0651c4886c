"""Reading a text as Discord's clients do: which letters are shown, and how.

The rules are those of the simple-markdown library, which the clients are built on, with Discord's additions; the first
that matches at a place wins: https://discord.com/developers/docs/reference#message-formatting
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

RULES: Final = {
    name: re.compile(rule, re.MULTILINE)
    for name, rule in {
        "escape": r"\\([^0-9A-Za-z\s])",
        "heading": r"^ *(?:#{1,3}|-#)\s+\S",
        "list": r"^ *(?:[*+-]|\d+\.) +\S",
        "quote": r"^ *>(?:>>)? ",
        "shrug": r"¯\\_\(ツ\)_/¯",
        "code": r"(?P<ticks>`+)(?P<code>[\s\S]*?[^`])(?P=ticks)(?!`)",
        "moment": r"<t:(-?\d+)(?::([tTdDfFR]))?>",
        "mention": r"<@!?(\d+)>|<@&\d+>|<#\d+>|<id:\w+>|</[^>]+:\d+>|<a?:\w+:\d+>",
        "everyone": r"@(?:everyone|here)",
        "address": r"<([^: >]+:/[^ >]+)>|https?://[^\s<]+[^<.,:;\"')\]\s]|discord\.gg/\w+",
        "link": r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)",
        "bold": r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)",
        "underline": r"__(?:\\[\s\S]|[^\\])+?__(?!_)",
        "italic": r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
        "italic too": r"_((?:__|\\[\s\S]|[^\\_])+?)_\b",
        "strike": r"~~[\s\S]+?~~",
        "spoiler": r"\|\|[\s\S]+?\|\|",
        "emoji": r":[^\s:]+?:",
    }.items()
}
# Most letters begin no rule; asking all rules at each of them would take most of a test's time.
_STARTS: Final = re.compile(r"[\\`<@\[*_~|:¯]|https?://|discord\.gg/|^ *(?:[#>*+-]|\d+\.)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that are shown in one way. ``more``: a link's address, a moment's style."""

    kind: str
    words: str
    more: str = ""


def read(content: str, kind: str = "plain") -> list[Run]:
    """Read a text; neighbours of one kind come as one run."""
    runs: list[Run] = []
    place = 0
    while place < len(content):
        start = _STARTS.search(content, place)
        if start is None or start.start() > place:
            end = len(content) if start is None else start.start()
            _add(runs, Run(kind, content[place:end]))
            place = end
            continue
        name, found = next(
            ((name, match) for name, rule in RULES.items() if (match := rule.match(content, place))), ("", None)
        )
        if found is None:
            _add(runs, Run(kind, content[place]))
            place += 1
            continue
        for run in _runs(name, found, kind):
            _add(runs, run)
        place = found.end()
    return runs


def shown(content: str) -> str:
    """Give only the letters that are shown."""
    return "".join(run.words for run in read(content))


def _runs(name: str, found: re.Match[str], kind: str) -> list[Run]:
    match name:
        case "escape":
            return [Run(kind, found[1])]
        case "bold" | "italic":
            return read(found[1], name)
        case "code":
            return [Run("code", found["code"])]
        case "link":
            return [Run("link", shown(found[1]), found[2])]
        case "moment":
            return [Run("moment", found[1], found[2] or "f")]
        case "mention":
            return [Run("mention", found[1] or "", found[0])]
        case "address":
            return [Run("address", found[1] or found[0])]
        case _:
            return [Run(name, found[0])]


def _add(runs: list[Run], run: Run) -> None:
    """Add letters to the last run if they look like it."""
    joined = {"plain", "bold", "italic"}
    if runs and run.kind in joined and runs[-1].kind == run.kind:
        runs[-1] = Run(run.kind, runs[-1].words + run.words)
    else:
        runs.append(run)
