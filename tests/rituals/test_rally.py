"""A rally: one small ask to everybody, ticked by whoever did it, told in their own words, and over at its deadline."""

from __future__ import annotations

import pytest

from bot.chat import Action, Person, Problems
from bot.tables import Occurrence, Timer
from rituals.rally.links import host_of, read_link
from rituals.rally.tables import Rally, RallyDone
from tests.town import Town, where_moments_are_typed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

WHAT = "Write two sentences to the harbour office."
ASKED = f"Rally (mobilizing): 5 minutes, until Tue 3 November, 18:00.\n> {WHAT}"
NUDGE = "If you tell others: in your own words. What does the river mean to you?"
BUTTONS = "[Done] [I told it in my own words] [Open harbour.example]"
THANKS = "Thank you. You are counted, and nobody sees who did it."


async def call(town: Town, who: str = "ana", **fields: str | tuple[str, ...]) -> str:
    """Post or propose the rally of the tests, some of it otherwise."""
    if not town.channel():
        await town.start_movement()
    await town.command(who, f"/rally {WHAT} https://harbour.example/contact")
    given: dict[str, str | tuple[str, ...]] = {
        "minutes": ("5",),
        "deadline": "2026-11-03 18:00",
        "nudge": "What does the river mean to you?",
    }
    return await town.fill(who, **(given | fields))


def state(town: Town) -> list[object]:
    """How the rallies' occurrences stand."""
    of_rallies = {row["occurrence_id"] for row in town.rows(Rally)}
    return [row["state"] for row in town.rows(Occurrence) if row["id"] in of_rallies]


async def test_one_small_ask_is_posted_once_done_by_several_and_closes_by_itself(town: Town) -> None:
    assert await call(town) == (
        "Done. The rally comes into the channel, once; it closes by itself. /rally list ends it earlier."
    )
    assert town.channel()[1:] == [f"{ASKED}\n{NUDGE}\n{BUTTONS}"]
    assert await town.press("chi", "Done") == f"{THANKS}\n{NUDGE}\n[I told it in my own words] [Not done after all]"
    await town.press("chi", "Done")
    assert town.channel()[1:] == [f"{ASKED}\n{NUDGE}\n1 person did it.\n{BUTTONS}"]
    await town.press("dee", "I told it in my own words")
    assert await town.fill("dee", shown=("shown",), words="I learned to swim here.") == (
        "Thank you. Your words stand in the thread, with your name.\n[Not done after all]"
    )
    await town.press("ben", "I told it in my own words")
    assert await town.fill("ben", words="Nobody shall read this.") == (
        "Thank you. It is counted, and your words are not kept.\n[Not done after all]"
    )
    root = town.post("Rally")
    assert root.text == f"{ASKED}\n{NUDGE}\n3 people did it, 2 told it in their own words.\n{BUTTONS}"
    assert town.thread(root) == ["Told in their own words:\nDee\n> I learned to swim here."]
    assert "Nobody shall read this." not in repr([*town.rows(RallyDone), town.all_words()])
    await town.restart()
    await town.wait(days=2, hours=5, minutes=59)
    assert state(town) == ["open"]
    await town.wait(minutes=2)
    over = f"Rally (mobilizing): it is over. 3 people did it, 2 told it in their own words.\n> {WHAT}"
    assert town.channel()[1] == over
    assert state(town) == ["held"]
    assert sorted(town.acts("action_done", "initiated")) == [
        ("ana", "initiated"),
        ("ben", "action_done"),
        ("chi", "action_done"),
        ("dee", "action_done"),
    ]
    # Nobody was written to, and nobody is named but who wanted to be.
    assert [text for who in ("ana", "ben", "chi", "dee") for text in town.inbox(who) if "Rally" in text] == []
    assert not any(name in over for name in ("Ana", "Ben", "Chi", "Dee"))


@sqlite
async def test_what_was_ticked_or_told_can_be_taken_back_while_the_rally_is_open(town: Town) -> None:
    await call(town)
    await call(town, what="Ask one neighbour to sign.", link="", nudge="", deadline="2026-11-04 18:00")
    first, second = (f"Rally (mobilizing): 5 minutes, until {day} November, 18:00." for day in ("Tue 3", "Wed 4"))
    for beginning in (first, second):
        await town.press("chi", "Done", on=town.post(beginning))
    # One deed a day counts.
    assert town.acts("action_done") == [("chi", "action_done")]
    await town.press("chi", "I told it in my own words", on=town.post(first))
    await town.fill("chi", shown=("shown",), words="We swim here.")
    assert len(town.thread(town.post(first))) == 1
    assert await town.press("chi", "Not done after all") == "Taken back. Nothing is written down."
    await town.redeliver()
    assert town.post(first).text == f"{ASKED}\n{NUDGE}\n{BUTTONS}"
    assert town.thread(town.post(first)) == ["What was told here was taken back."]
    # Now the other one is what they did today.
    assert town.acts("action_done") == [("chi", "action_done")]
    on_page = "Rally until Tue 3 November, 18:00, 5 minutes"
    assert [row["rally_id"] for row in town.rows(RallyDone)] == [2]
    assert "1 person did it." in town.post(second).text
    await town.wait(days=4)
    assert state(town) == ["missed", "missed"]
    assert town.post("Rally (mobilizing): it is over. 1 person did it.").text.endswith("Ask one neighbour to sign.")
    assert f"Rally (mobilizing): it is over. Thank you for reading it.\n> {WHAT}" in town.channel()
    assert town.acts("initiated") == []
    assert on_page not in await town.look("dee")


@sqlite
async def test_a_members_rally_is_posted_when_an_organizer_says_so(town: Town) -> None:
    assert await call(town, "chi") == (
        "Thank you. The organizers are asked whether it goes into the channel, and you hear what they say."
    )
    await town.redeliver()
    assert len(town.channel()) == 1
    asked = f"Clean River: Chi proposes a rally. 5 minutes, until Tue 3 November, 18:00.\n> {WHAT}\n{NUDGE}"
    assert town.inbox("ana") == [f"{asked}\n[Post it] [Not now] [Open harbour.example]"]
    (proposed,) = town.rows(Rally)
    assert proposed["state"] == "proposed"
    await town.press("ana", "Post it")
    assert town.channel()[1:] == [f"{ASKED}\n{NUDGE}\n{BUTTONS}"]
    assert (town.inbox("ana"), town.inbox("chi")) == (
        [f"It is in the channel.\n> {WHAT}"],
        [f"Your rally is in the channel. Thank you.\n> {WHAT}"],
    )
    for who in ("ben", "dee"):
        await town.press(who, "Done", on=town.post("Rally"))
    await town.wait(days=3)
    assert town.acts("initiated") == [("chi", "initiated")]


@in_the_room
@sqlite
@pytest.mark.parametrize("how", ["left", "nobody decides"])
async def test_a_proposal_that_is_not_posted_is_told_to_who_made_it_alone(town: Town, how: str) -> None:
    await call(town, "chi")
    if how == "left":
        await town.press("ana", "Not now")
        told = "The organizers leave this rally for now. Ask them what would help it."
        settled = "This rally was left for now."
    else:
        await town.wait(days=3)
        told = "The deadline of this rally has passed, so it was not posted. Propose it anew with /rally."
        settled = "The deadline of this rally has passed, so it was not posted."
    assert [text for text in town.inbox("chi") if WHAT in text] == [f"{told}\n> {WHAT}"]
    assert [text for text in town.inbox("ana") if WHAT in text] == [f"{settled}\n> {WHAT}"]
    assert not any(text.startswith("Rally") for text in town.channel())
    assert [row for row in town.rows(Timer) if row["ritual"] == "rally"] == []
    (row,) = town.rows(Rally)
    movement = row["movement_id"]
    assert isinstance(movement, int)
    assert await town.press_kept("ana", Action("rally", "post", "1", movement)) == "This was decided already."


@in_the_room
@sqlite
async def test_organizers_end_a_rally_early_or_call_it_off_and_nobody_else_does(town: Town) -> None:
    await call(town)
    await call(town, what="Ask one neighbour to sign.", link="", nudge="")
    for who in ("chi", "dee"):
        await town.press(who, "Done", on=town.post(ASKED))
    assert await town.command("chi", "/rally list") == "Only an organizer can do this."
    (movement,) = {row["movement_id"] for row in town.rows(Rally)}
    assert isinstance(movement, int)
    for verb in ("close", "off", "post", "leave"):
        assert "organizer" in await town.press_kept("chi", Action("rally", verb, "1", movement))
    for about in ("", "99", "0", "9" * 30, "a"):
        for verb in ("done", "tell", "undo", "close", "off", "post"):
            said = await town.press_kept("ana", Action("rally", verb, about, movement))
            assert "not" in said.lower() or "Nothing" in said
    listed = await town.command("ana", "/rally list")
    assert listed.count("[Close it now] [Call it off]") == 2
    assert await town.press("ana", "Close it now") == "Closed. The post in the channel says what it came to."
    await town.command("ana", "/rally list")
    assert await town.press("ana", "Call it off") == (
        "Called off. The post in the channel says so; nobody is notified."
    )
    assert state(town) == ["held", "excused"]
    assert await town.command("ana", "/rally list") == "No rally is open right now.\n[Start one]"
    assert [text.partition("\n")[0] for text in town.channel()[1:]] == [
        "Rally (mobilizing): it is over. 2 people did it.",
        "Rally (mobilizing): it was called off, so there is nothing to do.",
    ]
    kept = Action("rally", "done", "1", movement)
    assert await town.press_kept("ben", kept) == "This rally is not open any more."
    assert await town.press_kept("chi", Action("rally", "undo", "1", movement)) == (
        "This rally is over, so what it came to stays. Your own record is in /me."
    )


@sqlite
@where_moments_are_typed
async def test_what_is_wrong_with_a_rally_is_said_at_the_field(town: Town) -> None:
    await town.start_movement()
    await town.command("ana", "/rally")
    said = await town.send_past_the_form(
        "ana", what="", minutes=("60",), deadline="2026-11-01 12:10", link="not a link", nudge=""
    )
    assert said == Problems(
        {
            "what": "Please fill this in.",
            "minutes": "Please choose how many minutes it takes, 30 at most.",
            "deadline": "Please choose a time at least half an hour ahead.",
            "link": "That is not a web address that I can show. Begin it with https:// or leave this empty.",
        }
    )
    await town.command("ana", "/rally")
    assert await town.fill("ana", what="Sign it", minutes=("2",), deadline="2026-11-30 12:00") == (
        "deadline: A rally is short: please choose a time within two weeks."
    )
    await town.command("ana", f"/rally {WHAT}")
    await town.fill("ana", minutes=("2",), deadline="2026-11-03 18:00")
    town.set_member("dee", opted_out=True)
    counted_out = "Thank you. You asked not to be counted, so nothing is written down."
    assert await town.press("dee", "Done") == counted_out
    assert await town.press("dee", "I told it in my own words") == counted_out
    await town.press("chi", "I told it in my own words")
    assert await town.fill("chi", shown=("shown",), words="") == (
        "words: Please write how you told it, or choose to have it only counted."
    )
    assert town.rows(RallyDone) == []


@in_the_room
@sqlite
async def test_many_peoples_words_fit_and_the_mix_counts_who_mobilized(town: Town) -> None:
    await call(town)
    await town.bring(*(Person(f"p{number}", "*" * 80, "Europe/Berlin") for number in range(8)))
    for number in range(8):
        await town.press(f"p{number}", "I told it in my own words", on=town.post("Rally"))
        await town.fill(f"p{number}", shown=("shown",), words="_\n\n" * 93)
    (told,) = town.thread(town.post("Rally"))
    assert told.startswith("Told in their own words:\n… and 3 more before these.\n")
    await town.wait(minutes=1)
    assert "What it was for: 0 organizing, 8 mobilizing" in (await town.command("chi", "/pulse")).splitlines()


@in_the_room
@sqlite
async def test_who_is_forgotten_leaves_the_counts_and_the_thread_and_the_ask_is_a_next_step(town: Town) -> None:
    await call(town)
    await call(town, "chi", what="Ask one neighbour to sign.")
    for who in ("chi", "dee"):
        await town.press(who, "I told it in my own words", on=town.post(ASKED))
        await town.fill(who, shown=("shown",), words=f"Told by {who}.")
    await town.press_kept("chi", Action("me", "delete-now", "", 1))
    assert "1 person did it, 1 told it in their own words." in town.post(ASKED).text
    assert town.thread(town.post(ASKED)) == ["Told in their own words:\nDee\n> Told by dee."]
    assert [text for text in town.inbox("ana") if "rally" in text] == ["This rally was taken back.\n> …"]
    assert await town.press_kept("ben", Action("rally", "show", "1", 1)) == (
        f"5 minutes, until Tue 3 November, 18:00.\n> {WHAT}\n{NUDGE}\n{BUTTONS}"
    )
    await call(town, what="Sign it.", minutes=("2",))
    assert "A rally until Tue 3 November, 18:00: “Sign it.” It takes 2 minutes." in await town.command("ben", "/me")
    assert (await town.press("ben", "Show me")).startswith("2 minutes, until Tue 3 November, 18:00.\n> Sign it.\n")
    # One deed a day counts, wherever it was told.
    await town.command("ana", "/checkin now")
    await town.press("dee", "Check in")
    await town.fill("dee", did="Talked to the baker")
    await town.press("ana", "Check in")
    await town.fill("ana", did="Talked to the baker")
    await town.press("ana", "Done", on=town.post(ASKED))
    assert sorted(town.acts("action_done")) == [("ana", "action_done"), ("dee", "action_done")]


@pytest.mark.parametrize(
    ("typed", "link", "host"),
    [
        ("https://www.harbour.example/a b", "https://www.harbour.example/a%20b", "harbour.example"),
        ("https://höfe.example/ä", "https://xn--hfe-sna.example/%C3%A4", "xn--hfe-sna.example"),
        ("http://harbour.example:8080/?q=1#x", "http://harbour.example:8080/?q=1#x", "harbour.example"),
        ("https://bank.example@evil.example/", "", ""),
        ("javascript:alert(1)", "", ""),
        ("https://", "", ""),
        ("harbour.example", "", ""),
        ("https://[", "", ""),
    ],
)
def test_a_link_says_where_it_leads_and_nothing_else_is_one(typed: str, link: str, host: str) -> None:
    assert (read_link(typed), host_of(read_link(typed))) == (link, host)
