"""Saying whether one comes: one tap, changed with another; only counts are shown, and they stand from the start on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.chat import Action
from bot.tables import Act, Gathering, Member, Movement, Occurrence, Practice, Rsvp
from tests.gatherings import announce, card
from tests.people import RIVER
from tests.town import BERLIN, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
in_the_room = pytest.mark.parametrize("platform", ["playground"])

START = datetime(2026, 11, 2, 18, 0, tzinfo=BERLIN).astimezone(UTC)
GOING = (
    "You are going: town hall, Mon 2 November, 18:00 (90 minutes).\n"
    "Where: not known yet. I will remind you in private a day and an hour before.\n"
    "[Can't make it after all] [For my calendar] [Don't remind me]"
)
MAYBE = (
    "Noted as maybe: town hall, Mon 2 November, 18:00 (90 minutes).\n"
    "A maybe keeps no place, and I will not remind you of it. Say so when you know.\n"
    "[Going] [Can't]"
)
CANT = (
    "Noted, thank you for saying so: you can't make town hall, Mon 2 November, 18:00 (90 minutes).\n"
    "Nobody is told who can't.\n"
    "[I can come after all]"
)
BEGUN = (
    "This began at Mon 2 November, 18:00, so what everybody had said by then stands. If you can come and there is "
    "room, just come."
)


def answered(town: Town) -> dict[str, str]:
    """Who said what, as the database has it."""
    with town.drumbeat.database.reading() as db:
        rows = db.execute(select(Member.person, Rsvp.answer).join(Member, Member.id == Rsvp.member_id))
        return {town.stage.named(person): answer for person, answer in rows}


def counted(town: Town) -> str:
    """The line of the card that says how many come."""
    return next(line for line in card(town).text.splitlines() if line.startswith(("Going: ", "It is ")))


async def test_one_tap_says_whether_somebody_comes_and_another_changes_it(town: Town) -> None:
    await announce(town)
    before = len(town.room.channel_messages(RIVER))
    assert await town.press("chi", "Going", on=card(town)) == GOING
    assert await town.press("ben", "Maybe", on=card(town)) == MAYBE
    assert await town.press("dee", "Can't", on=card(town)) == CANT
    assert counted(town) == "Going: 1, maybe: 1."
    assert await town.press("chi", "Going", on=card(town)) == GOING
    assert await town.press("chi", "Can't make it after all") == CANT
    assert await town.press("ben", "Going") == GOING  # on the answer to the maybe
    assert counted(town) == "Going: 1."
    assert answered(town) == {"ben": "going", "chi": "cant", "dee": "cant"}
    assert sorted(town.acts("rsvp")) == [("ben", "rsvp"), ("chi", "rsvp"), ("dee", "rsvp")]
    assert {act["evidence"] for act in town.rows(Act) if act["kind"] == "rsvp"} == {""}
    assert not any(name in "\n".join(town.channel()[before - 1 :]) for name in ("Ben", "Chi", "Dee"))
    # Nobody was notified of any of it.
    assert len(town.room.channel_messages(RIVER)) == before
    assert [text for who in ("ana", "ben", "chi", "dee") for text in town.inbox(who) if "town hall" in text] == []


@in_the_room
@sqlite
async def test_from_the_start_on_what_people_said_stands(town: Town) -> None:
    post = await announce(town)
    action = next(one for one in post.view.actions if one.verb == "going") if post.view else None
    assert action is not None
    await town.press("chi", "Going", on=post)
    await town.wait_until(START - timedelta(seconds=1))
    await town.press("ben", "Going", on=card(town))
    await town.wait(seconds=1)
    assert await town.press_kept("dee", action) == BEGUN
    assert await town.press_kept("chi", Action(action.ritual, "cant", action.about, action.movement)) == BEGUN
    assert await town.press_kept("ben", Action(action.ritual, "maybe", action.about, action.movement)) == BEGUN
    assert answered(town) == {"ben": "going", "chi": "going"}
    assert sorted(town.acts("rsvp")) == [("ben", "rsvp"), ("chi", "rsvp")]


@in_the_room
@sqlite
async def test_what_is_not_there_can_not_be_answered(town: Town) -> None:
    await announce(town)
    town.room.add_channel("hill", "hill", creator="eli")
    town.room.seat("hill", "eli")
    await town.start_movement(who="eli", channel="hill", name="Green Hill")
    for verb in ("going", "maybe", "cant", "take-place", "pass-place", "leave-line"):
        for about in ("1", "99", "x", "", "9" * 30):
            seen = await town.press_kept("eli", Action("gathering", verb, about, 2), channel="hill")
            assert seen in (
                "This gathering is not there any more.",
                "This place is not kept for you any more. To come all the same, tap Going at the gathering.",
                "You are not waiting for a place there.",
            )
    assert answered(town) == {}


@in_the_room
@sqlite
async def test_who_does_not_want_to_be_counted_may_come_and_who_left_is_not_awaited(town: Town) -> None:
    await announce(town)
    town.set_member("dee", opted_out=True)
    assert await town.press("dee", "Going", on=card(town)) == GOING.replace(
        "Where: not known yet. I will remind you in private a day and an hour before.", "Where: not known yet"
    ).replace(" [Don't remind me]", "")
    await town.press("chi", "Going", on=card(town))
    assert counted(town) == "Going: 2."
    assert town.acts("rsvp") == [("chi", "rsvp")]
    await town.room.leave("chi", RIVER)
    await town.press("ben", "Maybe", on=card(town))
    assert counted(town) == "Going: 1, maybe: 1."


@in_the_room
@sqlite
async def test_how_many_to_expect_is_said_once_enough_is_known(town: Town) -> None:
    await announce(town)
    with town.drumbeat.database.transaction() as db:
        movement = db.scalars(select(Movement)).one()
        crowd = [
            Member(movement_id=movement.id, person=f"p{number}", name=f"P{number}", joined_at=town.clock())
            for number in range(8)
        ]
        db.add_all(crowd)
        db.flush()
        practice = db.scalars(select(Practice).where(Practice.name == "town hall")).one()
        other = Practice(
            movement_id=movement.id,
            ritual="gathering",
            name="picnic",
            cadence="on demand",
            anchor=town.clock(),
            channel=movement.channel,
            settings={},
        )
        db.add(other)
        db.flush()
        # Three town halls that 15 of 24 came to; a picnic that nobody came to; one that is too long ago to tell.
        held = [(practice, 14, 5, True), (practice, 28, 4, True), (practice, 42, 6, True)]
        held += [(other, 21, 0, True), (practice, 35, 0, False), (practice, 181, 8, True)]
        for its, days, came, recorded in held:
            at = town.clock() - timedelta(days=days)
            occurrence = Occurrence(movement_id=movement.id, practice_id=its.id, planned_at=at, state="held")
            db.add(occurrence)
            db.flush()
            gathering = Gathering(
                movement_id=movement.id,
                occurrence_id=occurrence.id,
                uid=f"past-{days}",
                title=its.name,
                kind="call",
                purpose="organizing",
                place_kind="",
                starts_at=at,
                minutes=60,
                announced_at=at,
                changed_at=at,
                state="over",
                recorded=recorded,
            )
            db.add(gathering)
            db.flush()
            db.add_all(Rsvp(gathering_id=gathering.id, member_id=one.id, answer="going", at=at) for one in crowd)
            db.add_all(
                Act(
                    movement_id=movement.id,
                    member_id=one.id,
                    kind="attended",
                    at=at,
                    occurrence_id=occurrence.id,
                    once=f"attended:{occurrence.id}:{one.id}",
                )
                for one in crowd[:came]
            )
        announced = db.scalars(select(Gathering).where(Gathering.state == "announced")).one()
        db.add_all(
            Rsvp(gathering_id=announced.id, member_id=one.id, answer="going", at=town.clock()) for one in crowd[:7]
        )
    await town.press("ben", "Maybe", on=card(town))
    # Wilson 15 of 24 is 0.4559 to 0.7678; of 7 that is 3.2 to 5.4.
    assert counted(town) == "Going: 7, maybe: 1. 7 said yes; expect 3 to 6."
    # Of the picnic alone too little is known, so it goes by all of them: 15 of 32, 0.3342 to 0.6090.
    await announce(town, line="picnic tomorrow 12:00")
    with town.drumbeat.database.transaction() as db:
        picnic = db.scalars(select(Gathering).where(Gathering.title == "picnic", Gathering.state == "announced")).one()
        db.add_all(Rsvp(gathering_id=picnic.id, member_id=one.id, answer="going", at=town.clock()) for one in crowd[:7])
    await town.press("ben", "Can't", on=card(town, "picnic"))
    assert "Going: 7. 7 said yes; expect 2 to 5." in card(town, "picnic").text
