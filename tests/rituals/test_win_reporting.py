"""Reporting a win: one post at once, a claim without a link or a number, and names only as long as they like."""

from __future__ import annotations

from typing import cast

import pytest

from bot.chat import Action, Person, Problems, Whisper, Words
from bot.tables import Member
from rituals.win.tables import Cheer, Win, WinMaker
from tests.town import RIVER, Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HARBOUR = "The harbour office said yes"
WIN = (
    f"A win, told by Chi\n> {HARBOUR}\nEvidence: harbour.example/12 and 6 bins\nMade it happen: Ana and Ben\n"
    "[Say thanks] [Change]"
)


def number_of(town: Town, who: str) -> int:
    """The number of a member; it differs from platform to platform."""
    return next(cast("int", row["id"]) for row in town.rows(Member) if row["person"] == who)


async def report(town: Town, who: str = "chi", **fields: str | tuple[str, ...]) -> str:
    """Report the win of the tests, some of it otherwise."""
    await town.command(who, "/win")
    given: dict[str, str | tuple[str, ...]] = {
        "what": HARBOUR,
        "kind": ("outcome",),
        "makers": ("ana", "ben"),
        "evidence": "https://harbour.example/12 and 6 bins",
    }
    return await town.fill(who, **(given | fields))


async def test_a_win_stands_in_the_channel_at_once_and_those_named_are_told(town: Town) -> None:
    await town.start_movement()
    assert await report(town) == (
        "Thank you. It goes into the channel. Those you named are told in private and may take their names out."
    )
    assert town.channel()[1:] == [WIN]
    told = (
        f"You are named in a win of Clean River, told by Chi.\n> {HARBOUR}\n"
        "Your name stands with it in the channel. You can take it out at any time.\n[Take my name out]\n"
        f"{ASKS}\n[Yes, with my name] [No, without]"
    )
    assert (town.inbox("ana"), town.inbox("ben"), town.inbox("chi")) == ([told], [told], [])


async def test_what_is_typed_behind_the_command_stands_in_the_form(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", f"/win {HARBOUR} https://harbour.example/12")
    values = {field.name: field.value for field in town.form("chi").form.fields}
    assert values == {"what": HARBOUR, "kind": (), "makers": (), "evidence": "https://harbour.example/12"}
    await town.fill("chi", kind=("effort",))
    assert town.channel()[1:] == [
        f"An effort, told by Chi\n> {HARBOUR}\nEvidence: harbour.example/12\n[Say thanks] [Change]"
    ]


async def test_without_a_link_or_a_number_it_is_a_claim(town: Town) -> None:
    await town.start_movement()
    await report(town, makers=(), evidence="")
    assert town.channel()[1:] == [
        f"A win, told by Chi\n> {HARBOUR}\nA claim: no link or number so far.\n[Say thanks] [Change]"
    ]


NO_ADDRESS = "That is not a web address that I can show. Begin it with https:// or give a number instead."
NOTHING = (
    "Please give a link or a number in digits, such as '40 bags'. Or leave this empty: then it is shown as a claim."
)
ASKS = (
    "If the movement's story is told outside this channel one day, may it have your name? Without a yes it says "
    "'a member'."
)


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ("javascript:alert(1)", NO_ADDRESS),
        ("www.harbour.example", NO_ADDRESS),
        ("https://ana@harbour.example/1", NO_ADDRESS),
        ("https://a.example https://b.example https://c.example https://d.example", "Please keep to 3 links."),
        ("many bags", NOTHING),
    ],
)
async def test_what_is_no_evidence_gets_a_sentence_and_nothing_typed_is_lost(
    town: Town, evidence: str, said: str
) -> None:
    await town.start_movement()
    assert await report(town, evidence=evidence) == f"evidence: {said}"
    assert len(town.channel()) == 1
    assert town.inbox("ana") == []


@pytest.mark.parametrize("person", ["eli", "bot", "nobody"])
async def test_who_is_no_member_cannot_be_named(town: Town, person: str) -> None:
    await town.start_movement()
    await town.bring(Person("bot", "Helper", bot=True))
    await town.command("chi", "/win")
    answer = await town.send_past_the_form("chi", what="x", kind=("effort",), makers=("ana", person))
    assert answer == Problems(
        {
            "makers": "Somebody you chose is not a member of this movement. Please choose again; you can name others "
            "in your own words."
        }
    )
    assert town.inbox("ana") == []


async def test_a_form_that_is_sent_twice_is_one_win(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/win")
    action = town.form("chi").form.action
    said = [
        await town.submit("chi", action, {"what": HARBOUR, "kind": ("outcome",)}, place=town.place()) for _ in range(2)
    ]
    assert said == [
        Whisper("Thank you. It goes into the channel."),
        Whisper("This win is in the channel already. With Change below it you can still edit it."),
    ]
    await report(town)
    await town.redeliver()
    await town.settle()
    assert [row["what"] for row in town.rows(Win)] == [HARBOUR, HARBOUR]
    assert len(town.channel()) == 3


async def test_two_wins_in_one_second_are_two(town: Town) -> None:
    await town.start_movement()
    await report(town)
    await report(town, "dee", what="Another one", makers=())
    assert [text.split("\n")[1] for text in town.channel()[1:]] == [f"> {HARBOUR}", "> Another one"]


# ------------------------------------------------------------------------------------------------ names


async def test_a_name_is_taken_out_with_one_tap_also_after_a_restart(town: Town) -> None:
    await town.start_movement()
    await report(town)
    await town.restart()
    assert await town.press("ben", "Take my name out") == (
        "Done. Your name is out of it, in the channel and in every digest."
    )
    assert town.channel()[1:] == [WIN.replace("Ana and Ben", "Ana")]
    assert town.inbox("ben") == ["Your name does not stand with this win. Nothing keeps it there."]
    assert [row["member_id"] for row in town.rows(WinMaker)] == [number_of(town, "ana")]
    await town.press("ana", "Take my name out")
    assert town.channel()[1:] == [WIN.replace("Made it happen: Ana and Ben\n", "")]
    assert await town.press_kept("ana", Action("win-digest", "take-out", "1", 1)) == (
        "Your name does not stand with this win."
    )


async def test_who_takes_their_name_out_of_a_win_they_reported_themselves(town: Town) -> None:
    await town.start_movement()
    assert await report(town, makers=("chi",)) == (
        f"Thank you. It goes into the channel.\n{ASKS}\n[Yes, with my name] [No, without]"
    )
    assert town.inbox("chi") == []
    assert await town.press("chi", "Change") == (
        "What should become of this win?\n[Edit] [Take it back] [Take my name out]"
    )
    await town.press("chi", "Take my name out")
    assert town.channel()[1:] == [WIN.replace("Made it happen: Ana and Ben\n", "")]


async def test_who_asked_not_to_be_counted_is_shown_only_when_they_say_so(town: Town) -> None:
    await town.start_movement()
    town.set_member("ben", opted_out=True)
    await report(town)
    assert town.channel()[1:] == [WIN.replace("Ana and Ben", "Ana")]
    assert "You asked not to be counted, so your name is not shown. You can have it shown." in town.inbox("ben")[0]
    await town.press("ben", "Show my name")
    assert town.channel()[1:] == [WIN]
    assert "[Take my name out]" in town.inbox("ben")[0]


async def test_somebody_who_left_stays_in_the_win_when_it_is_edited(town: Town) -> None:
    await town.start_movement()
    await report(town)
    await town.room.leave("ben", RIVER)
    await town.settle()
    await town.press("chi", "Change")
    await town.press("chi", "Edit")
    await town.fill("chi", what="They said yes")
    assert town.channel()[1:] == [WIN.replace(HARBOUR, "They said yes")]


# ------------------------------------------------------------------------------------------------ changing


async def test_a_win_is_edited_in_place_and_whoever_is_new_is_told(town: Town) -> None:
    await town.start_movement()
    await report(town)
    await town.press("ana", "Change", on=town.post("A win"))
    await town.press("ana", "Edit")
    assert await town.fill("ana", what="They said yes", makers=("ana", "dee"), evidence="") == (
        "Saved. The channel shows it as it is now; edits notify nobody."
    )
    assert town.post("A win").text == (
        "A win, told by Chi\n> They said yes\nA claim: no link or number so far.\nMade it happen: Ana and Dee\n"
        "[Say thanks] [Change]"
    )
    assert len(town.channel()) == 2
    assert [text.split("\n")[0] for text in (*town.inbox("ben"), *town.inbox("dee"))] == [
        "Your name does not stand with this win. Nothing keeps it there.",
        "You are named in a win of Clean River, told by Chi.",
    ]
    assert "> They said yes" in town.inbox("ana")[0]


async def test_only_the_reporter_and_organizers_can_change_a_win(town: Town) -> None:
    await town.start_movement()
    await report(town)
    refused = "Whoever reported this win, or an organizer, can change it."
    assert await town.press("dee", "Change") == refused
    for verb in ("edit", "take-back"):
        assert await town.press_kept("dee", Action("win-digest", verb, "1", 1)) == refused
    answer = await town.submit(
        "dee", Action("win-digest", "edit", "1", 1), {"what": "x", "kind": ("effort",)}, place=town.place()
    )
    assert answer == Problems({"": refused})
    assert await town.press("ben", "Change") == "What should become of this win?\n[Take my name out]"
    assert town.channel()[1:] == [WIN]


async def test_a_win_that_is_taken_back_leaves_nothing_of_itself(town: Town) -> None:
    await town.start_movement()
    await report(town)
    await town.press("dee", "Say thanks")
    await town.fill("dee", words="Wonderful")
    post = town.post("A win")
    await town.room.react("dee", post.id, "👍")
    await town.settle()
    await town.press("chi", "Change")
    assert await town.press("chi", "Take it back") == "Taken back. It is gone from the channel and from every digest."
    assert town.channel()[1:] == ["A win that stood here was taken back."]
    assert town.thread(town.post("A win")) == ["Thanks that stood here were taken back."]
    assert town.inbox("ana") == ["The win that you were named in was taken back."]
    assert (town.rows(WinMaker), town.rows(Cheer)) == ([], [])
    assert [(row["what"], row["evidence"], row["reporter_id"]) for row in town.rows(Win)] == [("", "", None)]
    for verb in ("change", "edit", "take-back", "thank"):
        assert await town.press_kept("chi", Action("win-digest", verb, "1", 1)) == "This win is not there any more."
    await town.room.react("dee", post.id, "🎉")
    await town.say("dee", "Why?", under=post)
    assert town.rows(Cheer) == []
    await report(town)
    assert town.channel()[1:] == ["A win that stood here was taken back.", WIN]


@pytest.mark.parametrize("number", ["0", "2", "9" * 18, "9" * 30, "x", ""])
async def test_a_made_up_number_is_no_win(town: Town, number: str) -> None:
    await town.start_movement()
    await report(town)
    for verb in ("change", "edit", "take-back", "thank"):
        said = await town.press_kept("ana", Action("win-digest", verb, number, 1))
        assert said == "This win is not there any more."


async def test_a_win_of_another_movement_is_none_of_ours(town: Town) -> None:
    await town.start_movement()
    await report(town)
    town.room.add_channel("lake", "lake", creator="ana")
    await town.start_movement(channel="lake", name="Lake")
    said = await town.press_kept("ana", Action("win-digest", "take-back", "1", 2), channel="lake")
    assert said == "This win is not there any more."
    assert town.channel()[1:] == [WIN]


async def test_three_thousand_marks_get_a_sentence_and_six_hundred_are_shown(town: Town) -> None:
    await town.start_movement()
    await town.command("chi", "/win " + "*" * 3000)
    assert town.form("chi").form.fields[0] == Words(
        name="what",
        label="What happened?",
        hint="One or two sentences, as you would tell a friend.",
        value="*" * 600,
        long=True,
        most=600,
    )
    answer = await town.send_past_the_form("chi", what="*" * 3000, kind=("effort",), evidence="_1" * 150)
    assert answer == Problems({"what": "That is 3,000 characters; 600 fit here. Please shorten it."})
    await town.send_past_the_form("chi", what="*\n\n" * 200, kind=("effort",), evidence="_1" * 150)
    shown = town.channel()[1]
    assert shown.startswith("An effort, told by Chi\n> *\n> \n> *")
    assert shown.endswith(f"Evidence: {'_1' * 150}\n[Say thanks] [Change]")
