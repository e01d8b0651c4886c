"""A movement gets another home: its founder asks for it there, and whoever is there are its members."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.tables import Member, Movement, Post, Practice
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OFFER = "Move Clean River here? The people of this channel will be its members, and nobody else.\n[Move it]"
HERE = """\
Clean River lives here now, says its founder Ana. The people of this channel are its members.
Type /drumbeat to see more, and /away whenever you need a break."""
DONE = "Done. Clean River lives here now. What is open in the old channel stays there until it ends."


def open_harbour(town: Town, *, creator: str = "ana") -> None:
    """A second channel: Chi is there as well as at the river, and Eli only there."""
    town.room.add_channel("harbour", "harbour", creator=creator)
    town.room.seat("harbour", "ana", "chi", "eli")


def members(town: Town) -> list[str]:
    return sorted(str(row["person"]) for row in town.rows(Member) if row["left_at"] is None and not row["bot"])


async def test_a_movement_moves_with_its_people_and_its_open_check_in_stays(town: Town) -> None:
    open_harbour(town)
    board = await town.open_check_in()
    joined = {row["person"]: row["joined_at"] for row in town.rows(Member)}
    await town.wait(hours=1)
    assert await town.command("ana", "/drumbeat move here", channel="harbour") == OFFER
    offer, action = town._find("ana", "Move it", None)
    answer = await town.room.press("ana", offer.id, action, "")
    # Until the platform has said who is in the new channel, nobody sees anything of the movement.
    assert members(town) == ["ana"]
    assert await town._seen("ana", answer) == DONE
    assert town.channel("harbour") == [HERE]
    assert town.channel()[-1] == "Clean River lives in another channel now. Its founder can tell you which."
    assert members(town) == ["ana", "chi", "eli"]
    after = {row["person"]: row["joined_at"] for row in town.rows(Member)}
    assert (after["chi"], after["eli"]) == (joined["chi"], town.rows(Movement)[0]["moved_at"])
    assert {row["channel"] for row in town.rows(Practice)} == {"harbour"}
    # Who is in both may still answer where it was asked, and the thread is where the post is.
    await town.press("chi", "Check in", on=board)
    await town.fill("chi", q1="Moved")
    assert town.thread(board) == ["Answers, Mon 2 November\nChi\n> 1. Moved"]
    rows = {row["id"]: row for row in town.rows(Post)}
    below = [(row["lane"], rows[row["root_id"]]["lane"]) for row in rows.values() if row["root_id"]]
    assert [lanes for lanes in below if lanes[0] != lanes[1]] == []
    assert await town.press("ben", "Check in", on=board) == (
        "This belongs to a movement that you are not in. Join its channel first."
    )
    await town.wait(days=7)
    assert town.board(channel="harbour").text.startswith("Check-in, Mon 9 November")
    assert town.board().id == board.id


@sqlite
async def test_only_the_founder_of_one_movement_may_move_it_and_only_where_they_may_begin_one(town: Town) -> None:
    open_harbour(town, creator="chi")
    await town.start_movement()
    none = "You are the founder of no movement in this workspace, so there is none to move."
    assert await town.command("chi", "/drumbeat move here", channel="harbour") == none
    assert await town.command("ana", "/drumbeat move here", channel="harbour") == (
        "Only the channel's creator or an admin can bring a movement here. Ask them, or choose a channel of your own."
    )
    assert await town.command("ana", "/drumbeat move here") == (
        "A movement lives in this channel already. Choose another one: every movement has its own."
    )
    assert await town.command("ana", "/drumbeat move there", channel="harbour") == (
        "To move a movement, its founder types /drumbeat move here in the new channel."
    )
    assert (town.rows(Movement)[0]["moved_at"], members(town)) == (None, ["ana", "ben", "chi", "dee"])


@sqlite
async def test_an_offer_from_before_another_movement_began_there_moves_nothing(town: Town) -> None:
    open_harbour(town)
    await town.start_movement()
    await town.command("ana", "/drumbeat move here", channel="harbour")
    kept = next(part for part in town.room.whispers("ana")[-1].view.parts if hasattr(part, "row")).row[0].action  # type: ignore[union-attr]
    await town.start_movement(channel="harbour", name="Clean Harbour")
    assert await town.press_kept("ana", kept, channel="harbour") == (
        "Meanwhile another movement was started in this channel, so nothing was moved."
    )
    assert await town.press_kept("ana", kept) == (
        "To move a movement, its founder types /drumbeat move here in the new channel."
    )
    await town.wait(timedelta(minutes=1))
    assert [row["channel"] for row in town.rows(Movement)] == [RIVER, "harbour"]
