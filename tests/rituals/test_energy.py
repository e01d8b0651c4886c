"""The energy question: a figure from each without a name, shown as a group's or not at all."""

from __future__ import annotations

import pytest

from bot.chat import Action, Person, Pressed
from bot.store import Database, migrate
from bot.tables import Act, Mark, MarkKey, Seen
from rituals.checkin.tables import CheckInAnswer, Energy
from tests.bot.test_migrations import revisions
from tests.town import RIVER, Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PEOPLE = ("ana", "ben", "chi", "dee", "eli", "fay", "gus")
QUESTION = """\
How much energy do you have for this right now? 1 is empty, 5 is full.
Your figure is kept without your name. At the close only the average is shown, and only if at least 5 people gave one. \
It can't be changed afterwards, because nothing links it to you.
[1] [2] [3] [4] [5]"""


async def open_among_seven(town: Town) -> None:
    await town.start_movement()
    await town.room.join("eli", RIVER)
    await town.bring(Person("fay", "Fay", "Europe/Berlin"), Person("gus", "Gus", "Europe/Berlin"))
    await town.open_check_in()


async def give(town: Town, who: str, figure: str) -> str:
    await town.press(who, "My energy (private)", on=town.board())
    return await town.press(who, figure)


async def test_five_figures_are_shown_at_the_close_and_never_before(town: Town) -> None:
    await open_among_seven(town)
    assert town.board().text.endswith("[Check in] [Pass this time] [My energy (private)]")
    before = town.board().text
    assert await town.press("ana", "My energy (private)", on=town.board()) == QUESTION
    for who, figure in zip(PEOPLE, ("5", "1", "2", "2", "3"), strict=False):
        assert await give(town, who, figure) == "Thank you. Kept without your name."
    assert town.board().text == before
    assert town.thread(town.board()) == []
    await town.wait(days=2)
    assert town.thread(town.board()) == [
        (
            "The check-in of Mon 2 November is closed. Nobody answered this time.\n"
            "Energy: 2.6 of 5 on average, from 5 people, without names."
        )
    ]
    assert sorted(str(row["figure"]) for row in town.rows(Energy)) == ["1", "2", "2", "3", "5"]


@sqlite
@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (("3",), "Energy: only 1 answer, so I keep it closed."),
        (("3", "3", "3"), "Energy: only 3 answers, so I keep them closed."),
        (("3", "3", "3", "1"), "Energy: only 4 answers, so I keep them closed."),
    ],
)
async def test_fewer_than_five_are_kept_closed_and_deleted_after_thirty_days(
    town: Town, figures: tuple[str, ...], said: str
) -> None:
    await open_among_seven(town)
    for who, figure in zip(PEOPLE, figures, strict=False):
        await give(town, who, figure)
    await town.command("ana", "/rituals")
    await town.press("ana", "Pause")
    await town.wait(days=2)
    assert town.thread(town.board())[-1].split("\n")[-1] == said
    await town.wait(days=29, hours=23)
    assert len(town.rows(Energy)) == len(figures)
    await town.wait(hours=1)
    assert town.rows(Energy) == []


@sqlite
async def test_without_figures_the_summary_says_nothing_about_energy(town: Town) -> None:
    await open_among_seven(town)
    await town.wait(days=2)
    assert "nergy" not in town.thread(town.board())[-1]


async def test_a_second_figure_is_refused(town: Town) -> None:
    await open_among_seven(town)
    await give(town, "chi", "2")
    assert await give(town, "chi", "5") == (
        "You have given a figure already. It can't be changed, because nothing links it to you."
    )
    assert [row["figure"] for row in town.rows(Energy)] == [2]


@sqlite
async def test_a_figure_can_be_given_once_in_each_check_in(town: Town) -> None:
    await open_among_seven(town)
    await give(town, "chi", "2")
    await town.open_check_in()
    assert await give(town, "chi", "5") == "Thank you. Kept without your name."


@sqlite
async def test_among_four_people_energy_is_not_asked(town: Town) -> None:
    board = await town.open_check_in()
    assert "nergy" not in board.text
    number = board.view.actions[0].about if board.view else ""
    assert await town.press_kept("chi", Action("check-in", "energy-given", f"{number}/3", 1)) == (
        "This check-in takes no more energy figures."
    )
    assert town.rows(Energy) == []


@sqlite
async def test_bots_and_those_left_out_do_not_make_five(town: Town) -> None:
    await town.start_movement()
    await town.bring(Person("beep", "Beep", bot=True), Person("kim", "Kim"))
    town.set_member("kim", opted_out=True)
    assert "nergy" not in (await town.open_check_in()).text


@sqlite
async def test_energy_can_be_switched_off(town: Town) -> None:
    await town.start_movement()
    await town.room.join("eli", RIVER)
    await town.command("ana", "/checkin settings")
    await town.fill("ana", energy="no")
    assert "nergy" not in (await town.open_check_in()).text


@sqlite
async def test_after_the_close_no_figure_is_taken(town: Town) -> None:
    await open_among_seven(town)
    await town.press("chi", "My energy (private)", on=town.board())
    await town.wait(days=2)
    assert await town.press("chi", "3") == "This check-in takes no more energy figures."
    assert "nergy" not in town.board().text


# ------------------------------------------------------------------------------------------------ whose it is


async def test_nothing_in_the_database_links_a_figure_to_anybody(town: Town) -> None:
    await open_among_seven(town)
    for who, figure in zip(PEOPLE, "1523344", strict=True):
        await give(town, who, figure)
    # While it is open a keyed hash keeps the second figure away; it stands apart from the figures.
    assert len(town.rows(Mark)) == 7
    assert set(town.rows(Energy)[0]) == {"id", "occurrence_id", "figure", "day"}
    assert town.rows(Act) == []
    assert town.rows(CheckInAnswer) == []
    heard = [str(row["event"]) for row in town.rows(Seen)]
    pressed = [event.id for event in town.heard if isinstance(event, Pressed)]
    assert pressed
    assert not set(pressed) & set(heard)
    await town.wait(days=2)
    assert town.rows(Mark) == []
    assert town.rows(MarkKey) == []
    assert len(town.rows(Energy)) == 7


@pytest.mark.parametrize("platform", ["playground"])
async def test_who_gave_a_figure_stays_marked_when_the_tables_are_renewed(town: Town) -> None:
    await open_among_seven(town)
    await give(town, "chi", "2")
    marks = [row["mark"] for row in town.rows(Mark)]
    await town.close()
    migrate(town.url, to=f"-{len(revisions()) - 6}")
    with Database(town.url).reading() as db:
        older = db.connection().exec_driver_sql("SELECT mark FROM energy_mark").scalars().all()
        left = db.connection().exec_driver_sql("SELECT scope FROM mark_key").scalars().all()
    assert (older, left) == (marks, [])
    migrate(town.url)
    town.assemble()
    assert await give(town, "chi", "5") == (
        "You have given a figure already. It can't be changed, because nothing links it to you."
    )
    assert await give(town, "dee", "5") == "Thank you. Kept without your name."
    await town.wait(days=2)
    assert (town.rows(Mark), town.rows(MarkKey)) == ([], [])


@sqlite
async def test_the_order_in_which_figures_came_is_not_kept(town: Town, database_url: str) -> None:
    await open_among_seven(town)
    given = "5142332"
    for who, figure in zip(PEOPLE, given, strict=True):
        await give(town, who, figure)
    with town.drumbeat.database.reading() as db:
        tables = db.connection().exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name IN ('energy', 'mark')")
        # A hidden row number would count the figures as they come in, and the marks beside them.
        assert {name: "WITHOUT ROWID" in sql for name, sql in tables} == {"energy": True, "mark": True}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_after_the_close_the_figures_lie_in_the_order_of_their_size(town: Town) -> None:
    await open_among_seven(town)
    for who, figure in zip(PEOPLE, "5142332", strict=True):
        await give(town, who, figure)
    await town.wait(days=2)
    with town.drumbeat.database.reading() as db:
        stored = db.connection().exec_driver_sql("SELECT figure FROM energy ORDER BY ctid").scalars().all()
    assert stored == [1, 2, 2, 3, 3, 4, 5]


async def test_scale_answers_are_shown_only_as_an_average_of_five(town: Town) -> None:
    await town.start_movement()
    await town.room.join("eli", RIVER)
    await town.bring(Person("fay", "Fay"))
    await town.command("ana", "/checkin questions")
    await town.press("ana", "Change a set", choice=town.set_choices()[0])
    await town.fill("ana", question1="How was it? (1-5)", question2="", question3="")
    board = await town.open_check_in()
    for who, figure in zip(("ana", "ben", "chi", "dee"), "4322", strict=True):
        await town.press(who, figure, on=board)
    await town.command("ana", "/checkin close")
    assert town.thread(board) == ["The check-in of Mon 2 November is closed. 4 people answered. Thank you."]
    await town.wait(minutes=1)
    await town.command("ana", "/checkin questions")
    await town.press("ana", "Change a set", choice=town.set_choices()[0])
    await town.fill("ana")
    await town.command("ana", "/checkin now")
    board = town.board()
    for who, figure in zip(("ana", "ben", "chi", "dee", "eli"), "43225", strict=True):
        await town.press(who, figure, on=board)
    await town.command("ana", "/checkin close")
    assert town.thread(board) == [
        (
            "The check-in of Mon 2 November is closed. 5 people answered. Thank you.\n"
            "How was it? 3.2 of 5 on average, from 5 people."
        )
    ]


@sqlite
async def test_what_could_not_be_told_in_private_waits_while_somebody_does_something_anonymous(town: Town) -> None:
    await open_among_seven(town)
    town.room.close_inbox("dee")
    await town.wait(days=1)
    untold = "I could not write to you in private, so here it is:"
    assert await give(town, "dee", "3") == "Thank you. Kept without your name."
    assert untold not in "".join(post.text for post in town.room.whispers("dee"))
    assert untold in await town.command("dee", "/remind on")
