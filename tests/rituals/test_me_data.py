"""What is kept of somebody is theirs: they take it along, are left out, or are forgotten, at once and everywhere."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from bot.chat import Action, Attachment
from bot.tables import Act, Evidence, Gathering, Lane, Member, Post, Promise, Rsvp
from tests.gatherings import announce, card
from tests.rituals.test_privacy import everything_stored
from tests.town import Town
from tests.turnouts import at, numbers, roll_call, say_here, seat_seven, start, town_hall, turnout

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

SECRET = "Zanzibar-4711"
CHIS = "=HYPERLINK(chi)"


async def a_week_of_chis(town: Town) -> None:
    """Chi answers the check-in, says yes, comes, promises and is promised something; Ben does the same beside them."""
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi")
    board = await town.open_check_in()
    for who, words in (("chi", SECRET), ("ben", "Bens words")):
        await town.press(who, "Check in", on=board)
        await town.fill(who, q1=words, did=f"{words}, too")
        await town.command(who, f"/promise {words} by friday")
    await town.command("ben", "/promise a word of Bens by friday")
    await town.wait_until(at(18, 5))
    await start(town)
    await town.wait_until(at(19, 45))
    await roll_call(town)
    await town.fill("ana", came_0=numbers(town, "ana", "ben", "chi"))
    await town.command("ana", "/checkin close")
    await announce(town, "ana", "river walk wednesday 18:00 30m")
    await town.command("chi", "/me")
    await town.press("chi", "Settings")
    await town.fill("chi", hours="2")


async def words_everywhere_of_chis(town: Town) -> None:
    """Chi asks Dee to do something together and the channel for a hand, and is thanked for a win with Ben."""
    await town.command("chi", "/promise")
    await town.fill("chi", what=f"{SECRET} with Dee", co_owner=("dee",), by="friday")
    await town.press("chi", "Need help")
    await town.command("ana", "/win The river is clean")
    await town.fill("ana", kind=("outcome",), makers=("ben", "chi"))


async def my_data(town: Town, who: str, *labels: str) -> str:
    """Press one's way through what one can do about what is kept."""
    await town.command(who, "/me")
    said = await town.press(who, "My data")
    for label in labels:
        said = await town.press(who, label)
    return said


def others(town: Town, who: str) -> dict[str, list[dict[str, object]]]:
    """All rows that name a member, but for those of one person."""
    number = next(row["id"] for row in town.rows(Member) if row["person"] == who)
    tables = (Act, Evidence, Promise, Rsvp)
    rows = {one.__tablename__: town.rows(one) for one in tables}
    # Whoever waits for a place may be offered the one that is free now.
    rows["rsvp"] = [row for row in rows["rsvp"] if row["answer"] not in ("waiting", "offered")]
    return {
        name: [row for row in those if number not in (row.get("member_id"), row.get("owner_id"))]
        for name, those in rows.items()
    }


async def test_a_copy_comes_in_private_as_two_files(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/me")
    assert await town.press("chi", "My data") == (
        "What is kept about you\n"
        "A copy comes as two files in a private message: everything that stands under your name here, as JSON and as "
        "CSV. What is anonymous, such as retro notes, ratings and energy figures, has no link to you, so nobody can "
        "find it, and it is not in the copy.\n"
        "'Don't count me': I delete your record, write nothing down from then on, and leave you out of every figure. "
        "'Delete me' removes your name and everything else as well.\n"
        "[Send me a copy] [Don't count me] [Delete me]"
    )
    assert await town.press("chi", "Send me a copy") == "It is on its way to you in a private message."
    (copy,) = town.inbox("chi")
    assert copy == (
        "Clean River: everything that is kept about you here.\n"
        "Anonymous notes, ratings and figures are not in it, because nothing links them to you. What others wrote, and "
        "their names, are not in it either.\n"
        "my-data.json (file)\nmy-data.csv (file)"
    )
    assert len([row for row in town.rows(Post) if row["ritual"] == "me"]) == 1
    await town.wait(days=8)
    assert [row for row in town.rows(Post) if row["ritual"] == "me"] == []
    assert len(town.inbox("chi")) >= 1


@sqlite
@in_the_room
async def test_a_copy_holds_all_of_ones_own_and_nothing_of_anybody_elses(town: Town) -> None:
    await a_week_of_chis(town)
    await town.command("chi", f"/promise {CHIS} by friday")
    # One that is Chi's, too, in Ben's words.
    await town.command("ben", "/promise")
    await town.fill("ben", what="Bens plan", co_owner=("chi",), by="friday")
    files = await copy_of(town, "chi")
    kept = json.loads(files["my-data.json"])["kept"]
    assert {table: len(rows) for table, rows in kept.items()} == {
        "member": 1,
        "act": 6,
        "check_in_answer": 1,
        "evidence": 1,
        "promise": 3,
        "rsvp": 1,
    }
    assert kept["member"][0]["hours"] == 2
    assert [row.get("what") for row in kept["promise"]] == [SECRET, CHIS, None]
    assert (kept["promise"][2]["owner_id"], kept["promise"][2]["co_owner_id"]) == ("somebody else", "me")
    assert f",'{CHIS}\n" in files["my-data.csv"]
    for words in files.values():
        assert SECRET in words
        assert [one for one in ("Bens", "Ben", "Ana", "Dee") if one in words] == []
    # Whoever announced it does not read in their copy who else would not host it, or was welcomed.
    with town.drumbeat.database.transaction() as db:
        db.execute(update(Gathering).where(Gathering.title == "town hall").values(skipped=[1, 2], welcomed=[2]))
    announced = json.loads((await copy_of(town, "ana"))["my-data.json"])["kept"]["gathering"]
    assert [(row["title"], row.get("skipped"), row.get("welcomed")) for row in announced] == [
        ("town hall", ["me"], None),
        ("river walk", None, None),
    ]


async def copy_of(town: Town, who: str) -> dict[str, str]:
    """Ask for a copy of what is kept, and read its files."""
    await my_data(town, who, "Send me a copy")
    view = town.room.inbox(who)[-1].view
    assert view is not None
    return {part.name: part.words for part in view.parts if isinstance(part, Attachment)}


@sqlite
@in_the_room
async def test_whoever_is_deleted_leaves_no_trace_and_nobody_elses_record_changes(town: Town) -> None:
    await a_week_of_chis(town)
    with town.drumbeat.database.transaction() as db:
        db.execute(update(Gathering).where(Gathering.title == "river walk").values(capacity=1))
    await town.press("chi", "Going", on=card(town, "river walk"))
    await town.press("ben", "Going", on=card(town, "river walk"))
    board = town.board()
    await words_everywhere_of_chis(town)
    before = others(town, "chi")
    assert SECRET in everything_stored(town)
    shown = "\n".join([*town.channel(), *town.thread(board)])
    assert shown.count(SECRET) == 3
    assert "\nMade it happen: Ben and Chi\n" in shown
    old = next(row["id"] for row in town.rows(Member) if row["person"] == "chi")
    assert "You are a founder." in await my_data(town, "ana", "Delete me")
    assert "You are a founder." not in await my_data(town, "chi", "Delete me")
    assert await town.press("chi", "Delete me now") == (
        "Done. Everything about you is deleted. While you are in the channel I don't count you and ask you for "
        "nothing. /me brings you back, as a newcomer."
    )
    await town.wait(minutes=3)
    stored = everything_stored(town)
    assert SECRET not in stored
    assert "Chi" not in stored
    (row,) = [row for row in town.rows(Member) if row["person"] == "chi"]
    assert (row["name"], row["opted_out"], row["hours"], row["zone"]) == ("somebody", True, None, "")
    assert row["id"] != old
    assert others(town, "chi") == before
    # What the chat shows is shown without them, and the place they had is offered to who waits.
    shown = "\n".join([*town.channel(), *town.thread(board)])
    assert [words for words in (SECRET, "Chi") if words in shown] == []
    assert "A promise that stood here was taken back." in town.channel()
    assert "\nMade it happen: Ben\n" in shown
    assert "Bens words" in "\n".join(town.thread(board))
    assert "\nOne person answered. This check-in is closed." in town.board().text
    assert turnout(town) == "It is over. Two came; two had said yes."
    assert town.inbox("ben")[-1].startswith("Clean River: a place is free")
    # Neither the roll nor anything that they do brings their name back.
    await town.wait(days=2)
    await town.say("chi", "Hello again")
    assert "Chi" not in everything_stored(town)
    assert [act for act in town.acts() if act[0] == "chi"] == []
    assert await town.press_kept("chi", Action("me", "in", movement=1)) == (
        "Welcome back. You are counted again, and your record begins now."
    )
    assert [(row["name"], row["opted_out"]) for row in town.rows(Member) if row["person"] == "chi"] == [("Chi", False)]


@sqlite
@in_the_room
async def test_what_could_not_be_delivered_yet_forgets_who_is_deleted_as_well(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben", "chi")
    town.room.close_inbox("ana")
    await town.wait_until(at(19, 46))
    # Ana hosts, but takes no private messages; something for Ben waits until it is day.
    await town.press_kept("chi", Action("gathering", "was-there", "1", movement=1))
    await town.wait(minutes=2)
    (told,) = [row for row in town.rows(Post) if "Chi" in json.dumps(row["view"])]
    assert (told["person"], told["state"]) == ("ana", "refused")
    waiting = at(9, day=3)
    with town.drumbeat.database.transaction() as db:
        later = {name: told[name] for name in ("movement_id", "ritual", "platform", "workspace", "lane", "view")}
        lane = Lane(key=str(told["lane"]).replace("ana", "ben"), ready_at=town.clock(), wake_at=waiting)
        db.merge(lane)
        db.flush()
        wanted = {"key": "wanted", "person": "ben", "lane": lane.key, "not_before": waiting}
        db.add(Post(**later | wanted, changed_at=town.clock()))
    await my_data(town, "chi", "Delete me", "Delete me now")
    await town.wait(minutes=3)
    named = [row for row in town.rows(Post) if "Chi" in json.dumps(row["view"])]
    assert [(row["person"], row["state"]) for row in named] == [("ben", "wanted")]
    assert "Chi" not in await town.command("ana", "/remind on")
    await town.wait_until(at(10, 30, day=3))
    assert [text.split(":")[0] for text in town.inbox("ben") if "Chi" in text] == ["Clean River"]
    assert "Chi" not in everything_stored(town)


@sqlite
@in_the_room
async def test_whoever_comes_back_has_no_new_tries_and_begins_anew(town: Town) -> None:
    await seat_seven(town)
    await town_hall(town, "ana", "ben")
    await town.wait_until(at(18, 5))
    await start(town)
    for _ in range(5):
        said = await say_here(town, "chi", "zzz")
    assert "no tries left" in said
    await my_data(town, "chi", "Delete me", "Delete me now")
    await town.wait(minutes=5)
    await town.command("chi", "/me")
    await town.press("chi", "Count me in")
    (chi,) = [row for row in town.rows(Member) if row["person"] == "chi"]
    assert (chi["joined_at"], chi["counted_since"]) == (town.clock(), town.clock())
    assert await town.press("chi", "I'm here", on=card(town)) == (
        "You are counted only since it has begun. Please ask whoever runs it to tick you in the roll call."
    )


async def test_whoever_is_not_counted_is_in_no_figure_and_only_two_of_them_are_spoken_of(town: Town) -> None:
    await town.start_movement()
    board = await town.open_check_in()
    for who in ("ben", "chi"):
        await town.press(who, "Check in", on=board)
        await town.fill(who, q1="Fine", did="Ten posters")
    assert await my_data(town, "chi", "Don't count me") == (
        "Your record so far is deleted: what you did, and which gatherings you came to. From now on nothing is written "
        "down, and you are in no figure. What you promised, wrote or will answer stays, and you can take part in "
        "everything. You can come back whenever you like, with an empty record.\n[Don't count me]"
    )
    assert len(town.acts()) == 4
    assert await town.press("chi", "Don't count me") == (
        "Done. Your record is deleted, and you are in no figure. /me brings you back whenever you like."
    )
    assert town.acts() == [("ben", "checkin_answer"), ("ben", "action_done")]
    assert "\nOne person has answered. " in town.board().text
    await town.say("chi", "Hello")
    await town.command("chi", "/promise Bring gloves by friday")
    assert town.acts("message", "promise_made") == []
    alone = "You chose not to be counted. I write down nothing that you do, you are in no figure, and I ask you for "
    assert alone in await town.command("chi", "/me")
    assert "chose not to be counted" not in await town.command("ana", "/pulse")
    assert "Members: 3\n" in await town.command("ana", "/drumbeat")
    await my_data(town, "dee", "Don't count me", "Don't count me")
    assert "\n2 people chose not to be counted.\n" in await town.command("ana", "/pulse")
    assert "Members: 2; 2 people chose not to be counted\n" in await town.command("ana", "/drumbeat")
    await town.command("chi", "/me")
    assert await town.press("chi", "Count me in") == (
        "Welcome back. You are counted again, and your record begins now."
    )
    await town.say("chi", "Hello again")
    assert town.acts("message") == [("chi", "message")]
