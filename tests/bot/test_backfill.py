"""The time before Drumbeat is brought in from what the platforms give out: who wrote on which day, and nothing else."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from adapters.slack.exported import SlackExport
from bot import past
from bot.__main__ import main
from bot.backfill import CANNOT_SHOW, BackfillError, bring_in, choose_channels, choose_movement
from bot.chat import ExportError, Joined, Said
from bot.ledger import let_back_in, once_a_day, record, take_out
from bot.store import Database
from bot.tables import Act, Import, Member, Movement

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOME = "C0RIVER"
SECRET = "the-blue-door-opens-at-nine"
Json = dict[str, Any]


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def wrote(person: str, when: datetime, **more: object) -> Json:
    return {"type": "message", "user": person, "text": SECRET, "ts": f"{when.timestamp():.6f}", **more}


def slack_zip(folder: Path, days: Mapping[str, Sequence[Json]], *, name: str = "export.zip") -> Path:
    """An export as Slack makes it: lists of channels and people, and a folder for each channel."""
    file = folder / name
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("channels.json", json.dumps([{"id": HOME, "name": "river"}, {"id": "C0PLAN", "name": "plans"}]))
        made.writestr("users.json", json.dumps([{"id": "U0ANA"}, {"id": "U0HOOK", "is_bot": True}]))
        for day, messages in days.items():
            made.writestr(f"{day}.json", json.dumps(messages))
    return file


def discord_json(folder: Path, messages: Sequence[Json], channel: Json) -> Path:
    """A channel as DiscordChatExporter writes it."""
    file = folder / "river.json"
    whole = {"guild": {"id": "77", "name": "Town"}, "channel": channel, "messages": messages}
    file.write_text(json.dumps(whole | {"messageCount": len(messages)}))
    return file


def posted(person: str, when: str, kind: str = "Default", *, bot: bool = False) -> Json:
    author = {"id": person, "name": "somebody", "isBot": bot}
    return {"id": "1", "type": kind, "timestamp": when, "content": SECRET, "author": author, "reactions": []}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A movement on Slack with Ana, Ben and Chi, of whom Chi chose not to be counted, and a bot."""
    database = Database(database_url)
    found(database, "slack", HOME, {"U0ANA": {}, "U0BEN": {}, "U0CHI": {"opted_out": True}, "U0BOT": {"bot": True}})
    yield database
    database.close()


def found(database: Database, platform: str, home: str, people: Mapping[str, Json], *, name: str = "River") -> int:
    with database.transaction() as db:
        movement = Movement(
            platform=platform,
            workspace="T0TOWN",
            channel=home,
            name=name,
            started_at=NOW - timedelta(days=3),
            roll_due_at=NOW,
        )
        db.add(movement)
        db.flush()
        for person, more in people.items():
            joined = NOW - timedelta(days=3)
            db.add(Member(movement_id=movement.id, person=person, name=person[2:], joined_at=joined, **more))
        return movement.id


def ledger(database: Database) -> list[tuple[str, str, datetime, str]]:
    with database.reading() as db:
        acts = select(Member.person, Act.kind, Act.at, Act.evidence).join(Member, Member.id == Act.member_id)
        return sorted((person, kind, when, evidence) for person, kind, when, evidence in db.execute(acts))


def read(database: Database, file: Path, channels: Sequence[str] = (HOME,), **more: Any) -> Any:  # noqa: ANN401
    export = past.open_export(file)
    try:
        movement = choose_movement(database, export)
        return bring_in(database, export, file, movement_id=movement.id, channels=channels, now=NOW, **more)
    finally:
        export.close()


def test_a_slack_export_becomes_one_sign_of_life_a_day_and_no_words(database: Database, tmp_path: Path) -> None:
    file = slack_zip(
        tmp_path,
        {
            "river/2026-10-05": [
                wrote("U0ANA", at(5, 9), subtype="thread_broadcast"),
                wrote("U0ANA", at(5, 14)),
                wrote("U0BEN", at(5), subtype="channel_join"),
                wrote("U0BEN", at(5), subtype="channel_topic"),
                wrote("U0CHI", at(5)),
                wrote("U0ELI", at(5)),
                wrote("U0HOOK", at(5)),
                wrote("U0BOT", at(5)),
                wrote("U0BEN", at(5), bot_id="B1"),
            ],
            "river/2026-10-06": [
                wrote("U0ANA", at(6)),
                wrote("U0BEN", at(6), subtype="file_share"),
                {"type": "message"},
            ],
            "plans/2026-10-07": [wrote("U0ANA", at(7))],
            "river/2025-01-01": [wrote("U0ANA", datetime(2025, 1, 1, tzinfo=UTC))],
            "river/2026-11-02": [wrote("U0ANA", NOW + timedelta(days=1))],
        },
    )
    told = read(database, file)
    assert ledger(database) == [
        ("U0ANA", "message", at(5), ""),
        ("U0ANA", "message", at(6), ""),
        ("U0BEN", "message", at(6), ""),
    ]
    assert (told.messages, told.acts, len(told.members), len(told.strangers), told.too_old) == (9, 3, 2, 3, 1)
    with database.reading() as db:
        since = dict(db.execute(select(Member.person, Member.joined_at)).all())
    assert (since["U0ANA"], since["U0BEN"], since["U0CHI"]) == (at(5), at(5), NOW - timedelta(days=3))


def test_twice_is_the_same_as_once_also_where_drumbeat_was_there_already(database: Database, tmp_path: Path) -> None:
    with database.transaction() as db:
        ana = db.scalars(select(Member).where(Member.person == "U0ANA")).one()
        record(db, ana, "message", at=at(5, 20), once=f"message:{ana.id}:2026-10-05")
    file = slack_zip(tmp_path, {"river/2026-10-05": [wrote("U0ANA", at(5)), wrote("U0BEN", at(5))]})
    assert [read(database, file).acts, read(database, file).acts] == [1, 0]
    assert ledger(database) == [("U0ANA", "message", at(5, 20), ""), ("U0BEN", "message", at(5), "")]


def test_what_is_earlier_than_they_are_counted_again_or_was_taken_out_is_not_brought_back(
    database: Database, tmp_path: Path
) -> None:
    file = slack_zip(
        tmp_path, {f"river/2026-10-0{day}": [wrote("U0ANA", at(day)), wrote("U0BEN", at(day))] for day in (5, 7)}
    )
    with database.transaction() as db:
        ana, ben = (db.scalars(select(Member).where(Member.person == who)).one() for who in ("U0ANA", "U0BEN"))
        ana.counted_since = at(6)
        joined = ana.joined_at
        record(db, ana, "action_done", at=at(5), once="did")
        record(db, ben, "message", at=at(7), once=once_a_day("message", ben, at(7)))
        take_out(db, db.scalars(select(Act)).one())
        record(db, ben, "message", at=at(7), once=once_a_day("message", ben, at(7)))
    told = read(database, file)
    assert ledger(database) == [("U0ANA", "message", at(7), ""), ("U0BEN", "message", at(5), "")]
    assert (told.acts, len(told.strangers)) == (2, 1)
    with database.reading() as db:
        since = dict(db.execute(select(Member.person, Member.joined_at)).all())
    assert (since["U0ANA"], since["U0BEN"]) == (min(joined, at(7)), at(5))
    with database.transaction() as db:
        ben = db.scalars(select(Member).where(Member.person == "U0BEN")).one()
        let_back_in(db, ben, once_a_day("message", ben, at(7)))
    assert read(database, file).acts == 1


def test_what_was_stopped_in_the_middle_goes_on_there(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = {f"river/2026-10-{day:02}": [wrote("U0ANA", at(day)), wrote("U0BEN", at(day))] for day in range(1, 11)}
    file = slack_zip(tmp_path, days)
    monkeypatch.setattr("bot.backfill.BATCH", 4)
    monkeypatch.setattr("bot.backfill.TOLD_EVERY", 8)
    heard: list[str] = []

    def stop(line: str) -> None:
        heard.append(line)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(database, file, report=stop)
    assert heard == ["8 messages read, up to 4 October 2026"]
    assert len(ledger(database)) == 8
    with database.reading() as db:
        assert [row.position for row in db.scalars(select(Import))] == [8]

    told = read(database, file, report=heard.append)
    assert heard[1:] == ["16 messages read, up to 8 October 2026"]
    assert (told.resumed, told.messages, told.acts, len(ledger(database))) == (8, 12, 12, 20)
    with database.reading() as db:
        assert db.scalars(select(Import)).all() == []


def test_a_discord_export_of_a_channel_and_of_its_thread(database: Database, tmp_path: Path) -> None:
    found(database, "discord", "555", {"901": {}, "902": {}}, name="Lake")
    messages = [
        posted("901", "2026-10-05T23:30:00.123+02:00"),
        posted("901", "2026-10-05T22:00:00+00:00", "Reply"),
        posted("902", "2026-10-06T08:00:00+00:00", "GuildMemberJoin"),
        posted("902", "2026-10-06T09:00:00+00:00", "ThreadCreated"),
        posted("902", "2026-10-07T09:00:00+00:00", bot=True),
        posted("903", "2026-10-07T09:00:00+00:00"),
        posted("902", "never"),
    ]
    channel = {"id": "555", "type": "GuildTextChat", "categoryId": "5", "category": "All", "name": "lake"}
    told = read(database, discord_json(tmp_path, messages, channel), ["555"])
    assert ledger(database) == [("901", "message", datetime(2026, 10, 5, 21, 30, 0, 123000, UTC), "")]
    assert (told.messages, told.acts, len(told.strangers)) == (3, 1, 1)
    thread = {"id": "556", "type": "GuildPublicThread", "categoryId": "555", "category": "lake", "name": "gloves"}
    read(database, discord_json(tmp_path, [posted("902", "2026-10-09T09:00:00+00:00")], thread), ["555"])
    assert ledger(database)[1:] == [("902", "message", datetime(2026, 10, 9, 9, tzinfo=UTC), "")]


def test_other_channels_are_taken_only_when_they_are_named(database: Database, tmp_path: Path) -> None:
    file = slack_zip(tmp_path, {"plans/2026-10-07": [wrote("U0ANA", at(7))], "river/2026-10-05": []})
    export = past.open_export(file)
    movement = choose_movement(database, export)
    assert choose_channels(export, movement) == [HOME]
    assert choose_channels(export, movement, named=["#Plans", "river"]) == ["C0PLAN", HOME]
    with pytest.raises(BackfillError, match=r"^There is no channel #lake in this file. There are: #plans, #river.$"):
        choose_channels(export, movement, named=["lake"])
    assert choose_movement(database, export, named="river").id == movement.id
    with pytest.raises(BackfillError, match=r"^There is no one movement 'Lake' to bring this into. There are: 'River'"):
        choose_movement(database, export, named="Lake")
    export.close()


def test_a_file_that_holds_no_home_says_what_to_do(database: Database, tmp_path: Path) -> None:
    channel = {"id": "999", "type": "GuildTextChat", "name": "elsewhere"}
    with pytest.raises(BackfillError) as refusal:
        read(database, discord_json(tmp_path, [], channel))
    assert str(refusal.value) == (
        "This file holds the home channel of no movement. Name the movement with --movement, and the channels of the "
        "file that belong to it with --channel."
    )


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"messages": []}', '{"channel": {"name": "x"}}'])
def test_what_is_no_export_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "some.json"
    file.write_text(content)
    with pytest.raises(ExportError, match=r"^This is no JSON of DiscordChatExporter: it names no channel\."):
        past.open_export(file)


def test_a_broken_zip_and_one_without_channels_are_refused(tmp_path: Path) -> None:
    file = slack_zip(tmp_path, {})
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("notes.txt", "nothing")
    with pytest.raises(ExportError, match=r"^This is no Slack export"):
        past.open_export(file)
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("channels.json", json.dumps([{"id": HOME, "name": "river"}]))
        made.writestr("river/2026-10-05.json", "{broken")
    export = past.open_export(file)
    with pytest.raises(ExportError, match=r"^river/2026-10-05.json in this zip can't be read"):
        list(export.read([HOME]))
    export.close()
    (tmp_path / "cut.zip").write_bytes(b"PK\x03\x04 but no more")
    with pytest.raises(ExportError, match=r"^This zip can't be opened"):
        SlackExport(tmp_path / "cut.zip")


def test_a_discord_file_that_breaks_off_says_so_after_what_it_held(tmp_path: Path) -> None:
    file = discord_json(tmp_path, [posted("901", "2026-10-05T22:00:00+00:00")] * 3, {"id": "555", "name": "lake"})
    file.write_text(file.read_text()[:-60])
    happened = past.open_export(file).read(["555"])
    assert isinstance(next(happened), Said | Joined)
    with pytest.raises(ExportError, match=r"^This file breaks off in the middle"):
        list(happened)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_says_what_it_read_and_what_such_a_file_cannot_show(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    recent = datetime.now(UTC) - timedelta(days=2)
    file = slack_zip(tmp_path, {"river/2026-10-05": [wrote("U0ANA", recent), wrote("U0ELI", recent)]})
    told = CliRunner().invoke(main, ["import", str(file)])
    assert (told.exit_code, told.output.splitlines()) == (
        0,
        [
            "Read 2 messages of 1 member. New in the ledger: 1 day on which somebody wrote.",
            "Left out: 1 person who is not a member here, or chose not to be counted.",
            CANNOT_SHOW,
        ],
    )
    refused = CliRunner().invoke(main, ["import", str(file), "--movement", "Lake"])
    assert refused.exit_code == 1
    assert refused.output.startswith("There is no one movement 'Lake'")
    assert SECRET.encode() not in b"".join(one.read_bytes() for one in tmp_path.iterdir() if one.suffix == ".db")
    assert len(ledger(database)) == 1
