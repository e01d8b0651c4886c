"""How retros run here: which questions, live or spread over days, how long, how many votes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.chat import Answer, Form, Problems, Whisper
from bot.tables import Practice
from bot.turn import Turn
from rituals.retro import forms
from rituals.retro.declaration import TOPICS, TOPICS_MOST, VOTES_EACH, VOTES_ON_ONE, ritual
from rituals.retro.formats import FIRST, FORMATS, OWN, ColumnsError, read_columns
from rituals.retro.paces import LIVE, SPREAD, PaceError, read_pace, spoken_pace

MOST_VOTES = 20


@dataclass(frozen=True, slots=True)
class Setup:
    """How one retro is to run."""

    form: str
    columns: tuple[str, ...]
    live: bool
    spans: tuple[int, ...]
    signed: bool


def read_setup(practice: Practice) -> Setup:
    """Give what is set for this movement, or what is usual."""
    kept = practice.settings
    form = kept.get("format", FIRST)
    own = tuple(kept.get("columns", ()))
    if form not in FORMATS and not own:
        form = FIRST
    live = bool(kept.get("live", False))
    return Setup(
        form=form,
        columns=FORMATS[form].columns if form in FORMATS else own,
        live=live,
        spans=tuple(kept.get("spans", LIVE if live else SPREAD)),
        signed=bool(kept.get("signed", False)),
    )


def setup_form(turn: Turn, title: str, verb: str, *, submit: str) -> Form:
    """Give the form with what is set."""
    practice = turn.practice()
    setup = read_setup(practice)
    usual = LIVE if setup.live else SPREAD
    return forms.setup_form(
        title,
        turn.action(verb),
        chosen=setup.form,
        own=", ".join(practice.settings.get("columns", ())),
        live=setup.live,
        pace="" if setup.spans == usual else spoken_pace(setup.spans),
        signed=setup.signed,
        submit=submit,
    )


def read_answers(turn: Turn) -> Setup | Problems:
    """Read the form."""
    answers = turn.answers
    form, way, names = answers.one("format"), answers.one("way"), answers.one("names")
    columns: tuple[str, ...] = FORMATS[form].columns if form in FORMATS else ()
    written = answers.words("columns", most=forms.COLUMNS_MOST, required=False)
    if form == OWN:
        try:
            columns = read_columns(written)
        except ColumnsError as error:
            answers.problems["columns"] = str(error)
    elif form not in FORMATS:
        answers.problems["format"] = "Please choose one of these."
    for field, value, known in (("way", way, ("live", "spread")), ("names", names, ("without", "signed"))):
        if value not in known:
            answers.problems[field] = "Please choose one of the two."
    pace = answers.line("pace", most=forms.PACE_MOST, required=False)
    spans: tuple[int, ...] = ()
    try:
        spans = read_pace(pace, live=way == "live")
    except PaceError as error:
        answers.problems.setdefault("pace", str(error))
    if answers.problems:
        return Problems(answers.problems)
    return Setup(form, columns, way == "live", spans, names == "signed")


def open_settings(turn: Turn) -> Answer:
    """Open the settings."""
    return setup_form(turn, "Retro settings", "settings", submit="Save")


@ritual.submit("settings", only="organizer")
def keep_settings(turn: Turn) -> Answer:
    """Keep the settings, from the next retro on."""
    setup = read_answers(turn)
    if isinstance(setup, Problems):
        return setup
    practice = turn.practice()
    kept: dict[str, Any] = {"format": setup.form, "live": setup.live, "spans": list(setup.spans)}
    kept["signed"] = setup.signed
    if setup.form == OWN:
        kept["columns"] = list(setup.columns)
    practice.settings = {**practice.settings, **kept}
    return Whisper("Saved, from the next retro on.")


def open_votes(turn: Turn) -> Answer:
    """Open how many votes there are."""
    kept = turn.practice().settings
    return forms.votes_form(
        turn.action("votes"),
        each=kept.get("votes_each", VOTES_EACH),
        on_one=kept.get("votes_on_one", VOTES_ON_ONE),
        topics=kept.get("topics", TOPICS),
    )


@ritual.submit("votes", only="organizer")
def keep_votes(turn: Turn) -> Answer:
    """Keep how many votes there are, from the next retro on."""
    answers = turn.answers
    kept: dict[str, int] = {}
    for field, key, most in (
        ("each", "votes_each", MOST_VOTES),
        ("on-one", "votes_on_one", MOST_VOTES),
        ("topics", "topics", TOPICS_MOST),
    ):
        written = answers.line(field, most=2)
        if field in answers.problems:
            continue
        if not (written.isascii() and written.isdigit()) or not 1 <= int(written) <= most:
            answers.problems[field] = f"Please write a whole number from 1 to {most}."
        else:
            kept[key] = int(written)
    if not answers.problems and kept["votes_on_one"] > kept["votes_each"]:
        answers.problems["on-one"] = "That is more than the votes each has. Please choose fewer."
    if answers.problems:
        return Problems(answers.problems)
    practice = turn.practice()
    practice.settings = {**practice.settings, **kept}
    return Whisper("Saved, from the next retro on.")
