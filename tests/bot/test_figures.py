"""What is read with sums and short windows comes to the same figures as everything that is stored, row by row."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.figures import CameTo, Done, Record, read_cohorts, read_drop_off, read_levels, read_pulse, read_record
from bot.insights.drop_off import Attended, look_for_drop_off
from bot.insights.ladder import ACTS, DOING, FIRST_STEPS, LEADING, ONLINE, Trace, class_of, merge
from bot.insights.newcomers import Newcomer, cohorts
from bot.insights.numbers import Portion
from bot.insights.participation import Somebody
from bot.insights.promises import FollowThrough
from bot.insights.pulse import Came, Material, levels, take_pulse
from bot.insights.purposes import Purposes
from bot.insights.turnout import Round, ShowUp, Slot, recipients
from bot.promises import pledges
from bot.purposes import purposes_of_acts
from bot.store import Database
from bot.tables import (
    Act,
    Away,
    Evidence,
    Gathering,
    Member,
    Movement,
    Occurrence,
    Practice,
    Promise,
    Renegotiation,
    Rsvp,
)

NOW = datetime(2026, 6, 29, 9, 30, tzinfo=UTC)
OLD = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = ("Europe/Berlin", "Pacific/Auckland", "America/Sao_Paulo", "UTC")
KINDS = sorted(ONLINE | DOING | LEADING) + ["attended"] * 6 + ["message"] * 6
SEEDS = range(1, 9)


@pytest.fixture
def db(database_url: str) -> Iterator[Session]:
    database = Database(database_url)
    with database.transaction() as session:
        yield session
    database.close()


class Planting:
    """Puts rows of one movement into the database, with the numbers that they get."""

    def __init__(self, db: Session, number: int, *, zone: str = "Europe/Berlin") -> None:
        self.db = db
        self.movement = Movement(
            platform="playground",
            workspace="w",
            channel=f"c{number}",
            name="River",
            zone=zone,
            started_at=OLD,
            roll_due_at=NOW,
        )
        self.add(self.movement)
        self.check_in = self.practice("check-in")
        self.gatherings = self.practice("gathering", "town hall")

    def add(self, row: Any) -> Any:  # noqa: ANN401 - any table's row
        self.db.add(row)
        self.db.flush()
        return row

    def practice(self, ritual: str, name: str = "") -> Practice:
        made: Practice = self.add(
            Practice(
                movement_id=self.movement.id,
                ritual=ritual,
                name=name,
                cadence="on demand",
                anchor=OLD,
                channel="c",
                settings={},
            )
        )
        return made

    def member(self, person: str, joined: datetime = OLD, **more: Any) -> Member:  # noqa: ANN401 - columns
        made: Member = self.add(
            Member(movement_id=self.movement.id, person=person, name=person, joined_at=joined, **more)
        )
        return made

    def act(self, member: Member, kind: str, at: datetime, occurrence: Occurrence | None = None) -> None:
        number = None if occurrence is None else occurrence.id
        once = f"{kind}:{member.id}:{at}:{number}"
        self.db.execute(
            insert(Act).values(
                movement_id=self.movement.id,
                member_id=member.id,
                kind=kind,
                at=at,
                occurrence_id=number,
                once=once,
                evidence="",
            )
        )

    def check(self, at: datetime, state: str = "held") -> Occurrence:
        """Put a check-in down that was open for two days."""
        made: Occurrence = self.add(
            Occurrence(
                movement_id=self.movement.id,
                practice_id=self.check_in.id,
                planned_at=at,
                opened_at=at,
                closed_at=at + 2 * DAY,
                state=state,
            )
        )
        return made

    def gather(
        self, at: datetime, state: str = "held", *, recorded: bool = True, guests: int = 0, purpose: str = "organizing"
    ) -> tuple[Gathering, Occurrence]:
        occurrence = self.add(
            Occurrence(movement_id=self.movement.id, practice_id=self.gatherings.id, planned_at=at, state=state)
        )
        gathering = self.add(
            Gathering(
                movement_id=self.movement.id,
                occurrence_id=occurrence.id,
                uid=f"u{occurrence.id}",
                title=f"town hall {occurrence.id}",
                kind="call",
                purpose=purpose,
                place_kind="voice",
                starts_at=at,
                minutes=60,
                announced_at=at - 7 * DAY,
                changed_at=at - 7 * DAY,
                state="over",
                recorded=recorded,
                guests=guests,
            )
        )
        return gathering, occurrence

    def say(self, gathering: Gathering, member: Member, answer: str = "going") -> None:
        self.add(Rsvp(gathering_id=gathering.id, member_id=member.id, answer=answer, at=gathering.announced_at))

    def excuse(self, gathering: Gathering, member: Member) -> None:
        told = {"source": "roll", "says": "excused", "at": gathering.starts_at}
        self.add(Evidence(gathering_id=gathering.id, member_id=member.id, **told))

    def promise(self, owner: Member, due: datetime, *, done: datetime | None, accepted: bool = True) -> Promise:
        made: Promise = self.add(
            Promise(
                movement_id=self.movement.id,
                owner_id=owner.id,
                what="gloves",
                due_at=due,
                made_at=due - 9 * DAY,
                accepted_at=due - 9 * DAY if accepted else None,
                done_at=done,
            )
        )
        return made


class Happening:
    """A movement in which everything happens that may, at any time and to anybody."""

    def __init__(self, db: Session, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the same movements in every run
        self.planting = Planting(db, seed, zone=self.chance.choice(ZONES))
        self.members = [self._somebody(number) for number in range(25)]
        self.acts: list[tuple[Member, str, datetime, Occurrence | None]] = [(self.members[0], "attended", NOW, None)]

    def plant(self) -> Movement:
        """Put everything into the database, what people did in no order."""
        self._leave_for_a_while()
        self._do_this_and_that()
        self._answer_check_ins()
        for number in range(14):
            self._gather(NOW - number * 8 * DAY - self.chance.randrange(1, 24) * timedelta(hours=1))
        self._promise()
        self.chance.shuffle(self.acts)
        for act in self.acts:
            self.planting.act(*act)
        return self.planting.movement

    def _ago(self, most: int) -> datetime:
        return NOW - timedelta(seconds=self.chance.randrange(most * 86_400))

    def _somebody(self, number: int) -> Member:
        return self.planting.member(
            f"p{number}",
            self._ago(self.chance.choice((20, 80, 400))),
            left_at=self._ago(90) if self.chance.random() < 0.15 else None,
            bot=self.chance.random() < 0.05,
            opted_out=self.chance.random() < 0.1,
            zone=self.chance.choice(("", *ZONES)),
        )

    def _leave_for_a_while(self) -> None:
        for member in self.chance.sample(self.members, 8):
            start = self._ago(200)
            end = None if self.chance.random() < 0.2 else start + self.chance.randrange(1, 60) * DAY
            self.planting.add(Away(member_id=member.id, start=start, end=end))

    def _do_this_and_that(self) -> None:
        for member in self.members:
            for _ in range(self.chance.choice((0, 1, 3, 12))):
                at = self._ago(self.chance.choice((40, 120, 300)))
                self.acts.append((member, self.chance.choice(KINDS), at, None))

    def _answer_check_ins(self) -> None:
        for number in range(10):
            state = self.chance.choice(("held", "missed", "excused"))
            asked = self.planting.check(NOW - number * 7 * DAY - 3 * DAY, state)
            for member in self.chance.sample(self.members, 10):
                at = asked.planned_at + self.chance.random() * 3 * DAY
                self.acts.append((member, "checkin_answer", at, asked))

    def _gather(self, at: datetime) -> None:
        gathering, occurrence = self.planting.gather(
            at,
            self.chance.choice(("held", "held", "held", "missed", "excused")),
            recorded=self.chance.random() < 0.7,
            guests=self.chance.randrange(3),
            purpose=self.chance.choice(("organizing", "mobilizing")),
        )
        for member in self.chance.sample(self.members, 12):
            answer = self.chance.choice(("going", "going", "maybe", "cant", "waiting"))
            self.planting.say(gathering, member, answer)
        for member in self.chance.sample(self.members, 2):
            self.planting.excuse(gathering, member)
        came = self.chance.sample(self.members, self.chance.randrange(8)) if gathering.recorded else []
        self.acts += [(member, "attended", at, occurrence) for member in came]
        self.acts += [(member, "hosted", at, occurrence) for member in came if self.chance.random() < 0.2]

    def _promise(self) -> None:
        for member in self.chance.sample(self.members, 12):
            due = NOW + self.chance.randrange(-110, 10) * DAY
            done = due + self.chance.randrange(-3, 6) * DAY if self.chance.random() < 0.7 else None
            promise = self.planting.promise(member, due, done=done, accepted=self.chance.random() < 0.9)
            if self.chance.random() < 0.3:
                agreed = due - self.chance.randrange(3, 9) * DAY
                moved = {"was_due_at": due - 5 * DAY, "due_at": due, "agreed_at": agreed}
                self.planting.add(Renegotiation(promise_id=promise.id, **moved))


# ------------------------------------------------------------------------------------------------ row by row


def rows(db: Session, table: Any) -> list[Any]:  # noqa: ANN401 - any table's rows
    return list(db.scalars(select(table)))


def everything(db: Session, movement: Movement) -> tuple[Material, dict[int, Attended]]:
    """Gather the same material from every row there is, with loops and no windows."""
    members = {one.id: one for one in rows(db, Member) if one.movement_id == movement.id}
    people = {
        who: Somebody(
            joined=one.joined_at,
            left=one.left_at,
            breaks=merge((away.start, away.end) for away in rows(db, Away) if away.member_id == who),
            zone=one.zone,
            counts=not one.bot and not one.opted_out,
        )
        for who, one in members.items()
    }
    acts = [act for act in rows(db, Act) if act.movement_id == movement.id and act.at < NOW]
    occurrences = {one.id: one for one in rows(db, Occurrence) if one.movement_id == movement.id}
    gatherings = {one.occurrence_id: one for one in rows(db, Gathering) if one.movement_id == movement.id}
    met = [act for act in acts if act.kind == "attended" or (act.kind == "hosted" and act.occurrence_id in gatherings)]
    rsvps, evidence = rows(db, Rsvp), rows(db, Evidence)

    def counted(some: Iterable[int]) -> frozenset[int]:
        return frozenset(who for who in some if who in people and people[who].counts)

    def slot(gathering: Gathering) -> Slot:
        at = occurrences[gathering.occurrence_id].planned_at
        came = counted(
            act.member_id
            for act in acts
            if act.occurrence_id == gathering.occurrence_id and act.kind in ("attended", "hosted")
        )
        yes = counted(one.member_id for one in rsvps if one.gathering_id == gathering.id and one.answer == "going")
        excused = {one.member_id for one in evidence if one.gathering_id == gathering.id and one.says == "excused"}
        free = excused | {who for who in yes if any(start <= at < end for start, end in people[who].breaks)}
        free |= {who for who in yes if (left := people[who].left) is not None and left < at}
        return Slot(
            at=at,
            state=occurrences[gathering.occurrence_id].state,
            recorded=gathering.recorded,
            yes=yes - (free - came),
            came=came,
            guests=gathering.guests,
            title=gathering.title,
        )

    def newcomer(who: int, one: Somebody) -> Newcomer:
        mine = sorted((act.at, act.kind) for act in acts if act.member_id == who and act.at >= one.joined)
        did = [at for at, kind in mine if kind in ACTS]
        return Newcomer(
            joined=one.joined,
            left=one.left,
            breaks=one.breaks,
            first_step=next((at for at, kind in mine if kind in FIRST_STEPS), None),
            first_act=did[0] if did else None,
            acts=tuple(did),
        )

    asked = sorted(
        (
            one
            for one in occurrences.values()
            if one.closed_at is not None and one.closed_at <= NOW and one.state in ("held", "missed")
        ),
        key=lambda one: one.planned_at,
    )
    promised = [one for one in rows(db, Promise) if one.owner_id in people and people[one.owner_id].counts]
    material = Material(
        zone=ZoneInfo(movement.zone),
        people=people,
        traces={who: [Trace(act.at, class_of(act.kind)) for act in acts if act.member_id == who] for who in people},
        turned_up={who: [act.at for act in met if act.member_id == who] for who in people},
        slots=[slot(one) for one in gatherings.values()],
        pledges=[*pledges(db, promised).values()],
        rounds=[
            Round(
                one.opened_at,
                recipients(people, at=one.opened_at),
                frozenset(
                    act.member_id
                    for act in acts
                    if act.occurrence_id == one.id and act.kind == "checkin_answer" and act.at < one.closed_at
                ),
            )
            for one in asked[-8:]
        ],
        newcomers=[newcomer(who, one) for who, one in people.items() if one.counts],
        opted_out=sum(one.opted_out and not one.bot and one.left_at is None for one in members.values()),
    )
    times: dict[int, list[tuple[object, datetime]]] = {}
    for act in met:
        times.setdefault(act.member_id, []).append((act.occurrence_id or -act.id, act.at))
    attended = {who: Attended(len({one for one, _ in mine}), max(at for _, at in mine)) for who, mine in times.items()}
    return material, attended


def test_the_figures_are_those_of_all_rows_taken_one_by_one(db: Session) -> None:
    told = set()
    for movement in [Happening(db, seed).plant() for seed in SEEDS]:
        material, attended = everything(db, movement)
        pulse = read_pulse(db, movement, now=NOW)
        assert pulse == take_pulse(material, now=NOW)
        assert read_levels(db, movement, now=NOW) == levels(material, now=NOW)
        dropped = read_drop_off(db, movement, now=NOW)
        assert dropped == look_for_drop_off(material.people, attended, material.slots, material.newcomers, now=NOW)
        local = NOW.astimezone(ZoneInfo(movement.zone))
        since = local.replace(month=local.month - 5, day=1, hour=0, minute=0)
        joined = [one for one in material.newcomers if one.joined >= since]
        assert read_cohorts(db, movement, now=NOW) == cohorts(joined, now=NOW, zone=ZoneInfo(movement.zone))
        told |= {pulse.activation.now.part > 0, pulse.show_up.walk_ins > 0, len(pulse.gatherings) > 0}
        for who, stands in levels(material, now=NOW).items():
            assert read_record(db, db.get_one(Member, who), now=NOW).level == stands
    assert told == {True}


def test_whoever_is_deleted_changes_nobody_elses_record(db: Session) -> None:
    movement = Happening(db, 5).plant()
    other = Happening(db, 6).plant()
    members = {one.id: one for one in rows(db, Member)}
    before = {who: read_record(db, one, now=NOW) for who, one in members.items()}
    pulse = read_pulse(db, other, now=NOW)
    gone = max(before, key=lambda who: (members[who].movement_id == movement.id, len(before[who].came)))
    db.execute(delete(Member).where(Member.id == gone))
    assert before.pop(gone).came
    assert {who: read_record(db, members[who], now=NOW) for who in before} == before
    assert read_pulse(db, other, now=NOW) == pulse
    material, _ = everything(db, movement)
    assert gone not in material.people
    assert read_pulse(db, movement, now=NOW) == take_pulse(material, now=NOW)


# ------------------------------------------------------------------------------------------------ a story


def plant_a_story(db: Session) -> tuple[Planting, dict[str, Member]]:
    """Ana hosts two calls. Chi comes to one of them; Ben was away, Eli excused; Dee chose not to be counted."""
    planting = Planting(db, 1)
    people = {name: planting.member(name) for name in ("ana", "ben", "chi", "eli", "fay", "gus")}
    people["dee"] = planting.member("dee", opted_out=True)
    people["bot"] = planting.member("bot", bot=True)
    planting.add(Away(member_id=people["ben"].id, start=NOW - 9 * DAY, end=NOW - 7 * DAY))
    first, held = planting.gather(NOW - 15 * DAY, guests=2)
    second, held_later = planting.gather(NOW - 8 * DAY, purpose="mobilizing")
    planting.gather(NOW - 3 * DAY, recorded=False)
    planting.gather(NOW - 2 * DAY, "missed")
    planting.gather(NOW - DAY, "excused")
    for gathering in (first, second):
        for name in ("ana", "ben", "chi", "dee", "bot"):
            planting.say(gathering, people[name])
        planting.say(gathering, people["fay"], "maybe")
    planting.say(second, people["eli"])
    planting.excuse(second, people["eli"])
    for occurrence, names in ((held, ("ana", "ben", "chi", "fay", "dee", "bot")), (held_later, ("ana", "gus"))):
        planting.act(people["ana"], "hosted", occurrence.planned_at, occurrence)
        for name in names:
            planting.act(people[name], "attended", occurrence.planned_at, occurrence)
    return planting, people


def test_a_pulse_tells_who_turned_up_and_blames_nobody(db: Session) -> None:
    planting, people = plant_a_story(db)
    asked = planting.check(NOW - 3 * DAY)
    for name, after in (("ana", 1.0), ("chi", 1.5), ("fay", 2.0), ("dee", 1.0)):
        planting.act(people[name], "checkin_answer", asked.planned_at + after * DAY, asked)
    pulse = read_pulse(db, planting.movement, now=NOW)
    assert pulse.activation.now.said == "5 of 6 (more than half)"
    # Ana, Ben and Chi said yes twice; Ben was away the second time, and Eli was excused: neither was missing.
    assert pulse.show_up == ShowUp(Portion(4, 5), walk_ins=2, not_recorded=1)
    assert pulse.gatherings == (
        Came(NOW - 15 * DAY, pulse.gatherings[0].title, said_yes=3, came=6, guests=2, held=True),
        Came(NOW - 8 * DAY, pulse.gatherings[1].title, said_yes=2, came=2, guests=0, held=True),
        Came(NOW - 3 * DAY, pulse.gatherings[2].title, said_yes=0, came=None, guests=0, held=True),
        Came(NOW - 2 * DAY, pulse.gatherings[3].title, said_yes=0, came=0, guests=0, held=False),
    )
    assert (pulse.missing, pulse.not_counted) == ("", "")
    done_for = purposes_of_acts(db, planting.movement, since=NOW - 90 * DAY, now=NOW)
    assert done_for == Purposes(organizing=4, mobilizing=2)
    # Fay answered at the very moment it closed.
    assert pulse.response.rounds == (Portion(2, 6),)
    assert (pulse.talk, pulse.rungs.listening, pulse.no_slot) == (None, None, None)


def test_a_record_is_ones_own_and_of_whoever_is_not_counted_there_is_none(db: Session) -> None:
    planting, people = plant_a_story(db)
    planting.promise(people["chi"], NOW - 9 * DAY, done=NOW - 9 * DAY)
    planting.promise(people["ana"], NOW - 9 * DAY, done=None)
    planting.act(people["chi"], "message", NOW - 200 * DAY)
    planting.act(people["chi"], "message", NOW - 366 * DAY)
    titles = [title for (title,) in db.execute(select(Gathering.title).order_by(Gathering.starts_at))]
    assert read_record(db, people["chi"], now=NOW) == Record(
        counted=True,
        level="activated",
        done=(Done("attended", 1, 1), Done("message", 0, 1)),
        came=(CameTo(titles[0], NOW - 15 * DAY),),
        show_up=ShowUp(Portion(1, 2)),
        follow_through=FollowThrough(on_time=1),
    )
    ana = read_record(db, people["ana"], now=NOW)
    assert (ana.level, [one.title for one in ana.came]) == ("leading", [titles[1], titles[0]])
    assert (ana.show_up, ana.follow_through) == (ShowUp(Portion(2, 2)), FollowThrough(missed=1))
    assert read_record(db, people["fay"], now=NOW).show_up == ShowUp(Portion(0, 0), walk_ins=1)
    assert read_record(db, people["eli"], now=NOW).show_up == ShowUp(Portion(0, 0))
    assert read_record(db, people["dee"], now=NOW) == Record(counted=False)


def test_listeners_are_told_of_only_among_enough_people(db: Session) -> None:
    """Twelve people: five come, three only write, four leave no trace. With one fewer who writes nothing is said."""
    planting = Planting(db, 1)
    people = [planting.member(f"p{number}") for number in range(12)]
    for member in people[:5]:
        planting.act(member, "attended", NOW - DAY)
    for member in people[5:8]:
        planting.act(member, "message", NOW - DAY)
    pulse = read_pulse(db, planting.movement, now=NOW)
    assert pulse.talk is not None
    assert (pulse.talk.reach, pulse.talk.gap, pulse.talk.listening) == (Portion(5, 8), Portion(3, 12), Portion(4, 12))
    assert (pulse.verdict, pulse.rungs.digital_only, pulse.rungs.listening) == ("too few to tell", 3, 4)
    people[7].opted_out = True
    people[8].opted_out = True
    db.flush()
    told = read_pulse(db, planting.movement, now=NOW)
    assert (told.activation.now, told.talk) == (Portion(5, 10), None)
    assert told.rungs == replace(pulse.rungs, digital_only=None, listening=None)
    assert told.not_counted == "2 people chose not to be counted"


def test_a_movement_of_nobody_has_no_data_yet(db: Session) -> None:
    pulse = read_pulse(db, Planting(db, 1).movement, now=NOW)
    assert (pulse.activation.now.said, pulse.activation.change) == ("no data yet", "too few to compare")
    assert (pulse.first_step.said, pulse.response.said, pulse.gatherings) == ("no data yet", "no data yet", ())
