"""A copy of what is kept of somebody: nothing of theirs is forgotten, and no spreadsheet runs any of it."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import JSON, Text

from bot.chat import ATTACHMENT_LIMIT, Attachment
from bot.plain import tidy
from bot.routing import find_rituals
from bot.store import Table
from rituals.me.files import Copy, harmless, write_copies
from rituals.me.kept import AUTHORS, ELSEWHERE, PEOPLE, WORDS, Kept, links, own_links

find_rituals()
SHEETS = Table.metadata.sorted_tables
WHO = {"title": "What is kept about you", "made_at": "2026-11-01"}


def test_every_table_that_names_a_member_is_in_the_copy_or_says_why_not() -> None:
    named = {(sheet.name, column.name) for sheet in SHEETS for column in links(sheet)}
    copied = {(sheet.name, column.name) for sheet in SHEETS for column in own_links(sheet)}
    assert len(copied) > 25
    assert named - copied == ELSEWHERE


def test_it_is_known_whose_the_words_of_every_such_table_are() -> None:
    # Where nothing is said, they are the ``member_id``'s; a table that has none of these gives no words to anybody.
    worded = {
        sheet.name
        for sheet in SHEETS
        if own_links(sheet) and sheet.name != "member"
        if any(isinstance(column.type, Text | JSON) or column.name in WORDS for column in sheet.columns)
    }
    untold = {name for name in worded if "member_id" not in Table.metadata.tables[name].columns} - set(AUTHORS)
    assert untold == set()
    assert {name for names in AUTHORS.values() for name in names} <= {
        column.name for sheet in SHEETS for column in own_links(sheet)
    }


def test_every_list_in_a_copy_is_known_to_name_nobody_or_to_name_members_by_their_numbers() -> None:
    documents = {
        (sheet.name, column.name)
        for sheet in SHEETS
        if own_links(sheet) and AUTHORS.get(sheet.name) != ()
        for column in sheet.columns
        if isinstance(column.type, JSON)
    }
    assert documents - PEOPLE == {("check_in_answer", "words")}
    assert {(sheet.name, column.name) for sheet in SHEETS for column in sheet.columns} >= PEOPLE


@pytest.mark.parametrize("risky", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_begins_with_a_quote_mark(risky: str) -> None:
    assert harmless(risky) == f"'{risky}"
    assert harmless(f"a{risky}") == f"a{risky}"


def read(copies: list[Copy]) -> tuple[list[Kept], list[list[str]]]:
    kept = [
        Kept(table, fields)
        for copy in copies
        for table, rows in json.loads(copy.json)["kept"].items()
        for fields in rows
    ]
    return kept, [line for copy in copies for line in [*csv.reader(io.StringIO(copy.csv))][1:]]


def test_both_files_say_the_same() -> None:
    kept = [Kept("act", {"kind": "attended", "evidence": "=HYPERLINK(1)", "minutes": -3}), Kept("away", {"end": None})]
    (copy,) = write_copies(kept, **WHO)
    assert json.loads(copy.json) == {
        "about": "What is kept about you",
        "made_at": "2026-11-01",
        "part": 1,
        "of": 1,
        "kept": {
            "act": [{"kind": "attended", "evidence": "=HYPERLINK(1)", "minutes": -3}],
            "away": [{"end": None}],
        },
    }
    assert copy.csv == (
        "table,row,field,value\nact,1,kind,attended\nact,1,evidence,'=HYPERLINK(1)\nact,1,minutes,'-3\naway,2,end,\n"
    )


# Whatever is kept was tidied.
words = some.text().map(tidy)
fields = some.dictionaries(some.sampled_from("abc"), some.one_of(some.none(), some.integers(), words), min_size=1)


@given(some.lists(some.builds(Kept, some.sampled_from(["act", "away"]), fields)))
def test_any_words_come_through_unharmed(kept: list[Kept]) -> None:
    copies = write_copies(kept, **WHO)
    read_back, lines = read(copies)
    assert all(Attachment("my-data.json", copy.json) and Attachment("my-data.csv", copy.csv) for copy in copies)
    assert sorted(map(repr, read_back)) == sorted(map(repr, kept))
    assert all(not line[3].startswith(("=", "+", "-", "@", "\t", "\r")) for line in lines if len(line) == 4)


def test_what_is_too_much_for_one_file_comes_in_parts() -> None:
    kept = [Kept("act", {"number": number, "evidence": "ä" * 150}) for number in range(2_000)]
    copies = write_copies(kept, **WHO)
    assert len(copies) > 3
    assert read(copies)[0] == kept
    assert {json.loads(copy.json)["of"] for copy in copies} == {len(copies)}
    assert max(len(words.encode()) for copy in copies for words in (copy.json, copy.csv)) <= ATTACHMENT_LIMIT


def test_a_copy_of_nothing_is_a_file_all_the_same() -> None:
    (copy,) = write_copies([], **WHO)
    assert (json.loads(copy.json)["kept"], copy.csv) == ({}, "table,row,field,value\n")
