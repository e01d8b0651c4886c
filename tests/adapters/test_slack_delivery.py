from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.slack.chat import SlackChat
from bot.chat import Attachment, DeliveryError, Mention, Message, Picture, Place, Text
from tests.adapters.slack_platform.platform import SCOPES
from tests.adapters.slack_scene import COMMANDS, START, Scene, hello, slack

PNG = b"\x89PNG\r\n\x1a\n" + b"made up"
FIGURE = Message("So it went.", Picture(PNG, "Seven of nine came"), Text("See you."))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with slack() as scene:
        yield scene


def shown(scene: Scene) -> list[str]:
    return [post.text for post in scene.stand.posts]


async def refusal(scene: Scene, place: Place, *, edit: str = "") -> tuple[str, str, bool, float | None]:
    """Try to post, or to edit; give the reason, what mends it, and whether it is for good."""
    with pytest.raises(DeliveryError) as caught:
        await (scene.chat.edit(place, edit, hello()) if edit else scene.chat.post(place, hello(), once="x"))
    error = caught.value
    return error.why, error.mend, error.permanent, error.retry_after


# ------------------------------------------------------------------------------------------------ arriving


async def test_a_post_arrives_with_its_mark_and_without_any_preview(scene: Scene) -> None:
    words = Message(Text("Hello ", Mention("UBEN", "Ben"), " <!channel> & *so* https://river.example"))
    ts = await scene.chat.post(scene.river, words, once="drumbeat-17")
    assert shown(scene) == ["Hello @Ben <!channel> & *so* https://river.example"]
    assert scene.stand.posts[-1].once == "drumbeat-17"
    (sent,) = scene.payloads("chat.postMessage")
    assert {key: value for key, value in sent.items() if key not in {"text", "blocks"}} == {
        "channel": "CRIVER",
        "metadata": {"event_type": "drumbeat_post", "event_payload": {"id": "drumbeat-17"}},
        "unfurl_links": False,
        "unfurl_media": False,
    }
    assert scene.stand.posts[-1].id == f"CRIVER/{ts}"


async def test_a_reply_arrives_in_its_thread_and_a_private_post_in_the_inbox(scene: Scene) -> None:
    root = await scene.chat.post(scene.river, hello(), once="one")
    await scene.chat.post(replace(scene.river, thread=root), Message("Below."), once="two")
    for number in range(3):
        await scene.chat.post(scene.inbox("ben"), Message(f"Only you {number}."), once=f"three {number}")
    assert [post.text for post in scene.stand.thread(f"CRIVER/{root}")] == ["Below."]
    assert [post.text for post in scene.stand.inbox("ben")] == ["Only you 0.", "Only you 1.", "Only you 2."]
    assert scene.methods().count("conversations.open") == 1


async def test_an_edit_shows_something_else_and_the_post_is_still_found(scene: Scene) -> None:
    ts = await scene.chat.post(scene.river, hello(), once="one")
    await scene.chat.edit(scene.river, ts, Message("Good bye."))
    assert shown(scene) == ["Good bye."]
    assert await scene.chat.find(scene.river, once="one", since=START) == ts


async def test_an_edit_after_a_restart_needs_no_memory(scene: Scene) -> None:
    ts = await scene.chat.post(scene.inbox("ben"), hello(), once="one")
    async with slack(scene.stand) as after:
        await after.chat.edit(after.inbox("ben"), ts, Message("Good bye."))
        assert [post.text for post in after.stand.inbox("ben")] == ["Good bye."]


async def test_a_public_channel_is_entered_when_it_must_be(scene: Scene) -> None:
    scene.stand.add_channel("lake", "lake", creator="ana", bot=False)
    lake = replace(scene.river, channel="CLAKE")
    await scene.chat.post(lake, hello(), once="one")
    assert [post.text for post in scene.stand.channel_messages("lake")] == ["Hello."]
    called = [method for method in scene.methods() if method.startswith(("chat.", "conversations."))]
    assert called == ["chat.postMessage", "conversations.join", "chat.postMessage"]


@pytest.mark.parametrize("kind", ["member_left_channel", "channel_left"])
async def test_a_channel_that_sent_us_away_is_not_entered_until_somebody_invites_us(scene: Scene, kind: str) -> None:
    """What Slack tells of that differs: https://github.com/slackapi/bolt-js/issues/1847."""
    scene.stand.platform.events.subscribed = {kind, "member_joined_channel"}
    scene.stand.add_channel("lake", "lake", creator="ana")
    lake = replace(scene.river, channel="CLAKE")
    scene.stand.remove_bot("lake")
    if kind == "channel_left":
        movement = scene.stand.platform.found("movement")
        scene.stand.platform.events.tell(movement, {"type": kind, "channel": "CLAKE", "actor_id": "UANA"})
    await scene.stand.say("ben", "river", "So.")
    assert (await refusal(scene, lake))[:3] == (
        "I am not a member of #lake",
        "Type /invite @Drumbeat in #lake.",
        True,
    )
    assert "conversations.join" not in scene.methods()
    scene.stand.invite_bot("lake")
    await scene.chat.post(lake, hello(), once="two")
    assert [post.text for post in scene.stand.channel_messages("lake")] == ["Hello."]


async def test_a_channel_in_which_we_wrote_before_is_not_entered_again(scene: Scene) -> None:
    scene.stand.platform.events.subscribed = set()  # nobody tells that we were sent away
    root = await scene.chat.post(scene.river, hello(), once="one")
    scene.stand.remove_bot("river")
    assert (await refusal(scene, scene.river))[1:3] == ("Type /invite @Drumbeat in #river.", True)
    async with slack(scene.stand) as after:
        # After a restart a thread still says that we were here.
        assert (await refusal(after, replace(scene.river, thread=root)))[2]
        assert "conversations.join" not in after.methods()
    assert "conversations.join" not in scene.methods()


# ------------------------------------------------------------------------------------------------ being found again


async def test_a_post_whose_answer_was_lost_is_found_and_is_there_once(scene: Scene) -> None:
    await scene.chat.post(scene.river, Message("Before."), once="before")
    scene.stand.fail_next(1, after_storing=True)
    _, _, permanent, retry_after = await refusal(scene, scene.river)
    assert (permanent, retry_after) == (False, None)
    found = await scene.chat.find(scene.river, once="x", since=START)
    assert found is not None
    assert shown(scene) == ["Before.", "Hello."]
    assert scene.stand.posts[-1].id == f"CRIVER/{found}"
    assert await scene.chat.find(scene.river, once="another", since=START) is None


async def test_a_post_is_found_in_a_thread_in_an_inbox_and_behind_many_others(scene: Scene) -> None:
    root = await scene.chat.post(scene.river, hello(), once="root")
    thread = replace(scene.river, thread=root)
    reply = await scene.chat.post(thread, hello(), once="reply")
    private = await scene.chat.post(scene.inbox("ben"), hello(), once="private")
    for number in range(120):
        await scene.stand.say("ben", "river", f"Word {number}")
    assert await scene.chat.find(thread, once="reply", since=START) == reply
    assert await scene.chat.find(scene.inbox("ben"), once="private", since=START) == private
    assert await scene.chat.find(scene.river, once="root", since=START) == root
    # A reply is in no channel's history.
    assert await scene.chat.find(scene.river, once="reply", since=START) is None


async def test_a_mark_that_somebody_else_made_is_not_ours(scene: Scene) -> None:
    line = scene.stand.platform.write(
        scene.stand.world.conversations["CRIVER"],
        "UBEN",
        "Look, a mark.",
        metadata={"event_type": "drumbeat_post", "event_payload": {"id": "one"}},
    )
    assert line.metadata is not None
    assert await scene.chat.find(scene.river, once="one", since=START) is None


# ------------------------------------------------------------------------------------------------ being refused


async def test_slack_asking_to_wait_is_passed_on(scene: Scene) -> None:
    scene.stand.fail_next(1, retry_after=7)
    assert await refusal(scene, scene.river) == ("Slack asked me to slow down", "", False, 7.0)
    assert shown(scene) == []


@pytest.mark.parametrize(
    "error", ["internal_error", "service_unavailable", "fatal_error", "request_timeout", "brand_new"]
)
async def test_slacks_own_trouble_is_tried_again_later(scene: Scene, error: str) -> None:
    scene.stand.refuse_next(error)
    assert await refusal(scene, scene.river) == (f"Slack could not do it just now ({error})", "", False, None)


async def test_a_slack_that_is_down_or_gone_is_tried_again_later(scene: Scene) -> None:
    scene.stand.fail_next(1, status=503)
    assert await refusal(scene, scene.river) == ("Slack could not be reached (status 503)", "", False, None)
    nowhere = SlackChat(
        bot_token="xoxb-1", app_token="xapp-1", api_url="http://127.0.0.1:9", commands=lambda: COMMANDS, now=scene.clock
    )
    with pytest.raises(DeliveryError) as caught:
        await nowhere.post(scene.river, hello(), once="x")
    assert (caught.value.permanent, caught.value.retry_after) == (False, None)
    await nowhere.close()


async def test_what_is_sent_is_never_sent_twice_by_itself(scene: Scene) -> None:
    scene.stand.fail_next(1, after_storing=True)
    await refusal(scene, scene.river)
    assert scene.methods().count("chat.postMessage") == 1


async def test_a_channel_that_is_gone_archived_or_closed_to_us_is_named(scene: Scene) -> None:
    for name in ("lake", "hill", "moor"):
        scene.stand.add_channel(name, name, creator="ana", private=name == "moor", bot=name != "moor")
    places = {name: replace(scene.river, channel=f"C{name.upper()}") for name in ("lake", "hill", "moor")}
    scene.stand.delete_channel("lake")
    scene.stand.archive("hill")
    invite = "If it still exists, invite me with /invite @Drumbeat there."
    assert {name: await refusal(scene, place) for name, place in places.items()} == {
        "lake": ("that channel was deleted, or is private and I am not in it", invite, True, None),
        "hill": ("#hill is archived", "Unarchive it, or start the movement in another channel.", True, None),
        "moor": ("that channel was deleted, or is private and I am not in it", invite, True, None),
    }


async def test_a_channel_that_threw_us_out_is_named_with_what_to_do(scene: Scene) -> None:
    await scene.stand.command("ana", "river", "/drumbeat")
    scene.stand.refuse_next("restricted_action", "conversations.join")
    scene.stand.remove_bot("river")
    assert await refusal(scene, scene.river) == (
        "I am not a member of #river",
        "Type /invite @Drumbeat in #river.",
        True,
        None,
    )


async def test_a_thread_whose_first_message_is_gone_is_over(scene: Scene) -> None:
    root = await scene.chat.post(scene.river, hello(), once="one")
    scene.stand.delete(f"CRIVER/{root}")
    why, _, permanent, _ = await refusal(scene, replace(scene.river, thread=root))
    assert (why, permanent) == ("the thread's first message is gone", True)


async def test_what_somebody_deleted_is_gone_and_what_may_come_right_is_not(scene: Scene) -> None:
    root, other = [await scene.chat.post(scene.river, hello(), once=once) for once in ("one", "two")]
    await scene.stand.say("ben", "river", "Mine.")
    theirs = scene.stand.posts[-1].id.partition("/")[2]
    scene.stand.delete(f"CRIVER/{root}")
    thread = replace(scene.river, thread=root)

    async def is_gone(place: Place = scene.river, *, edit: str = "", error: str = "") -> bool:
        if error:
            scene.stand.refuse_next(error, "chat.update" if edit else "chat.postMessage")
        with pytest.raises(DeliveryError) as caught:
            await (scene.chat.edit(place, edit, hello()) if edit else scene.chat.post(place, hello(), once="x"))
        assert caught.value.permanent
        return caught.value.gone

    assert await is_gone(thread)
    assert await is_gone(edit=root)
    # Of a deleted message Slack may also say that it is not ours: who has replies leaves a tombstone behind.
    assert await is_gone(edit=root, error="cant_update_message")
    line = scene.stand.world.line(f"CRIVER/{other}")
    assert line is not None
    line.subtype = "tombstone"
    assert await is_gone(edit=other, error="cant_update_message")
    with pytest.raises(DeliveryError) as caught:
        await scene.chat.find(thread, once="x", since=START)
    assert caught.value.gone

    assert not await is_gone(edit=theirs)
    assert not await is_gone(edit=theirs, error="edit_window_closed")
    for error in (
        *("missing_scope", "account_inactive", "not_in_channel", "is_archived", "channel_not_found", "token_revoked"),
        *("restricted_action", "invalid_blocks", "msg_too_long", "access_denied", "user_disabled"),
    ):
        # In a thread nobody tries to come in first.
        assert not await is_gone(replace(scene.river, thread=theirs), error=error), error
    assert not await is_gone(Place("slack", "TOTHER", "CRIVER"))


@pytest.mark.parametrize("trouble", [None, "lost", "slow"])
async def test_a_reply_to_what_was_deleted_never_stands_in_the_channel(scene: Scene, trouble: str | None) -> None:
    scene.stand.platform.lost_threads = "unthread"
    await scene.stand.say("ben", "river", "Hello")
    root = await scene.chat.post(scene.river, hello(), once="one")
    thread = replace(scene.river, thread=root)
    await scene.chat.post(thread, Message("Below."), once="two")
    assert [post.text for post in scene.stand.thread(f"CRIVER/{root}")] == ["Below."]
    scene.stand.delete(f"CRIVER/{root}")
    if trouble == "slow":
        scene.stand.fail_next(1, retry_after=0.05, method="chat.delete")
    if trouble == "lost":
        scene.stand.fail_next(1, after_storing=True)
    with pytest.raises(DeliveryError) as caught:
        await scene.chat.post(thread, Message("Astray."), once="three")
    if trouble == "lost":
        assert (caught.value.permanent, caught.value.gone) == (False, False)
        assert "Astray." in shown(scene)
        with pytest.raises(DeliveryError) as caught:
            await scene.chat.find(thread, once="three", since=START)
    error = caught.value
    assert (error.why, error.permanent, error.gone) == ("the thread's first message is gone", True, True)
    assert "Astray." not in shown(scene)


async def test_a_message_that_is_gone_or_not_ours_is_not_edited(scene: Scene) -> None:
    ts = await scene.chat.post(scene.river, hello(), once="one")
    await scene.stand.say("ben", "river", "Mine.")
    theirs = scene.stand.posts[-1].id.partition("/")[2]
    scene.stand.delete(f"CRIVER/{ts}")
    assert (await refusal(scene, scene.river, edit=ts))[::2] == ("the message was deleted", True)
    assert (await refusal(scene, scene.river, edit=theirs))[::2] == ("the message is not mine", True)


@pytest.mark.parametrize("closed", ["user_disabled", "cannot_dm_bot", "restricted_action", "user_not_visible"])
async def test_somebody_who_takes_no_private_messages_is_left_alone(scene: Scene, closed: str) -> None:
    method = "chat.postMessage" if closed == "restricted_action" else "conversations.open"
    scene.stand.refuse_next(closed, method)
    assert await refusal(scene, scene.inbox("ben")) == (
        "this person cannot be reached in private",
        "They see what I wrote at their next act in the channel.",
        True,
        None,
    )
    await scene.chat.post(scene.inbox("ben"), hello(), once="y")
    assert [post.text for post in scene.stand.inbox("ben")] == ["Hello."]


async def test_a_missing_permission_and_a_lost_token_are_named(scene: Scene) -> None:
    scene.stand.set_scopes({"chat:write"})
    why, mend, permanent, _ = await refusal(scene, scene.inbox("ben"))
    assert (why, permanent) == ("I lack the permission im:write", True)
    assert "manifest slack" in mend
    for error in ("account_inactive", "token_revoked", "invalid_auth"):
        scene.stand.refuse_next(error)
        assert (await refusal(scene, scene.river))[::2] == ("Slack does not accept my token any more", True)


async def test_words_that_slack_does_not_take_are_a_defect(scene: Scene) -> None:
    for error in ("invalid_blocks", "msg_too_long"):
        scene.stand.refuse_next(error)
        why, mend, permanent, _ = await refusal(scene, scene.river)
        assert why == f"Slack did not take how it is written ({error})"
        assert (mend, permanent) == ("This is a defect of mine: please report it with this reason.", True)


async def test_a_workspace_that_is_not_ours_gets_nothing(scene: Scene) -> None:
    why, _, permanent, _ = await refusal(scene, Place("slack", "TOTHER", "CRIVER"))
    assert (why, permanent) == ("I am not installed in that Slack workspace any more", True)
    assert shown(scene) == []


# ------------------------------------------------------------------------------------------------ pictures


def images(scene: Scene, method: str = "chat.postMessage") -> list[str]:
    blocks = scene.payloads(method)[-1]["blocks"]
    return [block["slack_file"]["id"] for block in blocks if block["type"] == "image"]


async def test_a_picture_is_brought_once_and_shown_when_slack_is_ready(scene: Scene) -> None:
    scene.stand.platform.files.looks = 3
    ts = await scene.chat.post(scene.river, FIGURE, once="one")
    (file,) = images(scene)
    await scene.chat.edit(scene.river, ts, Message("As it is now.", Picture(PNG, "Seven of nine came")))
    assert images(scene, "chat.update") == [file]
    assert scene.stand.platform.files.known[file].content == PNG
    assert scene.methods().count("files.getUploadURLExternal") == 1
    assert scene.methods().count("files.info") == 3
    assert shown(scene) == ["As it is now.\n(Seven of nine came)"]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal", "files.info"])
async def test_a_picture_that_slack_will_not_have_stays_words(scene: Scene, method: str) -> None:
    scene.stand.refuse_next("access_denied", method)
    await scene.chat.post(scene.river, FIGURE, once="one")
    assert images(scene) == []
    assert shown(scene) == ["So it went.\n(Seven of nine came)\nSee you."]


async def test_a_picture_that_a_message_cannot_show_stays_words(scene: Scene) -> None:
    scene.stand.refuse_next("invalid_blocks")
    await scene.chat.post(scene.river, FIGURE, once="one")
    assert images(scene) == []
    assert shown(scene) == ["So it went.\n(Seven of nine came)\nSee you."]


# ------------------------------------------------------------------------------------------------ files


RETRO = Attachment("retro.md", "# Retro\n\n- Été")
LINK = "https://movement.slack.com/files/UDRUMBEAT/{}/retro.md"


async def test_a_file_is_shared_by_its_address_in_the_text_of_the_one_message(scene: Scene) -> None:
    await scene.chat.post(scene.river, Message("So it went.", RETRO), once="one")
    ((file_id, file),) = scene.stand.platform.files.known.items()
    link = LINK.format(file_id)
    (sent,) = scene.payloads("chat.postMessage")
    assert (file.content.decode(), file.channels, sent["text"]) == (
        RETRO.words,
        {"CRIVER"},
        f"So it went.\nretro.md (file)\n<{link}|retro.md>",
    )
    # What keeps links small could keep the file away, so it is not asked for.
    assert {key for key in sent if key.startswith("unfurl")} == set()
    (noted,) = sent["metadata"]["event_payload"]["files"]
    assert noted["at"] == link
    assert "channel_id" not in scene.payloads("files.completeUploadExternal")[0]


async def test_a_file_is_brought_once_for_all_edits_also_after_a_restart(scene: Scene) -> None:
    ts = await scene.chat.post(scene.river, Message("So it went.", RETRO), once="one")
    await scene.chat.edit(scene.river, ts, Message("In short.", RETRO))
    async with slack(scene.stand) as another:
        await another.chat.edit(scene.river, ts, Message("Shorter.", RETRO))
        await another.chat.edit(scene.river, ts, Message("Shortest.", RETRO))
        assert another.methods().count("files.getUploadURLExternal") == 0
    assert scene.methods().count("files.getUploadURLExternal") == 1
    assert (shown(scene), len(scene.stand.platform.files.known)) == (["Shortest.\nretro.md (file)"], 1)


async def test_a_file_whose_words_changed_is_another_one(scene: Scene) -> None:
    ts = await scene.chat.post(scene.river, Message("So it went.", RETRO), once="one")
    async with slack(scene.stand) as another:
        changed = Attachment("retro.md", "# Retro\n\n- ÉTÉ")
        await another.chat.edit(scene.river, ts, Message("So it went.", changed))
    assert [post.view.attachments for post in scene.stand.posts if post.view] == [(changed,)]


async def test_a_file_that_slack_could_not_take_for_a_moment_is_brought_all_the_same(scene: Scene) -> None:
    scene.stand.refuse_next("internal_error", "files.completeUploadExternal")
    await scene.chat.post(scene.river, Message("So it went.", RETRO), once="one")
    assert shown(scene) == ["So it went.\nretro.md (file)"]


@pytest.mark.parametrize("method", ["files.getUploadURLExternal", "files.completeUploadExternal", "files.info"])
async def test_a_message_says_which_file_slack_will_not_have_and_shows_the_other(scene: Scene, method: str) -> None:
    scene.stand.refuse_next("access_denied", method)
    await scene.chat.post(scene.river, Message("So it went.", RETRO, Attachment("a.csv", "1,2")), once="one")
    (told,) = shown(scene)
    missing = [name for name in ("retro.md", "a.csv") if f"The file {name} could not be brought here." in told]
    there = [name for name in ("retro.md", "a.csv") if f"{name} (file)" in told]
    assert (len(missing), len(there), {*missing, *there}) == (1, 1, {"retro.md", "a.csv"})


async def test_without_the_permission_for_files_messages_come_and_say_what_is_missing(scene: Scene) -> None:
    scene.stand.set_scopes(set(SCOPES) - {"files:write"})
    await scene.chat.post(scene.river, Message("So it went.", RETRO), once="one")
    assert shown(scene) == ["So it went.\nThe file retro.md could not be brought here."]
