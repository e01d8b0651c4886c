"""Who may do what, by the order in which Discord applies roles and a channel's overwrites."""

from __future__ import annotations

import pytest

from tests.adapters.discord_platform.rights import (
    ALL,
    EVERYBODY,
    NONE,
    Overwrite,
    Right,
    Role,
    base_rights,
    channel_rights,
)

VIEW, SEND, ADMIN = Right.VIEW_CHANNEL, Right.SEND_MESSAGES, Right.ADMINISTRATOR
ROLES = {
    "all": Role("all", "@everyone", VIEW),
    "writers": Role("writers", "Writers", SEND),
    "admins": Role("admins", "Admins", ADMIN),
}


def no(who: str, right: Right) -> Overwrite:
    return Overwrite(who, person=who == "ana", deny=right)


def yes(who: str, right: Right) -> Overwrite:
    return Overwrite(who, person=who == "ana", allow=right)


def test_roles_add_up() -> None:
    assert base_rights("all", ROLES, []) == VIEW
    assert base_rights("all", ROLES, ["writers"]) == VIEW | SEND
    assert base_rights("all", ROLES, ["writers", "admins"]) == ALL


@pytest.mark.parametrize(
    ("overwrites", "rights"),
    [
        ([], VIEW | SEND),
        ([no("all", SEND)], VIEW),
        ([no("all", SEND), yes("writers", SEND)], VIEW | SEND),
        ([yes("all", SEND), no("writers", SEND)], VIEW),
        ([no("writers", SEND), yes("readers", SEND)], VIEW | SEND),
        ([yes("writers", SEND), no("ana", SEND)], VIEW),
        ([no("writers", SEND), yes("ana", SEND)], VIEW | SEND),
        ([no("ana", VIEW)], NONE),
        ([no("all", VIEW), yes("ana", VIEW)], VIEW | SEND),
        ([no("ben", VIEW)], VIEW | SEND),
    ],
)
def test_a_channel_says_more_about_people_than_about_roles(overwrites: list[Overwrite], rights: Right) -> None:
    told = {one.id: one for one in overwrites}
    assert channel_rights(VIEW | SEND, "all", told, person="ana", held=["writers", "readers"]) == rights


def test_nothing_is_hidden_from_an_administrator() -> None:
    hidden = {"ana": no("ana", VIEW)}
    assert channel_rights(ALL, "all", hidden, person="ana", held=["admins"]) == ALL
    assert ADMIN not in EVERYBODY
