"""A movement begins in a channel, and says what it is."""

from __future__ import annotations

import pytest

from bot.chat import Action, Person, Problems
from bot.config import Config
from tests.town import RIVER, Found, Town, where_moments_are_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SHOWN_TO_ANA = """\
Clean River
Next step: Bring one friend
Members: 4
Time zone: Europe/Berlin
Quiet hours: 22:00 to 07:00
What you can type
/alignment-check [now | close]: See whether what you do still serves your mission
/away [until friday | back]: Take a break: nobody asks you for anything
/checkin [now | close | questions | settings]: Answer the open check-in
/remind [on | off]: Switch your reminders on or off
/gather [town hall tomorrow 18:00 90m | list]: Announce a gathering, or see what comes next
/listen [in | stop | now | end]: Half an hour of listening with one other person
/me: See your own record and a next small step
/mission: Read the mission and its earlier versions
/readiness: Find out whether a movement is the right tool
/promise [… by friday | list | all]: Promise something small, or see what you promised
/pulse: See how the movement is doing, and what each figure means
/rally [what is to be done | list]: One small ask to everybody, with its minutes and a deadline
/retro [note … | now | rota | settings | votes]: Look back together, or drop a note for the next retro
/rituals: See your rituals and when they come next
/win [what happened, with a link | me | digest | story]: Tell the channel what went well, and who made it happen
[Settings] [Story] [Mission] [Organizers]"""


async def test_three_answers_start_a_movement(town: Town) -> None:
    assert await town.command("ana", "/drumbeat") == (
        "Start a movement\nWhat is it called?\nWhat is the next step?\nWhen do you first come together?\n"
        f"{'' if town.person('ana').zone else 'Your time zone' + chr(10)}[Start]"
    )
    said = await town.fill("ana", name="Clean River", next_step="Bring one friend", gathering="2026-11-12 18:00")
    assert said == (
        "Clean River is live. You are its founder, and the people of this channel are its members.\n"
        "Times are in Europe/Berlin. Type /drumbeat to change that, to add your story and your mission, or to name "
        "organizers."
    )
    assert town.channel() == [
        (
            "Clean River starts here, with Ana as founder.\n"
            "Next step\nBring one friend\n"
            "What happens here\n"
            "Check-in, every monday 09:00: Everybody says in two minutes where they are and what comes next.\n"
            "Type /drumbeat to see more, and /away whenever you need a break."
        ),
        # The day that she named is a gathering like any other.
        (
            "First gathering, a call\n"
            "Thu 12 November, 18:00 to 19:00 (Europe/Berlin)\n"
            "On your own clock: Thu 12 November, 18:00\n"
            "Where: not known yet\n"
            "Host: Ana\n"
            "It asks for 1 hour of your time.\n"
            "Going: 0.\n"
            "[Going] [Maybe] [Can't] [More]"
        ),
    ]
    assert "\nNext gathering: First gathering, Thu 12 November, 18:00\n" in await town.command("ana", "/drumbeat")
    assert (await town.look("chi")).splitlines()[-2:] == [
        "Thu 12 November, 18:00: First gathering.",
        "Check-in: Mon 2 November, 09:00",
    ]


@where_moments_are_typed
@sqlite
@pytest.mark.parametrize(
    ("gathering", "problem"),
    [
        ("2026-10-31 18:00", "gathering: That time has passed. Choose one that is still ahead."),
        (
            "2028-01-01 18:00",
            "gathering: That is more than a year away. Choose a day that people can look forward to.",
        ),
        (
            "whenever",
            (
                "gathering: I do not understand the time 'whenever'; write it like 'friday 18:00', '3 december 18:00' "
                "or 'tomorrow 9am'."
            ),
        ),
    ],
)
async def test_a_first_gathering_must_be_one_that_can_still_happen(town: Town, gathering: str, problem: str) -> None:
    await town.command("ana", "/drumbeat")
    assert await town.fill("ana", name="Clean River", next_step="Bring one friend", gathering=gathering) == problem
    assert town.channel() == []


@sqlite
@where_moments_are_typed
async def test_a_form_that_was_wrong_keeps_what_was_written(town: Town) -> None:
    await town.command("ana", "/drumbeat")
    await town.fill("ana", name="Clean River", next_step="Bring one friend", gathering="yesterday")
    typed = dict(town.form("ana").typed)
    typed.pop("zone", None)  # asked where the platform does not tell
    assert typed == {"name": "Clean River", "next-step": "Bring one friend", "gathering": "yesterday"}


@sqlite
async def test_blanks_are_no_name(town: Town) -> None:
    await town.command("ana", "/drumbeat")
    assert await town.fill("ana", name=" \u200b ", next_step="Bring one friend", gathering="friday 18:00") == (
        "name: Please fill this in."
    )


@sqlite
async def test_only_the_channels_creator_or_an_admin_starts_a_movement(town: Town) -> None:
    refusal = (
        "There is no movement in this channel yet. Only the channel's creator or an admin can start one here. "
        "Ask them to type /drumbeat, or start one in a channel of your own."
    )
    assert await town.command("chi", "/drumbeat") == refusal
    await town.bring(Person("kim", "Kim", "Europe/Berlin", steward=True))
    assert (await town.command("kim", "/drumbeat")).startswith("Start a movement\n")


@sqlite
async def test_where_anyone_may_start_a_movement_anyone_can(database_url: str, found_town: Found) -> None:
    town = await found_town(config=Config(database_url=database_url, who_may_start="anyone"))
    assert (await town.start_movement(who="chi")).startswith("Clean River is live. You are its founder")


@sqlite
async def test_a_form_sent_by_somebody_who_may_not_start_a_movement_starts_none(town: Town) -> None:
    filled = {"name": "Mine", "next-step": "None", "gathering": "friday 18:00"}
    place = town.place(RIVER)
    answer = await town.submit("chi", Action("movement", "start"), filled, place=place)
    assert answer == Problems({"": "Only the channel's creator or an admin can start a movement here."})
    assert town.channel() == []


async def test_of_two_who_start_at_once_the_second_is_told_that_there_is_one(town: Town) -> None:
    town.room.add_person(Person("kim", "Kim", steward=True))
    town.room.seat(RIVER, "kim")
    await town.command("ana", "/drumbeat")
    await town.command("kim", "/drumbeat")
    await town.fill("ana", name="Clean River", next_step="Bring one friend", gathering="friday 18:00")
    assert await town.fill("kim", name="Kim's River", next_step="Bring two", gathering="friday 18:00") == (
        "A movement has just been started in this channel. Type /drumbeat to see it."
    )
    assert [text.splitlines()[0] for text in town.channel()] == [
        "Clean River starts here, with Ana as founder.",
        "First gathering, a call",
    ]


@sqlite
async def test_without_a_movement_every_other_command_says_how_to_start_one(town: Town) -> None:
    for line in ("/checkin", "/away", "/rituals", "/mission", "/remind", "/drumbeat checkin"):
        assert await town.command("chi", line) == (
            "There is no movement in this channel yet. Its creator or an admin can start one with /drumbeat."
        )


@sqlite
async def test_drumbeat_shows_the_founder_everything(town: Town) -> None:
    await town.start_movement()
    assert await town.command("ana", "/drumbeat") == SHOWN_TO_ANA


@sqlite
async def test_drumbeat_shows_a_member_what_a_member_may_do(town: Town) -> None:
    await town.start_movement()
    shown = SHOWN_TO_ANA.removesuffix("\n[Settings] [Story] [Mission] [Organizers]")
    for organizers in (
        " [now | close]",
        " [now | close | questions | settings]",
        " | settings | votes",
        " | digest | story",
        " | now | end",
    ):
        assert organizers in shown
        shown = shown.replace(organizers, "")
    shown = shown.replace("[what is to be done | list]", "[what is to be done]")
    assert await town.command("chi", "/drumbeat") == shown


@sqlite
async def test_somebody_who_comes_into_the_channel_is_a_member(town: Town) -> None:
    await town.start_movement()
    await town.room.join("eli", RIVER)
    assert "\nMembers: 5\n" in await town.command("eli", "/drumbeat")


@sqlite
async def test_somebody_who_leaves_the_channel_is_no_member_any_more(town: Town) -> None:
    await town.start_movement()
    await town.room.leave("dee", RIVER)
    assert "\nMembers: 3\n" in await town.command("ana", "/drumbeat")


@sqlite
async def test_a_bot_in_the_channel_is_no_member(town: Town) -> None:
    await town.bring(Person("beep", "Beep", bot=True))
    await town.start_movement()
    assert "\nMembers: 4\n" in await town.command("ana", "/drumbeat")


@sqlite
async def test_a_movement_may_start_before_its_first_gathering_has_a_day(town: Town) -> None:
    await town.start_movement()
    assert [text.splitlines()[0] for text in town.channel()] == ["Clean River starts here, with Ana as founder."]
    await town.command("ana", "/gather First gathering 2026-11-12 18:00")
    await town.wait(days=14)
    assert await town.command("ana", "/drumbeat") == SHOWN_TO_ANA


# ------------------------------------------------------------------------------------------------ settings


@sqlite
async def test_settings_are_kept_and_shown(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    assert await town.press("ana", "Settings") == ("Settings\nName\nNext step\nTime zone\nQuiet hours\nScope\n[Save]")
    said = await town.fill(
        "ana", name="Cleaner River", next_step="Bring two", zone="europe/lisbon", quiet="9pm-8am", scope="The east bank"
    )
    assert said == "Saved. Times are in Europe/Lisbon now; rituals keep their time of day."
    shown = (await town.command("ana", "/drumbeat")).split("\nWhat you can type")[0]
    assert shown == (
        "Cleaner River\nNext step: Bring two\nMembers: 4\n"
        "Time zone: Europe/Lisbon\nQuiet hours: 21:00 to 08:00\nScope: The east bank"
    )


@sqlite
@pytest.mark.parametrize(
    ("field", "written", "problem"),
    [
        ("name", " ", "name: Please fill this in."),
        ("next_step", "\u200b", "next-step: Please fill this in."),
        (
            "zone",
            "Berlin",
            "zone: I know no time zone 'Berlin'; write its name, for example Europe/Berlin.",
        ),
        (
            "quiet",
            "at night",
            (
                "quiet: I do not understand the quiet hours 'at night'; write them like '22:00 to 07:00', "
                "'10pm to 7am' or 'none'."
            ),
        ),
        (
            "quiet",
            "22:00 to 22:00",
            (
                "quiet: Quiet hours need a beginning and an end, 22:00 is both; write them like '22:00 to 07:00', "
                "'10pm to 7am' or 'none'."
            ),
        ),
    ],
)
async def test_a_setting_that_is_not_understood_gets_a_sentence(
    town: Town, field: str, written: str, problem: str
) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    assert await town.fill("ana", **{field: written}) == problem
    town.room.close_form("ana", town.form("ana").id)
    assert await town.command("ana", "/drumbeat") == SHOWN_TO_ANA


@sqlite
async def test_every_mistake_in_the_settings_is_told_at_once(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    answer = await town.send_past_the_form("ana", name="", zone="x" * 61, quiet="never", scope="s" * 601)
    assert answer == Problems(
        {
            "name": "Please fill this in.",
            "zone": "That is 61 characters; 60 fit here. Please shorten it.",
            "scope": "That is 601 characters; 600 fit here. Please shorten it.",
            "quiet": "I do not understand the quiet hours 'never'; write them like '22:00 to 07:00', '10pm to 7am' or "
            "'none'.",
        }
    )


@sqlite
async def test_quiet_hours_that_hold_a_ritual_up_are_pointed_out(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    assert await town.fill("ana", quiet="20:00 to 10:00") == (
        "Saved. The check-in is planned for your quiet hours, so it waits for their end. Change either with /rituals "
        "or /drumbeat."
    )


@sqlite
async def test_without_quiet_hours_the_movement_says_none(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Settings")
    assert await town.fill("ana", quiet="none") == "Saved."
    assert "\nQuiet hours: none\n" in await town.command("ana", "/drumbeat")


# ------------------------------------------------------------------------------------------------ story and mission


@sqlite
async def test_the_story_is_read_by_everybody(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    assert await town.press("ana", "Story") == (
        "Our story\nWhat is wrong?\nWhat could be?\nWhat does each of us do?\n[Save]"
    )
    assert await town.fill("ana", problem="Rubbish", future="Swimming", part="One bag each") == (
        "Saved. Everybody can read it: type /drumbeat and press Read our story."
    )
    await town.command("chi", "/drumbeat")
    assert await town.press("chi", "Read our story") == (
        "Clean River\nWhat is wrong\n> Rubbish\nWhat could be\n> Swimming\nWhat each of us does\n> One bag each"
    )


@sqlite
async def test_a_story_can_be_taken_back(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Story")
    await town.fill("ana", problem="Rubbish")
    await town.command("chi", "/drumbeat")
    await town.press("ana", "Story")
    assert await town.fill("ana", problem="") == "Saved. Your movement has no story now."
    assert await town.press("chi", "Read our story") == "The story is not written down any more."


async def test_a_new_mission_is_a_new_version_and_the_old_one_is_kept(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/mission") == (
        "The mission is not written down yet. An organizer can do that with /drumbeat."
    )
    await town.command("ana", "/drumbeat")
    assert await town.press("ana", "Mission") == "Our mission\nWhat are you here for?\n[Save]"
    assert await town.fill("ana", mission="A clean river.") == ("Saved as version 1. I have posted it in the channel.")
    await town.wait(days=1)
    await town.press("ana", "Mission")
    await town.fill("ana", mission="A river to swim in.")
    assert town.channel()[1:2] == ["Our mission, written down by Ana:\n> A clean river."]
    assert town.post("Our mission, now").text == (
        "Our mission, now in version 2, written down by Ana:\n> A river to swim in."
    )
    assert await town.command("chi", "/mission") == (
        "Clean River\nVersion 2, Mon 2 November, Ana\n> A river to swim in.\n"
        "Version 1, Sun 1 November, Ana\n> A clean river."
    )
    assert "Our mission, version 2\n> A river to swim in." in await town.command("chi", "/drumbeat")


@sqlite
async def test_the_same_mission_again_is_no_new_version(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Mission")
    await town.fill("ana", mission="A clean river.")
    await town.press("ana", "Mission")
    assert await town.fill("ana", mission=" A clean river. ") == ("That is the mission as it stands; nothing changed.")
    assert len(town.channel()) == 2


# ------------------------------------------------------------------------------------------------ who may decide


@sqlite
async def test_the_founder_names_organizers_and_they_are_told_in_private(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Organizers")
    assert await town.fill("ana", people=("ben", "chi")) == "Organizers: Ben, Chi."
    assert town.inbox("ben") == [
        "Ana made you an organizer of Clean River. Type /drumbeat in its channel to see what you can do."
    ]
    assert (await town.command("ben", "/drumbeat")).endswith("\n[Settings] [Story] [Mission]")


@sqlite
async def test_an_organizer_who_is_taken_off_the_list_is_a_member_again(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Organizers")
    await town.fill("ana", people=("ben",))
    await town.command("ben", "/drumbeat")
    await town.press("ana", "Organizers")
    assert town.form("ana").form.fields[0].value == ("ben",)
    assert await town.fill("ana", people=()) == "Nobody organizes with you right now."
    assert await town.press("ben", "Settings") == "Only an organizer can do this."


@sqlite
async def test_an_outsider_cannot_be_named_organizer(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/drumbeat")
    await town.press("ana", "Organizers")
    assert await town.send_past_the_form("ana", people=("eli",)) == Problems(
        {"people": "Somebody you chose is not a member of this movement. Please choose again."}
    )


@sqlite
async def test_neither_a_bot_nor_somebody_who_left_can_be_named_organizer(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("beep", "Beep", bot=True))
    await town.room.leave("dee", RIVER)
    for who in ("beep", "dee"):
        await town.command("ana", "/drumbeat")
        await town.press("ana", "Organizers")
        assert await town.send_past_the_form("ana", people=("ben", who)) == Problems(
            {"people": "Somebody you chose is not a member of this movement. Please choose again."}
        )
    assert town.inbox("ben") == []


@sqlite
async def test_a_member_cannot_change_what_organizers_can(town: Town) -> None:
    await town.start_movement()
    place = town.place(RIVER)
    for verb in ("settings", "story", "mission"):
        answer = await town.submit("chi", Action("movement", verb, movement=1), {}, place=place)
        assert answer == Problems({"": "Only an organizer can do this."})
    answer = await town.submit("chi", Action("movement", "organizers", movement=1), {"people": ("chi",)}, place=place)
    assert answer == Problems({"": "Only the founder can do this."})
    assert await town.command("ana", "/drumbeat") == SHOWN_TO_ANA


# ------------------------------------------------------------------------------------------------ readiness


@sqlite
async def test_readiness_says_honestly_that_nothing_speaks_against_it(town: Town) -> None:
    assert await town.command("ana", "/readiness") == (
        "The right tool?\nCan you simply order it?\nMust it be decided within days?\nDo your interests conflict?\n"
        "Is trust broken?\n[Tell me]"
    )
    assert await town.fill("ana", authority="no", days="no", conflict="no", trust="no") == (
        "Nothing speaks against it. Type /drumbeat in a channel of your own, and begin with one small step."
    )


@sqlite
async def test_readiness_says_what_to_do_instead(town: Town) -> None:
    await town.command("chi", "/readiness")
    assert await town.fill("chi", authority="yes", days="no", conflict="no", trust="yes") == (
        "A movement may be the wrong tool here.\n"
        "You have formal authority: decide, explain, and support those who do it.\n"
        "Nobody joins who doesn't trust: repair that first, in person, with somebody from outside."
    )


@sqlite
async def test_readiness_asks_for_every_answer(town: Town) -> None:
    await town.command("chi", "/readiness")
    assert await town.send_past_the_form("chi", authority="yes", days=(), conflict="no", trust="maybe") == Problems(
        {"days": "Please choose yes or no.", "trust": "Please choose yes or no."}
    )
