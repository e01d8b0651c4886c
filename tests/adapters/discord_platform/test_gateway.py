"""How the gateway lets clients in, what it tells whom, and how a lost connection is taken up again."""

from __future__ import annotations

import pytest

from tests.adapters.discord_platform import DiscordStand
from tests.adapters.discord_platform.caller import EVERYTHING, HARMLESS, Caller, text
from tests.adapters.discord_platform.intents import DIRECT_MESSAGES, GUILDS, MEMBERS, MESSAGE_CONTENT
from tests.adapters.discord_platform.refusing import Json
from tests.adapters.discord_platform.scenery import river

HEARTBEAT, IDENTIFY, RESUME = 1, 2, 6


# ------------------------------------------------------------------------------------------------ letting in


@pytest.mark.parametrize(
    ("op", "said", "code"),
    [
        (IDENTIFY, {"token": "wrong", "intents": 0}, 4004),
        (IDENTIFY, {"intents": 1 << 30}, 4013),
        (IDENTIFY, {"intents": EVERYTHING | 1 << 8}, 4014),
        (IDENTIFY, {"shard": [2, 2]}, 4010),
        (RESUME, {"token": "wrong", "session_id": "x", "seq": 1}, 4004),
        (3, {}, 4003),
        (IDENTIFY, {"padding": "x" * 4096}, 4002),
    ],
)
async def test_who_introduces_themselves_wrongly_is_shown_out(caller: Caller, op: int, said: Json, code: int) -> None:
    ear = await caller.connect()
    await ear.say(op, {**caller.identity(), **said})
    assert await ear.closed() == code


@pytest.mark.parametrize("stand", [()], indirect=True)
@pytest.mark.parametrize("intent", [MEMBERS, MESSAGE_CONTENT])
async def test_a_privileged_intent_is_for_who_was_granted_it(caller: Caller, intent: int) -> None:
    ear = await caller.listen(HARMLESS | intent)
    assert await ear.closed() == 4014
    _, application = await caller.call("GET", "/applications/@me")
    assert application["flags"] == 0


async def test_nobody_introduces_themselves_twice_or_says_too_much(caller: Caller) -> None:
    ear = await caller.listen()
    await ear.next("READY")
    await ear.say(IDENTIFY, caller.identity())
    assert await ear.closed() == 4005
    ear = await caller.listen()
    for _ in range(120):
        await ear.say(HEARTBEAT, None)
    assert await ear.closed() == 4008
    assert await (await caller.connect(version=9)).closed() == 4012


async def test_who_identifies_too_often_loses_the_token(stand: DiscordStand, caller: Caller) -> None:
    stand.service.gateway.identify_limit = 1
    await (await caller.listen()).next("READY")
    assert await (await caller.listen()).closed() == 4004


async def test_a_client_is_welcomed_with_its_servers(stand: DiscordStand, caller: Caller) -> None:
    await stand.enter_call("ana", "river")
    ear = await caller.listen()
    ready = await ear.next("READY")
    server = await ear.next("GUILD_CREATE")
    assert ready["guilds"] == [{"id": stand.native("movement"), "unavailable": True}]
    assert ready["application"]["flags"] == 1 << 15 | 1 << 19
    assert [channel["name"] for channel in server["channels"]] == ["river", "pond", "river"]
    assert [stand.named(one["user"]["id"]) for one in server["members"]] == ["drumbeat", "ana"]
    assert [(one["channel_id"], stand.named(one["user_id"])) for one in server["voice_states"]] == [
        (stand.call_channel("river"), "ana")
    ]


# ------------------------------------------------------------------------------------------------ who is told what


async def test_only_what_was_asked_for_is_told(stand: DiscordStand, caller: Caller) -> None:
    nothing, private, all_of_it = [await caller.listen(intents) for intents in (0, DIRECT_MESSAGES, EVERYTHING)]
    for ear in (nothing, private, all_of_it):
        await ear.next("READY")
    await stand.say("ana", "river", "Hello")
    await stand.say("ana", "", "Psst")
    await stand.join("chi", "river")
    await stand.leave("chi", "river")
    assert (nothing.events, private.events) == (["READY"], ["READY", "MESSAGE_CREATE"])
    assert all_of_it.events == [
        *("READY", "GUILD_CREATE", "MESSAGE_CREATE", "MESSAGE_CREATE"),
        *("GUILD_MEMBER_ADD", "CHANNEL_UPDATE", "CHANNEL_UPDATE", "GUILD_MEMBER_REMOVE"),
    ]


@pytest.mark.parametrize("stand", [("members",)], indirect=True)
async def test_words_are_hidden_from_who_may_not_read_them(stand: DiscordStand, caller: Caller) -> None:
    ear = await caller.listen(HARMLESS)
    await ear.next("READY")
    await stand.say("ana", "river", "A secret")
    await stand.say("ana", "river", "Hello <@drumbeat>")
    await stand.say("ana", "", "In private")
    await caller.post("river", text("My own"))
    await stand.service.gateway.arrived()
    told = [frame["d"] for frame in ear.heard if frame["t"] == "MESSAGE_CREATE"]
    drumbeat = f"Hello <@{stand.drumbeat}>"
    assert [one["content"] for one in told] == ["", drumbeat, "In private", ""]
    assert [[part["content"] for part in one["components"]] for one in told] == [[], [], [], ["My own"]]
    _, history = await caller.call("GET", river(stand))
    assert [one["content"] for one in reversed(history)] == ["", drumbeat, ""]
    path = f"/guilds/{stand.native('movement')}/members"
    assert (await caller.call("GET", path))[0] == 200


@pytest.mark.parametrize("stand", [("message_content",)], indirect=True)
async def test_the_members_are_listed_only_with_the_intent(stand: DiscordStand, caller: Caller) -> None:
    server = f"/guilds/{stand.native('movement')}"
    assert await caller.refusal("GET", f"{server}/members") == (403, 50001)
    assert (await caller.call("GET", f"{server}/members/{stand.native('ana')}"))[0] == 200
    assert await caller.refusal("GET", f"{server}/members/{stand.native('chi')}") == (404, 10007)


async def test_a_shard_hears_its_own_servers_and_the_first_one_private_words(
    stand: DiscordStand, caller: Caller
) -> None:
    stand.add_channel("hill", "hill", "elsewhere", creator="ana")
    shards = [await caller.listen(EVERYTHING, shard=[number, 2]) for number in (0, 1)]
    for ear in shards:
        await ear.next("READY")
    for channel in ("river", "hill", ""):
        await stand.say("ana", channel, "Hello")
    for number, ear in enumerate(shards):
        told = [frame["d"].get("guild_id", "") for frame in ear.heard if frame["t"] == "MESSAGE_CREATE"]
        servers = [stand.native(one) for one in ("movement", "elsewhere")]
        own = [one for one in servers if (int(one) >> 22) % 2 == number]
        assert told == [*own, *([""] if number == 0 else [])]


async def test_what_happens_where_the_bot_cannot_look_stays_there(stand: DiscordStand, caller: Caller) -> None:
    stand.forbid("pond", "VIEW_CHANNEL")
    ear = await caller.listen()
    await ear.next("READY")
    await stand.say("eli", "pond", "Among us")
    await stand.kick_bot()
    await stand.say("ana", "river", "Alone at last")
    assert ear.events == ["READY", "GUILD_CREATE", "GUILD_DELETE"]


# ------------------------------------------------------------------------------------------------ lost and found


async def test_who_resumes_hears_what_they_missed(stand: DiscordStand, caller: Caller) -> None:
    ear = await caller.listen(GUILDS | 1 << 9)
    session = (await ear.next("READY"))["session_id"]
    await ear.next("GUILD_CREATE")
    stand.drop_connections()
    await ear.closed()
    await stand.say("ana", "river", "Anybody here?")
    again = await caller.connect(resume=True)
    await again.say(RESUME, {"token": stand.token, "session_id": session, "seq": 2})
    await again.next("RESUMED")
    assert [(frame["s"], frame["t"]) for frame in again.heard if frame["op"] == 0] == [
        (3, "MESSAGE_CREATE"),
        (4, "RESUMED"),
    ]
    late = await caller.connect(resume=True)
    await late.say(RESUME, {"token": stand.token, "session_id": session, "seq": 99})
    assert await late.closed() == 4007


@pytest.mark.parametrize("how", ["unknown", "goodbye", "invalid"])
async def test_a_session_that_is_over_is_not_resumed(stand: DiscordStand, caller: Caller, how: str) -> None:
    ear = await caller.listen()
    session = (await ear.next("READY"))["session_id"]
    if how == "invalid":
        stand.invalidate_sessions()
        assert await ear.next("#9") == {"d": False}
    await ear.close(1000 if how == "goodbye" else 4000)
    await stand.wait_until(lambda: not stand.service.gateway.lines)
    again = await caller.connect(resume=True)
    await again.say(RESUME, {"token": stand.token, "session_id": "x" if how == "unknown" else session, "seq": 1})
    assert await again.next("#9") == {"d": False}


async def test_a_reconnect_that_is_asked_for_loses_nothing(stand: DiscordStand, caller: Caller) -> None:
    ear = await caller.listen()
    await ear.next("READY")
    stand.ask_to_reconnect()
    stand.invalidate_sessions(resumable=True)
    await ear.next("#7")
    assert (await ear.next("#9"), len(stand.service.gateway.sessions)) == ({"d": True}, 1)


async def test_a_line_can_be_open_and_dead(stand: DiscordStand, caller: Caller) -> None:
    ear = await caller.listen()
    await ear.next("READY")
    stand.fall_silent()
    heard = len(ear.heard)
    await ear.say(HEARTBEAT, None)
    await stand.say("ana", "river", "Anybody here?")
    await ear.close()
    assert ear.heard[heard:] == []
    (session,) = stand.service.gateway.sessions.values()
    assert [frame for number, frame in session.kept if number > 2 and "Anybody here?" in frame]


async def test_a_heart_that_beats_is_heard(stand: DiscordStand, caller: Caller) -> None:
    stand.service.gateway.heartbeat_seconds = 0.05
    ear = await caller.listen()
    assert (await ear.next("#10"))["heartbeat_interval"] == 50
    await ear.say(HEARTBEAT, None)
    await ear.next("#11")
    # Who misses two beats is taken for gone, and may come back.
    await ear.closed()
    assert len(stand.service.gateway.sessions) == 1
