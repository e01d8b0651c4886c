"""What people do on Discord without asking for an answer, as Drumbeat hears it."""

from __future__ import annotations

import asyncio

import pytest

from adapters.playground.scene import BOT
from bot.chat import (
    Action,
    Button,
    Buttons,
    DeliveryError,
    Event,
    Message,
    Person,
    Place,
    Present,
    Pressed,
    Reacted,
    Said,
    Whisper,
)
from tests.adapters.discord_house import BOTH, START, House, always, discord_house
from tests.logged import log

HELLO = Message("Hello")
GO = Action("x", "go")
ASK = Message("Go?", Buttons(Button("Go", GO)))


async def hello(house: House) -> str:
    """Let Drumbeat say hello in the channel."""
    return await house.chat.post(house.place(), HELLO, once="hello")


# ------------------------------------------------------------------------------------------------ words


async def test_words_in_private_are_answered_in_private_and_once() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("I do not know that. Type /drumbeat.", Buttons(Button("Go", GO))))
        await house.stand.say("ben", "", "help")
        await house.stand.redeliver(next(told for told in house.stand.events if told.event == "MESSAGE_CREATE"))
        assert [post.text for post in house.stand.inbox("ben") if post.author == BOT] == [
            "I do not know that. Type /drumbeat.\n[Go]"
        ]


async def test_words_in_a_channel_get_no_answer_that_others_would_see() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("I do not know that."))
        await house.stand.say("ben", "river", "help")
        assert [post.text for post in house.stand.channel_messages("river")] == ["help"]
        assert house.stand.inbox("ben") == ()


async def test_whoever_takes_no_private_messages_costs_nobody_else_anything() -> None:
    async with discord_house() as house:
        house.answer = always(Whisper("I do not know that."))
        with log() as entries:
            house.stand.close_inbox("ben")
            await house.stand.say("ben", "", "help")
            await house.stand.say("ana", "", "help")
        assert [post.text for post in house.stand.inbox("ana") if post.author == BOT] == ["I do not know that."]
        assert entries == [
            {"event": "discord answer in private did not arrive", "log_level": "warning", "permanent": True}
        ]


async def test_words_in_the_channel_are_heard() -> None:
    async with discord_house() as house:
        await house.stand.say("ana", "river", "We did *it*!")
        said = house.stand.channel_messages("river")[-1]
        assert house.heard == [
            Said(
                id=f"discord/message/{said.id}",
                who=house.person("ana", steward=True),
                place=house.place(),
                at=START,
                words="We did *it*!",
                message=said.id,
            )
        ]


async def test_words_in_a_thread_are_heard_as_words_under_its_first_post() -> None:
    async with discord_house() as house:
        post = await hello(house)
        await house.stand.say("ben", "river", "mine", thread=post)
        await house.restart()
        await house.stand.say("ben", "river", "and more", thread=post)
        assert [(heard.place, heard.words) for heard in house.of(Said)] == [
            (house.place(thread=post), "mine"),
            (house.place(thread=post), "and more"),
        ]


async def test_words_in_a_thread_that_slept_while_drumbeat_was_away_are_heard_there() -> None:
    async with discord_house() as house:
        post = await hello(house)
        await house.stand.say("ben", "river", "mine", thread=post)
        await house.disconnect()
        await house.stand.archive_thread(post)
        await house.connect()
        await house.stand.say("ben", "river", "and more", thread=post)
        assert house.of(Said)[-1].place == house.place(thread=post)


async def test_words_in_a_thread_that_drumbeat_was_not_told_of_are_heard_there() -> None:
    async with discord_house() as house:
        post = await hello(house)
        await house.stand.say("ben", "river", "mine", thread=post)
        told = house.stand.events[-1].data
        await house.stand.archive_thread(post)
        for number in (1, 2):
            await house.stand.tell("MESSAGE_CREATE", {**told, "id": str(int(told["id"]) + number)})
        assert [heard.place for heard in house.of(Said)] == [house.place(thread=post)] * 3
        assert len(house.calls("GET", f"/channels/{post}")) == 1


async def test_a_reply_to_drumbeats_post_counts_as_words_under_it() -> None:
    async with discord_house() as house:
        post = await hello(house)
        ours = {"id": post, "author": {"id": house.stand.drumbeat}}
        await house.stand.say("ana", "river", "Hm")
        theirs = house.stand.events[-1].data
        for number, answered in enumerate((ours, theirs, None), start=1):
            reply = {"id": str(int(theirs["id"]) + number), "type": 19, "referenced_message": answered}
            await house.stand.tell("MESSAGE_CREATE", {**theirs, **reply})
        assert [heard.place for heard in house.of(Said)] == [
            house.place(),
            house.place(thread=post),
            house.place(),
            house.place(),
        ]


@pytest.mark.parametrize("privileged", [BOTH, ("members",)])
async def test_who_replies_where_a_post_stands_is_heard_under_it(privileged: tuple[str, ...]) -> None:
    async with discord_house(privileged=privileged) as house:
        post = await hello(house)
        await house.stand.reply("ana", post, "Fine")
        await house.stand.reply("ben", house.stand.events[-1].data["id"], "Really?")
        assert [heard.place for heard in house.of(Said)] == [house.place(thread=post), house.place()]


async def test_words_in_private_are_heard() -> None:
    async with discord_house() as house:
        await house.stand.say("ben", "", "Psst")
        assert [(heard.words, heard.place) for heard in house.of(Said)] == [("Psst", house.private("ben"))]


async def test_names_in_words_are_written_as_names() -> None:
    async with discord_house() as house:
        await house.stand.say(
            "ana", "river", f"<@ben> in <#{house.native('river')}> <:fire:123> <@&5> <#9> <:no> <@77>"
        )
        assert [heard.words for heard in house.of(Said)] == ["@Ben in #river :fire: @role #channel <:no> @somebody"]


async def test_drumbeat_does_not_listen_to_itself_or_to_other_bots() -> None:
    async with discord_house() as house:
        house.stand.add_person(Person("robo", "Robo", bot=True))
        house.stand.seat("river", "robo")
        post = await hello(house)
        house.heard.clear()
        await house.stand.say("robo", "river", "Beep")
        await house.stand.react("robo", post, "🤖")
        await house.stand.react("robo", post, "🤖", on=False)
        await house.stand.enter_call("robo", "hall")
        assert house.heard == []


async def test_without_the_grant_words_are_noticed_and_not_read() -> None:
    async with discord_house(privileged=("members",)) as house:
        post = await hello(house)
        await house.stand.say("ben", "river", "mine", thread=post)
        await house.stand.say("ben", "river", "<@drumbeat> hello")
        await house.stand.say("ben", "", "Psst")
        assert [(heard.words, heard.unread, heard.place) for heard in house.of(Said)] == [
            ("", True, house.place(thread=post)),
            ("@Drumbeat hello", False, house.place()),
            ("Psst", False, house.private("ben")),
        ]


async def test_people_are_heard_in_the_order_in_which_they_spoke() -> None:
    async with discord_house() as house:
        late = asyncio.Event()
        done: list[str] = []

        async def hesitate(event: Event) -> None:
            assert isinstance(event, Said)
            if event.words == "one":
                await late.wait()
            done.append(event.words)

        house.answer = hesitate
        first = asyncio.create_task(house.stand.say("ana", "river", "one"))
        second = asyncio.create_task(house.stand.say("ben", "river", "two"))
        await house.stand.wait_until(lambda: len(house.stand.channel_messages("river")) == 2)
        await house.stand.service.gateway.arrived()
        late.set()
        await asyncio.gather(first, second)
        assert done == ["one", "two"]


async def test_one_server_that_is_slow_holds_up_no_other() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", workspace="other", creator="eli")
        late = asyncio.Event()

        async def hesitate(event: Event) -> None:
            if event.place.workspace == house.native("movement"):
                await late.wait()

        house.answer = hesitate
        writing = asyncio.create_task(house.stand.say("ana", "river", "slow"))
        post = await house.chat.post(house.place("sea", workspace="other"), ASK, once="1")
        await house.stand.service.gateway.arrived()
        tapping = asyncio.create_task(house.stand.press("eli", post, GO))
        interactions = house.stand.service.interactions.by_id
        await house.stand.wait_until(lambda: any(one.answer for one in interactions.values()))
        assert [type(heard) for heard in house.heard] == [Said, Pressed]
        late.set()
        await asyncio.gather(writing, tapping)


# ------------------------------------------------------------------------------------------------ reactions


async def test_a_reaction_is_heard_when_it_comes_and_when_it_goes() -> None:
    async with discord_house() as house:
        post = await hello(house)
        await house.stand.react("ben", post, "👍")
        await house.restart()
        await house.stand.react("ben", post, "👍", on=False)
        heard = house.of(Reacted)
        assert heard == [
            Reacted(id=one.id, who=house.person("ben"), place=house.place(), at=START, message=post, emoji="👍", on=on)
            for one, on in zip(heard, (True, False), strict=True)
        ]
        assert heard[0].id != heard[1].id


# ------------------------------------------------------------------------------------------------ calls


def presence(house: House) -> list[tuple[str, str, bool]]:
    """Who went where, by short names."""
    return [(heard.who.name, house.stand.named(heard.room), heard.here) for heard in house.of(Present)]


async def test_coming_into_a_call_and_leaving_it_is_heard() -> None:
    async with discord_house() as house:
        await house.stand.enter_call("ben", "hall")
        await house.stand.leave_call("ben", "hall")
        room = house.stand.call_channel("hall")
        there = Place("discord", house.native("movement"), room)
        heard = house.of(Present)
        assert heard == [
            Present(id=one.id, who=house.person("ben"), place=there, at=START, room=room, here=here, name="hall")
            for one, here in zip(heard, (True, False), strict=True)
        ]


async def test_going_to_another_call_is_leaving_one_and_coming_into_the_other() -> None:
    async with discord_house() as house:
        await house.stand.enter_call("ben", "hall")
        await house.stand.change_call("ben", "attic")
        assert presence(house) == [("Ben", "hall", True), ("Ben", "hall", False), ("Ben", "attic", True)]


async def test_muting_oneself_is_no_coming() -> None:
    async with discord_house() as house:
        await house.stand.enter_call("ben", "hall")
        told = house.stand.events[-1].data
        await house.stand.tell("VOICE_STATE_UPDATE", {**told, "self_mute": True})
        assert presence(house) == [("Ben", "hall", True)]


async def test_whoever_is_in_a_call_already_is_there_when_drumbeat_comes() -> None:
    async with discord_house(connect=False) as house:
        await house.stand.enter_call("ben", "hall")
        await house.connect()
        assert presence(house) == [("Ben", "hall", True)]


async def test_whoever_left_a_call_while_the_line_was_broken_has_left_it() -> None:
    async with discord_house() as house:
        await house.stand.enter_call("ben", "hall")
        await house.stand.enter_call("ana", "hall")
        house.heard.clear()
        sessions = house.stand.service.gateway
        house.stand.invalidate_sessions()
        await house.stand.wait_until(lambda: house.stand.connected == 0)
        await house.stand.leave_call("ben", "hall")
        await house.stand.wait_until(lambda: sessions.identified == 2)
        await house.chat.ready()
        await house.stand.say("ana", "river", "Back")
        assert presence(house) == [("Ben", "hall", False), ("Ana", "hall", True)]


async def inside(house: House, room: str = "hall") -> list[str] | None:
    """Who is in a call at this moment, by short names; None where that cannot be told."""
    people = await house.chat.inside(house.place(), room)
    return None if people is None else [house.stand.named(one.id) for one in people]


async def test_who_is_in_a_call_is_known_by_its_id_and_by_what_people_call_it() -> None:
    async with discord_house() as house:
        house.stand.add_call("Great Hall")
        house.stand.add_call("stage", stage=True)
        await house.stand.enter_call("ben", "Great Hall")
        await house.stand.enter_call("ana", "stage")
        hall = house.stand.call_channel("Great Hall")
        rooms = (hall, "great hall", "#GREAT HALL", "Stage", "river", "nowhere")
        assert [await inside(house, room) for room in rooms] == [["ben"]] * 3 + [["ana"], [], None]
        await house.stand.change_call("ana", "Great Hall")
        await house.stand.leave_server("ben")
        assert [await inside(house, room) for room in (hall, "stage")] == [["ana"], []]
        assert presence(house)[-3:] == [
            *(("Ana", "stage", False), ("Ana", "Great Hall", True), ("Ben", "Great Hall", False))
        ]


async def test_whoever_came_into_a_call_before_us_is_seen_there_after_a_break_and_a_restart() -> None:
    async with discord_house(connect=False) as house:
        house.stand.add_call("stage", stage=True)
        for person in ("ana", "ben"):
            await house.stand.enter_call(person, "stage")
        await house.connect()
        first = await house.chat.inside(house.place(), "stage")
        await house.disconnect()
        with pytest.raises(DeliveryError) as refusal:
            await inside(house, "stage")
        await house.stand.leave_call("ben", "stage")
        await house.connect()
        assert first == (house.person("ana"), house.person("ben"))
        assert (refusal.value.permanent, await inside(house, "stage")) == (False, ["ana"])


async def test_nothing_is_claimed_of_a_call_while_it_cannot_be_seen() -> None:
    async with discord_house() as house:
        await house.stand.enter_call("ben", "hall")
        server = house.native("movement")
        hall = {"id": house.stand.call_channel("hall"), "guild_id": server, "type": 2, "name": "hall"}
        for deny, seen in ((str(1 << 10), None), ("0", ["ben"])):
            overwrites = [{"id": server, "type": 0, "allow": "0", "deny": deny}]
            await house.stand.tell("CHANNEL_UPDATE", {**hall, "permission_overwrites": overwrites})
            assert await inside(house) == seen
        await house.stand.tell("GUILD_DELETE", {"id": server, "unavailable": True})
        with pytest.raises(DeliveryError) as refusal:
            await inside(house)
        assert (refusal.value.permanent, refusal.value.retry_after) == (False, 15)
        await house.stand.kick_bot()
        with pytest.raises(DeliveryError) as refusal:
            await inside(house)
        assert (refusal.value.permanent, refusal.value.shut_out) == (True, True)


async def test_an_event_that_nobody_understands_costs_no_other() -> None:
    async with discord_house() as house:
        for kind in ("MESSAGE_CREATE", "GUILD_CREATE", "INTERACTION_CREATE", "VOICE_STATE_UPDATE", "ODD"):
            await house.stand.tell(kind, {"guild_id": house.native("movement")})
        await house.stand.say("ana", "river", "Still there?")
        assert [heard.words for heard in house.of(Said)] == ["Still there?"]
        assert house.stand.service.gateway.identified == 1


async def test_drumbeat_goes_on_after_an_event_that_breaks_it() -> None:
    async with discord_house() as house:

        async def break_once(event: Event) -> None:
            if len(house.heard) == 1:
                raise RuntimeError(type(event).__name__)

        house.answer = break_once
        await house.stand.say("ana", "river", "one")
        await house.stand.say("ana", "river", "two")
        assert [heard.words for heard in house.of(Said)] == ["one", "two"]
