"""What a retro asks people to fill in: notes, its set-up, the time, promises and decisions."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import LABEL_LIMIT, Action, Choice, Field, Form, Option, People, When, Words, shorten
from rituals.retro.declaration import NOTE_MOST, REFLECTION_MOST
from rituals.retro.formats import FORMATS, OWN

COLUMNS_MOST = 400
PACE_MOST = 40
TOPIC_MOST = 120
DECISION_MOST = 300
WHAT_MOST = 300
TITLE_ROOM = 24


def note_form(
    action: Action,
    *,
    columns: Sequence[str],
    words: str = "",
    column: int = -1,
    few: int = 0,
    signed: bool = False,
    late: bool = False,
) -> Form:
    """Ask for one note; without columns it is one for the next retro, and a late one is seen at once."""
    fields: list[Field] = []
    if columns:
        fields.append(
            Choice(
                name="column",
                label="Where does it belong?",
                options=tuple(Option(shorten(one, limit=LABEL_LIMIT), str(at)) for at, one in enumerate(columns)),
                value=(str(column),) if 0 <= column < len(columns) else (),
            )
        )
    seen = "The others see it at once." if late else "Hidden until all are shown together."
    hint = f"Kept without your name. {seen}"
    if signed:
        hint = f"Your name will stand beside it. {seen}"
    elif few:
        hint = f"Kept without your name, but among {few} people others may guess whose it is."
    fields.append(Words(name="note", label="Your note", hint=hint, value=words, long=True, most=NOTE_MOST))
    return Form("A note for the retro", action, *fields, submit="Put it in")


def reflection_form(action: Action, title: str, column: str, *, few: int = 0) -> Form:
    """Ask those who came to a gathering for one line on it, for the next retro."""
    hint = "It waits for the next retro without your name. Nobody sees it until then."
    if few:
        hint = f"Kept without your name, but among {few} people others may guess whose it is."
    label = f"{shorten(title, limit=TITLE_ROOM)}: one line is enough"
    note = Words(name="note", label=label, hint=hint, long=True, most=REFLECTION_MOST)
    return Form(column, action, note, submit="Put it in")


def setup_form(
    title: str, action: Action, *, chosen: str, own: str, live: bool, pace: str, signed: bool, submit: str
) -> Form:
    """Ask how a retro runs."""
    return Form(
        title,
        action,
        Choice(
            name="format",
            label="Which questions?",
            options=(*(Option(one.name, key) for key, one in FORMATS.items()), Option("Own columns", OWN)),
            value=(chosen,),
        ),
        Words(
            name="columns",
            label="Own columns",
            hint="Two to five, with commas: Roots, Leaves, Fruit. Only needed for own columns.",
            value=own,
            required=False,
            most=COLUMNS_MOST,
        ),
        Choice(
            name="way",
            label="Live or spread over days?",
            options=(Option("Live, in a meeting", "live"), Option("Spread over days", "spread")),
            value=("live" if live else "spread",),
        ),
        Words(
            name="pace",
            label="Time for notes, topics, votes, talk",
            hint="Live in minutes: 7 5 3 30. Spread in days: 2 1 1 3. Empty is just that.",
            value=pace,
            required=False,
            most=PACE_MOST,
        ),
        Choice(
            name="names",
            label="Notes with names?",
            options=(Option("Without names", "without"), Option("Signed", "signed")),
            value=("signed" if signed else "without",),
        ),
        submit=submit,
    )


def votes_form(action: Action, *, each: int, on_one: int, topics: int) -> Form:
    """Ask how many votes there are, and how many topics are talked about."""
    return Form(
        "Votes and topics",
        action,
        Words(name="each", label="How many votes each?", value=str(each), most=2),
        Words(name="on-one", label="How many at most on one topic?", value=str(on_one), most=2),
        Words(
            name="topics",
            label="How many topics to talk about?",
            hint="One to four; at most three when spread over days. Each is a message in the thread.",
            value=str(topics),
            most=2,
        ),
        submit="Save",
    )


def time_form(action: Action, *, live: bool, until: str) -> Form:
    """Ask until when the phase lasts, and whether the retro is live."""
    return Form(
        "Change the time",
        action,
        When(
            name="until",
            label="Until when does this phase last?",
            hint="Such as 'in 20 minutes' or 'friday 18:00'. Empty: as usual from now.",
            value=until,
            clock=True,
            required=False,
        ),
        Choice(
            name="way",
            label="Live or spread over days?",
            options=(Option("Live: you move it on", "live"), Option("Spread: it moves on by itself", "spread")),
            value=("live" if live else "spread",),
        ),
        submit="Save",
    )


def swap_form(action: Action) -> Form:
    """Ask who should facilitate."""
    return Form(
        "Who facilitates?",
        action,
        People(name="whom", label="Whom may I ask?", hint="I ask them in private; they can say no."),
        submit="Ask them",
    )


def rename_form(action: Action, name: str) -> Form:
    """Ask for a topic's name."""
    return Form("Rename a topic", action, Words(name="name", label="What is it about?", value=name, most=TOPIC_MOST))


def promise_form(action: Action, who: str, due: str) -> Form:
    """Ask for a promise: who, what, by when."""
    return Form(
        "A promise",
        action,
        Words(name="what", label="What will be done?", hint="Small enough to be done by then.", most=WHAT_MOST),
        People(
            name="owner",
            label="Who does it?",
            hint="Somebody else than you is asked first.",
            value=(who,) if who else (),
        ),
        When(name="due", label="By when?", hint="Such as 'friday' or '3 december'.", value=due),
        People(name="co-owner", label="Who helps?", hint="If you like.", required=False),
        submit="Promise",
    )


def decision_form(action: Action, value: str) -> Form:
    """Ask for the decision that has to be made."""
    return Form(
        "A decision to make",
        action,
        Words(
            name="decision",
            label="What has to be decided?",
            hint="One line; it stands in the summary.",
            value=value,
            most=DECISION_MOST,
        ),
        submit="Note it",
    )
