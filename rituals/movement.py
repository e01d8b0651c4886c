"""Movement: how one begins in a channel, what it says of itself, and who may decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot import practices
from bot.cadence import CadenceError, read_zone
from bot.chat import (
    Action,
    Answer,
    Button,
    Buttons,
    Choice,
    Facts,
    Form,
    Message,
    Moment,
    Option,
    Part,
    People,
    Problems,
    Quote,
    Text,
    When,
    Whisper,
    Words,
    bold,
    code,
    fit,
)
from bot.people import find_member, members, welcome
from bot.quiet import QuietHoursError, read_quiet_hours
from bot.ritual import RANKS, Ritual
from bot.tables import Member, Mission, Movement, Practice
from bot.timers import set_timer
from bot.turn import Turn

ritual = Ritual("movement", "What your movement is, and who carries it.")

NAME_MOST = 80
STEP_MOST = 200
STORY_MOST = 600
MISSION_MOST = 600
MOST_ORGANIZERS = 10
FURTHEST_GATHERING = timedelta(days=366)


@ritual.command("drumbeat", "Start a movement here, or see the one there is", only="anyone")
def drumbeat(turn: Turn) -> Answer:
    """Show the movement of this channel, or offer to start one."""
    if turn.movement_ is not None:
        return show_movement(turn)
    if not turn.place.channel:
        return Whisper("Type /drumbeat in the channel that shall be your movement's home.")
    if not _may_start(turn):
        return Whisper(
            "There is no movement in this channel yet. Only the channel's creator or an admin can start one here. "
            "Ask them to type /drumbeat, or start one in a channel of your own."
        )
    return start_form(turn.action("start"))


def start_form(action: Action) -> Form:
    """Ask the three things that a movement needs to begin."""
    return Form(
        "Start a movement",
        action,
        Words(name="name", label="What is it called?", hint="Such as: Clean River", most=NAME_MOST),
        Words(
            name="next-step",
            label="What is the next step?",
            hint="One small thing that somebody could do this week.",
            most=STEP_MOST,
        ),
        When(name="gathering", label="When do you first come together?", hint="A call or a meeting.", clock=True),
        submit="Start",
    )


@ritual.submit("start", only="anyone")
def start(turn: Turn) -> Answer:
    """Begin a movement: the person becomes its founder, the channel its home, its people the members."""
    if turn.movement_ is not None:
        return Problems({"": "A movement has just been started in this channel. Type /drumbeat to see it."})
    if not turn.place.channel or turn.person is None or not _may_start(turn):
        return Problems({"": "Only the channel's creator or an admin can start a movement here."})
    answers = turn.answers
    name = answers.line("name", most=NAME_MOST)
    step = answers.line("next-step", most=STEP_MOST)
    gathering = answers.moment("gathering")
    if gathering is not None and gathering <= turn.now:
        answers.problems["gathering"] = "That is over. Choose a time that is still ahead."
    elif gathering is not None and gathering - turn.now > FURTHEST_GATHERING:
        answers.problems["gathering"] = "That is more than a year away. Choose a day that people can look forward to."
    if answers.problems:
        return Problems(answers.problems)
    movement = Movement(
        platform=turn.place.platform,
        workspace=turn.place.workspace,
        channel=turn.place.channel,
        name=name,
        next_step=step,
        first_gathering_at=gathering,
        zone=turn.zone,
        started_at=turn.now,
        roll_due_at=turn.now,
    )
    turn.db.add(movement)
    turn.db.flush()
    founder = welcome(turn.db, movement, turn.person, now=turn.now)
    founder.role = "founder"
    turn.movement_, turn.who_ = movement, founder
    for one in turn.rituals.by_name.values():
        if one.beat:
            practices.begin(turn.db, movement, one.name, cadence=one.beat, owner_id=founder.id, now=turn.now)
            if "begin" in one.timers:
                set_timer(turn.db, movement.id, one.name, "begin", "", due=turn.now)
    planned = [_planned(turn, practice) for practice in practices.practices(turn.db, movement)]
    when = turn.moment(gathering) if gathering is not None else None
    turn.show("live", announcement(name, founder.name, step, when, planned))
    return Whisper(
        Text(bold(f"{name} is live."), " You are its founder, and the people of this channel are its members."),
        Text(
            f"Times are in {movement.zone}. Change that, add your story and your mission, or name organizers: type ",
            code("/drumbeat"),
            ".",
        ),
    )


def announcement(name: str, founder: str, step: str, gathering: Moment | None, planned: Sequence[str]) -> Message:
    """Tell the channel that a movement has begun."""
    parts: list[Part] = [
        Text(bold(name), " starts here, with ", founder, " as founder."),
        Text(bold("Next step"), "\n", step),
    ]
    if gathering is not None:
        parts.append(Text(bold("We first come together"), "\n", gathering))
    if planned:
        parts.append(Text(bold("What happens here"), "\n", fit(planned)))
    parts.append(Text("Type ", code("/drumbeat"), " to see more, and ", code("/away"), " whenever you need a break."))
    return Message(*parts)


def _planned(turn: Turn, practice: Practice) -> str:
    known = turn.rituals.by_name[practice.ritual]
    return f"{practice.ritual.capitalize()}, {practice.cadence}: {known.about}"


def _may_start(turn: Turn) -> bool:
    return not turn.stewards_only or (turn.person is not None and turn.person.steward)


# ------------------------------------------------------------------------------------------------ what there is


def show_movement(turn: Turn) -> Answer:
    """Show what the movement is, what comes next, and what this person may do."""
    movement = turn.movement
    mission = _mission(turn)
    facts = [("Next step", movement.next_step)]
    if movement.first_gathering_at and movement.first_gathering_at > turn.now:
        facts.append(("First gathering", turn.spoken(movement.first_gathering_at)))
    facts.append(("Members", str(len(members(turn.db, movement.id)))))
    facts.append(("Times", f"{movement.zone}; quiet hours {movement.quiet_hours}"))
    if movement.scope:
        facts.append(("Scope", movement.scope))
    parts: list[Part] = [Text(bold(movement.name)), Facts(*facts)]
    if mission is not None:
        parts.append(Quote(mission.words, by=f"Our mission, version {mission.version}"))
    parts.extend(_story(movement))
    parts.append(Text(bold("What you can type"), "\n", fit(_commands(turn))))
    buttons = _buttons(turn)
    return Whisper(*parts, Buttons(*buttons)) if buttons else Whisper(*parts)


def _story(movement: Movement) -> list[Part]:
    told = [
        ("What is wrong", movement.problem),
        ("What could be", movement.future),
        ("What each of us does", movement.part),
    ]
    return [Quote(words, by=title) for title, words in told if words]


def _commands(turn: Turn) -> list[str]:
    rank = RANKS.index(turn.who.role)
    return [
        command.line(turn.who.role)
        for _, command in turn.rituals.commands.values()
        if RANKS.index(command.handler.only) <= rank and command.name != "drumbeat"
    ]


def _buttons(turn: Turn) -> list[Button]:
    if turn.who.role == "member":
        return []
    row = [turn.button("Settings", "settings"), turn.button("Story", "story"), turn.button("Mission", "mission")]
    if turn.who.role == "founder":
        row.append(turn.button("Organizers", "organizers"))
    return row


# ------------------------------------------------------------------------------------------------ settings


@ritual.press("settings", only="organizer")
def open_settings(turn: Turn) -> Answer:
    """Open name, next step, time zone, quiet hours, scope."""
    movement = turn.movement
    return settings_form(
        {
            "name": movement.name,
            "next-step": movement.next_step,
            "zone": movement.zone,
            "quiet": movement.quiet_hours,
            "scope": movement.scope,
        },
        turn.action("settings"),
    )


def settings_form(values: dict[str, str], action: Action) -> Form:
    """Ask for what a movement is called and when it is awake."""
    return Form(
        "Settings",
        action,
        Words(name="name", label="Name", value=values["name"], most=NAME_MOST),
        Words(name="next-step", label="Next step", value=values["next-step"], most=STEP_MOST),
        Words(name="zone", label="Time zone", hint="Such as Europe/Berlin.", value=values["zone"], most=60),
        Words(
            name="quiet",
            label="Quiet hours",
            hint="I write nothing unasked then. Such as 22:00 to 07:00, or none.",
            value=values["quiet"],
            most=30,
        ),
        Words(
            name="scope",
            label="Scope",
            hint="What belongs to it, and what does not.",
            value=values["scope"],
            required=False,
            long=True,
            most=STORY_MOST,
        ),
        submit="Keep",
    )


@ritual.submit("settings", only="organizer")
def keep_settings(turn: Turn) -> Answer:
    """Keep the settings; a new time zone moves what is planned."""
    answers = turn.answers
    name = answers.line("name", most=NAME_MOST)
    step = answers.line("next-step", most=STEP_MOST)
    zone = answers.line("zone", most=60)
    quiet = answers.line("quiet", most=30)
    scope = answers.words("scope", most=STORY_MOST, required=False)
    hours = None
    try:
        zone = read_zone(zone) if zone else zone
    except CadenceError as error:
        answers.problems["zone"] = str(error)
    try:
        hours = read_quiet_hours(quiet) if quiet else None
    except QuietHoursError as error:
        answers.problems["quiet"] = str(error)
    if answers.problems:
        return Problems(answers.problems)
    movement = turn.movement
    moved = zone != movement.zone
    movement.name, movement.next_step, movement.scope = name, step, scope
    movement.zone = zone
    movement.quiet_hours = str(hours) if hours else "none"
    if moved:
        for practice in practices.practices(turn.db, movement):
            practices.change_zone(turn.db, movement, practice, now=turn.now)
    return Whisper("Kept." + (f" Times are in {zone} now, and what is planned moved along." if moved else ""))


@ritual.press("story", only="organizer")
def open_story(turn: Turn) -> Answer:
    """Open the three parts of the story."""
    movement = turn.movement
    return story_form(
        {"problem": movement.problem, "future": movement.future, "part": movement.part}, turn.action("story")
    )


def story_form(values: dict[str, str], action: Action) -> Form:
    """Ask for the story: problem, better future, each person's part."""
    labels = (("problem", "What is wrong?"), ("future", "What could be?"), ("part", "What does each of us do?"))
    return Form(
        "Our story",
        action,
        *(
            Words(name=name, label=label, value=values[name], long=True, required=False, most=STORY_MOST)
            for name, label in labels
        ),
        submit="Keep",
    )


@ritual.submit("story", only="organizer")
def keep_story(turn: Turn) -> Answer:
    """Keep the story."""
    answers = turn.answers
    told = {name: answers.words(name, most=STORY_MOST, required=False) for name in ("problem", "future", "part")}
    if answers.problems:
        return Problems(answers.problems)
    turn.movement.problem, turn.movement.future, turn.movement.part = told["problem"], told["future"], told["part"]
    return Whisper("Kept. Type /drumbeat to read it.")


@ritual.press("mission", only="organizer")
def open_mission(turn: Turn) -> Answer:
    """Open the mission as it stands."""
    mission = _mission(turn)
    return mission_form(mission.words if mission else "", turn.action("mission"))


def mission_form(words: str, action: Action) -> Form:
    """Ask for the mission."""
    return Form(
        "Our mission",
        action,
        Words(
            name="mission",
            label="What are you here for?",
            hint="In a sentence or two. Earlier versions are kept.",
            value=words,
            long=True,
            most=MISSION_MOST,
        ),
        submit="Keep",
    )


@ritual.submit("mission", only="organizer")
def keep_mission(turn: Turn) -> Answer:
    """Keep a new version of the mission, and tell the channel."""
    answers = turn.answers
    words = answers.words("mission", most=MISSION_MOST)
    if answers.problems:
        return Problems(answers.problems)
    before = _mission(turn)
    if before is not None and before.words == words:
        return Whisper("That is the mission as it stands; nothing changed.")
    version = (before.version if before else 0) + 1
    turn.db.add(Mission(movement_id=turn.movement.id, version=version, words=words, member_id=turn.who.id, at=turn.now))
    turn.show(f"mission:{version}", mission_post(words, version, turn.who.name))
    return Whisper(f"Kept as version {version}, and the channel can read it.")


def mission_post(words: str, version: int, by: str) -> Message:
    """Show the channel its mission."""
    said = "Our mission" if version == 1 else f"Our mission, now in version {version}"
    return Message(Text(bold(said), f", written down by {by}:"), Quote(words))


@ritual.command("mission", "Read the mission and its earlier versions")
def read_missions(turn: Turn) -> Answer:
    """Show every version of the mission, the newest first."""
    rows = turn.db.execute(
        select(Mission, Member.name)
        .outerjoin(Member, Member.id == Mission.member_id)
        .where(Mission.movement_id == turn.movement.id)
        .order_by(Mission.version.desc())
        .limit(4)
    ).all()
    if not rows:
        return Whisper("The mission is not written down yet. An organizer can do that with /drumbeat.")
    return Whisper(
        Text(bold(turn.movement.name)),
        *(
            Quote(
                mission.words,
                by=f"Version {mission.version}, {turn.spoken_date(mission.at)}, {name or 'somebody who left'}",
            )
            for mission, name in rows
        ),
    )


def _mission(turn: Turn) -> Mission | None:
    return turn.db.scalar(
        select(Mission).where(Mission.movement_id == turn.movement.id).order_by(Mission.version.desc()).limit(1)
    )


# ------------------------------------------------------------------------------------------------ who may decide


@ritual.press("organizers", only="founder")
def open_organizers(turn: Turn) -> Answer:
    """Open the list of organizers."""
    named = [one.person for one in members(turn.db, turn.movement.id) if one.role == "organizer"]
    return organizers_form(tuple(named), turn.action("organizers"))


def organizers_form(people: tuple[str, ...], action: Action) -> Form:
    """Ask who organizes."""
    return Form(
        "Organizers",
        action,
        People(
            name="people",
            label="Who organizes with you?",
            hint="They may start and change rituals. Choose at least one: a movement needs more than you.",
            value=people,
            most=MOST_ORGANIZERS,
            required=False,
        ),
        submit="Keep",
    )


@ritual.submit("organizers", only="founder")
def keep_organizers(turn: Turn) -> Answer:
    """Name the organizers; a founder stays founder."""
    chosen = []
    for person in turn.answers.many("people"):
        member = find_member(turn.db, turn.movement, person)
        if member is None or member.left_at is not None or member.bot:
            return Problems({"people": "Somebody you chose is not a member of this movement. Please choose again."})
        chosen.append(member)
    for member in members(turn.db, turn.movement.id):
        if member.role == "organizer" and member not in chosen:
            member.role = "member"
    for member in chosen:
        if member.role == "member":
            member.role = "organizer"
            turn.dm(
                member,
                f"organizer:{member.id}:{turn.now:%Y%m%d%H%M%S}",
                organizer_note(turn.movement.name, turn.who.name),
            )
    named = [member.name for member in chosen if member.role == "organizer"]
    return Whisper("Organizers: " + fit([", ".join(named)]) + "." if named else "Nobody organizes with you right now.")


def organizer_note(movement: str, founder: str) -> Message:
    """Tell somebody that they are an organizer now."""
    return Message(
        Text(
            founder,
            " made you an organizer of ",
            bold(movement),
            ". Type ",
            code("/drumbeat"),
            " in its channel to see what you can do.",
        )
    )


# ------------------------------------------------------------------------------------------------ is it the right tool?

_QUESTIONS = (
    (
        "authority",
        "Can you simply order it?",
        "You have formal authority: decide, explain, and support those who do it.",
    ),
    (
        "days",
        "Must it be decided within days?",
        "There is no time for a movement to grow: get the few who decide into one room.",
    ),
    (
        "conflict",
        "Do your interests conflict?",
        "People want opposite things: negotiate or mediate first, then come back.",
    ),
    (
        "trust",
        "Is trust broken?",
        "Nobody joins who doesn't trust: repair that first, in person, with somebody from outside.",
    ),
)


@ritual.command("readiness", "Find out whether a movement is the right tool", only="anyone")
def readiness(turn: Turn) -> Answer:
    """Ask four questions."""
    return readiness_form(turn.action("readiness"))


def readiness_form(action: Action) -> Form:
    """Ask what speaks against a movement."""
    options = (Option("Yes", "yes"), Option("No", "no"))
    return Form(
        "The right tool?",
        action,
        *(Choice(name=name, label=label, options=options) for name, label, _ in _QUESTIONS),
        submit="Tell me",
    )


@ritual.submit("readiness", only="anyone")
def judge_readiness(turn: Turn) -> Answer:
    """Say honestly when something else would serve better. Nothing is kept."""
    answers = turn.answers
    missing = {name: "Please choose yes or no." for name, _, _ in _QUESTIONS if answers.one(name) not in ("yes", "no")}
    if missing:
        return Problems(missing)
    advice = [better for name, _, better in _QUESTIONS if answers.one(name) == "yes"]
    if not advice:
        return Whisper(
            "Nothing speaks against it. Type /drumbeat in a channel of your own, and begin with one small step."
        )
    return Whisper(Text(bold("A movement may be the wrong tool here.")), Text(fit(advice)))
