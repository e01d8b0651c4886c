"""The room's diary: a file with a line for everything that happened, so that a room survives a restart."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bot.wire import Json


class JournalError(Exception):
    """A diary that nobody can read; the sentence says which line."""


class Journal:
    """One file, one JSON object a line, each handed to the operating system before anything else goes on."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        self._path = path

    def read(self) -> list[Json]:
        """Give back every whole line, and cut off a last one that was half written when the process was killed."""
        whole, newline, half = self._path.read_bytes().rpartition(b"\n")
        if half:
            os.truncate(self._path, len(whole) + len(newline))
        return [self._parse(number, line) for number, line in enumerate(whole.split(b"\n"), start=1) if line]

    def append(self, fact: Json) -> None:
        # One unbuffered write a line: what was reported as done outlives the process, and no line is ever mixed.
        line = json.dumps(fact, separators=(",", ":")).encode("ascii") + b"\n"
        with self._path.open("ab", buffering=0) as file:
            file.write(line)

    def _parse(self, number: int, line: bytes) -> Json:
        try:
            fact: Json = json.loads(line)
        except ValueError as error:
            raise JournalError(
                f"Line {number} of {self._path} cannot be read. Move the file away to start anew."
            ) from error
        return fact
