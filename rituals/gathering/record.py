"""What is known of who came: evidence side by side, what counts of it, and the ledger kept true to that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import delete, or_, select

from bot.insights.attendance import (
    UNKNOWN,
    Finding,
    Says,
    Source,
    Told,
    hosts_of,
    is_enough,
    is_told,
    resolve,
    time_in,
    was_held,
)
from bot.insights.numbers import half_up
from bot.ledger import record
from bot.people import away_ids
from bot.store import insert_or
from bot.tables import Act, Evidence, Gathering, Host, Member, Occurrence, Rsvp, Visit
from bot.turn import Turn
from bot.watching import visits_of
from rituals.gathering.turnout_messages import Turnout

NOT_HELD = "it did not happen"
# What people say of one another in person, beside the roll call.
SAID: tuple[Source, ...] = ("self", "host")


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of who came to one gathering; people by their numbers.

    ``hosted``: somebody ran it, if only somebody of whom nothing is kept; so many of its hosts are ``uncounted``.
    ``held``: it was hosted, and two people or more were there. What somebody was to host and of which nobody has told
    who came ``took_place`` all the same: then attendance is missing, and nothing was missed.
    """

    findings: Mapping[int, Finding]
    yes: frozenset[int]
    hosts: frozenset[int]
    hosted: bool
    uncounted: int
    guests: int
    unnamed: int
    recorded: bool
    held: bool

    @property
    def there(self) -> int:
        """Count everybody who was there, also those of whom nothing is kept."""
        return len(self.came) + self.guests + self.unnamed

    @property
    def took_place(self) -> bool:
        """Tell whether there is no reason to say that it was missed."""
        return self.held or (self.hosted and not self.recorded)

    @property
    def came(self) -> frozenset[int]:
        """Everybody who was there and has an account."""
        return frozenset(one for one, finding in self.findings.items() if finding.came)

    def of(self, member: Member) -> Finding:
        """Tell what is known of one person."""
        return self.findings.get(member.id, UNKNOWN)


def ends_at(gathering: Gathering) -> datetime:
    """Tell when a gathering is to end."""
    return gathering.starts_at + timedelta(minutes=gathering.minutes)


# ------------------------------------------------------------------------------------------------ evidence


def note(
    turn: Turn,
    gathering: Gathering,
    member: Member,
    source: Source,
    says: Says,
    *,
    by: Member | None = None,
    minutes: int | None = None,
) -> None:
    """Keep what a source says about somebody; the newest word of each source stands. Of some nothing is kept."""
    if member.bot or member.opted_out or member.movement_id != gathering.movement_id:
        return
    kept = find_evidence(turn, gathering, member, source)
    if kept is None:
        kept = Evidence(gathering_id=gathering.id, member_id=member.id, source=source)
        turn.db.add(kept)
    kept.says, kept.minutes, kept.at = says, minutes, turn.now
    kept.by_id = by.id if by is not None else None
    turn.db.flush()


def forget(turn: Turn, gathering: Gathering, source: Source, members: Iterable[int] | None = None) -> None:
    """Drop what a source said, about some people or about everybody."""
    dropped = delete(Evidence).where(Evidence.gathering_id == gathering.id, Evidence.source == source)
    if members is not None:
        dropped = dropped.where(Evidence.member_id.in_(list(members)))
    turn.db.execute(dropped)


def find_evidence(turn: Turn, gathering: Gathering, member: Member, source: Source) -> Evidence | None:
    """Find what one source said about somebody."""
    return turn.db.get(Evidence, (gathering.id, member.id, source))


def told_by(turn: Turn, gathering: Gathering, source: Source) -> set[int]:
    """Tell about whom a source has said anything."""
    kept = select(Evidence.member_id).where(Evidence.gathering_id == gathering.id, Evidence.source == source)
    return set(turn.db.scalars(kept))


def yes_members(turn: Turn, gathering: Gathering) -> list[Member]:
    """List who had said yes, by name, but for who had left by then. RSVPs stand still from the start on."""
    said = (
        select(Member)
        .join(Rsvp, Rsvp.member_id == Member.id)
        .where(Rsvp.gathering_id == gathering.id, Rsvp.answer == "going")
        .where(Member.bot.is_(False), Member.opted_out.is_(False))
        .where(or_(Member.left_at.is_(None), Member.left_at >= gathering.starts_at))
    )
    return sorted(turn.db.scalars(said), key=lambda member: (member.name.casefold(), member.id))


def note_calls(turn: Turn, gathering: Gathering) -> None:
    """Keep who was seen in the call for long enough. Who was seen too briefly, or not at all, is not noted."""
    by_member: dict[int, list[Visit]] = {}
    for visit in visits_of(turn, gathering.id):
        by_member.setdefault(visit.member_id, []).append(visit)
    length = timedelta(minutes=gathering.minutes)
    for member_id, visits in by_member.items():
        until = min(ends_at(gathering), turn.now)
        seen = time_in(((one.came_at, one.left_at) for one in visits), since=gathering.starts_at, until=until)
        if is_enough(seen, length=length):
            note(turn, gathering, turn.member(member_id), "call", "came", minutes=half_up(seen.total_seconds() / 60))
        elif any(one.told for one in visits):
            note(turn, gathering, turn.member(member_id), "call", "came")


# ------------------------------------------------------------------------------------------------ what counts


def look(turn: Turn, gathering: Gathering) -> Record:
    """Work out who came from all that was told so far.

    Where whoever ran it said that it did not happen, what was seen or written there counts no more, only what somebody
    has said of themselves since then.
    """
    turn.db.flush()
    happened = turn.db.get_one(Occurrence, gathering.occurrence_id).why != NOT_HELD
    rows = select(Evidence, Member).join(Member, Member.id == Evidence.member_id)
    theirs = rows.where(Evidence.gathering_id == gathering.id, Member.opted_out.is_(False), Member.bot.is_(False))
    told: dict[int, list[Told]] = {}
    for kept, member in turn.db.execute(theirs.order_by(Member.id)):
        teller = turn.db.get(Member, kept.by_id) if kept.by_id not in (None, member.id) else None
        by = teller.name if teller is not None else ""
        source, says = cast("Source", kept.source), cast("Says", kept.says)
        since = gathering.rolled_at is None or kept.at >= gathering.rolled_at
        if not happened and not (since and source in SAID):
            continue
        told.setdefault(member.id, []).append(Told(source, says, kept.at, kept.minutes, by))
    findings = {member_id: resolve(each) for member_id, each in told.items()}
    said_yes = yes_members(turn, gathering)
    yes = frozenset(member.id for member in said_yes)
    hidden = frozenset(member.id for member in said_yes if not member.seen_in_calls)
    leads = {member_id for member_id, each in told.items() if any(one.source == "lead" for one in each)}
    # Where somebody of whom nothing is kept ran it, they did, not whoever was to.
    named = _named(turn, gathering) if happened and not gathering.unnamed_hosts else None
    hosts = hosts_of(findings, leads=leads, named=named)
    counted = {one for one in hosts if not turn.member(one).opted_out}
    # Somebody who only says that they stand in is no host of record, and yet nobody can say that nobody ran it.
    claimed = {one for one in leads if findings.get(one, UNKNOWN).says not in ("away", "excused")}
    hosted = happened and (bool(hosts) or bool(claimed) or gathering.unnamed_hosts > 0)
    return Record(
        findings=findings,
        yes=yes,
        hosts=frozenset(counted),
        hosted=hosted,
        uncounted=len(hosts) - len(counted),
        guests=gathering.guests,
        unnamed=gathering.unnamed,
        recorded=gathering.recorded or gathering.rolled_at is not None or is_told(findings, yes, hidden),
        held=was_held(findings, hosted=hosted, others=gathering.guests + gathering.unnamed),
    )


def _named(turn: Turn, gathering: Gathering) -> int | None:
    """Give its named host, unless they had left by then or were on a break: that says that they were not there."""
    host = turn.db.get(Member, gathering.host_id) if gathering.host_id is not None else None
    if host is None or (host.left_at is not None and host.left_at < gathering.starts_at):
        return None
    on_a_break = any(away_ids(turn.db, [host.id], at=at) for at in (gathering.starts_at, ends_at(gathering)))
    return None if on_a_break else host.id


def read_turnout(turn: Turn, gathering: Gathering) -> Turnout:
    """Gather the two numbers that a gathering comes to."""
    found = look(turn, gathering)
    occurrence = turn.db.get_one(Occurrence, gathering.occurrence_id)
    return Turnout(
        came=len(found.came),
        yes=len(found.yes),
        walk_ins=len(found.came - found.yes - found.hosts),
        guests=found.guests,
        recorded=found.recorded,
        happened=occurrence.why != NOT_HELD,
    )


def settle(turn: Turn, gathering: Gathering) -> Record:
    """Make the ledger say what counts now; before it is over nothing is written. Doing it again changes nothing."""
    if gathering.state in ("under way", "over"):
        note_calls(turn, gathering)
    found = look(turn, gathering)
    if gathering.state != "over":
        return found
    occurrence = turn.db.get_one(Occurrence, gathering.occurrence_id)
    gathering.recorded = found.recorded
    # Whoever is counted again some day begins then: what they ran before stays nobody's.
    gathering.unnamed_hosts = max(gathering.unnamed_hosts, found.uncounted)
    occurrence.state = "held" if found.took_place else "missed"
    if found.held:
        occurrence.why = ""
    _write_hosts(turn, occurrence, found)
    _write_acts(turn, gathering, found)
    turn.db.flush()
    return found


def _write_hosts(turn: Turn, occurrence: Occurrence, found: Record) -> None:
    # Whoever was to host what was missed, and was not seen there, has not had their turn.
    hosts = {one for one in found.hosts if found.took_place or one in found.came}
    others = delete(Host).where(Host.occurrence_id == occurrence.id, Host.member_id.not_in(hosts))
    turn.db.execute(others)
    for member_id in sorted(hosts):
        row = {"occurrence_id": occurrence.id, "member_id": member_id, "at": occurrence.planned_at}
        turn.db.execute(insert_or(turn.db)(Host).values(row).on_conflict_do_nothing())


def _write_acts(turn: Turn, gathering: Gathering, found: Record) -> None:
    """Add the acts that are true now and remove those that are not; an act is never changed."""
    number = gathering.occurrence_id
    true = {f"attended:{number}:{one}": (one, "attended", found.findings[one].source) for one in sorted(found.came)}
    if found.held:
        ran = sorted(found.hosts)
        true |= {f"hosted:{number}:{one}": (one, "hosted", _source(found, one)) for one in ran}
        if gathering.announced_by_id is not None:
            true[f"initiated:{number}"] = (gathering.announced_by_id, "initiated", "")
    kinds = ("attended", "hosted", "initiated")
    written = select(Act).where(
        Act.movement_id == gathering.movement_id, Act.occurrence_id == number, Act.kind.in_(kinds)
    )
    for act in turn.db.scalars(written):
        if true.get(act.once) != (act.member_id, act.kind, act.evidence):
            turn.db.delete(act)
    turn.db.flush()
    for once, (member_id, kind, source) in true.items():
        member = turn.member(member_id)
        at = gathering.starts_at
        if kind != "initiated" and member.counted_since is None:
            # Whoever joins while it is on was there from then on: nobody does anything before they join.
            at = max(at, member.joined_at)
        record(turn.db, member, kind, at=at, once=once, occurrence_id=number, evidence=source)


def _source(found: Record, host: int) -> str:
    finding = found.findings.get(host, UNKNOWN)
    return finding.source if finding.came else ""
