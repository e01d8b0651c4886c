"""The alignment check from the plan to the results: prepared by organizers, opened, rated, shown at once."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import pytest
from sqlalchemy import text

from bot.chat import Action
from bot.tables import Mission, Occurrence, Practice, Timer
from rituals.alignment.tables import Activity
from tests.rituals.alignment_scene import (
    MISSION,
    board,
    open_check,
    rate,
    rate_all,
    results,
    start_with_mission,
    write_mission,
)
from tests.town import BERLIN, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])


def slots(town: Town) -> list[tuple[object, object]]:
    """State and reason of every occurrence of the alignment check."""
    practice = next(row["id"] for row in town.rows(Practice) if row["ritual"] == "alignment-check")
    return [(row["state"], row["why"]) for row in town.rows(Occurrence) if row["practice_id"] == practice]


def kept(town: Town, verb: str) -> Action:
    """The action of a button about the newest check."""
    newest = max(int(str(row["occurrence_id"])) for row in town.rows(Activity))
    return Action("alignment-check", verb, str(newest), 1)


# ------------------------------------------------------------------------------------------------ the whole path


async def test_a_check_from_the_ledger_to_the_results(town: Town) -> None:
    await start_with_mission(town)
    for _ in range(2):
        prompt = await town.open_check_in()
        await town.say("chi", "Fine", under=prompt)
        await town.press("ben", "Check in", on=prompt)
        await town.fill("ben", q1="Fine", did="Ten posters")
        await town.command("ana", "/checkin close")
    shown = await town.command("ana", "/alignment-check now")
    assert "1. Check-in (2 times in 90 days)\n2. What people do on their own (2 times in 90 days)\n" in shown
    await town.command("ben", "/alignment-check")
    assert await town.press("ben", "Open it now") == "Done. The alignment check is in the channel."
    closes = (town.clock().astimezone(BERLIN)).strftime("Mon 16 November, %H:%M")
    shown = board(town).text
    assert shown == (
        f"Alignment check, Mon 9 November\nOur mission, version 1\n> {MISSION}\nWhat we did lately\n"
        "1. Check-in (2 times in 90 days)\n2. What people do on their own (2 times in 90 days)\n"
        "How far does each of these still serve our mission? Fewer than 5 people have rated so far. Three minutes, in "
        "private and "
        f"without your name. Open until {closes}.\n[Rate]"
    )
    await rate_all(town, (5, 1, 4), (4, 2, 4), (4, 1, 5), (4, 2, 4), (5, 1, 4), (5, 2, 5))
    assert board(town).text == shown.replace("Fewer than 5 people have rated so far", "6 people have rated")
    assert town.thread(board(town)) == []
    await town.press("chi", "Say why")
    assert await town.fill("chi", a1="I see who needs a hand") == (
        "Kept. Reasons are shown at the close, sorted by the alphabet."
    )
    await town.press("ana", "Say why")
    await town.fill("ana", a1="A good start of the week", a2="Nobody knows of it")
    await town.wait(days=7)
    assert results(town) == (
        "Does what we do serve our mission? 6 people rated.\n"
        "1. Check-in: 4.5 of 5, aligned, agreed.\n"
        "2. What people do on their own: 1.5 of 5, off mission, agreed.\n"
        "All in all: 4.3 of 5, aligned, agreed.\n"
        "Worth a talk: a third or more of what we did went into activities that were rated below 3. Keep, change or "
        "drop? Answers here count as much as figures.\n[Read the reasons]"
    )
    assert board(town).text.split("\n")[-1] == (
        "6 people rated. The results are in the thread, and there we choose what to do with each."
    )
    assert await town.press("dee", "Read the reasons") == (
        "1. Check-in\n> A good start of the week\n1. Check-in\n> I see who needs a hand\n"
        "2. What people do on their own\n> Nobody knows of it"
    )
    assert slots(town) == [("held", "")]
    # The channel heard of it once, and twice in the thread.
    assert sum("lignment" in post for post in town.channel()) == 1
    assert len(town.thread(board(town))) == 2


# ------------------------------------------------------------------------------------------------ the plan


@sqlite
async def test_the_first_check_comes_three_months_after_the_mission_was_set(town: Town) -> None:
    await start_with_mission(town)
    said = "No alignment check is under way. The next one is planned for Mon 1 February 2027, 09:00."
    assert await town.command("chi", "/alignment-check") == said
    assert await town.command("ana", "/alignment-check") == f"{said}\n[Prepare one now]"
    await town.wait(days=20)
    await write_mission(town, "A river to swim in.")
    assert await town.command("chi", "/alignment-check") == said


@sqlite
@in_the_room
async def test_organizers_get_the_draft_three_days_before_it_opens_by_itself(town: Town) -> None:
    await start_with_mission(town)
    await town.wait_until(datetime(2027, 2, 1, 8, 0, tzinfo=UTC))
    drafts = {who: [one for one in town.inbox(who) if "alignment" in one.lower()] for who in ("ana", "ben", "chi")}
    draft = (
        f"The next alignment check asks about this.\nOur mission, version 1\n> {MISSION}\n"
        "Nothing in the ledger of the last 90 days: only the mission as a whole is asked about.\n"
        "It opens Thu 4 February, 09:00, unless you open it sooner. Rating takes three minutes and stays anonymous.\n"
        "[Open it now] [Change the list] [Call it off]"
    )
    assert drafts == {"ana": [draft], "ben": [draft], "chi": []}
    assert await town.command("chi", "/alignment-check") == (
        "The next alignment check is being prepared. It opens Thu 4 February, 09:00 at the latest."
    )
    await town.wait(days=3)
    assert board(town).text.startswith("Alignment check, Thu 4 February\n")
    assert "The alignment check: it is open, in the channel." in town.inbox("ben")
    assert await town.press_kept("ben", kept(town, "open")) == (
        "This alignment check does not wait for you any more. Type /alignment-check to see how it stands."
    )


@sqlite
@in_the_room
async def test_the_next_check_comes_a_quarter_later(town: Town) -> None:
    await start_with_mission(town)
    await town.wait_until(datetime(2027, 2, 1, 8, 0, tzinfo=UTC))
    await town.wait(days=40)
    assert await town.command("chi", "/alignment-check") == (
        "No alignment check is under way. The next one is planned for Mon 3 May, 09:00."
    )


@sqlite
async def test_without_a_mission_it_offers_to_write_one(town: Town) -> None:
    await town.start_movement()
    said = "An alignment check looks at what you do in the light of your mission, and that is not written down yet."
    assert await town.command("chi", "/alignment-check") == (
        "An alignment check needs a mission, and yours is not written down yet. An organizer can do that."
    )
    assert await town.command("ana", "/alignment-check now") == f"{said}\n[Write the mission]"
    await town.press("ana", "Write the mission")
    assert await town.fill("ana", mission=MISSION) == "Saved as version 1. I have posted it in the channel."
    assert town.channel()[-1] == f"Our mission, written down by Ana:\n> {MISSION}"
    assert (await town.command("chi", "/alignment-check")).startswith("No alignment check is under way.")


@in_the_room
async def test_a_mission_from_before_there_were_checks_gets_its_first_one_too(town: Town) -> None:
    await town.start_movement()
    with town.drumbeat.database.transaction() as db:
        db.add(Mission(movement_id=1, version=1, words=MISSION, member_id=1, at=town.clock()))
        db.flush()
        db.execute(text(import_module("migrations.versions.0005_alignment_checks").PLAN_FIRST))
    await town.wait(minutes=1)
    assert await town.command("chi", "/alignment-check") == (
        "No alignment check is under way. The next one is planned for Mon 1 February 2027, 09:00."
    )


# ------------------------------------------------------------------------------------------------ the draft


@sqlite
async def test_an_organizer_takes_out_adds_and_calls_off(town: Town) -> None:
    await start_with_mission(town)
    await town.command("ana", "/alignment-check now")
    await town.press("ana", "Change the list")
    assert "1. Stall at the market\n2. Walks\n" in await town.fill("ana", activities=" Stall at the market \n\nWalks")
    await town.command("ben", "/alignment-check")
    await town.press("ben", "Change the list")
    for lines, problem in (
        ("x" * 61, "activities: A line is longer than 60 characters. Please shorten it."),
        ("Walks\nwalks", "activities: Two lines are the same. Please take one out."),
        ("\n".join("abcdefghij"), "activities: These are 10 lines; 9 activities fit. Please take some out."),
    ):
        assert await town.fill("ben", activities=lines) == problem
    assert await town.press("ben", "Call it off") == (
        "Called off. The next one is planned for Mon 1 February 2027, 09:00."
    )
    assert slots(town) == [("excused", "called off")]
    await town.wait(days=4)
    assert "Alignment check" not in "\n".join(town.channel())


@sqlite
@in_the_room
async def test_what_keeps_its_name_stays_bound_to_the_ledger(town: Town) -> None:
    await start_with_mission(town)
    prompt = await town.open_check_in()
    await town.say("chi", "Fine", under=prompt)
    await town.say("ben", "Fine", under=prompt)
    await town.command("ana", "/checkin close")
    await town.command("ana", "/alignment-check now")
    await town.press("ana", "Change the list")
    await town.fill("ana", activities="Walks")
    await town.press("ana", "Change the list")
    assert "1. Check-in (once in 90 days)\n2. Walks\n" in await town.fill("ana", activities="Check-in\nWalks")
    assert [(row["label"], row["source"]) for row in town.rows(Activity)] == [
        ("Check-in", "ritual:check-in"),
        ("Walks", ""),
        ("All in all", "mission"),
    ]


@sqlite
@in_the_room
async def test_there_are_never_two_at_once(town: Town) -> None:
    await start_with_mission(town)
    await town.command("ana", "/alignment-check now")
    assert await town.press_kept("ben", kept(town, "now")) == (
        "An alignment check is under way already. Type /alignment-check to see it."
    )
    await town.press("ana", "Open it now")
    # The planned one gives way to one that is open.
    await town.wait_until(datetime(2027, 1, 30, 8, 0, tzinfo=UTC))
    await town.command("ana", "/alignment-check now")
    await town.wait_until(datetime(2027, 2, 1, 9, 0, tzinfo=UTC))
    assert slots(town) == [("missed", ""), ("open", ""), ("excused", "another one was under way")]


# ------------------------------------------------------------------------------------------------ few people


@sqlite
async def test_four_people_sign_or_talk(town: Town) -> None:
    await start_with_mission(town, people=4)
    shown = await town.command("ana", "/alignment-check now")
    assert shown.split("\n")[-2:] == [
        (
            "With 4 people this would not be anonymous. Signed, or in conversation? Signed means that names stand "
            "beside the ratings. If nobody chooses, it is a conversation, from Wed 4 November, 12:00."
        ),
        "[In conversation] [Signed] [Change the list] [Call it off]",
    ]
    await town.press("ana", "Change the list")
    await town.fill("ana", activities="Walks")
    await town.press("ana", "Signed")
    assert "Nobody has rated yet. Three minutes, with your name, because we are few." in board(town).text
    assert await rate(town, "chi", 5, 0) == (
        "Kept: all 2. You can change them until the close.\n[Say why] [Change my ratings]"
    )
    await town.press("chi", "Say why")
    await town.fill("chi", a1="Best hour of the week")
    await rate(town, "chi", 4, 3, verb="Change my ratings")
    await rate(town, "ana", 2, 4)
    await town.wait(days=7)
    assert results(town) == (
        "Does what we do serve our mission? 2 people rated.\n1. Walks: Ana 2, Chi 4.\nAll in all: Ana 4, Chi 3.\n"
        "[Read the reasons]"
    )
    assert await town.press("dee", "Read the reasons") == "1. Walks\n> Chi: Best hour of the week"
    assert slots(town) == [("held", "")]


@sqlite
@in_the_room
async def test_four_people_talk_when_nobody_chooses(town: Town) -> None:
    await start_with_mission(town, people=4)
    await town.command("ana", "/alignment-check now")
    await town.press("ana", "Change the list")
    await town.fill("ana", activities="Walks")
    await town.wait(days=3)
    assert board(town).text.split("\n")[-1] == "We are few, so nobody rates: we talk, and choose in the thread."
    assert town.thread(board(town))[0].startswith(
        "Keep, change or stop? Does each of these still serve our mission? Say so here. We choose by consent: "
    )


@sqlite
@in_the_room
async def test_whoever_leaves_before_it_opens_may_make_it_too_few(town: Town) -> None:
    await start_with_mission(town, people=5)
    await town.command("ana", "/alignment-check now")
    await town.room.leave("fay", "river")
    assert (await town.press("ana", "Open it now")).split("\n")[-1] == (
        "[In conversation] [Signed] [Change the list] [Call it off]"
    )


# ------------------------------------------------------------------------------------------------ what came out


@sqlite
@pytest.mark.parametrize(
    ("raters", "said"),
    [
        (0, "Nobody rated.\nNothing to show this time. Whatever somebody would have said can be said here."),
        (1, "One person rated.\nOnly 1 answer, so I keep it closed."),
        (4, "4 people rated.\nOnly 4 answers, so I keep them closed."),
    ],
)
@in_the_room
async def test_too_few_ratings_stay_closed(town: Town, raters: int, said: str) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await rate_all(town, *[(5, 5)] * raters)
    await town.wait(days=7)
    assert results(town) == f"Does what we do serve our mission? {said}"
    assert slots(town) == [("held" if raters > 1 else "missed", "")]
    assert [row["figures"] for row in town.rows(Activity)] == [[5] * raters] * 2
    await town.wait(days=30)
    assert [row["figures"] for row in town.rows(Activity)] == [[], []]


@sqlite
async def test_a_split_and_people_who_are_not_sure(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Town hall", "Walks")
    await rate_all(town, (1, 0, 5), (1, 0, 4), (5, 0, 0), (5, 0, 4), (1, 0, 4), (5, 5, 4))
    await town.command("ana", "/alignment-check close")
    assert results(town) == (
        "Does what we do serve our mission? 6 people rated.\n1. Town hall: 3.0 of 5, split, contested.\n"
        "2. Walks: too few answers, 5 not sure.\nAll in all: 4.2 of 5, aligned, agreed."
    )
    picture = next(line for line in town.thread(board(town))[0].split("\n") if line.startswith("("))
    assert picture == (
        "(Ratings from 1 (not any more) to 5 (fully). 6 people rated. 1. Town hall: 3.0 of 5, split, contested. "
        "2. Walks: too few answers, 5 not sure. All in all: 4.2 of 5, aligned, agreed.)"
    )


@sqlite
@in_the_room
async def test_reasons_are_read_only_where_five_rated_and_for_thirty_days(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Town hall", "Walks")
    await rate_all(town, (1, 0, 5), (1, 0, 4), (5, 0, 0), (5, 0, 4), (1, 1, 4))
    await town.press("fay", "Say why")
    await town.fill("fay", a1="Only speeches", a2="Only I know this", a3="")
    await town.command("ana", "/alignment-check close")
    assert await town.press("dee", "Read the reasons") == "1. Town hall\n> Only speeches"
    await town.wait(days=30)
    assert await town.press("dee", "Read the reasons") == (
        "The reasons are not kept any more. I delete them after 30 days."
    )
    assert "Only I know this" not in str(town.rows(Activity))


@sqlite
@in_the_room
async def test_what_went_down_since_last_time_is_worth_a_talk(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks", "Posters")
    await rate_all(town, *[(4, 3, 5)] * 7)
    await town.command("ana", "/alignment-check close")
    await town.wait(days=90)
    await open_check(town, "walks", "Leaflets")
    await rate_all(town, *[(5, 3, 3)] * 7)
    await town.command("ana", "/alignment-check close")
    assert results(town) == (
        "Does what we do serve our mission? 7 people rated.\n"
        "1. walks: 5.0 of 5, aligned, agreed, up since last time.\n"
        "2. Leaflets: 3.0 of 5, unsure, agreed.\n"
        "All in all: 3.0 of 5, unsure, drifted, down since last time.\n"
        "Worth a talk: all in all it serves the mission less than last time. Keep, change or drop? Answers here count "
        "as much as figures."
    )


# ------------------------------------------------------------------------------------------------ unhappy paths


@sqlite
@in_the_room
async def test_a_mission_that_changes_meanwhile_leaves_the_check_as_it_was_asked(town: Town) -> None:
    await start_with_mission(town)
    await town.command("ana", "/alignment-check now")
    await write_mission(town, "A river to swim in.")
    await town.press("ana", "Open it now")
    assert "Our mission, version 2\n> A river to swim in." in board(town).text
    await write_mission(town, "A river, and a lake.")
    await rate(town, "chi", 5)
    assert "Our mission, version 2\n> A river to swim in." in board(town).text


@sqlite
async def test_it_survives_a_restart_in_every_phase(town: Town) -> None:
    await start_with_mission(town)
    await town.command("ana", "/alignment-check now")
    await town.restart()
    await town.press("ana", "Change the list")
    await town.restart()
    await town.fill("ana", activities="Walks")
    await town.press("ana", "Open it now")
    await rate_all(town, *[(4, 5)] * 5)
    await town.restart()
    await rate(town, "fay", 5, 5, verb="Change my ratings")
    await town.wait(days=7)
    assert "1. Walks: 4.2 of 5, aligned, agreed." in results(town)
    await town.restart()
    await town.wait(days=21)
    assert board(town).text.split("\n")[-1] == ("5 people rated. This check is over; what came of it is in the thread.")


@sqlite
@in_the_room
async def test_results_wait_for_the_end_of_the_quiet_hours(town: Town) -> None:
    await start_with_mission(town)
    await town.wait_until(datetime(2026, 11, 1, 22, 30, tzinfo=UTC))
    await open_check(town, "Walks")
    await rate_all(town, *[(4, 5)] * 5)
    await town.wait_until(datetime(2026, 11, 9, 5, 30, tzinfo=UTC))
    assert board(town).text.split("\n")[-1].startswith("5 people rated. ")
    assert town.thread(board(town)) == []
    await town.wait_until(datetime(2026, 11, 9, 6, 1, tzinfo=UTC))
    assert len(town.thread(board(town))) == 2


@sqlite
@in_the_room
async def test_the_last_day_is_said_by_an_edit_and_nobody_is_reminded(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    posts = len(town.channel())
    await town.command("ana", "/rituals")
    await town.press("ana", "Pause")
    await town.wait(days=6)
    assert "This is the last day, until Sun 8 November, 12:00." in board(town).text
    assert len(town.channel()) == posts
    assert [[one for one in town.inbox(who) if "lignment" in one] for who in ("chi", "dee")] == [[], []]


@sqlite
@in_the_room
async def test_an_outsider_and_a_member_cannot_do_what_organizers_can(town: Town) -> None:
    await start_with_mission(town)
    assert await town.command("chi", "/alignment-check now") == "Only an organizer can do this."
    await open_check(town, "Walks")
    for verb in ("close-now", "open", "list", "call-off", "now", "write"):
        assert await town.press_kept("chi", kept(town, verb)) == "Only an organizer can do this."
    for about in ("", "0", "x/y", "999999/1/abcdefghijklmnop", "9" * 30):
        for verb in ("rate", "why", "sign", "sign-why"):
            said = await town.press_kept("chi", Action("alignment-check", verb, about, 1))
            assert said == "This alignment check takes no more ratings. What came of it is in its thread."


@sqlite
@in_the_room
async def test_it_stands_on_ones_own_page_while_it_is_open(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    assert "An alignment check is open until Sun 8 November, 12:00." in await town.look("chi")
    await town.command("ana", "/alignment-check close")
    assert "alignment check" not in await town.look("chi")


@sqlite
@in_the_room
async def test_timers_of_a_closed_check_are_gone(town: Town) -> None:
    await start_with_mission(town)
    await open_check(town, "Walks")
    await rate_all(town, *[(4, 5)] * 5)
    await town.command("ana", "/alignment-check close")
    verbs = sorted(str(row["verb"]) for row in town.rows(Timer) if row["ritual"] == "alignment-check")
    assert verbs == ["beat", "finish", "forget"]
    assert await town.command("ana", "/alignment-check close") == (
        "No alignment check takes ratings right now, so there is nothing to close."
    )
