"""What every chat keeps to: the room of the playground, Slack and Discord, each as its people see it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from bot.chat import (
    Action,
    Answer,
    Attachment,
    Blank,
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
    Person,
    Place,
    Present,
    Pressed,
    Problems,
    Quote,
    Reacted,
    Said,
    Submitted,
    Text,
    Typable,
    Whisper,
    Words,
    bold,
)
from bot.plain import read_aloud
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.slack_platform import SlackStand
from tests.stages import STAGES, LineStage, Stage
from tests.town import LOUNGE, PEOPLE, RIVER, stopped_clock

COMMANDS = (Typable("away", "Take a break", "[until friday]", Blank("when", "How long")), Typable("ask", "Ask"))
ANSWER = Action("check-in", "answer", "17", 3)
PICK = Action("check-in", "pick", "17", 3)
ASKED = Message(
    Text(bold("Check-in"), "\nHow are you?"),
    Quote("A <!channel> & @everyone *word*", by="Chi"),
    Buttons(Button("Answer", ANSWER, "primary")),
    Menu("More", PICK, (Option("One", "1"), Option("Two", "2"))),
)
FILE = Attachment("retro-2026-05-04.md", "# Retro\n\n- *Été* & <b>more</b>")
SUMMARY = Message("So it went.", FILE, Buttons(Button("Answer", ANSWER)))
FORM = Form(
    "Check-in",
    ANSWER,
    Words(name="word", label="In a word?"),
    Words(name="more", label="And more?", long=True, required=False),
    Choice(name="mood", label="Your mood?", options=(Option("Good", "good"), Option("Bad", "bad"))),
)
FILLED: dict[str, str | tuple[str, ...]] = {"word": "Fine", "more": "Two\nlines", "mood": ("good",)}

Kind = TypeVar("Kind", bound=Event)


class Line:
    """A chat, the stage behind it, and ears that answer what a test wants."""

    def __init__(self, platform: str) -> None:
        self.clock = stopped_clock()
        self.stage: Stage = STAGES[platform](self.clock)
        self.room = self.stage.room
        for person in PEOPLE.values():
            self.room.add_person(person)
        self.room.add_person(Person("beep", "Beep", bot=True))
        self.room.add_channel(RIVER, "river", creator="ana")
        self.room.seat(RIVER, "ben", "chi", "beep")
        self.chats: dict[str, Chat] = {}
        self.heard: list[Event] = []
        self.answer: Callable[[Event], Answer] = lambda _: None
        self.gate = asyncio.Event()
        self.gate.set()
        self.stage.prepare(lambda: COMMANDS, self.chats, self.hear)

    @property
    def chat(self) -> Chat:
        return next(iter(self.chats.values()))

    @property
    def river(self) -> Place:
        return self.stage.place(RIVER, under=None, who="")

    async def hear(self, event: Event) -> Answer:
        self.heard.append(event)
        await self.gate.wait()
        return self.answer(event)

    def last(self, kind: type[Kind]) -> Kind:
        """The last event of a kind."""
        return next(event for event in reversed(self.heard) if isinstance(event, kind))

    def where(self, event: Event) -> tuple[str, str]:
        """Who did it in which channel, by the names of the town."""
        return self.stage.named(event.who.id), self.stage.named(event.place.channel) if event.place.channel else ""

    def channel(self) -> list[str]:
        return [post.text for post in self.room.channel_messages(RIVER)]

    def files(self) -> list[tuple[Attachment, ...]]:
        """The files of each message of the channel, as people find them there."""
        return [post.view.attachments if post.view else () for post in self.room.channel_messages(RIVER)]

    def posts(self) -> int:
        """How many messages were posted, which notify people; edits don't."""
        return len([call for call in self.room.calls if call.kind == "post"])

    async def post(self, message: Message = ASKED, *, once: str = "drumbeat-1") -> str:
        return await self.chat.post(self.river, message, once=once)


@pytest.fixture(params=list(STAGES))
async def line(request: pytest.FixtureRequest) -> AsyncIterator[Line]:
    line = Line(request.param)
    await line.stage.connect(line.hear)
    yield line
    await line.stage.close()


# ------------------------------------------------------------------------------------------------ out


async def test_a_post_is_shown_as_it_was_meant_and_can_be_changed(line: Line) -> None:
    message_id = await line.post()
    assert line.channel() == [read_aloud(ASKED)]
    await line.chat.edit(line.river, message_id, Message("Closed."))
    assert line.channel() == ["Closed."]


async def test_a_reply_stands_in_the_thread_and_can_be_changed(line: Line) -> None:
    await line.post()
    root = line.room.channel_messages(RIVER)[0]
    place = line.stage.place(RIVER, under=root, who="")
    reply = await line.chat.post(place, Message("An answer"), once="drumbeat-2")
    assert [post.text for post in line.room.thread(root.id)] == ["An answer"]
    await line.chat.edit(place, reply, Message("Another one"))
    assert [post.text for post in line.room.thread(root.id)] == ["Another one"]
    assert line.channel() == [read_aloud(ASKED)]


async def test_a_private_message_reaches_one_person_and_can_be_changed(line: Line) -> None:
    inbox = line.stage.place("", under=None, who="chi")
    message_id = await line.chat.post(inbox, ASKED, once="drumbeat-1")
    await line.chat.edit(inbox, message_id, Message("Never mind."))
    assert [post.text for post in line.room.inbox("chi")] == ["Never mind."]
    assert (line.channel(), line.room.inbox("ben")) == ([], ())


async def test_a_post_is_found_by_its_mark_alone(line: Line) -> None:
    inbox = line.stage.place("", under=None, who="chi")
    since = line.clock() - timedelta(minutes=2)
    message_id = await line.post(once="drumbeat-7")
    private = await line.chat.post(inbox, Message("Psst"), once="drumbeat-8")
    root = line.room.channel_messages(RIVER)[0]
    thread = line.stage.place(RIVER, under=root, who="")
    reply = await line.chat.post(thread, Message("An answer"), once="drumbeat-9")
    find = line.chat.find
    assert await find(line.river, once="drumbeat-7", since=since) == message_id
    assert await find(inbox, once="drumbeat-8", since=since) == private
    assert await find(thread, once="drumbeat-9", since=since) == reply
    assert await find(line.river, once="drumbeat-70", since=since) is None


async def test_a_post_that_is_kept_from_arriving_is_refused_for_now(line: Line) -> None:
    line.room.fail_next(1)
    with pytest.raises(DeliveryError) as refusal:
        await line.post()
    assert (refusal.value.permanent, refusal.value.retry_after, line.channel()) == (False, None, [])


async def test_a_rate_limit_says_how_long_to_wait(line: Line) -> None:
    line.room.fail_next(1, retry_after=77)
    with pytest.raises(DeliveryError) as refusal:
        await line.post()
    assert (refusal.value.permanent, refusal.value.retry_after, line.channel()) == (False, 77, [])


async def test_a_post_whose_answer_was_lost_is_found_and_not_doubled(line: Line) -> None:
    line.room.fail_next(1, after_storing=True)
    with pytest.raises(DeliveryError) as refusal:
        await line.post()
    assert (refusal.value.permanent, refusal.value.retry_after) == (False, None)
    found = await line.chat.find(line.river, once="drumbeat-1", since=line.clock() - timedelta(minutes=2))
    assert found is not None
    await line.chat.edit(line.river, found, Message("Once."))
    assert line.channel() == ["Once."]


# ------------------------------------------------------------------------------------------------ files


async def test_a_file_comes_with_its_post_and_stays_or_is_replaced_by_an_edit(line: Line) -> None:
    message_id = await line.post(SUMMARY)
    assert (line.channel(), line.files()) == (["So it went.\nretro-2026-05-04.md (file)\n[Answer]"], [(FILE,)])
    await line.chat.edit(line.river, message_id, Message("So it went, in short.", FILE))
    assert (line.channel(), line.files()) == (["So it went, in short.\nretro-2026-05-04.md (file)"], [(FILE,)])
    longer, table = Attachment(FILE.name, "# Retro\n\n- And more"), Attachment("retro.csv", "1,2")
    await line.chat.edit(line.river, message_id, Message("So it went.", longer, table))
    assert line.files() == [(longer, table)]
    await line.chat.edit(line.river, message_id, Message("Gone."))
    assert (line.channel(), line.files(), line.posts()) == (["Gone."], [()], 1)


async def test_a_file_comes_in_a_thread_and_in_private(line: Line) -> None:
    await line.post()
    root = line.room.channel_messages(RIVER)[0]
    await line.chat.post(line.stage.place(RIVER, under=root, who=""), SUMMARY, once="drumbeat-2")
    await line.chat.post(line.stage.place("", under=None, who="chi"), SUMMARY, once="drumbeat-3")
    shown = (*line.room.thread(root.id), *line.room.inbox("chi"))
    assert [post.view.attachments for post in shown if post.view] == [(FILE,), (FILE,)]


async def test_a_file_is_there_once_however_often_its_post_is_sent(line: Line) -> None:
    line.room.fail_next(1)
    with pytest.raises(DeliveryError):
        await line.post(SUMMARY)
    line.room.fail_next(1, after_storing=True)
    with pytest.raises(DeliveryError):
        await line.post(SUMMARY)
    found = await line.chat.find(line.river, once="drumbeat-1", since=line.clock() - timedelta(minutes=2))
    assert found is not None
    await line.chat.edit(line.river, found, SUMMARY)
    assert (line.files(), line.posts()) == ([(FILE,)], 1)


async def test_a_file_stays_when_its_message_is_edited_after_a_restart(line: Line) -> None:
    message_id = await line.post(SUMMARY)
    await line.stage.disconnect()
    await line.stage.connect(line.hear)
    await line.chat.edit(line.river, message_id, Message("In short.", FILE))
    assert (line.channel(), line.files()) == (["In short.\nretro-2026-05-04.md (file)"], [(FILE,)])


@pytest.mark.parametrize("line", ["slack", "discord"], indirect=True)  # the room takes every file
async def test_a_message_whose_file_is_refused_comes_without_it_and_says_so(line: Line) -> None:
    stand = line.stage.stand if isinstance(line.stage, LineStage) else None
    if isinstance(stand, SlackStand):
        stand.refuse_next("access_denied", "files.completeUploadExternal")
    elif stand is not None:
        stand.forbid(RIVER, "ATTACH_FILES")
        await stand.service.gateway.arrived()
    message_id = await line.post(SUMMARY)
    missing = "The file retro-2026-05-04.md could not be brought here."
    assert (line.channel(), line.files()) == ([f"So it went.\n{missing}\n[Answer]"], [()])
    if isinstance(stand, DiscordStand):
        stand.permit(RIVER, "ATTACH_FILES")
        await stand.service.gateway.arrived()
    await line.chat.edit(line.river, message_id, SUMMARY)
    assert (line.files(), line.posts()) == ([(FILE,)], 1)


async def test_what_somebody_deleted_cannot_be_changed_any_more(line: Line) -> None:
    message_id = await line.post()
    line.room.delete(line.room.channel_messages(RIVER)[0].id)
    with pytest.raises(DeliveryError) as refusal:
        await line.chat.edit(line.river, message_id, Message("Closed."))
    assert refusal.value.permanent


async def test_a_channel_that_there_is_not_is_refused_for_good(line: Line) -> None:
    nowhere = {"slack": "CNOWHERE", "discord": "111111111111111111"}.get(line.river.platform, "nowhere")
    place = Place(line.river.platform, line.river.workspace, channel=nowhere)
    with pytest.raises(DeliveryError) as refusal:
        await line.chat.post(place, ASKED, once="drumbeat-1")
    assert refusal.value.permanent


async def test_an_inbox_that_is_closed_is_refused_for_good(line: Line) -> None:
    line.room.close_inbox("chi")
    with pytest.raises(DeliveryError) as refusal:
        await line.chat.post(line.stage.place("", under=None, who="chi"), Message("Psst"), once="drumbeat-1")
    assert refusal.value.permanent


async def test_the_people_of_a_channel_are_listed_by_name(line: Line) -> None:
    people = await line.chat.members(line.river)
    listed = {line.stage.named(person.id): (person.name, person.bot) for person in people}
    # On Slack and Discord Drumbeat itself is there too, as a bot.
    assert {who: known for who, known in listed.items() if who in (*PEOPLE, "beep")} == {
        "ana": ("Ana", False),
        "ben": ("Ben", False),
        "chi": ("Chi", False),
        "beep": ("Beep", True),
    }


# ------------------------------------------------------------------------------------------------ in


async def test_words_arrive_as_they_were_typed(line: Line) -> None:
    words = "a < b & c > d, *not* bold, @everyone\nand more"
    await line.room.say("chi", RIVER, words)
    said = line.last(Said)
    assert (line.where(said), said.words, said.unread, said.place.thread) == (("chi", RIVER), words, False, "")


async def test_words_in_a_thread_and_in_private_say_where_they_stand(line: Line) -> None:
    root_id = await line.post()
    root = line.room.channel_messages(RIVER)[0]
    await line.room.say("chi", RIVER, "Fine", thread=root.id)
    replied = line.last(Said)
    assert (line.where(replied), replied.words, replied.place.thread) == (("chi", RIVER), "Fine", root_id)
    await line.chat.post(line.stage.place("", under=None, who="chi"), Message("Psst"), once="drumbeat-2")
    await line.room.say("chi", "", "Hello")
    private = line.last(Said)
    assert (private.words, private.place.channel, line.stage.named(private.place.person)) == ("Hello", "", "chi")


async def test_a_command_arrives_with_its_words_and_its_whisper_is_for_one(line: Line) -> None:
    line.answer = lambda _: Whisper("Have a good time.", Buttons(Button("Answer", ANSWER)))
    answer = await line.room.command("chi", RIVER, "/away until friday")
    asked = line.last(Commanded)
    assert (line.where(asked), asked.name, asked.words) == (("chi", RIVER), "away", "until friday")
    assert isinstance(answer, Whisper)
    assert [post.text for post in line.room.whispers("chi")] == ["Have a good time.\n[Answer]"]
    assert (line.room.whispers("ben"), line.channel()) == ((), [])


async def test_a_tap_and_a_pick_arrive_with_their_action(line: Line) -> None:
    message_id = await line.post()
    shown = line.room.channel_messages(RIVER)[0]
    await line.room.press("chi", shown.id, ANSWER)
    pressed = line.last(Pressed)
    assert (line.where(pressed), pressed.action, pressed.choice, pressed.message) == (
        ("chi", RIVER),
        ANSWER,
        "",
        message_id,
    )
    await line.room.press("ben", shown.id, PICK, "2")
    picked = line.last(Pressed)
    assert (line.where(picked), picked.action, picked.choice) == (("ben", RIVER), PICK, "2")


async def test_a_button_in_a_whisper_works_and_stands_on_no_post(line: Line) -> None:
    line.answer = lambda _: Whisper("Tap.", Buttons(Button("Answer", ANSWER)))
    await line.room.command("chi", RIVER, "/ask")
    line.answer = lambda _: Whisper("Thank you.")
    await line.room.press("chi", line.room.whispers("chi")[-1].id, ANSWER)
    pressed = line.last(Pressed)
    assert (line.where(pressed), pressed.action, pressed.message) == (("chi", RIVER), ANSWER, "")
    assert line.room.whispers("chi")[-1].text == "Thank you."


async def test_a_form_is_filled_in_and_what_is_wrong_keeps_it_open_with_what_was_typed(line: Line) -> None:
    line.answer = lambda _: FORM
    await line.room.command("chi", RIVER, "/ask")
    opened = line.room.form("chi")
    assert opened is not None
    assert (opened.form.title, opened.form.action, [field.label for field in opened.form.fields]) == (
        "Check-in",
        ANSWER,
        ["In a word?", "And more?", "Your mood?"],
    )
    line.answer = lambda _: Problems({"more": "That is too much."})
    wrong = await line.room.fill("chi", opened.id, FILLED)
    assert wrong == Problems({"more": "That is too much."})
    submitted = line.last(Submitted)
    assert (line.where(submitted), submitted.action, dict(submitted.answers)) == (("chi", RIVER), ANSWER, FILLED)
    again = line.room.form("chi")
    assert again is not None
    assert dict(again.typed) == FILLED
    line.answer = lambda _: Whisper("Thank you.")
    await line.room.fill("chi", again.id, FILLED)
    assert (line.room.form("chi"), line.room.whispers("chi")[-1].text) == (None, "Thank you.")


async def test_reactions_joins_and_leaves_arrive(line: Line) -> None:
    message_id = await line.post()
    shown = line.room.channel_messages(RIVER)[0]
    # Discord tells who comes into a channel once somebody asked who is in it.
    await line.chat.members(line.river)
    await line.room.react("chi", shown.id, "👍")
    put = line.last(Reacted)
    await line.room.react("chi", shown.id, "👍", on=False)
    taken = line.last(Reacted)
    assert [(line.where(one), one.message, one.on) for one in (put, taken)] == [
        (("chi", RIVER), message_id, True),
        (("chi", RIVER), message_id, False),
    ]
    await line.room.join("dee", RIVER)
    await line.room.leave("ben", RIVER)
    assert (line.where(line.last(Joined)), line.where(line.last(Left))) == (("dee", RIVER), ("ben", RIVER))


def lounge(line: Line) -> str:
    """What people call the lounge when they announce something there; on Slack a channel has its huddle."""
    return line.stage.native(RIVER) if line.river.platform == "slack" else "#Lounge"


async def inside(line: Line) -> list[str] | None:
    people = await line.chat.inside(line.river, lounge(line))
    return None if people is None else sorted(line.stage.named(person.id) for person in people)


async def test_who_comes_into_a_call_and_who_leaves_is_heard_and_can_be_asked(line: Line) -> None:
    room = line.stage.call(LOUNGE)
    for person in ("ben", "chi"):
        await line.room.enter_call(person, room)
    there = await inside(line)
    await line.room.leave_call("ben", room)
    heard = [(line.stage.named(one.who.id), one.here) for one in line.heard if isinstance(one, Present)]
    assert heard == [("ben", True), ("chi", True), ("ben", False)]
    assert (there, await inside(line)) == (["ben", "chi"], ["chi"])
    named = {name for one in line.heard if isinstance(one, Present) for name in (one.room, one.place.channel, one.name)}
    assert lounge(line).lstrip("#") in named | {name.capitalize() for name in named}
    assert not await line.chat.inside(line.river, "nowhere")


async def test_who_came_and_who_left_while_drumbeat_was_away_is_found_by_a_look(line: Line) -> None:
    room = line.stage.call(LOUNGE)
    for person in ("ben", "chi"):
        await line.room.enter_call(person, room)
    await line.stage.disconnect()
    await line.room.leave_call("ben", room)
    await line.room.enter_call("ana", room)
    await line.stage.connect(line.hear)
    assert await inside(line) == ["ana", "chi"]
    await line.room.leave_call("chi", room)
    assert (line.stage.named(line.last(Present).who.id), line.last(Present).here) == ("chi", False)
    assert await inside(line) == ["ana"]


async def test_every_event_has_an_id_of_its_own(line: Line) -> None:
    await line.post()
    for words in ("One", "Two"):
        await line.room.say("chi", RIVER, words)
        await line.room.press("chi", line.room.channel_messages(RIVER)[0].id, ANSWER)
        await line.room.command("chi", RIVER, "/ask")
    ids = [event.id for event in line.heard]
    assert (len(ids), len(set(ids))) == (6, 6)


async def test_an_event_that_is_delivered_again_has_the_same_id(line: Line) -> None:
    await line.room.say("chi", RIVER, "Hello")
    said = line.last(Said)
    if isinstance(line.stage, LineStage):
        await line.stage.stand.redeliver_last()
    else:
        await line.room.redeliver(said)
    assert [event.id for event in line.heard if isinstance(event, Said)] == [said.id, said.id]


async def test_a_button_works_after_a_restart(line: Line) -> None:
    await line.post()
    await line.stage.disconnect()
    await line.stage.connect(line.hear)
    line.answer = lambda _: FORM
    await line.room.press("chi", line.room.channel_messages(RIVER)[0].id, ANSWER)
    opened = line.room.form("chi")
    assert (line.last(Pressed).action, opened is not None) == (ANSWER, True)


@pytest.mark.parametrize("line", ["slack", "discord"], indirect=True)  # the room waits for as long as it takes
async def test_an_answer_that_takes_long_is_given_all_the_same(line: Line) -> None:
    await line.post()
    line.gate.clear()
    line.answer = lambda _: Whisper("Here it is.")
    tapped = asyncio.create_task(line.room.press("chi", line.room.channel_messages(RIVER)[0].id, ANSWER))
    # Longer than the platforms wait: whoever has not been answered by then sees an error.
    await asyncio.wait({tapped}, timeout=3.2)
    line.gate.set()
    await tapped
    assert line.room.whispers("chi")[-1].text == "Here it is."
