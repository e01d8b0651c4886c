"""What becomes of each activity after a check: the post in the thread that shows what is proposed and chosen."""

from __future__ import annotations

from sqlalchemy import select

from bot.chat import Answer, Message, Whisper
from bot.insights import consent
from bot.people import count_members
from bot.tables import Member, Occurrence
from bot.turn import Turn
from rituals.alignment import views
from rituals.alignment.activities import MISSION
from rituals.alignment.checks import (
    Found,
    activities_of,
    board_key,
    find_activity,
)
from rituals.alignment.declaration import ritual
from rituals.alignment.tables import Activity, Check, Proposal, Voice


def show_choices(turn: Turn, occurrence: Occurrence, check: Check) -> None:
    """Show what is proposed and chosen."""
    turn.show(
        f"choices:{occurrence.id}",
        lambda: choices(turn, occurrence, check),
        under=board_key(occurrence),
        about=str(occurrence.id),
    )


def choices(turn: Turn, occurrence: Occurrence, check: Check) -> Message:
    """Tell what is proposed and chosen for each activity, with the ways to take part."""
    items = [_item(turn, occurrence, check, one, counted=True) for one in activities_of(turn, occurrence)]
    ends = turn.moment(check.turns_at) if check.phase == "choose" and check.turns_at else None
    return views.choices(
        items,
        ends,
        occurrence.id,
        turn.action,
        proposed=len(open_proposals(turn, occurrence)),
        talk=check.way == "talk",
    )


def _item(turn: Turn, occurrence: Occurrence, check: Check, activity: Activity, *, counted: bool) -> views.Item:
    latest = latest_proposal(turn, activity)
    mission = activity.source == MISSION
    label = "The mission" if mission else f"{activity.position}. {activity.label}"
    if latest is None:
        return views.Item(activity.id, label, views.stands("", mission=mission, state=""), mission)
    stands = views.stands(latest.choice, mission=mission, state=latest.state)
    if latest.state == "open" and counted:
        consents, objections = count_voices(turn, latest)
        stands += f" ({views.tally(consents, len(objections), needed(turn, occurrence, check))})"
    return views.Item(activity.id, label, stands, mission)


def latest_proposal(turn: Turn, activity: Activity) -> Proposal | None:
    """Find what was proposed last for an activity."""
    return turn.db.scalar(
        select(Proposal)
        .where(Proposal.activity_id == activity.id, Proposal.state != "withdrawn")
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def open_proposals(turn: Turn, occurrence: Occurrence) -> list[Proposal]:
    """List what is proposed and not decided."""
    return list(
        turn.db.scalars(
            select(Proposal)
            .join(Activity, Activity.id == Proposal.activity_id)
            .where(Activity.occurrence_id == occurrence.id, Proposal.state == "open")
            .order_by(Proposal.id)
        )
    )


def count_voices(turn: Turn, proposal: Proposal) -> tuple[int, list[tuple[str, str]]]:
    """Count who consents, and list who objects and why; whoever left has no voice any more."""
    rows = turn.db.execute(
        select(Voice, Member.name)
        .join(Member, Member.id == Voice.member_id)
        .where(Voice.proposal_id == proposal.id, Member.left_at.is_(None))
        .order_by(Member.name, Member.id)
    ).all()
    return sum(voice.consents for voice, _ in rows), [
        (name, voice.reason) for voice, name in rows if not voice.consents
    ]


def needed(turn: Turn, occurrence: Occurrence, check: Check) -> int:
    """Tell how many must answer: half of those who rated, or of all where nobody did."""
    present = count_members(turn.db, occurrence.movement_id)
    return consent.quorum(check.raters or present, present=present)


@ritual.press("item")
def show_item(turn: Turn) -> Answer:
    """Show one activity with what is proposed for it."""
    found = find_activity(turn, turn.choice)
    if found is None or found[0][1].phase not in ("choose", "closed"):
        return Whisper("Please pick one of the activities.")
    return show_one(turn, *found)


def show_one(turn: Turn, found: Found, activity: Activity) -> Answer:
    """Show one activity to the one who acts: what is proposed for it, and what they may do."""
    occurrence, check = found
    latest = latest_proposal(turn, activity)
    open_one = latest if latest is not None and latest.state == "open" else None
    mine = turn.db.get(Voice, (open_one.id, turn.who.id)) if open_one is not None else None
    said = "" if mine is None else "consent" if mine.consents else "object"
    return views.item(
        _item(turn, occurrence, check, activity, counted=False),
        _proposed(turn, occurrence, check, open_one) if open_one is not None else None,
        turn.action,
        decided=check.phase != "choose" or (latest is not None and latest.state == "adopted"),
        said=said,
    )


def _proposed(turn: Turn, occurrence: Occurrence, check: Check, proposal: Proposal) -> views.Proposed:
    consents, objections = count_voices(turn, proposal)
    return views.Proposed(
        proposal_id=proposal.id,
        choice=proposal.choice,
        by=name_of(turn, proposal.member_id),
        why=proposal.why,
        words=proposal.words if not proposal.owner_id else "",
        promise=(
            f"{name_of(turn, proposal.owner_id)}, by {turn.spoken_day(proposal.due_on)}: {proposal.words}"
            if proposal.owner_id and proposal.due_on
            else ""
        ),
        consents=consents,
        needed=needed(turn, occurrence, check),
        until=turn.moment(proposal.decides_at),
        objections=objections,
    )


def name_of(turn: Turn, member_id: int | None) -> str:
    """Name a member; one whose row is gone is somebody."""
    member = turn.db.get(Member, member_id) if member_id is not None else None
    return member.name if member is not None else "somebody who left"
