"""A movement's history survives every change of the tables, forth and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine, inspect, select

from bot.chat import Person
from bot.memos import Memos
from bot.store import Table, check_models, migrate
from bot.tables import Evidence, Feed, Gathering, Guess, Import, TakenOut, Twin, Visit, Watch
from bot.vault import Vault, new_key
from rituals.retro.tables import RetroTopic
from rituals.win.tables import WinOffer
from tests.town import RIVER, Town

Rows = dict[str, list[dict[str, Any]]]


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", "migrations:")
    config.set_main_option("path_separator", "os")
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]


def read(url: str) -> Rows:
    """Everything in the database, whatever its version."""
    engine = create_engine(url)
    tables = MetaData()
    try:
        with engine.connect() as connection:
            tables.reflect(connection)
            if url.startswith("sqlite"):
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
            return {
                table.name: sorted((dict(row) for row in connection.execute(table.select()).mappings()), key=repr)
                for table in tables.sorted_tables
                if table.name != "alembic_version"
            }
    finally:
        engine.dispose()


def common(rows: Rows, others: Rows) -> Rows:
    """What two versions of the database both have room for; an older one keeps the marks of energy elsewhere."""
    rows, others = ({name: [r for r in one[name] if not _of_energy(r)] for name in one} for one in (rows, others))
    kept = {}
    for name in rows.keys() & others.keys():
        columns = set(rows[name][0]) & set(others[name][0]) if rows[name] and others[name] else set()
        kept[name] = sorted(
            ({column: row[column] for column in sorted(columns)} for row in rows[name]),
            key=repr,
        )
    return kept


def without_gatherings(rows: Rows, before: Rows) -> Rows:
    """Leave out what belongs to gatherings: an older version has no room for several practices of one ritual."""
    practices = {row["id"] for row in before["practice"] if row["name"]}
    occurrences = {row["id"] for row in before["occurrence"] if row["practice_id"] in practices}
    gone = {
        "practice": practices,
        "occurrence": occurrences,
        "act": {row["id"] for row in before["act"] if row["occurrence_id"] in occurrences},
    }
    return {name: [row for row in rows[name] if row.get("id") not in gone.get(name, ())] for name in rows}


def _of_energy(row: Mapping[str, object]) -> bool:
    return str(row.get("scope", "")).startswith("energy:")


async def live(town: Town) -> None:
    """Do everything that leaves a row: a later ritual adds its own here."""
    for number in range(3):
        town.room.add_person(Person(f"p{number}", f"P{number}", "Europe/Berlin"))
        town.room.seat(RIVER, f"p{number}")
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Mission")
    await town.fill("ana", mission="A river to swim in")
    await town.command("ana", "/checkin now")
    await town.press("chi", "Check in")
    await town.fill("chi", q1="Planted a tree")
    await town.press("dee", "My energy (private)")
    await town.press("dee", "4")
    await town.command("ben", "/away until friday")
    await promise_and_win(town)
    await look_back(town)
    await check_alignment(town)
    await come_together(town)
    await listen_and_rally(town)
    await Memos(town.drumbeat.database).keep("discord/commands", "as they were")
    await Vault(town.drumbeat.database, new_key(), now=town.clock).save("slack", "T1", {"token": "xoxb-1"})


async def promise_and_win(town: Town) -> None:
    await town.command("chi", "/promise bring gloves by friday")
    await town.press("chi", "Need more time")
    await town.fill("chi", by="2026-11-20")
    await town.command("chi", "/win")
    await town.fill("chi", what="Six bins on the quay", kind=("outcome",), makers=("dee",), evidence="6 bins")
    await town.press("dee", "Say thanks")
    await town.fill("dee", words="Thank you")
    await town.press("dee", "Yes, with my name")
    await town.command("ana", "/win digest")
    with town.drumbeat.database.transaction() as db:
        db.add(WinOffer(member_id=1, effort="first-hosted", what="Hosted.", answer="asked", at=town.clock()))


async def come_together(town: Town) -> None:
    """Announce a gathering that comes again, and know a little of everything about the first one."""
    await town.command("ana", "/gather town hall every monday 18:00 90m in #lounge")
    await town.press("chi", "Going")
    now = town.clock()
    with town.drumbeat.database.transaction() as db:
        gathering, watch = db.scalars(select(Gathering.id)).first(), db.scalars(select(Watch.id)).first()
        assert gathering is not None
        assert watch is not None
        db.add(Evidence(gathering_id=gathering, member_id=1, source="roll", says="came", at=now))
        db.add(Guess(gathering_id=gathering, member_id=1, wrong=2))
        db.add(Visit(watch_id=watch, member_id=1, came_at=now))
        db.add(TakenOut(member_id=1, once="attended:1:1"))
        db.add(Feed(movement_id=1, member_id=1, fingerprint="f" * 64, made_at=now))
        db.merge(Twin(gathering_id=gathering, platform="playground", wanted="w" * 64))
        db.add(Import(movement_id=1, fingerprint="i" * 64, position=7, at=now))


async def listen_and_rally(town: Town) -> None:
    for who in ("chi", "dee"):
        await town.command(who, "/listen in")
    await town.command("ana", "/listen now")
    await town.command("ana", "/rally Write to the harbour office")
    await town.fill("ana", minutes=("5",), deadline="2026-11-03 18:00")
    await town.press("dee", "Done")


async def look_back(town: Town) -> None:
    """Hold a retro as far as its votes."""
    await town.command("ana", "/retro now")
    await town.fill("ana")
    for who, words in (("chi", "Soup"), ("dee", "Nobody had the key")):
        await town.press(who, "Add a note")
        await town.fill(who, note=words, column=("0",))
    for label in ("Facilitate", "Show the notes", "On to the votes"):
        await town.press("ana", label)
    await town.press("chi", "Vote")
    await town.press("chi", "Give a vote to …", choice=f"{town.rows(RetroTopic)[0]['id']}/1")


async def check_alignment(town: Town) -> None:
    """Hold an alignment check to its choices, and begin another."""
    for number in range(2):
        await town.command("ana", "/alignment-check now")
        await town.press("ana", "Open it now")
        await town.press("chi", "Rate")
        await town.fill("chi", a1=("4",))
        if not number:
            await town.command("ana", "/alignment-check close")
            await town.press("ana", "Look at one of them", choice="1")
            await town.press("ana", "Reaffirm it")
            await town.fill("ana", why="Still true")


async def test_everything_that_was_kept_is_there_after_going_back_and_forth(town: Town) -> None:
    await live(town)
    await town.close()
    before = read(town.url)
    assert sorted(before) == sorted(table.name for table in Table.metadata.sorted_tables)
    assert [name for name, rows in before.items() if not rows] == []
    lasting = without_gatherings(before, before)
    for _ in revisions()[:-1]:
        migrate(town.url, to="-1")
        older = read(town.url)
        kept = before if "gathering" in older else lasting
        older = older if "gathering" in older else without_gatherings(older, before)
        assert common(older, kept) == common(kept, older)
    oldest = read(town.url)
    migrate(town.url)
    check_models(town.url)
    after, oldest = (without_gatherings(rows, before) for rows in (read(town.url), oldest))
    # Going back gives up the tables that an older version has no room for; what it has room for lives on.
    assert common(after, oldest) == common(lasting, oldest)


async def test_going_all_the_way_back_leaves_nothing_and_one_can_begin_again(town: Town) -> None:
    await live(town)
    await town.close()
    migrate(town.url, to="base")
    engine = create_engine(town.url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
    migrate(town.url)
    check_models(town.url)
    assert {name for name, rows in read(town.url).items() if rows} == set()


def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    check_models(database_url)


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    check_models(database_url)


def test_there_is_one_line_of_versions() -> None:
    assert revisions() == sorted(revisions(), reverse=True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_database_lives_on_after_it_was_migrated(town: Town) -> None:
    await live(town)
    await town.close()
    migrate(town.url)
    town.assemble()
    await town.press("chi", "Change my answer")
    await town.fill("chi", q1="Planted two trees")
    assert "Planted two trees" in "\n".join(town.thread(town.post("Check-in,")))
