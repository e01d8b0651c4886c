"""Nothing leads from a note, a vote or a rating to whoever gave it: somebody with all files and logs tries every way.

After each scene the attacker of `tests/attacker.py` gets the database as it lies there while Drumbeat runs, its journal
and its log, and finds nothing. Then one way after the other is put in, and each is found.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, select, text

from bot.chat import Menu, Person, Pressed
from bot.ritual import Handler
from bot.tables import Mark, MarkKey
from rituals.alignment import closing as alignment_closing
from rituals.retro import closing as retro_closing
from rituals.retro import declaration as retro_declaration
from rituals.retro import revealing as retro_revealing
from tests.attacker import Given, Loot, attack, leftovers, sha256_of, take_postgresql, take_sqlite
from tests.leaks import PLANTS, planted
from tests.logged import log
from tests.rituals.alignment_scene import board, open_check, start_with_mission
from tests.town import RIVER, Town
from tests.turnouts import at, numbers, roll_call, seat_seven, start, town_hall

# Which platform it happens on changes nothing of what is stored; the files are SQLite's.
room = pytest.mark.parametrize("platform", ["playground"])
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

# Ana facilitates and gives nothing, so that her name in a view is no find.
AUTHORS = ("ben", "chi", "dee", "eli", "fay", "gus")
# Who writes what, in the order of writing: unlike each other, and in no other order that there could be. The first two
# are dropped before the retro opens.
NOTES = (
    ("gus", "Zebra crossing near the school got painted"),
    ("chi", "Boots were missing again on Saturday"),
    ("eli", "Pamphlets printed on time"),
    ("dee", "Vans broke down twice"),
    ("chi", "Apple cake kept everybody warm"),
    ("fay", "Mud everywhere behind the shed"),
    ("ben", "Kettle bought by the neighbours"),
    ("dee", "Quarrels about the parking lot"),
)
IN_BETWEEN = 2
TAKEN_BACK = "Xylophone lessons should be cheaper"
FIRST_WORDS = "Jumbled first thoughts about Saturday"
# Where each belongs when it looks back on a gathering.
COLUMNS = ("What worked", "What didn't work", "What to try next") * 2 + ("What worked", "What didn't work")
# Every interval is another one, so that a time always as much later is no accident.
MINUTES = (7, 3, 11, 5, 2, 13, 4, 6)
EVERYTHING = 1


@dataclass
class Watched:
    """What the test knows of a scene: what was given, all that must be gone when it is over, and what was logged."""

    read_log: Callable[[], str]
    given: list[Given] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    midway: Loot | None = None


@pytest.fixture
def watched(caplog: pytest.LogCaptureFixture) -> Iterator[Watched]:
    """Read along whatever is logged, by us or by a library."""
    with log() as entries, caplog.at_level(EVERYTHING):
        yield Watched(lambda: "\n".join([*map(str, entries), *(record.getMessage() for record in caplog.records)]))


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def key_in_form(town: Town, who: str) -> str:
    """The key that the form somebody has open carries."""
    return town.form(who).form.action.about.rpartition("/")[2]


def remember_marks(town: Town, watched: Watched) -> None:
    """Note all marks there are, and the keys they were made with, in order to look for them later."""
    watched.gone += [str(row["key"]) for row in town.rows(MarkKey)]
    watched.gone += [str(row["mark"]) for row in town.rows(Mark)]


async def give(town: Town, watched: Watched, who: str, words: str, **answers: str | tuple[str, ...]) -> None:
    """Fill the form that somebody has open, forty seconds after it was opened, and remember all about it."""
    opened, key = town.heard[-1], key_in_form(town, who)
    await town.wait(seconds=40)
    await town.fill(who, **answers)
    # That somebody typed a command is known; what a button or a form of something anonymous did must not be.
    events = (town.heard[-1].id, *((opened.id,) if isinstance(opened, Pressed) else ()))
    watched.given.append(Given(town.stage.native(who), words, town.clock(), events, (key,)))


def take(town: Town, watched: Watched) -> Loot:
    """Take the database as it lies there while Drumbeat runs, and the log."""
    database = town.drumbeat.database
    if database.is_sqlite:
        return take_sqlite(file_of(town.url), log=watched.read_log())
    return take_postgresql(database.engine, log=watched.read_log())


# ------------------------------------------------------------------------------------------------ the scenes


async def hold_retro(town: Town, watched: Watched) -> None:
    """Hold a retro with notes from in between, notes that are changed and taken back, ticks, votes, and a talk."""
    await town.start_movement()
    await town.room.join("eli", RIVER)
    await town.bring(Person("fay", "Fay", "Europe/Berlin"), Person("gus", "Gus", "Europe/Berlin"))
    for number, ((who, words), minutes) in enumerate(zip(NOTES, MINUTES, strict=True)):
        if number == IN_BETWEEN:
            await town.wait(minutes=1)
            await town.command("ana", "/retro now")
            await town.fill("ana")
        await town.wait(minutes=minutes)
        if number < IN_BETWEEN:
            await town.command(who, "/retro note")
            await give(town, watched, who, words, note=words)
            continue
        await town.press(who, "Add a note", on=town.post("Retro"))
        if who == "eli":
            await town.fill(who, note=FIRST_WORDS, column=("1",))
            await town.press(who, "Change it")
        await give(town, watched, who, words, note=words, column=("1",))
    await town.press("ben", "Add a note", on=town.post("Retro"))
    watched.gone += [key_in_form(town, "ben"), TAKEN_BACK, FIRST_WORDS]
    await town.fill("ben", note=TAKEN_BACK, column=("0",))
    await town.press("ben", "Take it back")
    for who in ("dee", "gus", "chi"):
        await town.press(who, "I’m finished")
    remember_marks(town, watched)
    watched.midway = take(town, watched)
    await town.wait(minutes=30)
    for step in ("Show the notes", "On to the votes"):
        await town.press("ana", "Facilitate")
        await town.press("ana", step)
    for who in AUTHORS:
        await town.wait(minutes=3)
        await town.press(who, "Vote", on=town.post("Retro"))
        await town.press(who, "Give a vote to …", choice=options(town, who, "Give a vote to …")[len(who) % 2])
    remember_marks(town, watched)
    for step in ("On to the talk", "Close the retro"):
        await town.press("ana", "Facilitate")
        await town.press("ana", step)
    assert town.thread(town.post("Retro"))[-1].startswith("The retro of Sun 1 November is closed. Thank you.")
    watched.gone += [token for one in watched.given for key in one.keys for token in (key, sha256_of(key))]


def options(town: Town, who: str, label: str) -> list[str]:
    """The values of a menu that somebody sees."""
    post, _ = town._find(who, label, None)
    assert post.view is not None
    return [one.value for part in post.view.parts if isinstance(part, Menu) for one in part.options]


async def hold_check(town: Town, watched: Watched) -> None:
    """Hold an alignment check in which six rate two activities and say why, twice each."""
    await start_with_mission(town)
    await open_check(town, "Clean-up days", "The newsletter")
    raters = [
        ("chi", "4", "2"),
        ("hal", "5", "1"),
        ("ben", "2", "5"),
        ("gus", "5", "3"),
        ("dee", "3", "4"),
        ("fay", "1", "2"),
    ]
    reasons = [f"{words.split()[0]} {number}" for number, (_, words) in enumerate(NOTES)]
    for (who, first, second), words, minutes in zip(raters, reasons, MINUTES, strict=False):
        await town.wait(minutes=minutes)
        await town.press(who, "Rate", on=board(town))
        watched.gone += [key_in_form(town, who), sha256_of(key_in_form(town, who))]
        await town.fill(who, a1=(first,), a2=(second,), a3=("3",))
        await town.press(who, "Say why")
        why = {"a1": f"{words} for the first", "a2": f"{words} for the second", "a3": ""}
        await give(town, watched, who, why["a1"], **why)
        watched.given.append(replace(watched.given[-1], words=why["a2"]))
    remember_marks(town, watched)
    await town.wait(minutes=30)
    await town.command("ana", "/alignment-check close")
    await town.wait(minutes=1)
    assert town.thread(board(town)) != []


async def look_back(town: Town, watched: Watched) -> None:
    """Let six people look back on a gathering, in an order of their own; the notes wait for the next retro."""
    await seat_seven(town)
    await town_hall(town, "ana", *AUTHORS[:4])
    await town.wait_until(at(18))
    await start(town)
    await town.wait_until(at(19, 45))
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "ana", *AUTHORS[:3]), others=AUTHORS[3:])
    await town.wait_until(at(20, 10))
    # Nobody votes, so topics are shown by their names: no two beside each other are one person's.
    others = {"Boots": "ben", "Kettle": "chi"}
    for (author, words), minutes, column in zip(NOTES, MINUTES, COLUMNS, strict=True):
        who = others.get(words.split()[0], author)
        await town.wait(minutes=minutes)
        await town.press(who, column)
        await give(town, watched, who, f"town hall: {words}", note=words)


# ------------------------------------------------------------------------------------------------ nothing is found


@room
async def test_nothing_leads_from_a_line_on_a_gathering_to_who_wrote_it(town: Town, watched: Watched) -> None:
    await look_back(town, watched)
    # While they wait, whoever copies the file learns at most in which order they came.
    assert set(attack(take(town, watched), watched.given)) <= {"order"}
    await town.command("ana", "/retro now")
    await town.fill("ana")
    for step in ("Show the notes", "On to the votes", "On to the talk", "Close the retro"):
        await town.press("ana", "Facilitate")
        await town.press("ana", step)
    watched.gone += [key for one in watched.given for key in one.keys]
    loot = take(town, watched)
    assert attack(loot, watched.given) == {}
    assert leftovers(loot, watched.gone) == []


@room
async def test_nothing_leads_from_a_rating_to_whoever_gave_it(town: Town, watched: Watched) -> None:
    await hold_check(town, watched)
    loot = take(town, watched)
    assert attack(loot, watched.given) == {}
    assert leftovers(loot, watched.gone) == []


@room
@sqlite
async def test_nothing_leads_from_an_energy_figure_to_whoever_gave_it(town: Town, watched: Watched) -> None:
    await town.start_movement()
    await town.bring(*(Person(name, name.capitalize(), "Europe/Berlin") for name in ("fay", "gus", "hal")))
    await town.open_check_in()
    for who, figure in zip(("gus", "ben", "fay", "chi", "dee", "hal"), "314235", strict=True):
        await town.wait(minutes=3)
        await town.press(who, "My energy (private)", on=town.board())
        opened = town.heard[-1].id
        await town.press(who, figure)
        watched.given.append(Given(who, "", town.clock(), (opened, town.heard[-1].id)))
    remember_marks(town, watched)
    await town.wait(days=2)
    loot = take(town, watched)
    assert attack(loot, watched.given) == {}
    assert leftovers(loot, watched.gone) == []


@room
@sqlite
async def test_nothing_leads_from_a_note_to_its_author_until_a_way_is_put_in(town: Town, watched: Watched) -> None:
    await hold_retro(town, watched)
    file = file_of(town.url)
    loot = take(town, watched)
    assert attack(loot, watched.given) == {}
    assert leftovers(loot, watched.gone) == []
    found = {plant.__name__: set(attack(planted(file, plant, watched.given), watched.given)) for plant in PLANTS}
    assert found == {plant.__name__: ways for plant, ways in PLANTS.items()}
    # While it is open, whoever copies the file learns who took part, and in which order notes came: marks need a key.
    assert watched.midway is not None
    assert set(attack(watched.midway, watched.given)) <= {"marks", "order"}
    told = replace(loot, log=f"{loot.log}\nturn taken who=chi")
    assert attack(told, watched.given) == {"logs": ["the log tells 'chi'"]}


@sqlite
@pytest.mark.parametrize("platform", ["slack", "discord"])
async def test_what_slack_and_discord_bring_along_leads_nowhere_either(town: Town, watched: Watched) -> None:
    await hold_retro(town, watched)
    loot = take(town, watched)
    assert attack(loot, watched.given) == {}
    assert leftovers(loot, watched.gone) == []


@room
@postgresql
async def test_on_postgresql_no_row_and_no_transaction_leads_from_a_note_to_its_author_until_one_is_put_in(
    town: Town, watched: Watched
) -> None:
    await hold_retro(town, watched)
    loot = take(town, watched)
    assert attack(loot, watched.given) == {}
    assert leftovers(loot, watched.gone) == []
    write_together(town.drumbeat.database.engine, watched.given[0])
    assert set(attack(take(town, watched), watched.given)) == {"together"}
    write_in_order(town.drumbeat.database.engine, watched.given)
    assert set(attack(take(town, watched), watched.given)) == {"order"}


def write_together(engine: Engine, one: Given) -> None:
    """Touch a note in the transaction that tells that its author did something."""
    with engine.begin() as db:
        db.execute(text("UPDATE retro_note SET words = words WHERE words = :words"), {"words": one.words})
        act = (
            "INSERT INTO act (movement_id, member_id, kind, at, evidence, once) "
            "SELECT movement_id, id, 'feedback_given', '2026-01-01', '', 'planted' FROM member WHERE person = :person"
        )
        db.execute(text(act), {"person": one.person})


def write_in_order(engine: Engine, given: Sequence[Given]) -> None:
    """Touch the notes one after the other."""
    for one in given:
        with engine.begin() as db:
            db.execute(text("UPDATE retro_note SET words = words WHERE words = :words"), {"words": one.words})


# ------------------------------------------------------------------------------------------------ what guards it


def journal_kept(patch: pytest.MonkeyPatch, engine: Engine) -> None:
    """SQLite's journal is not emptied."""
    del engine
    patch.setattr("bot.store._empty_journal", lambda _engine, **_: True)


def deleted_only(patch: pytest.MonkeyPatch, engine: Engine) -> None:
    """What is deleted is not overwritten."""
    del patch
    event.listen(engine, "checkout", forget_to_overwrite)


def forget_to_overwrite(connection: sqlite3.Connection, *_: object) -> None:
    connection.execute("PRAGMA secure_delete=OFF")


def marks_kept(patch: pytest.MonkeyPatch, engine: Engine) -> None:
    """The marks and their keys outlast the retro."""
    del engine
    patch.setattr(retro_closing, "destroy_marks", lambda *_: None)


def notes_as_they_came(patch: pytest.MonkeyPatch, engine: Engine) -> None:
    """The reveal leaves the notes lying as they came, with their tokens."""
    del engine
    patch.setattr(retro_revealing, "rewrite", lambda *_args, **_kept: None)


def not_anonymous(patch: pytest.MonkeyPatch, engine: Engine) -> None:
    """Keeping a note is no anonymous turn."""
    del engine
    submits = retro_declaration.ritual.submits
    patch.setitem(submits, "note", Handler(submits["note"].handle))


def check_marks_kept(patch: pytest.MonkeyPatch, engine: Engine) -> None:
    """The marks and their keys outlast the alignment check."""
    del engine
    patch.setattr(alignment_closing, "destroy_marks", lambda *_: None)


def ratings_kept(patch: pytest.MonkeyPatch, engine: Engine) -> None:
    """The ratings outlast the alignment check one by one."""
    del engine
    patch.setattr(alignment_closing, "delete", select)


Break = Callable[[pytest.MonkeyPatch, Engine], None]
Scene = Callable[[Town, Watched], Awaitable[None]]


@room
@sqlite
@pytest.mark.parametrize(
    ("hold", "broken", "found"),
    [
        (hold_retro, journal_kept, {"order", "marks", "leftovers"}),
        (hold_retro, deleted_only, {"leftovers", "order"}),
        (hold_retro, marks_kept, {"marks", "leftovers"}),
        (hold_retro, notes_as_they_came, {"order", "leftovers"}),
        (hold_retro, not_anonymous, {"events"}),
        (hold_check, check_marks_kept, {"marks", "order", "leftovers"}),
        (hold_check, ratings_kept, {"pseudonyms", "leftovers"}),
    ],
)
async def test_without_one_of_its_guards_somebody_is_given_away(
    town: Town, watched: Watched, monkeypatch: pytest.MonkeyPatch, hold: Scene, broken: Break, found: set[str]
) -> None:
    engine = town.drumbeat.database.engine
    broken(monkeypatch, engine)
    try:
        await hold(town, watched)
    finally:
        if event.contains(engine, "checkout", forget_to_overwrite):
            event.remove(engine, "checkout", forget_to_overwrite)
            engine.dispose()
    loot = take(town, watched)
    ways = set(attack(loot, watched.given)) | ({"leftovers"} if leftovers(loot, watched.gone) else set())
    assert ways == found
