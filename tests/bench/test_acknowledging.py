"""How long people wait until Slack or Discord has Drumbeat's answer, beside programs that keep nothing.

Each program is a process of its own on a made-up platform of its own; they take turns, round by round, because a
machine is not equally fast all the time. What counts is the ratio.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.adapters.slack_platform.refusing import UnansweredError
from tests.bench.crowd import ACTS, PEOPLE, Ready
from tests.bench.discord_crowd import DiscordCrowd, discord_programs
from tests.bench.slack_crowd import SlackCrowd, slack_programs

# How many at once, and how many rounds of that.
ROUNDS = {1: 2, 50: 4, 500: 2}
# A round of one at a time is as long as this.
ONE_BY_ONE = 20
# Long enough for what an answer brings with it, such as the edit of a post.
APART_SECONDS = 0.08
# From here on Drumbeat may have said 'one moment' only, before the commit: such a figure is a bound and no measurement.
ONE_MOMENT_SECONDS = 2.0

Crowds = Sequence[SlackCrowd | DiscordCrowd]

pytestmark = pytest.mark.bench


@dataclass
class Measured:
    """All answers of one program to one act, so many at once."""

    waits: list[float] = field(default_factory=list)
    processor: float = 0.0
    lost: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.waits) * 1000

    @property
    def p99(self) -> float:
        return sorted(self.waits)[min(len(self.waits) - 1, int(len(self.waits) * 0.99))] * 1000

    @property
    def late(self) -> int:
        """How many waited for so long that what they got may have been 'one moment' alone."""
        return sum(wait >= ONE_MOMENT_SECONDS for wait in self.waits)

    @property
    def each(self) -> float:
        """Processor time for an answer, with all that followed it."""
        return self.processor / len(self.waits) * 1000

    async def time(self, act: Ready) -> None:
        """Let somebody act; who is left without an answer has waited for nothing until the platform said so."""
        began = time.perf_counter()
        try:
            await act()
        except (TimeoutError, UnansweredError):
            self.lost += 1
        self.waits.append(time.perf_counter() - began)


@asynccontextmanager
async def started(crowds: Crowds) -> AsyncIterator[list[float]]:
    """Start the programs; gives what each holds in memory while it waits for the first person."""
    try:
        for crowd in crowds:
            await crowd.start()
            await crowd.program.rest()
        await asyncio.sleep(1)
        resting = [crowd.program.resident_megabytes() for crowd in crowds]
        for crowd in crowds:
            await crowd.play()
        yield resting
    finally:
        for crowd in crowds:
            await crowd.stop()


async def one_round(crowd: SlackCrowd | DiscordCrowd, act: str, at_once: int, measured: Measured) -> None:
    offset = len(measured.waits)
    number = ONE_BY_ONE if at_once == 1 else at_once
    people = list(itertools.islice(itertools.cycle(PEOPLE), offset, offset + number))
    ready = crowd.prepare(act, people)
    busy = crowd.program.processor_seconds()
    if at_once > 1:
        await asyncio.gather(*map(measured.time, ready))
    else:
        for one in ready:
            await measured.time(one)
            await asyncio.sleep(APART_SECONDS)
    await crowd.program.rest()
    measured.processor += crowd.program.processor_seconds() - busy


async def measure(crowds: Crowds, title: str) -> str:
    async with started(crowds) as resting:
        names = [crowd.program.name for crowd in crowds]
        table = [
            f"{title}: milliseconds until acknowledged (p50/p99), processor time for an answer and what follows it",
            f"{'':12}{'at once':>8}" + "".join(f"{name:>26}" for name in names) + "   Drumbeat's share: p50/p99/cpu",
        ]
        strangers = Measured()
        await one_round(crowds[0], "press", len(PEOPLE), strangers)
        for crowd in crowds[1:]:
            await one_round(crowd, "press", len(PEOPLE), Measured())
        for act, at_once in itertools.product(ACTS, ROUNDS):
            results: dict[str, Measured] = defaultdict(Measured)
            for _ in range(ROUNDS[at_once]):
                for crowd in crowds:
                    await one_round(crowd, act, at_once, results[crowd.program.name])
            table.append(line(act, at_once, [results[name] for name in names]))
        after = [crowd.program.resident_megabytes() for crowd in crowds]
        for what, held in (("at rest", resting), ("afterwards", after)):
            shares = "  ".join(f"{held[0] / other:.2f}" for other in held[1:])
            table.append(f"{what:20}" + "".join(f"{one:>23.0f} MB" for one in held) + f"   {shares}")
        table.append(f"the first press of {len(PEOPLE)} strangers at once: {strangers.p50:.0f}/{strangers.p99:.0f} ms")
        return "\n".join(table)


def line(act: str, at_once: int, results: Sequence[Measured]) -> str:
    mine = results[0]
    cells = (f"{one.p50:10.1f}/{one.p99:6.1f} {one.each:5.2f} cpu" for one in results)
    shares = (f"{mine.p50 / one.p50:.2f}/{mine.p99 / one.p99:.2f}/{mine.each / one.each:.2f}" for one in results[1:])
    late = f"   perhaps only 'one moment': {mine.late} of {len(mine.waits)}" if mine.late else ""
    lost = f"   unanswered: {[one.lost for one in results]}" if any(one.lost for one in results) else ""
    return f"{act:12}{at_once:>8}" + "".join(cells) + "   " + "  ".join(shares) + late + lost


async def test_slack(durable_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = await measure(slack_programs(tmp_path, durable_url), f"Slack, {durable_url.partition(':')[0]}")
    with capsys.disabled():
        print(f"\n{table}")  # noqa: T201 - a measurement is there to be read


async def test_discord(durable_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = await measure(discord_programs(tmp_path, durable_url), f"Discord, {durable_url.partition(':')[0]}")
    with capsys.disabled():
        print(f"\n{table}")  # noqa: T201
