"""What Drumbeat posts on Discord: once, in its thread, and with a sentence when it cannot."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from discord import HTTPException, RateLimited

from adapters.discord.calls import BusyError
from adapters.discord.refusals import Errand, explain
from bot.chat import Action, Attachment, Button, Buttons, DeliveryError, Mention, Message, Picture, Place, Text
from tests.adapters.discord_house import START, House, discord_house

HELLO = Message("Hello *all*")
PNG = b"\x89PNG\r\n\x1a\n"


async def refused(house: House, place: Place | None = None) -> tuple[str, str, bool, float | None]:
    """Post something that is refused; gives why, the mend, whether for good, and how long to wait."""
    with pytest.raises(DeliveryError) as told:
        await house.chat.post(place or house.place(), HELLO, once="refused")
    return told.value.why, told.value.mend, told.value.permanent, told.value.retry_after


def shown(house: House, channel: str = "river") -> list[str]:
    """What stands in a channel."""
    return [post.text for post in house.stand.channel_messages(channel)]


# ------------------------------------------------------------------------------------------------ posting


async def test_a_post_stands_in_the_channel_and_changes_when_it_is_edited() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        assert shown(house) == ["Hello *all*"]
        await house.chat.edit(house.place(), post, Message("Good bye", Buttons(Button("Go", Action("x", "go")))))
        assert shown(house) == ["Good bye\n[Go]"]


async def test_a_post_notifies_exactly_whom_it_mentions() -> None:
    async with discord_house() as house:
        message = Message(Text(Mention(house.native("ben"), "Ben"), ": <@", house.native("ana"), "> @everyone"))
        await house.chat.post(house.place(), message, once="1")
        (call,) = house.calls("POST", "/messages")
        body = call["json"]
        assert isinstance(body, dict)
        assert body["allowed_mentions"] == {"parse": [], "users": [house.native("ben")]}


async def test_the_first_reply_makes_the_thread_which_is_called_like_its_post() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), Message("Check-in, Mon 2 Nov", "How *are* you?"), once="1")
        await house.chat.post(house.place(thread=post), Message("Ben: fine"), once="2")
        await house.chat.post(house.place(thread=post), Message("Ana: fine"), once="3")
        assert [reply.text for reply in house.stand.thread(post)] == ["Ben: fine", "Ana: fine"]
        assert house.stand.world.channels[post].name == "Check-in, Mon 2 Nov"
        assert (len(house.calls("POST", "/threads")), house.calls("GET", post)) == (1, [])


async def test_after_a_restart_a_thread_is_still_called_like_its_post() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), Message(Text("*Check*-in, <now>"), "How are you?"), once="1")
        await house.restart()
        await house.chat.post(house.place(thread=post), Message("Ben: fine"), once="2")
        assert house.stand.world.channels[post].name == "*Check*-in, <now>"


async def test_a_thread_that_somebody_else_made_is_used() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        await house.disconnect()
        await house.stand.say("ben", "river", "mine", thread=post)
        await house.stand.archive_thread(post)
        await house.connect()
        await house.chat.post(house.place(thread=post), Message("And mine"), once="2")
        assert [reply.text for reply in house.stand.thread(post)] == ["mine", "And mine"]


async def test_a_post_in_a_sleeping_thread_can_be_edited() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        reply = await house.chat.post(house.place(thread=post), Message("Ben: fine"), once="2")
        await house.stand.archive_thread(post)
        await house.chat.edit(house.place(thread=post), reply, Message("Ben: very well"))
        assert [reply.text for reply in house.stand.thread(post)] == ["Ben: very well"]


async def test_a_file_goes_up_with_its_message_and_an_edit_brings_it_anew() -> None:
    async with discord_house() as house:
        retro = Attachment("retro.md", "# Été")
        post = await house.chat.post(house.place(), Message("So it went.", Picture(PNG, "Nine came"), retro), once="1")
        (call,) = [line for line in house.stand.recorded if line["path"].endswith("/messages")]
        assert call["files"] == [
            {"name": "files[0]", "filename": "picture-0.png", "size": len(PNG)},
            {"name": "files[1]", "filename": "retro.md", "size": 7},
        ]
        assert [one["content_type"] for one in house.stand.world.sent[post].attachments] == [
            "image/png",
            "text/markdown",
        ]
        await house.chat.edit(house.place(), post, Message("In short.", retro))
        assert shown(house) == ["In short.\nretro.md (file)"]
        assert [one["filename"] for one in house.stand.world.sent[post].attachments] == ["retro.md"]


async def test_without_the_permission_for_files_messages_come_and_say_what_is_missing() -> None:
    async with discord_house() as house:
        house.stand.forbid("river", "ATTACH_FILES")
        message = Message("So it went.", Attachment("retro.md", "# Retro"))
        post = await house.chat.post(house.place(), message, once="1")
        assert shown(house) == ["So it went.\nThe file retro.md could not be brought here."]
        await house.chat.edit(house.place(), post, Message("In short.", *message.parts[1:]))
        assert shown(house) == ["In short.\nThe file retro.md could not be brought here."]


@pytest.mark.parametrize("code", [40005, 50013])
async def test_a_file_that_is_refused_all_the_same_is_left_out_and_said_to_be_missing(code: int) -> None:
    async with discord_house() as house:
        house.stand.refuse_next(code)
        await house.chat.post(house.place(), Message("So it went.", Attachment("retro.md", "# Retro")), once="1")
        assert shown(house) == ["So it went.\nThe file retro.md could not be brought here."]


async def test_what_cannot_be_said_at_all_is_refused_with_its_file_too() -> None:
    async with discord_house() as house:
        house.stand.forbid("river", "SEND_MESSAGES")
        with pytest.raises(DeliveryError) as refusal:
            await house.chat.post(house.place(), Message("So.", Attachment("retro.md", "# Retro")), once="1")
        assert (refusal.value.why, refusal.value.permanent) == (
            "I lack the permission “Send Messages” in #river",
            True,
        )


async def test_a_picture_is_shown_with_its_words() -> None:
    async with discord_house() as house:
        message = Message("This month", Picture(PNG, "Twelve came"), Picture(PNG + b"2", "Nine came"))
        post = await house.chat.post(house.place(), message, once="1")
        assert shown(house) == ["This month\n(Twelve came)\n(Nine came)"]
        assert [*house.stand.world.sent[post].files.values()] == [PNG, PNG + b"2"]
        await house.chat.edit(house.place(), post, Message("This month", Picture(PNG + b"3", "Ten came")))
        assert shown(house) == ["This month\n(Ten came)"]
        await house.chat.edit(house.place(), post, Message("Nothing yet"))
        assert shown(house) == ["Nothing yet"]
        assert house.stand.world.sent[post].attachments == []


async def test_a_private_message_goes_to_its_person() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.inbox("ben"), Message("Psst"), once="1")
        await house.chat.edit(house.inbox("ben"), post, Message("Psst!"))
        assert [one.text for one in house.stand.inbox("ben")] == ["Psst!"]
        assert await house.chat.find(house.inbox("ben"), once="1", since=START) == post


# ------------------------------------------------------------------------------------------------ once


async def test_a_post_whose_receipt_was_lost_comes_once() -> None:
    async with discord_house() as house:
        house.stand.fail_next(1, after_storing=True)
        assert await refused(house) == ("the line to Discord broke", "", False, None)
        await house.chat.post(house.place(), HELLO, once="refused")
        assert shown(house) == ["Hello *all*"]


async def test_a_post_from_before_a_crash_is_found() -> None:
    async with discord_house() as house:
        house.stand.fail_next(1, after_storing=True)
        await refused(house)
        for number in range(105):
            await house.stand.say("ben", "river", f"{number}")
        newest = await house.chat.post(house.place(), HELLO, once="newest")
        (lost, *_) = house.stand.channel_messages("river")
        house.pass_time(hours=1)
        await house.restart()
        assert await house.chat.find(house.place(), once="refused", since=START) == lost.id
        assert await house.chat.find(house.place(), once="newest", since=START) == newest
        assert await house.chat.find(house.place(), once="never", since=START) is None
        assert await house.chat.find(house.place(), once="refused", since=house.moment) is None


async def test_a_post_that_was_found_and_edited_is_found_again() -> None:
    async with discord_house() as house:
        first = await house.chat.post(house.place(), HELLO, once="1")
        await house.restart()
        assert await house.chat.find(house.place(), once="1", since=START) == first
        await house.chat.edit(house.place(), first, Message("Changed"))
        await house.restart()
        assert await house.chat.find(house.place(), once="1", since=START) == first


async def test_a_reply_is_looked_for_in_its_thread() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        there = house.place(thread=post)
        assert await house.chat.find(there, once="2", since=START) is None
        reply = await house.chat.post(there, Message("Ben: fine"), once="2")
        assert await house.chat.find(there, once="2", since=START) == reply
        assert await house.chat.find(house.place(), once="2", since=START) is None


async def test_somebody_elses_post_with_the_same_mark_is_not_ours() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        house.stand.world.sent[post].author = house.native("ben")
        assert await house.chat.find(house.place(), once="1", since=START) is None


# ------------------------------------------------------------------------------------------------ later


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (7.5, ("Discord asks me to wait", "", False, 7.5)),
        (None, ("Discord is out of order (status 503)", "", False, None)),
    ],
)
async def test_what_discord_does_not_take_now_is_known_at_once(
    wait: float | None, told: tuple[str, str, bool, float | None]
) -> None:
    async with discord_house() as house:
        house.stand.fail_next(1, retry_after=wait)
        assert await refused(house) == told
        await house.chat.post(house.place(), HELLO, once="1")
        assert shown(house) == ["Hello *all*"]


async def test_a_limit_in_one_channel_does_not_hold_up_another() -> None:
    async with discord_house() as house:
        house.stand.add_channel("sea", "sea", creator="ana")
        house.stand.limits.posts = True
        house.stand.limits.post_limit = (1, 90.0)
        await house.chat.post(house.place(), HELLO, once="1")
        why, _, permanent, wait = await refused(house)
        assert (why, permanent) == ("Discord asks me to wait", False)
        assert wait is not None
        assert 80 < wait <= 90
        await house.chat.post(house.place("sea"), HELLO, once="2")
        assert shown(house, "sea") == ["Hello *all*"]


async def test_an_old_message_that_may_not_be_edited_now_waits() -> None:
    async with discord_house() as house:
        house.stand.limits.old_edits = True
        post = await house.chat.post(house.place(), HELLO, once="1")
        house.pass_time(hours=2)
        await house.chat.edit(house.place(), post, Message("once"))
        with pytest.raises(DeliveryError) as told:
            await house.chat.edit(house.place(), post, Message("twice"))
        assert (told.value.permanent, told.value.retry_after) == (False, 60.0)


async def test_when_everything_is_limited_nothing_is_asked_until_it_is_over() -> None:
    async with discord_house() as house:
        house.stand.limits.posts = True
        # Fifty requests a second are allowed, and so many were made.
        house.stand.limits._all.extend([asyncio.get_running_loop().time() + 60] * 50)
        waits = [(await refused(house))[3], (await refused(house, house.inbox("ben")))[3]]
        assert all(wait is not None and 50 < wait <= 61 for wait in waits)
        assert [call["status"] for call in house.recorded if call["method"] == "POST"] == [429]


async def test_before_drumbeat_is_connected_nothing_is_lost() -> None:
    async with discord_house(connect=False) as house:
        assert await refused(house) == ("I am not connected to Discord yet", "", False, 2.0)


async def test_when_nobody_answers_the_post_is_in_doubt() -> None:
    async with discord_house() as house:
        await house.stand.stop()
        assert await refused(house) == ("the line to Discord broke", "", False, None)


# ------------------------------------------------------------------------------------------------ never


async def test_a_channel_that_was_deleted_takes_nothing_more() -> None:
    async with discord_house() as house:
        await house.stand.delete_channel("river")
        why, mend, permanent, _ = await refused(house)
        assert (why, mend, permanent) == (
            "the channel was deleted",
            "Start again in another channel with /drumbeat.",
            True,
        )


async def test_a_post_that_was_deleted_cannot_be_edited_or_answered() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        house.stand.delete(post)
        with pytest.raises(DeliveryError) as told:
            await house.chat.edit(house.place(), post, HELLO)
        assert (told.value.why, told.value.permanent) == ("the message in #river was deleted", True)
        assert told.value.gone
        assert (await refused(house, house.place(thread=post)))[:3] == ("the message in #river was deleted", "", True)


async def test_a_thread_that_was_deleted_is_not_made_anew() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        await house.stand.say("ben", "river", "Hello", thread=post)
        reply = await house.chat.post(house.place(thread=post), HELLO, once="2")
        thread = house.stand.world.channels.pop(post)
        told = {"id": post, "guild_id": thread.server, "parent_id": house.native("river"), "type": 11}
        await house.stand.tell("THREAD_DELETE", told)
        for attempt in (
            house.chat.post(house.place(thread=post), HELLO, once="3"),
            house.chat.edit(house.place(thread=post), reply, HELLO),
        ):
            with pytest.raises(DeliveryError) as refusal:
                await attempt
            assert (refusal.value.why, refusal.value.gone) == ("the thread in #river was deleted", True)


async def test_a_thread_whose_channel_was_deleted_went_with_it() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        await house.chat.post(house.place(thread=post), HELLO, once="2")
        await house.stand.delete_channel("river")
        with pytest.raises(DeliveryError) as refusal:
            await house.chat.post(house.place(thread=post), HELLO, once="3")
        assert (refusal.value.why, refusal.value.gone) == ("the channel was deleted", False)


async def test_thrown_off_the_server_drumbeat_says_how_to_invite_it() -> None:
    async with discord_house() as house:
        await house.stand.kick_bot()
        assert await refused(house) == (
            "I am not on that Discord server any more",
            "Invite me again with the link that `manifest discord` prints.",
            True,
            None,
        )
        with pytest.raises(DeliveryError) as told:
            await house.chat.members(house.place())
        assert (told.value.why, told.value.permanent) == ("I am not on that Discord server any more", True)
        await house.stand.invite_bot()
        house.stand.permit("river", "VIEW_CHANNEL")
        await house.chat.post(house.place(), HELLO, once="1")
        assert shown(house) == ["Hello *all*"]


@pytest.mark.parametrize(
    ("forbidden", "why", "mend"),
    [
        (
            "VIEW_CHANNEL",
            "I cannot see #river",
            "In the settings of #river, under Permissions, allow Drumbeat “View Channel”.",
        ),
        (
            "SEND_MESSAGES",
            "I lack the permission “Send Messages” in #river",
            "In the settings of #river, under Permissions, allow Drumbeat “Send Messages”.",
        ),
    ],
)
async def test_a_missing_permission_is_named(forbidden: str, why: str, mend: str) -> None:
    async with discord_house() as house:
        house.stand.forbid("river", forbidden)
        await house.settle()
        assert await refused(house) == (why, mend, True, None)


async def test_a_missing_permission_for_threads_is_named() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        house.stand.forbid("river", "CREATE_PUBLIC_THREADS", "SEND_MESSAGES_IN_THREADS")
        await house.settle()
        why, _, permanent, _ = await refused(house, house.place(thread=post))
        assert (why, permanent) == (
            "I lack the permission “Create Public Threads” and “Send Messages in Threads” in #river",
            True,
        )


async def test_a_locked_thread_is_named() -> None:
    async with discord_house() as house:
        post = await house.chat.post(house.place(), HELLO, once="1")
        await house.chat.post(house.place(thread=post), HELLO, once="2")
        await house.stand.lock_thread(post)
        why, mend, permanent, _ = await refused(house, house.place(thread=post))
        assert (why, mend, permanent) == (
            "the thread in #river is locked",
            "Somebody who manages threads can unlock it in the thread's menu.",
            True,
        )


async def test_somebody_who_takes_no_private_messages_is_not_asked_again() -> None:
    async with discord_house() as house:
        house.stand.close_inbox("ben")
        assert await refused(house, house.inbox("ben")) == (
            "this person takes no private messages from me",
            "They can allow private messages in the privacy settings of the server.",
            True,
            None,
        )


async def test_an_inbox_has_no_threads() -> None:
    async with discord_house() as house:
        there = Place("discord", house.native("movement"), thread="1", person=house.native("ben"))
        assert (await refused(house, there))[:3] == ("a private conversation has no threads", "", True)


async def test_what_discord_will_never_take_is_not_sent_for_ever() -> None:
    async with discord_house() as house:
        house.stand.refuse_next(50035)
        assert (await refused(house))[:3] == ("Discord refused it (status 400, code 50035)", "", True)


async def test_where_drumbeat_may_not_look_it_says_so() -> None:
    async with discord_house() as house:
        house.stand.forbid("river", "VIEW_CHANNEL")
        await house.settle()
        with pytest.raises(DeliveryError) as told:
            await house.chat.find(house.place(), once="1", since=START)
        assert (told.value.why, told.value.permanent) == ("I cannot see #river", True)
        await house.stand.stop()
        with pytest.raises(DeliveryError) as told:
            await house.chat.find(house.place(), once="1", since=START)
        assert (told.value.why, told.value.permanent) == ("the line to Discord broke", False)


# ------------------------------------------------------------------------------------------------ in words


def refusal(status: int, code: int) -> HTTPException:
    """What discord.py makes of a refusal."""
    response: Any = SimpleNamespace(status=status, reason="")
    return HTTPException(response, {"code": code, "message": "No"})


@pytest.mark.parametrize(
    ("error", "errand", "told"),
    [
        (BusyError(429, 3.5), Errand(), ("Discord asks me to wait", False, 3.5)),
        (RateLimited(70), Errand(), ("Discord asks me to wait", False, 70)),
        (BusyError(502), Errand(), ("Discord is out of order (status 502)", False, None)),
        (TimeoutError(), Errand(), ("Discord did not answer in time", False, None)),
        (ConnectionResetError(), Errand(), ("the line to Discord broke", False, None)),
        (
            ValueError("odd"),
            Errand(),
            ("something unexpected happened on the way to Discord (ValueError)", False, None),
        ),
        # Without a code it is not Discord's API that speaks.
        (refusal(403, 0), Errand(), ("Discord refused it (status 403, code 0)", False, None)),
        (refusal(429, 0), Errand(), ("Discord shuts me out for a while", False, 60)),
        (refusal(401, 0), Errand(), ("Discord does not take my token any more", False, None)),
        (refusal(404, 10004), Errand(), ("I am not on that Discord server any more", True, None)),
        (
            refusal(403, 50001),
            Errand("#river", on_server=False),
            ("I am not on that Discord server any more", True, None),
        ),
        (refusal(404, 10003), Errand("#river"), ("#river was deleted", True, None)),
        (refusal(404, 10003), Errand("#river", thread=True), ("the thread in #river was deleted", True, None)),
        (refusal(403, 50013), Errand("#river"), ("I lack the permission “Send Messages” in #river", True, None)),
        (refusal(404, 10008), Errand("#river"), ("the message in #river was deleted", True, None)),
        (refusal(403, 160005), Errand("#river", thread=True), ("the thread in #river is locked", True, None)),
        (refusal(403, 50005), Errand("#river"), ("the message in #river is somebody else's", True, None)),
        (refusal(404, 10013), Errand(), ("there is no such person on Discord any more", True, None)),
        (refusal(403, 50278), Errand(), ("this person takes no private messages from me", True, None)),
    ],
)
def test_what_goes_wrong_is_said_in_words(
    error: Exception, errand: Errand, told: tuple[str, bool, float | None]
) -> None:
    said = explain(error, errand)
    assert (said.why, said.permanent, said.retry_after) == told
    # What was deleted stays deleted; everything else somebody may change.
    assert said.gone is (said.why in ("the message in #river was deleted", "the thread in #river was deleted"))


def test_what_was_said_already_is_not_said_anew() -> None:
    said = DeliveryError("a private conversation has no threads", permanent=True)
    assert explain(said, Errand()) is said
