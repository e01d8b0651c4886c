"""People who come and go, call each other and write: what is told of it, and what there is to see."""

from __future__ import annotations

from bot.chat import Button, Buttons, Message
from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.caller import Caller, Ear, button, text
from tests.adapters.discord_platform.scenery import PING, START, offer


async def test_people_come_and_go(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    await stand.join("eli", "river")
    await stand.leave("eli", "river")
    await stand.join("chi", "river")
    await stand.leave("chi", "river")
    assert ear.events[2:] == [
        *("CHANNEL_UPDATE", "CHANNEL_UPDATE"),
        *("GUILD_MEMBER_ADD", "CHANNEL_UPDATE", "CHANNEL_UPDATE", "GUILD_MEMBER_REMOVE"),
    ]
    assert stand.channel("river").people == ("ana", "ben")


async def test_a_public_channel_is_everybodys(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    stand.add_channel("square", "square", creator="ana", public=True)
    assert stand.channel("square").people == ("ana", "ben", "eli")
    await stand.join("chi", "square")
    assert ear.events[2:] == ["CHANNEL_CREATE", "GUILD_MEMBER_ADD"]
    await stand.leave("chi", "square")
    await stand.leave("ben", "square")
    assert ear.events[4:] == ["GUILD_MEMBER_REMOVE", "CHANNEL_UPDATE"]
    assert stand.channel("square").people == ("ana", "eli")


async def test_people_call_each_other(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    await stand.enter_call("ana", "river")
    await stand.enter_call("ben", "kitchen")
    await stand.change_call("ben", "river")
    assert stand.voice == {"river": ("ana", "ben")}
    await stand.leave("ben", "river")
    told = [frame["d"] for frame in ear.heard if frame["t"] == "VOICE_STATE_UPDATE"]
    river, kitchen = stand.call_channel("river"), stand.call_channel("kitchen")
    assert [(stand.named(one["user_id"]), one["channel_id"]) for one in told] == [
        *(("ana", river), ("ben", kitchen), ("ben", river), ("ben", None))
    ]


async def test_a_reply_brings_what_it_answers_and_not_what_that_answered(
    stand: DiscordStand, caller: Caller, ear: Ear
) -> None:
    root = await offer(caller)
    await stand.reply("ana", root, "First")
    first = stand.events[-1].data
    await stand.reply("ben", first["id"], "Second")
    second = stand.events[-1].data
    assert (first["type"], first["referenced_message"]["id"], first["referenced_message"]["author"]["id"]) == (
        19,
        root,
        stand.drumbeat,
    )
    assert (second["referenced_message"]["id"], "referenced_message" in second["referenced_message"]) == (
        first["id"],
        False,
    )


async def test_words_under_a_message_stand_in_its_thread(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    root = await offer(caller)
    await stand.say("ben", "river", "Under it", thread=root)
    await stand.say("ana", "river", "Me too", thread=root)
    await stand.reply("ana", root, "Beside it")
    assert [(post.author, post.words, post.place.thread) for post in stand.thread(root)] == [
        *(("ben", "Under it", root), ("ana", "Me too", root))
    ]
    assert [post.text for post in stand.channel_messages("river")] == ["Hello", "Beside it"]
    assert ear.events[3:] == ["THREAD_CREATE", "MESSAGE_UPDATE", *["MESSAGE_CREATE"] * 3]


async def test_what_was_told_last_can_be_told_again(stand: DiscordStand, caller: Caller, ear: Ear) -> None:
    await stand.say("ana", "river", "Hello")
    await caller.post("river", text("Drumbeat's own words are nobody's act"))
    await stand.redeliver_last()
    told = [frame["d"]["content"] for frame in ear.heard if frame["t"] == "MESSAGE_CREATE"]
    assert told == ["Hello", "", "Hello"]


async def test_a_post_shows_what_people_see(stand: DiscordStand, caller: Caller) -> None:
    post = await offer(caller, button("Ping", "db1:check-in:ping::0"))
    await stand.react("ben", post, "👍")
    await stand.react("ana", post, "👍")
    await stand.react("ben", post, "👍", on=False)
    (seen,) = stand.channel_messages("river")
    assert (seen.id, seen.author, seen.at, seen.reactions) == (post, "drumbeat", START, {"👍": ("ana",)})
    assert seen.view == Message("Hello", Buttons(Button("Ping", PING)))
    await caller.call("PATCH", f"/channels/{stand.native('river')}/messages/{post}", text("Bye"))
    assert [(call.kind, call.text, call.message_id) for call in stand.calls] == [
        *(("post", "Hello\n[Ping]", post), ("edit", "Bye", post))
    ]
