"""How good the proposed groups are, on public sets of short texts that somebody sorted by hand before.

Drumbeat brings none of these sets. Put each into one file of a folder, ``label<tab>text`` in a line, name the folder in
``GROUPING_SETS``, and read the table. A board is drawn from a set as retro boards are: many topics that only one note
is about, a few that many are about.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.similar import propose_groups

FOLDER = os.environ.get("GROUPING_SETS", "")
# How many notes a board has, and how many boards of that size are drawn.
SIZES = {20: 60, 60: 20, 300: 4}
ON_A_TOPIC = {20: (1, 1, 1, 2, 2, 3, 4, 6), 60: (1, 1, 1, 2, 2, 3, 4, 6), 300: (1, 1, 2, 3, 4, 6, 8, 12)}

pytestmark = [pytest.mark.bench, pytest.mark.skipif(not FOLDER, reason="GROUPING_SETS names no folder")]


@dataclass(frozen=True, slots=True)
class Note:
    topic: str
    words: str


@dataclass
class Score:
    """What is counted over many boards: pairs of notes, and notes in groups of two and more."""

    pairs_proposed: int = 0
    pairs_right: int = 0
    pairs_there: int = 0
    grouped: int = 0
    of_the_main_topic: int = 0
    notes: int = 0

    def add(self, topics: Sequence[str], groups: Sequence[Sequence[int]]) -> None:
        self.notes += len(topics)
        self.pairs_there += pairs(Counter(topics))
        for group in groups:
            if len(group) > 1:
                about = Counter(topics[place] for place in group)
                self.pairs_proposed += len(group) * (len(group) - 1) // 2
                self.pairs_right += pairs(about)
                self.grouped += len(group)
                self.of_the_main_topic += max(about.values())

    def __str__(self) -> str:
        precision = self.pairs_right / self.pairs_proposed if self.pairs_proposed else 1
        purity = self.of_the_main_topic / self.grouped if self.grouped else 1
        found = self.pairs_right / self.pairs_there
        return f"{precision:9.2f} {found:6.2f} {purity:6.2f} {self.grouped / self.notes:7.2f}"


def pairs(counted: Counter[str]) -> int:
    return sum(count * (count - 1) // 2 for count in counted.values())


def read_set(file: Path) -> list[Note]:
    rows = (line.split("\t", 1) for line in file.read_text(encoding="utf-8").splitlines())
    return [Note(topic, words) for topic, words in rows]


def boards(notes: Sequence[Note], size: int, *, seed: str) -> Iterator[list[Note]]:
    """Draw boards; the same ones each time."""
    drawing = random.Random(seed)  # noqa: S311 - no secret, and the same ones each time
    for _ in range(SIZES[size]):
        by_topic: defaultdict[str, list[Note]] = defaultdict(list)
        for note in notes:
            by_topic[note.topic].append(note)
        for of_topic in by_topic.values():
            drawing.shuffle(of_topic)
        topics = sorted(by_topic)
        drawing.shuffle(topics)
        board: list[Note] = []
        while len(board) < size and any(by_topic.values()):
            for topic in topics:
                count = min(drawing.choice(ON_A_TOPIC[size]), size - len(board))
                board += by_topic[topic][:count]
                del by_topic[topic][:count]
        drawing.shuffle(board)
        yield board


def test_groups_of_public_sets(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["set                  texts topics  board precision recall purity grouped   seconds"]
    for file in sorted(Path(FOLDER).glob("*.tsv")):
        notes = read_set(file)
        for size in SIZES:
            score, seconds = Score(), []
            for board in boards(notes, size, seed=f"{file.stem} {size}"):
                started = time.perf_counter()
                groups = propose_groups([note.words for note in board])
                seconds.append(time.perf_counter() - started)
                score.add([note.topic for note in board], groups)
            head = f"{file.stem:20} {len(notes):5} {len({note.topic for note in notes}):6} {size:6}"
            lines.append(f"{head} {score} {statistics.median(seconds):9.3f}")
    with capsys.disabled():
        print("", *lines, sep="\n")  # noqa: T201 - a measurement is there to be read
