"""The rules of a retro by themselves: phases, votes, order, times, columns, pages, the file."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import Action, Attachment, ViewError
from bot.quiet import QuietHours, read_quiet_hours
from rituals.retro import boards, export, forms, messages, views
from rituals.retro.formats import FORMATS, IN_BETWEEN, ColumnsError, column_name, read_columns
from rituals.retro.paces import DAY, HOUR, LIVE, SPREAD, PaceError, phase_end, read_pace, spoken_pace
from rituals.retro.phases import PHASES, Standing, before, chosen, following, may_move, may_vote, rank, tied
from rituals.retro.revealing import topic_name

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=400).filter(str.strip)


def action(verb: str, about: str | int = "") -> Action:
    return Action("retro", verb, str(about), 10**18 - 1)


# ------------------------------------------------------------------------------------------------ phases and votes


@pytest.mark.parametrize(
    ("phase", "notes", "topics", "then"),
    [
        ("gather", 0, 0, "closed"),
        ("gather", 1, 0, "discuss"),
        ("gather", 2, 0, "group"),
        ("group", 5, 1, "discuss"),
        ("group", 5, 2, "vote"),
        ("vote", 5, 2, "discuss"),
        ("discuss", 5, 2, "closed"),
        ("closed", 5, 2, "closed"),
    ],
)
def test_a_phase_in_which_there_is_nothing_to_do_is_left_out(phase: str, notes: int, topics: int, then: str) -> None:
    assert following(phase, notes=notes, topics=topics) == then


def test_one_goes_back_by_one_phase_and_never_out_of_the_end() -> None:
    assert [before(phase) for phase in PHASES] == ["", "gather", "group", "vote", ""]
    allowed = {(start, end) for start in PHASES for end in PHASES if may_move(start, end)}
    forward = {(one, other) for at, one in enumerate(PHASES) for other in PHASES[at + 1 :]}
    assert allowed == forward | {("group", "gather"), ("vote", "group"), ("discuss", "vote")}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 5)), max_size=40), st.integers(1, 6), st.integers(1, 6))
def test_votes_never_exceed_what_each_has_nor_what_one_topic_may_get(
    asked: list[tuple[int, int]], each: int, on_one: int
) -> None:
    given_votes: dict[int, int] = {}
    for topic, votes in asked:
        if may_vote(given_votes, topic, votes, each=each, on_one=on_one):
            given_votes[topic] = votes
    assert sum(given_votes.values()) <= each
    assert all(0 <= votes <= on_one for votes in given_votes.values())


def test_topics_are_talked_about_by_votes_then_notes_then_name() -> None:
    topics = [Standing(1, "b", 2, 1), Standing(2, "A", 2, 1), Standing(3, "c", 2, 3), Standing(4, "d", 5, 1)]
    assert [one.topic for one in rank(topics)] == [4, 3, 2, 1]
    assert [one.topic for one in chosen([*topics, Standing(5, "e", 0, 9)], most=9)] == [4, 3, 2, 1]
    assert [one.topic for one in chosen([Standing(1, "b", 0, 1), Standing(2, "a", 0, 2)], most=1)] == [2]
    assert tied(topics, most=3)
    assert not tied(topics, most=4)
    assert not tied(topics, most=1)


# ------------------------------------------------------------------------------------------------ times


@pytest.mark.parametrize(
    ("words", "live", "spans"),
    [
        ("", True, LIVE),
        ("", False, SPREAD),
        ("7 5 3 30", True, (7, 5, 3, 30)),
        ("7m, 5m, 3m, 1h", True, (7, 5, 3, HOUR)),
        ("2 1 1 3", False, (2 * DAY, DAY, DAY, 3 * DAY)),
        ("12h 6H 1d 90m", False, (12 * HOUR, 6 * HOUR, DAY, 90)),
    ],
)
def test_times_are_read(words: str, spans: tuple[int, ...], *, live: bool) -> None:
    assert read_pace(words, live=live) == spans
    assert read_pace(spoken_pace(spans), live=live) == spans


@pytest.mark.parametrize("words", ["1 2 3", "1 2 3 4 5", "a b c d", "0 1 1 1", "-1 1 1 1", "300 1 1 1", "1.5 1 1 1"])
def test_times_that_make_no_sense_are_refused(words: str) -> None:
    with pytest.raises(PaceError):
        read_pace(words, live=True)


def quiet() -> QuietHours | None:
    return read_quiet_hours("22:00 to 07:00")


@pytest.mark.parametrize(
    ("now", "span", "live", "end"),
    [
        # Berlin: clocks go back on 25 October 2026 and forward on 28 March 2027.
        (datetime(2026, 10, 24, 10, tzinfo=UTC), DAY, False, datetime(2026, 10, 25, 11, tzinfo=UTC)),
        (datetime(2027, 3, 27, 11, tzinfo=UTC), DAY, False, datetime(2027, 3, 28, 10, tzinfo=UTC)),
        (datetime(2026, 10, 24, 10, tzinfo=UTC), 14 * HOUR, False, datetime(2026, 10, 25, 6, tzinfo=UTC)),
        (datetime(2026, 11, 1, 21, 30, tzinfo=UTC), DAY, False, datetime(2026, 11, 3, 6, tzinfo=UTC)),
        (datetime(2026, 11, 1, 20, 55, tzinfo=UTC), 10, True, datetime(2026, 11, 1, 21, 5, tzinfo=UTC)),
    ],
)
def test_a_phase_ends_at_the_same_time_of_day_and_never_in_the_quiet_hours(
    now: datetime, span: int, end: datetime, *, live: bool
) -> None:
    assert phase_end(now, span, zone="Europe/Berlin", live=live, quiet=quiet()) == end


# ------------------------------------------------------------------------------------------------ words


def test_own_columns_are_read() -> None:
    assert read_columns(" Roots ,Leaves\n Fruit,, ") == ("Roots", "Leaves", "Fruit")
    for words in ("", "One", "a,b,c,d,e,f", "a,A", f"a,{'x' * 61}"):
        with pytest.raises(ColumnsError):
            read_columns(words)
    assert column_name(("a", "b"), 1) == "b"
    assert column_name(("a", "b"), IN_BETWEEN) == column_name(("a", "b"), 7) == "Noted in between"


@given(WORDS)
def test_a_notes_words_make_a_name_that_fits_a_form(words: str) -> None:
    assert len(topic_name(words).encode("utf-16-le")) // 2 <= forms.TOPIC_MOST


@given(st.lists(st.lists(WORDS, max_size=40), max_size=5), st.integers(0, 999))
def test_every_note_is_on_exactly_one_page_and_every_page_fits(columns: list[list[str]], page: int) -> None:
    headings = [
        views.Heading(f"Column {number}", [messages.Entry(one, "x" * 80) for one in notes])
        for number, notes in enumerate(columns)
    ]
    laid = views.pages(headings)
    shown = [part for parts in laid for part in parts if type(part).__name__ == "Quote"]
    assert len(shown) == sum(map(len, columns))
    for number in {page, *range(len(laid))}:
        views.notes_page(headings, number, 10**18, action)


@given(WORDS, st.integers(0, 300), st.integers(0, 9))
def test_whatever_people_write_the_views_can_be_shown(words: str, many: int, votes: int) -> None:
    words = words[:120]
    lines = [messages.TopicLine(words, 3, votes, words)] * many
    common: dict[str, Any] = {"day": "Mon 4 May", "form": "The four Ls", "columns": [words[:60]] * 5, "topics": lines}
    for phase in PHASES:
        boards.board(
            boards.Board(phase=phase, facilitator=words[:80], promised=[words] * 30, few=3, ending=words, **common),
            10**18,
            action,
        )
    notes = [messages.Entry(words * 3, words[:80])] * (many % 30)
    about = f"{10**18}/{2**62}"
    messages.topic(
        messages.Topic(place=1, name=words, votes=votes, notes=notes, outcomes=[words * 2] * (many % 20)), about, action
    )
    messages.summary(
        messages.Summary(day="Mon 4 May", ending="x", people=3, notes=3, topics=lines[:4], promises=[words] * many)
    )
    messages.asked_to_facilitate(words, "Mon 4 May", 10**18, action, by=words[:80])
    ballot = [views.Voteable(2**61 + number, words, votes % 3) for number in range(many)]
    views.ballot(ballot, 0, 10**18, action, each=3, on_one=2)
    arranged = [views.Arranged(2**61 + number, words, 3) for number in range(many)]
    if arranged:
        views.arrange(arranged, 0, 10**18, action)
        views.one_topic(arranged[0], list(enumerate(notes)), arranged[1:], about, action)
    views.rota([words[:80]] * many, action, on_it=True)


# ------------------------------------------------------------------------------------------------ the file


@pytest.mark.parametrize(
    "words", ["# no heading", "*a* _b_ `c` [d](e) <f> |g|", "- no list", "1. no list", "> no quote", "a\n+ b", "~~x~~"]
)
def test_the_file_shows_words_letter_for_letter(words: str) -> None:
    written = export.plain(words)
    assert re.sub(r"\\(.)", r"\1", written) == words
    assert not re.search(r"(^|[^\\])[*_`\[\]<>#|~]", written)
    assert not re.search(r"^([-+]|[0-9]+\.)", written, re.MULTILINE)


def test_a_file_that_is_too_big_is_cut_and_says_so() -> None:
    notes = tuple(("\U0001f44d" * 200, "", "") for _ in range(1000))
    written = export.markdown(
        export.Exported(title="Retro", movement="River", form="Sailboat", people=9, columns=(("Wind", notes),))
    )
    Attachment("retro-2026-05-04.md", written)
    assert re.search(r"… and \d+ more lines\.\n$", written)


@pytest.mark.parametrize("key", list(FORMATS))
def test_every_set_of_questions_fits_a_form(key: str) -> None:
    forms.note_form(action("note", "1/key"), columns=FORMATS[key].columns, few=3)


def test_a_view_refuses_what_does_not_fit() -> None:
    with pytest.raises(ViewError):
        forms.rename_form(action("rename", "1/2"), "x" * 200)
