"""How fast the past is brought in: a year of a channel in which 5,000 people write, as Slack and as Discord give it."""

from __future__ import annotations

import json
import random
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import past
from bot.backfill import bring_in
from bot.store import Database
from bot.tables import Member, Movement
from tests.bench.conftest import resident_megabytes

pytestmark = pytest.mark.bench

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PEOPLE, DAYS, A_DAY = 5_000, 365, 800
WORDS = "A message as long as most are, of which nothing is kept when the past is brought in. " * 2


def messages() -> Iterator[tuple[datetime, str]]:
    draw = random.Random(1)  # noqa: S311 - the same channel each time
    for day in range(DAYS):
        for minute in sorted(draw.randrange(1440) for _ in range(A_DAY)):
            # Few write much and many write little.
            yield NOW - timedelta(days=DAYS - day, minutes=-minute), f"{int(PEOPLE * draw.random() ** 3)}"


def as_slack(folder: Path) -> Path:
    days: dict[str, list[dict[str, str]]] = {}
    for at, person in messages():
        told = {"type": "message", "user": person, "text": WORDS, "ts": f"{at.timestamp():.6f}"}
        days.setdefault(at.date().isoformat(), []).append(told)
    file = folder / "export.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("channels.json", json.dumps([{"id": "home", "name": "home"}]))
        for day, told_then in days.items():
            made.writestr(f"home/{day}.json", json.dumps(told_then))
    return file


def as_discord(folder: Path) -> Path:
    file = folder / "export.json"
    with file.open("w") as made:
        made.write('{"channel": {"id": "home", "name": "home", "type": "GuildTextChat"}, "messages": [')
        for number, (at, person) in enumerate(messages()):
            author = {"id": person, "isBot": False}
            told = {
                "id": str(number),
                "type": "Default",
                "timestamp": at.isoformat(),
                "content": WORDS,
                "author": author,
            }
            made.write(("," if number else "") + json.dumps(told))
        made.write("]}")
    return file


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_bringing_a_year_in(durable_url: str, platform: str, tmp_path: Path) -> None:
    database = Database(durable_url)
    file = as_slack(tmp_path) if platform == "slack" else as_discord(tmp_path)
    with database.transaction() as db:
        movement = Movement(
            platform=platform, workspace="w", channel="home", name="River", started_at=NOW, roll_due_at=NOW
        )
        db.add(movement)
        db.flush()
        db.add_all(
            Member(movement_id=movement.id, person=str(one), name=f"P{one}", joined_at=NOW) for one in range(PEOPLE)
        )
        movement_id = movement.id
    export = past.open_export(file)
    before = resident_megabytes()
    for round_ in ("first", "second"):
        started = time.perf_counter()
        told = bring_in(database, export, file, movement_id=movement_id, channels=["home"], now=NOW)
        took = time.perf_counter() - started
        print(  # noqa: T201 - what a measurement is for
            f"\n{platform} on {durable_url.partition(':')[0]}, {round_} time: {told.messages:,} messages, "
            f"{told.acts:,} new acts in {took:.1f} s: {told.messages / took:,.0f} messages a second, "
            f"{resident_megabytes() - before:+.0f} MB"
        )
    export.close()
    database.close()
