"""Which notes are proposed as a group: what is nearly the same, in any language; rather too little than too much."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.similar import propose_groups


def groups(*notes: str) -> list[list[str]]:
    return [[notes[place] for place in group] for group in propose_groups(notes)]


def test_what_nearly_says_the_same_is_one_group_and_the_rest_stands_alone() -> None:
    assert groups(
        "The meetings are too long",
        "More posters near the school",
        "meetings are far too long!",
        "Thanks for the cake",
        "Meetings too long",
    ) == [
        ["Meetings too long", "The meetings are too long", "meetings are far too long!"],
        ["More posters near the school"],
        ["Thanks for the cake"],
    ]


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("Die Treffen dauern zu lange", "Treffen dauern zu lange!", "Mehr Plakate an der Schule"),
        ("Les réunions sont trop longues", "reunions trop longues", "Plus d’affiches à l’école"),
        ("Las reuniones son demasiado largas", "Reuniones demasiado largas", "Más carteles en la escuela"),
        ("会議が長すぎる", "会議は長すぎる", "学校にもっとポスターを"),
        ("会议时间太长了", "会议时间太长", "学校附近多贴海报"),
        ("Зустрічі занадто довгі", "зустрічі занадто довго", "Більше плакатів біля школи"),
        ("الاجتماعات طويلة جدا", "الاجتماعات طويلة جداً", "المزيد من الملصقات قرب المدرسة"),
        ("बैठकें बहुत लंबी हैं", "बैठकें बहुत लंबी थीं", "स्कूल के पास और पोस्टर"),
        ("Buổi họp quá dài", "buổi họp quá dài!", "Thêm áp phích gần trường"),
        ("👍👍", "👍👍", "🌧"),
    ],
)
def test_it_needs_no_language_of_its_own(one: str, same: str, other: str) -> None:
    proposed = groups(one, other, same)
    assert sorted(proposed[0]) == sorted([one, same])
    assert proposed[1:] == [[other]]


def test_the_biggest_group_comes_first_and_begins_with_its_most_typical_note() -> None:
    assert groups(
        "Too few people at the river",
        "So few people at the river",
        "No rain this time",
        "No rain at this time",
        "Too few people",
        "Few people at the river",
    )[0][0] in {"Few people at the river", "Too few people at the river"}


def test_sharing_only_what_everybody_writes_makes_no_group() -> None:
    notes = [f"We should have {what}" for what in ("soup", "gloves", "a boat", "posters", "quiet", "chairs", "money")]
    assert [len(group) for group in propose_groups(notes)] == [1] * 7


def test_the_same_said_in_other_words_is_not_recognised() -> None:
    assert groups("Meetings are too long", "We sit there for hours") == [
        ["Meetings are too long"],
        ["We sit there for hours"],
    ]


def test_no_notes_one_note_and_notes_without_words() -> None:
    assert propose_groups([]) == []
    assert propose_groups(["Alone"]) == [[0]]
    assert groups("?!", "…", "", "?!") == [["?!", "?!"], [""], ["…"]]


def test_three_hundred_times_the_same_is_one_group() -> None:
    assert propose_groups(["More soup"] * 300) == [list(range(300))]


def test_only_the_beginning_of_a_long_note_counts() -> None:
    assert len(propose_groups(["Soup " * 1000, "Soup " * 999 + "and bread"])) == 1


WORDS = st.sampled_from(["soup", "gloves", "boat", "river", "too", "few", "many", "people", "会議", "長い", "Äpfel"])
NOTES = st.lists(st.lists(WORDS, max_size=5).map(" ".join), max_size=14)


@given(notes=NOTES, order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_notes_come_changes_nothing(notes: list[str], order: object) -> None:
    proposed = propose_groups(notes)
    assert sorted(place for group in proposed for place in group) == list(range(len(notes)))
    assert [len(group) for group in proposed] == sorted((len(group) for group in proposed), reverse=True)
    shuffled = [*notes]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert groups(*shuffled) == groups(*notes)


def test_another_run_of_the_program_proposes_the_same() -> None:
    notes = [
        f"{size} {what}" for what in ("soup bowls", "new gloves", "river boats") for size in ("more", "big", "few")
    ]
    asked = f"from bot.similar import propose_groups; print(propose_groups({notes!r}))"
    said = {
        subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", asked], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert said == {f"{propose_groups(notes)}\n"}
