"""The story of a movement as two files: what is counted, what is claimed, and no name without a yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot import tables
from bot.tables import Act, Member, Mission, Movement, Occurrence, Practice, Promise
from bot.wire import from_json
from rituals.win.declaration import ritual
from rituals.win.tables import Win, WinChoice
from tests.rituals.test_win_reporting import HARBOUR, number_of, report
from tests.town import Town

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def story(town: Town, who: str = "ana") -> tuple[str, str]:
    """Ask for the story; gives its Markdown and its page."""
    said = await town.command(who, "/win story")
    assert said == "It comes to you in private, as Markdown and as a page to open in a browser."
    with town.drumbeat.database.reading() as db:
        sent = db.scalars(
            select(tables.Post.view)
            .where(tables.Post.ritual == ritual.name, tables.Post.about == "story")
            .order_by(tables.Post.id.desc())
        ).first()
    assert sent is not None
    markdown, page = from_json(sent).attachments
    day = town.clock().date().isoformat()
    assert (markdown.name, page.name) == (f"story-{day}.md", f"story-{day}.html")
    return markdown.words, page.words


async def live(town: Town) -> None:
    """A movement with a past: a mission, six check-ins, promises from a retro, and wins of every kind."""
    await town.start_movement()
    await report(town)
    await report(town, "dee", what="Chi's cousin joined. Chi was glad.", makers=(), evidence="")
    await report(town, "ana", what="Printed flyers.", kind=("effort",), makers=("chi",), evidence="")
    ben, chi, dee = (number_of(town, who) for who in ("ben", "chi", "dee"))
    with town.drumbeat.database.transaction() as db:
        movement = db.get_one(Movement, 1)
        movement.problem, movement.future = "The quay is full of rubbish.", "A river to swim in."
        movement.started_at = town.clock() - timedelta(days=100)
        db.add(Mission(movement_id=1, version=1, words="Clean by 2030", member_id=dee, at=town.clock()))
        practice = db.scalars(select(Practice).where(Practice.ritual == "check-in")).one()
        for number in range(7):
            at = town.clock() - timedelta(weeks=number + 1)
            state = "missed" if number == 0 else "held"
            slot = Occurrence(movement_id=1, practice_id=practice.id, planned_at=at, opened_at=at, state=state)
            db.add(slot)
            db.flush()
            for member in () if number == 0 else (ben, chi, dee)[: 2 + number % 2]:
                once = f"a{slot.id}:{member}"
                kind = "checkin_answer"
                db.add(Act(movement_id=1, member_id=member, kind=kind, at=at, occurrence_id=slot.id, once=once))
        for what, done, public in (
            ("Start at ten", True, True),
            ("Ask Ben for the boat", True, True),
            ("A secret one", True, False),
            ("Never done", False, True),
        ):
            due = town.clock() - timedelta(days=5)
            db.add(
                Promise(
                    movement_id=1,
                    owner_id=chi,
                    what=what,
                    due_at=due,
                    made_at=due,
                    accepted_at=due,
                    done_at=due if done else None,
                    public=public,
                    ritual="retro",
                )
            )


MARKDOWN = """\
# Clean River

The story of a movement, 24 July 2026 to 1 November 2026.

## What is wrong

The quay is full of rubbish.

## What could be

A river to swim in.

## Our mission

> Clean by 2030

## What we tried

- **Check-in**: Everybody says in two minutes where they are and what comes next. Held 6 of 7 (more than half) times. \
Usually 3 people, from 2 to 3.

## What changed

- The harbour office said yes\\
  Evidence: [harbour.example](<https://harbour.example/12>) and 6 bins.\\
  1 November 2026. Made it happen: Ben and a member.

## What else is claimed

Reported without a link or a number, so take them as claims.

- A member's cousin joined. A member was glad.\\
  *A claim: no link or number.*\\
  1 November 2026.

## What people put in

- Printed flyers.\\
  *A claim: no link or number.*\\
  1 November 2026. Made it happen: a member.

## Who turned up

- Members who took part at least once: 3 of 4.
- Promises kept in time: 3 of 4.

## What we learned and did

Promised when we looked back, and done:

- Start at ten
- Ask Ben for the boat

---

Written by Drumbeat on 1 November 2026 from the movement's own records. Wins are told by members; those under \
'What changed' came with a link or a number. Under 'Made it happen' stand only members who agreed. In people's words \
'a member' stands for the others' names, as far as they were recognised; nicknames and the addresses of links are as \
people wrote them.
"""


async def test_the_story_tells_what_is_counted_and_names_who_agreed(town: Town) -> None:
    await live(town)
    await town.press("ben", "Yes, with my name")
    assert await town.press("chi", "No, without") == (
        "Noted: stories told outside say 'a member' for you. /win me changes that."
    )
    assert [text.rpartition("\n")[2] for text in (*town.inbox("ben"), *town.inbox("chi"))] == ["[Take my name out]"] * 2
    assert (await story(town))[0] == MARKDOWN
    assert town.inbox("ana")[-1].startswith(
        "The story of Clean River so far, Sun 1 November. It holds 3 wins. I wrote 'a member' for names in people's "
        "words 2 times.\nI name only members who said yes, and took out the others' names that I recognised. Please "
        "read it before you send it: nicknames and the addresses of links are as people wrote them.\n"
    )
    assert len(town.channel()) == 4


@sqlite
async def test_nobody_is_named_without_a_yes_nor_after_they_left(town: Town) -> None:
    await live(town)
    for words in await story(town):
        assert [name for name in ("Ana", "Ben", "Chi", "Dee") if name in words] == []
    await town.press("ben", "Yes, with my name")
    assert "Ben" in (await story(town))[0]
    await town.room.leave("ben", "river")
    await town.settle()
    town.jump(town.clock() + timedelta(seconds=2))
    for words in await story(town):
        assert "Ben" not in words


@sqlite
async def test_who_asked_to_be_left_out_is_in_no_figure_of_the_story(town: Town) -> None:
    await live(town)
    with town.drumbeat.database.transaction() as db:
        db.get_one(Member, number_of(town, "chi")).opted_out = True
    markdown, _ = await story(town)
    figures = markdown.partition("## Who turned up\n\n")[2].partition("\n\n")[0]
    assert figures == "- Members who took part at least once: 2 of 3."


@sqlite
async def test_no_label_of_a_link_holds_a_name(town: Town) -> None:
    await town.start_movement()
    await report(town, evidence="https://www.example.org/chi https://chi.example.org/12")
    evidence = "Evidence: [example.org](<https://www.example.org/chi>) [a link](<https://chi.example.org/12>)."
    assert evidence in (await story(town))[0]


@sqlite
async def test_the_story_is_for_organizers(town: Town) -> None:
    await town.start_movement()
    assert await town.command("chi", "/win story") == "Only an organizer can do this."


@sqlite
async def test_a_movement_without_a_past_has_a_short_story(town: Town) -> None:
    await town.start_movement()
    assert (await story(town))[0] == (
        "# Clean River\n\nThe story of a movement, 1 November 2026 to 1 November 2026.\n\n---\n\n"
        "Written by Drumbeat on 1 November 2026 from the "
        "movement's own records. Wins are told by members; those under 'What changed' came with a link or a number. "
        "Under 'Made it happen' stand only members who agreed. In people's words 'a member' stands for the others' "
        "names, as far as they were recognised; nicknames and the addresses of links are as people wrote them.\n"
    )
    assert "It holds no wins yet." in town.inbox("ana")[-1]


@sqlite
async def test_a_story_of_a_thousand_wins_fits_into_its_files(town: Town) -> None:
    await town.start_movement()
    await report(town)
    with town.drumbeat.database.transaction() as db:
        for number in range(1000):
            db.add(
                Win(
                    movement_id=1,
                    once=f"w{number}",
                    reporter_id=None,
                    kind=("outcome", "effort")[number % 2],
                    what="<" * 600,
                    evidence="1",
                    found=False,
                    taken_back=False,
                    at=datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=number),
                )
            )
    markdown, page = await story(town)
    assert max(len(markdown.encode()), len(page.encode())) < 200_000
    assert HARBOUR in page
    assert "earlier wins are left out for length." in page
    assert "earlier wins did not fit." in town.inbox("ana")[-1]


@sqlite
async def test_what_one_chose_about_ones_name_can_be_changed_at_any_time(town: Town) -> None:
    await town.start_movement()
    for label, said in (
        ("Yes, with my name", "Stories told outside this channel may have your name."),
        ("No, without", "Stories told outside this channel say 'a member' for you."),
    ):
        await town.command("chi", "/win me")
        await town.press("chi", label)
        shown = await town.command("chi", "/win me")
        assert shown.split("\n")[0] == said
        assert f"[{label}]" not in shown
    assert [row["in_stories"] for row in town.rows(WinChoice)] == [False]
