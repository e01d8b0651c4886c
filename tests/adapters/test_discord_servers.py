"""Who may do what on a Discord server, who is whom there, and what is remembered of it."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from adapters.discord.forms import Draft, Drafts, Opening, read_opening
from adapters.discord.homes import Homes
from adapters.discord.people import Acquaintances
from adapters.discord.presence import Presence
from adapters.discord.recording import describe_call
from adapters.discord.servers import ADMINISTRATOR, MANAGE_CHANNELS, VIEW_CHANNEL, Servers, read_server
from adapters.discord.threads import name_thread, read_words
from adapters.discord.underway import WAITING_LIMIT, Order, Underway
from adapters.discord.voice import Calls
from bot.chat import Action, Form, Person, ViewError, Words

SEND = 1 << 11
EVERYBODY, BAND, GUESTS = "1", "2", "3"
ANA, BEN = "101", "102"


def server(*overwrites: tuple[str, int, int, int], everybody: int = VIEW_CHANNEL | SEND) -> Any:  # noqa: ANN401
    """A server of Ana's with one channel."""
    roles = [(EVERYBODY, everybody), (BAND, 0), (GUESTS, 0)]
    written = [
        {"id": one, "type": kind, "allow": str(allow), "deny": str(deny)} for one, kind, allow, deny in overwrites
    ]
    told = {
        "id": EVERYBODY,
        "name": "Movement",
        "owner_id": ANA,
        "roles": [{"id": role, "permissions": str(bits)} for role, bits in roles],
        "channels": [{"id": "9", "type": 0, "name": "river", "permission_overwrites": written}],
        "threads": [{"id": "10", "type": 11, "parent_id": "9"}],
    }
    return read_server(told, bot="100")


# ------------------------------------------------------------------------------------------------ permissions


@pytest.mark.parametrize(
    ("overwrites", "roles", "may"),
    [
        ((), (), VIEW_CHANNEL | SEND),
        (((EVERYBODY, 0, 0, SEND),), (), VIEW_CHANNEL),
        (((EVERYBODY, 0, 0, SEND), (BAND, 0, SEND, 0)), (BAND,), VIEW_CHANNEL | SEND),
        # One role takes what another gives: what is given counts.
        (((BAND, 0, 0, SEND), (GUESTS, 0, SEND, 0)), (BAND, GUESTS), VIEW_CHANNEL | SEND),
        (((BAND, 0, 0, SEND), (GUESTS, 0, SEND, 0)), (BAND,), VIEW_CHANNEL),
        # What concerns the person counts last.
        (((BAND, 0, SEND, 0), (BEN, 1, 0, SEND)), (BAND,), VIEW_CHANNEL),
        (((EVERYBODY, 0, 0, SEND), (BEN, 1, SEND, 0)), (), VIEW_CHANNEL | SEND),
        # Somebody else's overwrite is nobody's affair, nor is a person with the number of a role.
        (((ANA, 1, 0, SEND), (BEN, 0, 0, SEND)), (), VIEW_CHANNEL | SEND),
        # Who cannot see a channel can do nothing in it.
        (((EVERYBODY, 0, MANAGE_CHANNELS, VIEW_CHANNEL),), (), 0),
        # A role that is not there any more gives nothing.
        ((), ("99",), VIEW_CHANNEL | SEND),
    ],
)
def test_somebody_may_what_roles_and_the_channel_give(
    overwrites: tuple[tuple[str, int, int, int], ...], roles: tuple[str, ...], may: int
) -> None:
    assert server(*overwrites).may(BEN, roles, "9") == may


def test_owners_and_administrators_may_everything() -> None:
    closed = (EVERYBODY, 0, 0, VIEW_CHANNEL)
    assert server(closed).may(ANA, (), "9") == (1 << 53) - 1
    assert server(closed, everybody=ADMINISTRATOR).may(BEN, (), "9") == (1 << 53) - 1


def test_a_thread_is_seen_by_who_sees_its_channel() -> None:
    assert server((EVERYBODY, 0, 0, VIEW_CHANNEL), (BEN, 1, VIEW_CHANNEL, 0)).may(BEN, (), "10") == VIEW_CHANNEL | SEND
    assert server((EVERYBODY, 0, 0, VIEW_CHANNEL)).may(BEN, (), "10") == 0


def test_in_a_channel_that_nobody_knows_nobody_may_anything() -> None:
    assert server().may(BEN, (), "77") == 0


def test_whoever_manages_a_channel_is_a_steward_there() -> None:
    assert server((BEN, 1, MANAGE_CHANNELS, 0)).is_steward(BEN, (), "9")
    assert not server((BEN, 1, MANAGE_CHANNELS, VIEW_CHANNEL)).is_steward(BEN, (), "9")
    assert not server().is_steward(BEN, (), "9")


def test_what_the_gateway_tells_of_a_server_is_kept_right() -> None:
    servers = Servers("100")
    me = {"user": {"id": "100"}, "roles": ["2"]}
    servers.heed("GUILD_CREATE", {"id": "1", "name": "Movement", "owner_id": ANA, "members": [me]})
    known = servers.find("1")
    assert known is not None
    assert known.mine == ("2",)
    for kind, told in (
        ("GUILD_UPDATE", {"id": "1", "name": "River", "owner_id": BEN, "roles": [{"id": "1", "permissions": "1024"}]}),
        ("GUILD_ROLE_CREATE", {"guild_id": "1", "role": {"id": "3", "permissions": "8"}}),
        ("GUILD_ROLE_CREATE", {"guild_id": "1", "role": {"id": "4", "permissions": "8"}}),
        ("GUILD_ROLE_DELETE", {"guild_id": "1", "role_id": "4"}),
        ("GUILD_MEMBER_UPDATE", {"guild_id": "1", "user": {"id": "100"}, "roles": ["3"]}),
        ("GUILD_MEMBER_UPDATE", {"guild_id": "1", "user": {"id": BEN}, "roles": ["4"]}),
        ("CHANNEL_CREATE", {"guild_id": "1", "id": "9", "name": "river"}),
        ("CHANNEL_CREATE", {"guild_id": "1", "id": "8", "name": "gone"}),
        ("CHANNEL_DELETE", {"guild_id": "1", "id": "8"}),
        ("THREAD_CREATE", {"guild_id": "1", "id": "10", "parent_id": "9"}),
        ("THREAD_CREATE", {"guild_id": "1", "id": "11", "parent_id": "9"}),
        ("THREAD_UPDATE", {"guild_id": "1", "id": "11", "parent_id": "9", "thread_metadata": {"archived": True}}),
        ("THREAD_LIST_SYNC", {"guild_id": "1", "threads": [{"id": "12", "parent_id": "9"}]}),
        ("THREAD_DELETE", {"guild_id": "1", "id": "10"}),
        ("GUILD_DELETE", {"id": "1", "unavailable": True}),
        ("CHANNEL_CREATE", {"guild_id": "77", "id": "70", "name": "elsewhere"}),
    ):
        servers.heed(kind, told)
    assert (known.name, known.owner, known.roles, known.mine) == ("River", BEN, {"1": 1024, "3": 8}, ("3",))
    assert ([*known.channels], known.threads) == (["9"], {"12": "9"})
    assert servers.name_channel("1", "12") == "#river"
    assert servers.name_channel("1", "77") == "the channel"
    assert servers.all() == (known,)
    servers.heed("GUILD_DELETE", {"id": "1"})
    assert servers.find("1") is None


# ------------------------------------------------------------------------------------------------ being there


async def test_drumbeat_is_there_once_every_line_has_told_its_servers() -> None:
    servers = Servers("100")
    presence = Presence(servers)
    presence.expect((0, 1), 2)
    odd = str(1 << 22)

    def told(shard: int, kind: str, **data: Any) -> bool:  # noqa: ANN401 - as the gateway tells it
        presence.heed(shard, kind, data)
        return presence.is_up

    assert not told(0, "READY", guilds=[{"id": "1"}, {"id": "2"}])
    assert not told(1, "READY", guilds=[])
    assert (presence.knows_all("1"), presence.knows_all(odd), presence.knows_all("nowhere")) == (False, True, True)
    assert not told(0, "GUILD_CREATE", id="1")
    assert told(0, "GUILD_DELETE", id="2", unavailable=True)
    presence.lose(0)
    assert not presence.is_up
    assert presence.knows_all("1")
    assert not told(1, "RESUMED")
    assert told(0, "RESUMED")
    presence.lose(0)
    presence.lose(1)


async def test_a_storm_in_one_server_costs_what_came_last_and_nothing_else() -> None:
    underway = Underway()
    order = Order(underway)
    begin = asyncio.Event()
    done: list[int] = []

    async def do(number: int) -> None:
        await begin.wait()
        done.append(number)

    for number in range(WAITING_LIMIT + 5):
        order.put("1", partial(do, number))
    order.put("2", partial(do, -1))
    begin.set()
    await underway.rest()
    assert sorted(done) == [-1, *range(WAITING_LIMIT)]
    order.put("1", partial(do, -2))
    await underway.rest()
    assert done[-1] == -2


# ------------------------------------------------------------------------------------------------ memory


def test_who_is_in_a_home_is_news_once() -> None:
    homes = Homes()
    homes.note("1", "9")
    assert homes.of("1") == ("9",)
    # Of a home that was never listed, everything is news, once.
    assert [homes.see("1", "9", ANA, here=here) for here in (True, True, False, False)] == [True, False, True, False]
    assert homes.keep_list("1", "9", [ANA, BEN]) == (set(), set())
    assert [homes.see("1", "9", "103", here=here) for here in (False, True, True)] == [False, True, False]
    assert homes.keep_list("1", "9", [BEN, "104"]) == ({"104"}, {ANA, "103"})


def test_somebody_may_be_met_on_several_servers() -> None:
    met = Acquaintances()
    ben = Person(BEN, "Ben")
    met.meet("1", ben)
    met.meet("2", ben)
    assert (met.recall("1", BEN), met.recall("2", BEN), met.recall("3", BEN)) == (ben, ben, None)
    met.forget("1", BEN)
    met.forget("1", BEN)
    assert (met.recall("1", BEN), met.recall("2", BEN)) == (None, ben)


def test_only_so_many_people_are_remembered() -> None:
    met = Acquaintances(most=2)
    people = [Person(person, person) for person in (ANA, BEN, "103")]
    for person in people:
        met.meet("1", person)
    assert [met.recall("1", person.id) for person in people] == [None, *people[1:]]


def test_calls_are_told_apart() -> None:
    calls = Calls()
    assert calls.move("1", BEN, "") == []
    assert calls.move("1", BEN, "20") == [("20", True)]
    assert calls.move("1", BEN, "20") == []
    assert calls.move("1", BEN, "20", anew=True) == [("20", True)]
    assert calls.move("1", BEN, "21") == [("20", False), ("21", True)]
    assert calls.people("1") == (BEN,)
    assert calls.move("1", BEN, "") == [("21", False)]
    assert calls.people("1") == ()


FORM = Form("Ask", Action("x", "ask"), Words(name="a", label="A"))


def test_a_form_is_remembered_for_half_an_hour() -> None:
    at = [0.0]
    drafts = Drafts(clock=lambda: at[0])
    drafts.keep_open(BEN, FORM)
    opening = drafts.keep(BEN, Draft(FORM, {"a": "b"}))
    key = read_opening(opening.encode())
    assert key is not None
    at[0] = 29 * 60
    assert drafts.find_open(BEN, FORM.action) == FORM
    assert (drafts.find(BEN, key), drafts.find(ANA, key)) == (Draft(FORM, {"a": "b"}), None)
    at[0] = 31 * 60
    assert (drafts.find_open(BEN, FORM.action), drafts.find(BEN, key)) == (None, None)


def test_what_opens_a_form_is_no_rituals_action() -> None:
    written = Opening.of("abc").encode()
    assert read_opening(written) == "abc"
    with pytest.raises(ViewError):
        Action.decode(written)
    assert read_opening(FORM.action.encode()) is None


def test_only_so_many_forms_are_remembered() -> None:
    drafts = Drafts(most=1)
    drafts.keep_open(ANA, FORM)
    drafts.keep_open(BEN, FORM)
    assert (drafts.find_open(ANA, FORM.action), drafts.find_open(BEN, FORM.action)) == (None, FORM)


# ------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("\n  \nCheck-in,   Mon\nHow are you?", "Check-in, Mon"),
        ("", "Replies"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 99 + "…"),
    ],
)
def test_a_thread_is_called_like_the_first_line(words: str, name: str) -> None:
    assert name_thread(words) == name


def test_the_words_of_a_post_are_read_back_without_marks() -> None:
    texts = [
        {"type": 10, "content": "**Check\\-in** \\*now\\* <t:1777919400:F>"},
        {"type": 1},
        {"type": 10, "content": "> a"},
    ]
    assert read_words({"components": texts}) == "Check-in *now* \na"
    assert read_words({"content": "plain"}) == "plain"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ("/interactions/1/aW50ZXJhY3Rpb24/callback", "/interactions/1/token/callback"),
        ("/webhooks/2/aW50ZXJhY3Rpb24/messages/@original", "/webhooks/2/token/messages/@original"),
        ("/webhooks/2/aW50ZXJhY3Rpb24", "/webhooks/2/token"),
        ("/channels/3/messages", "/channels/3/messages"),
    ],
)
def test_what_is_written_down_holds_no_token(path: str, written: str) -> None:
    assert describe_call("POST", path)["path"] == written
