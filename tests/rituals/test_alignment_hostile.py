"""Whatever people write in an alignment check, it is shown letter for letter, or they get a clear sentence."""

from __future__ import annotations

import pytest

from bot.chat import Answer, Problems, Quote
from bot.plain import tidy, tidy_line
from rituals.alignment.declaration import ACTIVITY_MOST, REASON_MOST
from rituals.alignment.tables import Activity
from tests.rituals.alignment_scene import PEOPLE, look_at, start_with_mission
from tests.rituals.test_hostile_words import HOSTILE, fill_up, pings, views
from tests.town import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLATFORMS = ("playground",)
WORDED = {kind: words for kind, words in HOSTILE.items() if tidy(words) and kind != "huge"}


def sentences(answer: Answer) -> list[str]:
    return [sentence for _, sentence in answer.sentences] if isinstance(answer, Problems) else []


def quoted(town: Town) -> set[str]:
    return {part.words for view in views(town) for part in view.parts if isinstance(part, Quote)}


@pytest.mark.parametrize("kind", WORDED)
async def test_hostile_words_go_through_a_whole_check_as_they_are(town: Town, kind: str) -> None:
    await start_with_mission(town)
    await town.command("ana", "/alignment-check now")
    await town.press("ana", "Change the list")
    activities = fill_up(kind, WORDED[kind][:ACTIVITY_MOST], ACTIVITY_MOST)
    assert sentences(await town.send_past_the_form("ana", activities=activities)) == []
    listed = [tidy_line(line) for line in tidy(activities).split("\n") if line.strip()]
    assert [row["label"] for row in town.rows(Activity)][: len(listed)] == listed
    await town.press("ana", "Open it now")
    reason = fill_up(kind, WORDED[kind], REASON_MOST)
    for who in PEOPLE[:5]:
        await town.press(who, "Rate")
        assert (await town.fill(who, **{f"a{number}": ("2",) for number in range(1, len(listed) + 2)})).startswith(
            "Kept"
        )
        await town.press(who, "Say why")
        assert sentences(await town.send_past_the_form(who, a1=reason)) == []
    await town.command("ana", "/alignment-check close")
    assert (await town.press("chi", "Read the reasons")).count(tidy(reason).split("\n")[0][:20]) >= 1
    await look_at(town, "ana", 1)
    await town.press("ana", "Change it")
    promised = fill_up(kind, WORDED[kind], 300)
    answer = await town.send_past_the_form(
        "ana", what=promised, owner=(town.stage.native("ben"),), due="2026-12-01", why=reason
    )
    assert sentences(answer) == []
    await look_at(town, "chi", 1)
    await town.press("chi", "I object")
    assert sentences(await town.send_past_the_form("chi", reason=reason)) == []
    await look_at(town, "dee", 1)
    assert any(one.startswith(tidy(reason)[:100].rstrip("…")) for one in quoted(town))
    await town.wait(days=4)
    assert pings(town) == []
    assert "Sorry" not in town.all_words()


@pytest.mark.parametrize(
    "words",
    ["x" * 100_000, "\n".join(f"Activity {number}" for number in range(40)), "Walks\nwalks"],
    ids=["huge", "too many", "twice"],
)
async def test_a_list_that_does_not_fit_gets_one_sentence(town: Town, words: str) -> None:
    await start_with_mission(town)
    await town.command("ana", "/alignment-check now")
    await town.press("ana", "Change the list")
    (sentence,) = sentences(await town.send_past_the_form("ana", activities=words))
    assert sentence.endswith(("shorten it.", "take some out.", "take one out."))
