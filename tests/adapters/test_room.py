from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground import Room, RoomError
from adapters.playground.delivery import Call
from adapters.playground.journal import JournalError
from adapters.playground.scene import Channel
from adapters.playground.stage import Change
from bot.chat import (
    Action,
    Answer,
    Button,
    Buttons,
    Chat,
    Choice,
    Commanded,
    DeliveryError,
    Event,
    Form,
    Joined,
    Left,
    Menu,
    Message,
    Option,
    People,
    Person,
    Place,
    Present,
    Pressed,
    Problems,
    Reacted,
    Said,
    Submitted,
    When,
    Whisper,
    Words,
)

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOME = Place("playground", "movement", "home")
ANSWER = Action("check-in", "answer", "1")
WEEKS = Action("pulse", "weeks")
BOARD = Message(
    "How are you?",
    Buttons(Button("Check in", ANSWER)),
    Menu("Which weeks?", WEEKS, (Option("Four", "4"), Option("Twelve", "12"))),
)
SCALE = tuple(Option(str(one), str(one)) for one in range(1, 6))
FORM = Form(
    "Check in",
    ANSWER,
    Choice(name="mood", label="Mood", options=SCALE),
    Words(name="intention", label="Intention", most=20),
    Words(name="note", label="Note", long=True, required=False),
    People(name="with", label="With", most=2, required=False),
    When(name="due", label="Due", required=False),
)
WHOLE: dict[str, str | tuple[str, ...]] = {
    "mood": "4",
    "intention": "call two neighbours",
    "with": ("ben", "ana"),
    "due": "2026-11-25",
}
SENT: dict[str, str | tuple[str, ...]] = {
    "mood": ("4",),
    "intention": "call two neighbours",
    "note": "",
    "with": ("ben", "ana"),
    "due": "2026-11-25",
}


class Ears:
    """Drumbeat, as far as these tests need it: it hears everything and answers what it was told to."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.answers: list[Answer] = []

    async def hear(self, event: Event) -> Answer:
        self.heard.append(event)
        return self.answers.pop(0) if self.answers else None

    @property
    def last(self) -> Event:
        """The last event, without the id that nobody can know."""
        return replace(self.heard[-1], id="")


def furnish(room: Room) -> Room:
    room.add_person(Person("ana", "Ana", "Europe/Berlin"))
    room.add_person(Person("ben", "Ben", steward=True))
    room.add_person(Person("chi", "Chi"))
    room.add_person(Person("eli", "Eli"))
    room.add_channel("home", "open-data", creator="ana")
    room.seat("home", "ben", "chi")
    return room


@pytest.fixture
def room() -> Room:
    return furnish(Room(now=lambda: MORNING))


@pytest.fixture
def ears(room: Room) -> Ears:
    ears = Ears()
    room.listen(ears.hear)
    return ears


async def open_form(room: Room, ears: Ears, form: Form = FORM) -> str:
    message = await room.post(HOME, BOARD, once="board")
    ears.answers.append(form)
    await room.press("chi", message, ANSWER)
    opened = room.form("chi")
    assert opened is not None
    return opened.id


async def refusal(doing: Awaitable[object]) -> str:
    with pytest.raises(RoomError) as refused:
        await doing
    assert str(refused.value) == refused.value.why
    return refused.value.why


async def failure(sending: Awaitable[object]) -> tuple[str, bool, float | None]:
    with pytest.raises(DeliveryError) as failed:
        await sending
    return failed.value.why, failed.value.permanent, failed.value.retry_after


def test_a_room_is_a_chat(room: Room) -> None:
    chat: Chat = room
    assert chat.platform == "playground"


# ------------------------------------------------------------------------------------------------ what Drumbeat hears


async def test_drumbeat_hears_who_said_what_and_where(room: Room, ears: Ears) -> None:
    await room.say("chi", "home", "Hello")
    said = Said(id="", who=Person("chi", "Chi"), place=HOME, at=MORNING, words="Hello", message="m1")
    assert ears.last == said


async def test_drumbeat_hears_a_reply_in_its_thread(room: Room, ears: Ears) -> None:
    root = await room.post(HOME, BOARD, once="board")
    await room.say("chi", "home", "Well", root)
    place = replace(HOME, thread=root)
    assert ears.last == Said(id="", who=Person("chi", "Chi"), place=place, at=MORNING, words="Well", message="m2")
    assert ([one.id for one in room.thread(root)], [one.id for one in room.channel_messages("home")]) == (
        ["m2"],
        ["m1"],
    )


async def test_drumbeat_hears_a_command_with_its_words(room: Room, ears: Ears) -> None:
    await room.command("chi", "home", "/Gather  town hall tomorrow ")
    commanded = Commanded(
        id="", who=Person("chi", "Chi"), place=HOME, at=MORNING, name="gather", words="town hall tomorrow"
    )
    assert (ears.last, room.posts) == (commanded, ())


async def test_drumbeat_hears_a_press_and_on_what(room: Room, ears: Ears) -> None:
    message = await room.post(HOME, BOARD, once="board")
    await room.press("chi", message, WEEKS, "12")
    pressed = Pressed(
        id="", who=Person("chi", "Chi"), place=HOME, at=MORNING, action=WEEKS, choice="12", message=message
    )
    assert ears.last == pressed


async def test_drumbeat_hears_a_press_in_an_inbox(room: Room, ears: Ears) -> None:
    inbox = Place("playground", "movement", person="chi")
    message = await room.post(inbox, BOARD, once="private")
    await room.press("chi", message, ANSWER)
    assert ears.last == Pressed(
        id="", who=Person("chi", "Chi"), place=inbox, at=MORNING, action=ANSWER, message=message
    )


async def test_drumbeat_hears_a_press_in_a_whisper_without_a_message(room: Room, ears: Ears) -> None:
    ears.answers.append(Whisper("Sure?", Buttons(Button("Yes", ANSWER))))
    await room.command("chi", "home", "/checkin")
    await room.press("chi", room.whispers("chi")[0].id, ANSWER)
    assert ears.last == Pressed(id="", who=Person("chi", "Chi"), place=HOME, at=MORNING, action=ANSWER)


async def test_drumbeat_hears_words_and_commands_in_an_inbox(room: Room, ears: Ears) -> None:
    inbox = Place("playground", "movement", person="chi")
    await room.say("chi", "", "Hello")
    said = ears.last
    await room.command("chi", "", "/me")
    who = Person("chi", "Chi")
    assert said == Said(id="", who=who, place=inbox, at=MORNING, words="Hello", message="m1")
    assert ears.last == Commanded(id="", who=who, place=inbox, at=MORNING, name="me")


async def test_drumbeat_hears_reactions_put_and_taken_back(room: Room, ears: Ears) -> None:
    message = await room.post(HOME, BOARD, once="board")
    await room.react("chi", message, "🎉")
    await room.react("ben", message, "🎉")
    shown = room.posts[0].reactions
    await room.react("chi", message, "🎉", on=False)
    await room.react("ben", message, "🎉", on=False)
    who = Person("ben", "Ben", steward=True)
    assert (shown, room.posts[0].reactions) == ({"🎉": ("chi", "ben")}, {})
    assert ears.last == Reacted(id="", who=who, place=HOME, at=MORNING, message=message, emoji="🎉", on=False)


async def test_drumbeat_hears_who_joins_and_who_leaves(room: Room, ears: Ears) -> None:
    who = Person("eli", "Eli")
    await room.join("eli", "home")
    joined = ears.last
    await room.join("eli", "home")
    await room.leave("eli", "home")
    assert (joined, ears.last, len(ears.heard)) == (
        Joined(id="", who=who, place=HOME, at=MORNING),
        Left(id="", who=who, place=HOME, at=MORNING),
        2,
    )


async def test_drumbeat_hears_who_is_in_the_call(room: Room, ears: Ears) -> None:
    await room.enter_call("chi", "home")
    there = room.voice
    await room.leave("chi", "home")
    who = Person("chi", "Chi")
    assert (there, room.voice) == ({"home": ("chi",)}, {})
    assert [replace(event, id="") for event in ears.heard] == [
        Present(id="", who=who, place=HOME, at=MORNING, room="home", here=True, name="open-data"),
        Present(id="", who=who, place=HOME, at=MORNING, room="home", here=False, name="open-data"),
        Left(id="", who=who, place=HOME, at=MORNING),
    ]


async def test_a_call_can_have_any_name(room: Room, ears: Ears) -> None:
    await room.enter_call("chi", "town-hall")
    place = Place("playground", "movement")
    who = Person("chi", "Chi")
    assert ears.last == Present(id="", who=who, place=place, at=MORNING, room="town-hall", here=True, name="town-hall")


async def test_an_answer_to_who_is_in_a_call_of_no_channel_stands_in_the_inbox(room: Room, ears: Ears) -> None:
    ears.answers.append(Whisper("Welcome"))
    await room.enter_call("chi", "town-hall")
    assert [one.place for one in room.whispers("chi")] == [Place("playground", "movement", person="chi")]


async def test_who_created_a_channel_is_its_steward_there_alone(room: Room, ears: Ears) -> None:
    room.add_channel("other", "other", creator="ben")
    room.seat("other", "ana")
    await room.say("ana", "home", "Here")
    await room.say("ana", "other", "There")
    assert [event.who.steward for event in ears.heard] == [True, False]


async def test_the_members_are_the_people_of_the_channel(room: Room) -> None:
    assert await room.members(HOME) == (
        Person("ana", "Ana", "Europe/Berlin", steward=True),
        Person("ben", "Ben", steward=True),
        Person("chi", "Chi"),
    )


async def test_nothing_is_heard_twice_unless_it_is_delivered_twice(room: Room, ears: Ears) -> None:
    await room.say("chi", "home", "Hello")
    await room.say("chi", "home", "Hello")
    ears.answers.append(Whisper("Again?"))
    await room.redeliver(room.events[0])
    first, second, again = ears.heard
    assert (first.id == second.id, first == again, len(room.posts)) == (False, True, 2)
    assert [whisper.text for whisper in room.whispers("chi")] == ["Again?"]


async def test_what_is_said_before_drumbeat_listens_stays_and_what_asks_for_an_answer_is_refused(room: Room) -> None:
    await room.say("chi", "home", "Anybody there?")
    assert [post.text for post in room.channel_messages("home")] == ["Anybody there?"]
    why = "Drumbeat isn't listening right now. Try again in a moment."
    assert await refusal(room.command("chi", "home", "/me")) == why


# ------------------------------------------------------------------------------------------------ what people see


async def test_a_whisper_is_for_one_person_where_they_acted_and_can_be_put_away(room: Room, ears: Ears) -> None:
    ears.answers.append(Whisper("Only you"))
    await room.command("chi", "home", "/me")
    whisper = room.whispers("chi")[0]
    others = (room.whispers("ben"), room.posts)
    room.dismiss("chi", whisper.id)
    assert (whisper.text, whisper.place, others, room.whispers("chi")) == ("Only you", HOME, ((), ()), ())


async def test_a_form_comes_back_filled_with_what_is_wrong_and_then_closes(room: Room, ears: Ears) -> None:
    form_id = await open_form(room, ears)
    ears.answers.append(Problems({"intention": "Say a little more."}))
    await room.fill("chi", form_id, WHOLE)
    again = room.form("chi")
    assert again is not None
    assert (again.id, again.form, again.typed) == (form_id, FORM, SENT)
    assert again.problems == (("intention", "Say a little more."),)
    ears.answers.append(Whisper("Thank you"))
    await room.fill("chi", form_id, WHOLE)
    assert (room.form("chi"), [one.text for one in room.whispers("chi")]) == (None, ["Thank you"])
    who = Person("chi", "Chi")
    assert ears.last == Submitted(id="", who=who, place=HOME, at=MORNING, action=ANSWER, answers=SENT)


async def test_a_form_can_lead_to_the_next(room: Room, ears: Ears) -> None:
    form_id = await open_form(room, ears)
    following = Form("And then", ANSWER, Words(name="x", label="X"))
    ears.answers.append(following)
    await room.fill("chi", form_id, WHOLE)
    opened = room.form("chi")
    assert opened is not None
    assert (opened.form, opened.id == form_id) == (following, False)


async def test_problems_without_a_form_are_whispered(room: Room, ears: Ears) -> None:
    ears.answers.append(Problems({"": "That is over."}))
    await room.command("chi", "home", "/checkin")
    assert [one.text for one in room.whispers("chi")] == ["That is over."]


async def test_an_edit_replaces_what_is_shown_and_is_counted(room: Room) -> None:
    message = await room.post(HOME, BOARD, once="board")
    await room.edit(HOME, message, Message("Closed"))
    assert [(post.text, post.edited) for post in room.posts] == [("Closed", 1)]
    board = "How are you?\n[Check in]\nWhich weeks? {Four, Twelve}"
    assert room.calls == [Call("post", HOME, "m1", board), Call("edit", HOME, "m1", "Closed")]


async def test_drumbeat_replies_in_a_thread(room: Room) -> None:
    root = await room.post(HOME, BOARD, once="board")
    await room.post(replace(HOME, thread=root), Message("A reply"), once="reply")
    assert [post.text for post in room.thread(root)] == ["A reply"]


async def test_the_oldest_whispers_fade(room: Room, ears: Ears) -> None:
    changes: list[Change] = []
    ears.answers += [Whisper(str(number)) for number in range(52)]
    for _ in range(50):
        await room.command("chi", "home", "/me")
    room.on_change(changes.append)
    await room.command("chi", "home", "/me")
    assert ([one.text for one in room.whispers("chi")][::49], changes) == (
        ["1", "50"],
        [Change("whisper", "w51", "chi"), Change("dismissed", "w1", "chi")],
    )


async def test_private_messages_stand_in_one_inbox(room: Room) -> None:
    await room.post(Place("playground", "movement", person="chi"), Message("For Chi"), once="a")
    seen = [[post.text for post in room.inbox(person)] for person in ("chi", "ben")]
    assert (seen, room.channel_messages("home")) == ([["For Chi"], []], ())


async def test_watchers_are_told_what_changed_until_they_stop(room: Room, ears: Ears) -> None:
    changes: list[Change] = []
    stop = room.on_change(changes.append)
    message = await room.post(HOME, BOARD, once="board")
    ears.answers.append(Whisper("Thanks"))
    await room.press("chi", message, ANSWER)
    room.dismiss("chi", "w1")
    room.delete(message)
    stop()
    await room.say("chi", "home", "Unwatched")
    assert changes == [
        Change("post", "m1"),
        Change("whisper", "w1", "chi"),
        Change("dismissed", "w1", "chi"),
        Change("gone", "m1"),
    ]


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda room: room.say("chi", "home", " \n"), "There is nothing to send."),
        (lambda room: room.say("chi", "home", "🥁" * 2001), "That is 4,002 characters; 4,000 fit."),
        (lambda room: room.say("eli", "home", "Hi"), "Eli is not in #open-data."),
        (lambda room: room.say("eli", "", "Hi"), "Eli is in no channel."),
        (lambda room: room.say("zoe", "home", "Hi"), "Nobody here is called 'zoe'."),
        (lambda room: room.say("chi", "attic", "Hi"), "There is no channel 'attic'."),
        (lambda room: room.say("chi", "home", "Hi", "m9"), "There is no such thread here."),
        (lambda room: room.say("chi", "home", "Hi", "m2"), "There is no such thread here."),
        (
            lambda room: room.command("chi", "home", "/me", "m1"),
            "Commands don't work in a thread. Type it in the channel.",
        ),
        (lambda room: room.command("chi", "home", "/me " + "x" * 3997), "That is 4,001 characters; 4,000 fit."),
        (lambda room: room.command("chi", "home", "me"), "A command looks like /name and then words."),
        (lambda room: room.command("chi", "home", "/ me"), "A command looks like /name and then words."),
        (lambda room: room.command("eli", "home", "/me"), "Eli is not in #open-data."),
        (lambda room: room.press("chi", "m1", Action("check-in", "close")), "The message doesn't show that any more."),
        (lambda room: room.press("chi", "m1", WEEKS, "52"), "The menu has no such choice."),
        (lambda room: room.press("chi", "m1", WEEKS), "The menu has no such choice."),
        (lambda room: room.press("chi", "m1", ANSWER, "4"), "A button has nothing to choose from."),
        (lambda room: room.press("chi", "m2", ANSWER), "People's own words have no buttons."),
        (lambda room: room.press("chi", "m9", ANSWER), "That message is gone."),
        (lambda room: room.press("chi", "m3", ANSWER), "That message is somebody else's."),
        (lambda room: room.press("eli", "m1", ANSWER), "Eli is not in #open-data."),
        (lambda room: room.press("zoe", "m1", ANSWER), "Nobody here is called 'zoe'."),
        (lambda room: room.react("chi", "m3", "🎉"), "That message is somebody else's."),
        (lambda room: room.react("chi", "m1", ""), "That is no reaction."),
        (lambda room: room.react("chi", "m1", "🎉", on=False), "You didn't react with that."),
        (lambda room: room.leave("eli", "home"), "Eli is not in #open-data."),
        (lambda room: room.enter_call("eli", "home"), "Eli is not in #open-data."),
        (lambda room: room.leave_call("chi", "home"), "Chi is not in the call 'home'."),
        (lambda room: room.fill("chi", "f1", {}), "That form is closed. Open it again."),
    ],
)
async def test_people_cannot(room: Room, ears: Ears, act: Callable[[Room], Awaitable[object]], why: str) -> None:
    await room.post(HOME, BOARD, once="board")
    await room.say("chi", "home", "Well", "m1")
    await room.post(Place("playground", "movement", person="ben"), BOARD, once="private")
    before = len(ears.heard)
    assert await refusal(act(room)) == why
    assert (len(ears.heard), len(room.posts)) == (before, 3)


async def test_what_just_fits_is_taken(room: Room, ears: Ears) -> None:
    form = Form(
        "All", ANSWER, Words(name="intention", label="Intention", most=20), People(name="with", label="With", most=3)
    )
    form_id = await open_form(room, ears, form)
    await room.fill("chi", form_id, {"intention": "🥁" * 10, "with": ("ana", "ben", "chi")})
    await room.say("chi", "home", "🥁" * 2000)
    assert (len(ears.heard), room.form("chi")) == (3, None)


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        (lambda room: room.add_person(Person("drumbeat", "Somebody")), "The id 'drumbeat' is Drumbeat's own."),
        (lambda room: room.add_channel("new", "new", creator="zoe"), "Nobody here is called 'zoe'."),
        (lambda room: room.seat("home", "zoe"), "Nobody here is called 'zoe'."),
        (lambda room: room.seat("attic", "ana"), "There is no channel 'attic'."),
        (lambda room: room.close_inbox("zoe"), "Nobody here is called 'zoe'."),
        (lambda room: room.delete("m9"), "There is no such message."),
    ],
)
def test_a_scene_cannot_hold(room: Room, setting: Callable[[Room], None], why: str) -> None:
    before = (room.people, room.channels)
    with pytest.raises(RoomError) as refused:
        setting(room)
    assert (refused.value.why, (room.people, room.channels)) == (why, before)


async def test_a_button_that_was_edited_away_cannot_be_pressed(room: Room, ears: Ears) -> None:
    message = await room.post(HOME, BOARD, once="board")
    await room.edit(HOME, message, Message("Closed"))
    assert await refusal(room.press("chi", message, ANSWER)) == "The message doesn't show that any more."


async def test_nobody_reacts_twice_or_is_in_two_calls(room: Room, ears: Ears) -> None:
    message = await room.post(HOME, BOARD, once="board")
    await room.react("chi", message, "🎉")
    await room.enter_call("chi", "home")
    assert await refusal(room.react("chi", message, "🎉")) == "You reacted with that already."
    assert await refusal(room.enter_call("chi", "town-hall")) == "Chi is in the call 'home' already."


async def test_a_whisper_takes_no_reactions_and_is_gone_once_dismissed(room: Room, ears: Ears) -> None:
    ears.answers.append(Whisper("Only you"))
    await room.command("chi", "home", "/me")
    assert await refusal(room.react("chi", "w1", "🎉")) == "A whisper takes no reactions."
    assert await refusal(room.press("ben", "w1", ANSWER)) == "That message is gone."
    room.dismiss("chi", "w1")
    with pytest.raises(RoomError, match="That is gone already"):
        room.dismiss("chi", "w1")


@pytest.mark.parametrize(
    ("answers", "field", "why"),
    [
        ({**WHOLE, "age": "41"}, "", "The form has no field age."),
        ({"intention": "call"}, "mood", "“Mood” needs an answer."),
        ({**WHOLE, "intention": ""}, "intention", "“Intention” needs an answer."),
        ({**WHOLE, "intention": ("call",)}, "intention", "“Intention” takes words."),
        ({**WHOLE, "intention": "🥁" * 11}, "intention", "“Intention” has 22 characters; 20 fit."),
        ({**WHOLE, "intention": "call\ntwo"}, "intention", "“Intention” takes one line."),
        ({**WHOLE, "mood": "6"}, "mood", "“Mood” has no such choice."),
        ({**WHOLE, "mood": ("1", "2")}, "mood", "“Mood” takes 1 at most."),
        ({**WHOLE, "with": ("ana", "ben", "chi")}, "with", "“With” takes 2 at most."),
        ({**WHOLE, "with": ("ana", "ana")}, "with", "“With” has something twice."),
        ({**WHOLE, "with": ("eli",)}, "with", "“With”: only people of this place can be picked."),
        ({**WHOLE, "due": "x" * 41}, "due", "“Due” has 41 characters; 40 fit."),
    ],
)
async def test_a_form_cannot_be_sent_with(
    room: Room, ears: Ears, answers: dict[str, str | tuple[str, ...]], field: str, why: str
) -> None:
    form_id = await open_form(room, ears)
    with pytest.raises(RoomError) as refused:
        await room.fill("chi", form_id, answers)
    assert (refused.value.field, refused.value.why, len(ears.heard)) == (field, why, 1)
    assert room.form("chi") is not None


async def test_a_long_answer_may_have_lines_and_several_things_may_be_ticked(room: Room, ears: Ears) -> None:
    form = Form("Notes", ANSWER, Choice(name="days", label="Days", options=SCALE, many=True), FORM.fields[2])
    form_id = await open_form(room, ears, form)
    answers: dict[str, str | tuple[str, ...]] = {"days": ("1", "5"), "note": "one\ntwo"}
    await room.fill("chi", form_id, answers)
    who = Person("chi", "Chi")
    assert ears.last == Submitted(id="", who=who, place=HOME, at=MORNING, action=ANSWER, answers=answers)


async def test_in_an_inbox_everybody_of_the_workspace_can_be_picked_and_nobody_else(room: Room, ears: Ears) -> None:
    room.add_channel("far", "far", "elsewhere", creator="eli")
    message = await room.post(Place("playground", "movement", person="chi"), BOARD, once="private")
    form = Form("Who?", ANSWER, People(name="with", label="With"))
    ears.answers += [form, None]
    await room.press("chi", message, ANSWER)
    why = "“With”: only people of this place can be picked."
    assert await refusal(room.fill("chi", "f1", {"with": ("eli",)})) == why
    await room.fill("chi", "f1", {"with": ("ben",)})
    assert room.form("chi") is None


async def test_watchers_are_told_when_a_form_opens_comes_back_and_closes(room: Room, ears: Ears) -> None:
    changes: list[Change] = []
    message = await room.post(HOME, BOARD, once="board")
    room.on_change(changes.append)
    ears.answers += [FORM, Problems({"intention": "Say a little more."}), None]
    await room.press("chi", message, ANSWER)
    seen = [len(changes)]
    for _ in range(2):
        await room.fill("chi", "f1", WHOLE)
        seen.append(len(changes))
    assert (changes, seen) == ([Change("form", person="chi")] * 3, [1, 2, 3])


async def test_a_form_put_away_is_closed(room: Room, ears: Ears) -> None:
    form_id = await open_form(room, ears)
    room.close_form("chi", "f9")
    assert room.form("chi") is not None
    room.close_form("chi", form_id)
    assert await refusal(room.fill("chi", form_id, WHOLE)) == "That form is closed. Open it again."


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (Place("playground", "movement", "attic"), "There is no channel 'attic'."),
        (Place("playground", "elsewhere", "home"), "There is no channel 'home'."),
        (Place("playground", "movement", "home", "m9"), "There is no thread 'm9' in #open-data."),
        (Place("playground", "movement", "home", "m2"), "There is no thread 'm2' in #open-data."),
        (Place("playground", "movement", "other", "m1"), "There is no thread 'm1' in #other."),
        (Place("playground", "movement", person="zoe"), "Nobody here is called 'zoe'."),
        (Place("playground", "movement", person="eli"), "Eli takes no private messages."),
        (Place("playground", "movement", thread="m1", person="chi"), "An inbox has no threads."),
    ],
)
async def test_drumbeat_cannot_post_to(room: Room, place: Place, why: str) -> None:
    await room.post(HOME, BOARD, once="board")
    await room.say("chi", "home", "Well", "m1")
    room.close_inbox("eli")
    room.add_channel("other", "other", creator="ben")
    assert await failure(room.post(place, BOARD, once="x")) == (why, True, None)
    assert (len(room.posts), len(room.calls)) == (2, 1)


async def test_drumbeat_cannot_edit_what_is_deleted_elsewhere_or_somebody_elses(room: Room) -> None:
    await room.post(HOME, BOARD, once="board")
    await room.say("chi", "home", "Mine")
    room.add_channel("other", "other", creator="ben")
    elsewhere = replace(HOME, channel="other")
    gone = ("There is no message 'm1' in that place any more.", True, None)
    assert await failure(room.edit(elsewhere, "m1", BOARD)) == gone
    assert await failure(room.edit(HOME, "m2", BOARD)) == ("The message 'm2' is somebody else's.", True, None)
    room.delete("m1")
    assert await failure(room.edit(HOME, "m1", BOARD)) == gone
    assert (await failure(room.members(Place("playground", "movement", "attic"))))[1]


# ------------------------------------------------------------------------------------------------ mishaps on the way


async def test_sends_that_fail_for_a_while_leave_nothing(room: Room) -> None:
    room.fail_next(2, retry_after=7)
    broke: tuple[str, bool, float | None] = ("The line broke. Try again.", False, 7)
    assert await failure(room.post(HOME, Message("One"), once="a")) == broke
    assert await failure(room.post(HOME, Message("Two"), once="b")) == broke
    await room.post(HOME, Message("Three"), once="c")
    assert [post.text for post in room.posts] == ["Three"]
    assert [call.text for call in room.failed_calls] == ["One", "Two"]


async def test_a_send_that_arrives_but_seems_to_fail_can_be_found(room: Room) -> None:
    room.fail_next(1, after_storing=True)
    assert await failure(room.post(HOME, Message("One"), once="a")) == ("The line broke. Try again.", False, None)
    found = await room.find(HOME, once="a", since=MORNING)
    assert (found, [call.text for call in room.calls]) == ("m1", ["One"])


async def test_an_edit_can_arrive_and_seem_to_fail(room: Room) -> None:
    message = await room.post(HOME, BOARD, once="board")
    room.fail_next(1, after_storing=True)
    failed = await failure(room.edit(HOME, message, Message("Closed")))
    assert (failed, room.posts[0].text, len(room.calls)) == (("The line broke. Try again.", False, None), "Closed", 2)


async def test_a_running_room_listens_until_it_is_stopped(room: Room) -> None:
    ears = Ears()
    running = asyncio.create_task(room.run(ears.hear))
    await asyncio.wait([running], timeout=0)
    await room.say("chi", "home", "One")
    running.cancel()
    await asyncio.wait([running])
    await room.say("chi", "home", "Two")
    assert [event.words for event in ears.heard if isinstance(event, Said)] == ["One"]


async def test_only_our_own_post_of_that_place_and_time_is_found(room: Room) -> None:
    inbox = Place("playground", "movement", person="chi")
    await room.post(HOME, Message("One"), once="a")
    late = MORNING + timedelta(seconds=1)
    assert [
        await room.find(inbox, once="a", since=MORNING),
        await room.find(HOME, once="b", since=MORNING),
        await room.find(HOME, once="a", since=late),
        await room.find(HOME, once="a", since=MORNING),
    ] == [None, None, None, "m1"]


# ------------------------------------------------------------------------------------------------ the journal


async def live_a_little(room: Room) -> None:
    ears = Ears()
    room.listen(ears.hear)
    await room.post(HOME, BOARD, once="board")
    await room.say("chi", "home", "Words\nwith “marks” and 🥁", "m1")
    await room.post(Place("playground", "movement", person="chi"), Message("Private"), once="private")
    await room.post(HOME, Message("Soon gone"), once="gone")
    await room.edit(HOME, "m1", Message("Closed"))
    await room.react("chi", "m1", "🎉")
    await room.enter_call("ben", "home")
    await room.join("eli", "home")
    await room.leave("chi", "home")
    room.delete("m4")
    room.close_inbox("eli")
    room.remember_offset(3600.5)
    ears.answers.append(Whisper("Secret"))
    await room.command("ben", "home", "/me")


async def test_a_room_that_starts_again_is_as_it_was_but_for_the_whispers(tmp_path: Path) -> None:
    room = furnish(Room(now=lambda: MORNING, journal=tmp_path / "deep" / "room.jsonl"))
    await live_a_little(room)
    again = Room(now=lambda: MORNING, journal=tmp_path / "deep" / "room.jsonl")
    assert (again.people, again.posts, again.voice, again.offset) == (room.people, room.posts, room.voice, 3600.5)
    assert again.channels == (Channel("home", "open-data", "movement", "ana", ("ana", "ben", "eli")),)
    assert (len(room.whispers("ben")), again.whispers("ben")) == (1, ())
    why, permanent, _ = await failure(again.post(Place("playground", "movement", person="eli"), BOARD, once="x"))
    assert (why, permanent) == ("Eli takes no private messages.", True)
    assert await again.post(HOME, BOARD, once="x") == "m5"


def test_a_new_rooms_clock_was_never_moved(room: Room) -> None:
    assert room.offset == 0


def test_setting_the_same_scene_again_changes_nothing(tmp_path: Path) -> None:
    journal = tmp_path / "room.jsonl"
    room = Room(now=lambda: MORNING, journal=journal)
    was_new = room.is_new
    furnish(room)
    written = journal.read_bytes()
    again = furnish(Room(now=lambda: MORNING, journal=journal))
    assert (was_new, again.is_new, journal.read_bytes()) == (True, False, written)


def test_somebody_who_is_renamed_is_known_by_the_new_name(room: Room) -> None:
    room.add_person(Person("chi", "Chiara"))
    assert room.person("chi") == Person("chi", "Chiara")


async def test_a_half_written_last_line_is_forgotten_and_the_next_one_is_whole(tmp_path: Path) -> None:
    journal = tmp_path / "room.jsonl"
    room = furnish(Room(now=lambda: MORNING, journal=journal))
    await room.say("chi", "home", "Whole")
    written = journal.read_bytes()
    journal.write_bytes(written + b'{"is":"posted","id":"m2","wor')
    again = Room(now=lambda: MORNING, journal=journal)
    assert (again.posts, journal.read_bytes()) == (room.posts, written)
    await again.say("chi", "home", "After")
    assert [post.text for post in Room(now=lambda: MORNING, journal=journal).posts] == ["Whole", "After"]


def test_a_journal_with_a_broken_line_in_the_middle_says_which(tmp_path: Path) -> None:
    journal = tmp_path / "room.jsonl"
    journal.write_bytes(b'{"is":"offset","seconds":1}\nnonsense\n{"is":"offset","seconds":2}\n')
    with pytest.raises(JournalError, match=r"Line 2 of .* cannot be read"):
        Room(now=lambda: MORNING, journal=journal)


async def test_everything_is_on_disk_the_moment_it_happened(tmp_path: Path) -> None:
    journal = tmp_path / "room.jsonl"
    room = furnish(Room(now=lambda: MORNING, journal=journal))
    before = journal.read_bytes().count(b"\n")
    await room.post(HOME, BOARD, once="board")
    assert journal.read_bytes().count(b"\n") == before + 1
