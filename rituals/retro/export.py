"""A retro as one Markdown file: what was talked about and promised, and every note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A file may have 200,000 bytes; the last line says what did not fit.
ROOM = 190_000
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
# What would begin a list, a rule or a numbered list at the beginning of a line.
_OPENING = re.compile(r"^(\s*)([-+=]|[0-9]+[.)])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """A topic: its votes, and what came of it if it was talked about."""

    title: str
    votes: int
    talked: bool
    outcomes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Everything of a retro that is told outside the chat. A note is its words, its author if signed, its topic."""

    title: str
    movement: str
    form: str
    people: int
    topics: Sequence[Section] = ()
    promises: Sequence[str] = ()
    columns: Sequence[tuple[str, Sequence[tuple[str, str, str]]]] = ()


def plain(words: str) -> str:
    """Write somebody's words so that Markdown shows them letter for letter."""
    escaped = _SPECIAL.sub(r"\\\1", words)
    return _OPENING.sub(lambda found: f"{found[1]}{found[2][:-1]}\\{found[2][-1]}", escaped)


def markdown(retro: Exported) -> str:
    """Write a retro down."""
    lines = [f"# {plain(retro.title)}", "", f"{plain(retro.movement)}. {plain(retro.form)}."]
    if retro.people:
        lines[-1] += f" {retro.people} took part."
    talked = [one for one in retro.topics if one.talked]
    if talked:
        lines += ["", "## Talked about"]
        for one in talked:
            lines += ["", f"### {_line(one.title)} ({_votes(one.votes)})", ""]
            lines += [f"- {_line(outcome)}" for outcome in one.outcomes] or ["- Left open."]
    if retro.promises:
        lines += ["", "## Promises", "", *(f"- {_line(promise)}" for promise in retro.promises)]
    rest = [one for one in retro.topics if not one.talked]
    if rest:
        lines += ["", "## Other topics", "", *(f"- {_line(one.title)} ({_votes(one.votes)})" for one in rest)]
    return _cut([*lines, *_notes(retro)])


def _notes(retro: Exported) -> list[str]:
    lines = ["", "## Notes"]
    for column, notes in retro.columns:
        lines += ["", f"### {_line(column)}", ""]
        for words, author, topic in notes:
            said = plain(words).replace("\n", "\n  ")
            by = f" ({_line(author)})" if author else ""
            lines.append(f"- {said}{by}" + (f"\n  (topic: {_line(topic)})" if topic and topic != words else ""))
    return lines


def _cut(lines: list[str]) -> str:
    used = 0
    for at, line in enumerate(lines):
        used += len(line.encode()) + 1
        if used > ROOM:
            left = sum(one.startswith("- ") for one in lines[at:])
            return "\n".join([*lines[:at], "", f"… and {left} more lines."]) + "\n"
    return "\n".join(lines) + "\n"


def _line(words: str) -> str:
    return plain(" ".join(words.split()))


def _votes(votes: int) -> str:
    return f"{votes} vote" if votes == 1 else f"{votes} votes"
