"""Effort from the ledger is offered to whoever made it, once, in private, and told in public only with a yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.chat import Action
from bot.tables import Act, Away, Occurrence, Practice, Promise, Timer
from rituals.win.tables import WinOffer
from tests.rituals.test_win_reporting import number_of, report
from tests.town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FRIDAY = datetime(2026, 12, 11, 15, 0, tzinfo=UTC)
NEXT_FRIDAY = FRIDAY + timedelta(days=7)
QUARTER_OVER = datetime(2027, 1, 8, 15, 0, tzinfo=UTC)
OFFER = (
    "Something from the records of Clean River, which only you see here:\nYou\n> Took part in six check-ins in a row.\n"
    "May I say so in the channel, with your name? Nothing is said without your yes.\n"
    "[Yes, say it] [No, thank you] [Don't ask me again]"
)
TOLD = (
    "An effort\n> Took part in six check-ins in a row.\nFrom our records.\nMade it happen: Chi\n[Say thanks] [Change]"
)


async def begin(town: Town) -> None:
    """Start a movement whose first win begins the digests."""
    await town.start_movement()
    await report(town, "dee", makers=())


def note_check_ins(town: Town, *, members: tuple[str, ...] = ("chi",), times: int = 6) -> None:
    """Write down that weekly check-ins were held until the Monday before the first Friday of these scenes."""
    numbers = {member: number_of(town, member) for member in members}
    with town.drumbeat.database.transaction() as db:
        practice = db.scalars(select(Practice).where(Practice.ritual == "check-in")).one()
        for number in range(times):
            at = FRIDAY - timedelta(days=4, hours=7, weeks=times - 1 - number)
            slot = Occurrence(movement_id=1, practice_id=practice.id, planned_at=at, opened_at=at, state="held")
            db.add(slot)
            db.flush()
            for member in members:
                once = f"answered:{slot.id}:{member}"
                db.add(
                    Act(
                        movement_id=1,
                        member_id=numbers[member],
                        kind="checkin_answer",
                        at=at,
                        occurrence_id=slot.id,
                        once=once,
                    )
                )


async def reach(town: Town, moment: datetime) -> None:
    """Come to a moment without the check-ins before it, which would be answered by nobody."""
    with town.drumbeat.database.transaction() as db:
        for practice in db.scalars(select(Practice).where(Practice.ritual == "check-in")):
            practice.paused_at, practice.next_at, practice.next_slot = town.clock(), None, None
    town.jump(moment - timedelta(minutes=1))
    await town.wait_until(moment)


def offers(town: Town, who: str) -> list[str]:
    return [text for text in town.inbox(who) if text.startswith("Something from the records")]


async def test_six_check_ins_in_a_row_are_offered_to_the_one_who_came(town: Town) -> None:
    await begin(town)
    for week in range(6):
        board = await town.open_check_in()
        await town.say("chi", "Fine", under=board)
        if week != 2:
            await town.say("ben", "Fine", under=board)
        else:
            await town.say("dee", "Fine", under=board)
    await town.wait(days=4, hours=7)
    assert (offers(town, "chi"), offers(town, "ben"), offers(town, "dee")) == ([OFFER], [], [])
    assert "six" not in "\n".join(town.channel())
    await town.restart()
    await town.press("chi", "Yes, say it")
    assert town.channel()[-1] == TOLD
    assert town.inbox("chi")[-1] == (
        "It stands in the channel. Thank you.\nYou\n> Took part in six check-ins in a row.\n[Take it back]"
    )
    assert await town.press_kept("chi", Action("win-digest", "offer", "1/yes", 1)) == (
        "You have answered this already. /win me shows what you chose."
    )
    assert town.channel()[-1] == TOLD
    await town.press("chi", "Take it back")
    assert town.channel()[-1] == "A win that stood here was taken back."
    assert town.inbox("chi")[-1] == "Taken back. It stays between us."


async def test_a_no_stays_between_us_and_nothing_is_offered_twice(town: Town) -> None:
    await begin(town)
    note_check_ins(town)
    await reach(town, FRIDAY)
    before = town.channel()
    await town.press("chi", "No, thank you")
    assert town.inbox("chi") == ["All right, it stays between us."]
    await reach(town, NEXT_FRIDAY)
    assert offers(town, "chi") == []
    assert town.channel() == before
    assert [row["answer"] for row in town.rows(WinOffer)] == ["no"]
    assert [row["verb"] for row in town.rows(Timer) if row["ritual"] == "win-digest"] == ["beat"]


async def test_somebody_else_cannot_answer_for_the_one_who_was_asked(town: Town) -> None:
    await begin(town)
    note_check_ins(town)
    await reach(town, FRIDAY)
    for about in ("1/yes", "1/back", "2/yes", "x/yes", "1/", "1/maybe"):
        said = await town.press_kept("dee", Action("win-digest", "offer", about, 1))
        assert said == "This is not there any more."
    assert [row["answer"] for row in town.rows(WinOffer)] == ["asked"]


async def test_who_does_not_want_to_be_asked_is_never_asked_again(town: Town) -> None:
    await begin(town)
    note_check_ins(town)
    await reach(town, FRIDAY)
    await town.press("chi", "Don't ask me again")
    assert town.inbox("chi") == ["All right, it stays between us, and I won't ask again. /win me changes that."]
    chi = number_of(town, "chi")
    with town.drumbeat.database.transaction() as db:
        db.add(Act(movement_id=1, member_id=chi, kind="hosted", at=town.clock(), once="hosted:1"))
    await reach(town, NEXT_FRIDAY)
    assert [text for text in town.inbox("chi") if "effort" in text or "between us" in text] == town.inbox("chi")[:1]
    assert await town.command("chi", "/win me") == (
        "You have not said whether stories told outside this channel may have your name, so they say 'a member'.\n"
        "[Yes, with my name] [No, without]\nWhen the records show an effort of yours, I keep it to myself.\n[Ask me]"
    )
    await town.press("chi", "Ask me")
    await reach(town, NEXT_FRIDAY + timedelta(days=7))
    assert "> Hosted for the first time." in town.inbox("chi")[-1]


@pytest.mark.parametrize("choice", ["no reminders", "not counted", "a bot", "away"])
async def test_who_wants_to_be_left_in_peace_is_not_asked(town: Town, choice: str) -> None:
    await begin(town)
    note_check_ins(town)
    chi = number_of(town, "chi")
    match choice:
        case "no reminders":
            town.set_member("chi", reminders=False)
        case "not counted":
            town.set_member("chi", opted_out=True)
        case "a bot":
            town.set_member("chi", bot=True)
        case _:
            with town.drumbeat.database.transaction() as db:
                db.add(Away(member_id=chi, start=FRIDAY - timedelta(days=1), end=FRIDAY + timedelta(days=1)))
    await reach(town, FRIDAY)
    assert offers(town, "chi") == []


async def test_who_was_away_is_asked_when_they_are_back(town: Town) -> None:
    await begin(town)
    note_check_ins(town)
    chi = number_of(town, "chi")
    with town.drumbeat.database.transaction() as db:
        db.add(Away(member_id=chi, start=FRIDAY - timedelta(days=1), end=FRIDAY + timedelta(days=1)))
    await reach(town, FRIDAY)
    await reach(town, NEXT_FRIDAY)
    assert offers(town, "chi") == [OFFER]


async def test_every_promise_of_the_quarter_kept_is_offered_when_the_quarter_is_over(town: Town) -> None:
    await begin(town)
    numbers = {who: number_of(town, who) for who in ("chi", "dee")}
    with town.drumbeat.database.transaction() as db:
        for member in ("chi", "dee"):
            for number in range(3):
                due = datetime(2026, 12, 10 + number, 23, 0, tzinfo=UTC)
                late = timedelta(days=2 if member == "dee" and number == 2 else -2)
                db.add(
                    Promise(
                        movement_id=1,
                        owner_id=numbers[member],
                        what="Call the harbour",
                        due_at=due,
                        made_at=town.clock(),
                        accepted_at=town.clock(),
                        done_at=due + late,
                    )
                )
    await reach(town, QUARTER_OVER)
    assert (len(offers(town, "chi")), offers(town, "dee")) == (1, [])
    assert "\n> Kept every promise of the quarter, all 3.\n" in offers(town, "chi")[0]
    await town.press("chi", "Yes, say it")
    assert town.channel()[-1].startswith("An effort\n> Kept every promise of the quarter, all 3.\nFrom our records.\n")
    await reach(town, QUARTER_OVER + timedelta(days=7))
    assert len(town.inbox("chi")) == 1


async def test_one_thing_at_a_time(town: Town) -> None:
    await begin(town)
    note_check_ins(town)
    chi = number_of(town, "chi")
    with town.drumbeat.database.transaction() as db:
        db.add(Act(movement_id=1, member_id=chi, kind="hosted", at=FRIDAY - timedelta(days=2), once="hosted:1"))
    await reach(town, FRIDAY)
    assert ["Hosted" in text for text in offers(town, "chi")] == [True]
    await reach(town, NEXT_FRIDAY)
    assert ["Hosted" in text for text in offers(town, "chi")] == [True, False]


async def test_a_name_that_is_taken_out_of_an_effort_takes_it_back(town: Town) -> None:
    await begin(town)
    note_check_ins(town)
    await reach(town, FRIDAY)
    await town.press("chi", "Yes, say it")
    assert await town.press("ana", "Change", on=town.post("An effort")) == (
        "Whoever reported this win, or an organizer, can change it."
    )
    await town.press("chi", "Change", on=town.post("An effort"))
    assert await town.press("chi", "Take my name out") == (
        "Done. It is taken back, in the channel and in every digest."
    )
    assert town.channel()[-1] == "A win that stood here was taken back."
    assert town.inbox("chi") == ["Taken back. It stays between us."]


# ------------------------------------------------------------------------------------------------ hints


async def test_organizers_hear_once_a_month_what_their_celebrations_leave_out(town: Town) -> None:
    await begin(town)
    for _ in range(4):
        await report(town, "dee", makers=("chi",), evidence="")
    town.set_member("ben", role="organizer")
    said = (
        "About the wins of Clean River, for organizers only and at most once a month:\n"
        "• Thank effort too: fewer than one in five wins of the last 90 days was an effort.\n"
        "• There is more applause than action: more than one win for every two acts.\n"
        "• Add what changed: most outcomes came without a link or a number."
    )
    await town.wait_until(datetime(2026, 11, 6, 15, 0, tzinfo=UTC))
    assert (town.inbox("ana")[-1], town.inbox("ben")[-1]) == (said, said)
    await reach(town, datetime(2026, 11, 27, 15, 0, tzinfo=UTC))
    assert [text.startswith("About the wins") for text in town.inbox("ana")].count(True) == 1
    await reach(town, datetime(2026, 12, 4, 15, 0, tzinfo=UTC))
    assert [text.startswith("About the wins") for text in town.inbox("ana")].count(True) == 2
    assert "About the wins" not in "\n".join([*town.channel(), *town.inbox("chi"), *town.inbox("dee")])
