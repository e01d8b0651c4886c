"""The page of a story in a real browser: readable on a phone, and nothing that anybody wrote runs in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright

from rituals.win.names import Names, listed
from rituals.win.pages import as_markdown, as_page, escape
from rituals.win.study import Study, Told, Tried

HOSTILE = (
    "</title></style><script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
    "<svg onload=alert(1)><a href='javascript:alert(1)'>x</a> {{ 7*7 }} {% raw %} ${x} &lt;b&gt; ' \" `"
)
HOSTILE_STUDY = Study(
    movement=HOSTILE,
    since="1 May 2026",
    day="4 May 2026",
    story=[(HOSTILE, HOSTILE)],
    mission=HOSTILE,
    tried=[Tried(HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
    outcomes=[Told("4 May 2026", HOSTILE, HOSTILE, [(HOSTILE, ""), (HOSTILE, "https://x.example/%22%3E%3Cscript%3E")])],
    claims=[Told("4 May 2026", "x" * 600)],
    efforts=[Told("4 May 2026", HOSTILE)],
    figures=[(HOSTILE, HOSTILE)],
    learned=[HOSTILE],
)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
async def test_nothing_that_anybody_wrote_runs_and_the_page_reads_well(
    width: int, scheme: str, chromium: str, tmp_path: Path
) -> None:
    file = tmp_path / "story.html"
    file.write_text(as_page(HOSTILE_STUDY), encoding="utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        page = await browser.new_page(viewport={"width": width, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda told: said.append(told.text))
        await page.goto(file.as_uri())
        assert await page.title() == f"{HOSTILE}: the story so far"
        assert await page.locator("h1").inner_text() == HOSTILE
        assert (asked, said) == ([file.as_uri()], [])
        assert await page.locator("script, img, svg, iframe, form").count() == 0
        assert await page.evaluate("[...document.links].map(link => link.href)") == [
            "https://x.example/%22%3E%3Cscript%3E"
        ]
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        found = await Axe().run(page)
        assert [one["id"] for one in found.response["violations"]] == []
        await browser.close()


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("plain words, 3:1.", "plain words, 3:1."),
        ("*a* _b_ ~~c~~ `d` [e](f) <g> | h & i \\ j", r"\*a\* \_b\_ \~\~c\~\~ \`d\` \[e\](f) \<g\> \| h \& i \\ j"),
        ("# a\n- b\n+ c\n===\n12. d\n3) e", "\\# a\\\n\\- b\\\n\\+ c\\\n\\===\\\n&#49;2. d\\\n&#51;) e"),
        ("    code\n\tcode", "code\\\ncode"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("#hash 2.5 and - so", "\\#hash 2.5 and - so"),
    ],
)
def test_words_stay_words_in_markdown(words: str, written: str) -> None:
    assert escape(words) == written


def test_hostile_words_leave_no_markup_in_markdown() -> None:
    typed = replace(
        HOSTILE_STUDY,
        story=[("What is wrong", HOSTILE)],
        tried=[Tried(HOSTILE, HOSTILE, "Held 2 of 3 times")],
        figures=[("Promises kept in time", "2 of 3")],
    )
    bare = re.findall(r"(?<![\\(])<|(?<!\\)\[(?!\\)|(?<!\\)`", as_markdown(typed))
    assert bare == []


@pytest.mark.parametrize(
    ("words", "veiled", "count"),
    [
        ("Chi and Ben did it", "A member and Ben did it", 1),
        ("We thank Chi Okafor. Okafor, or Okafors", "We thank a member. A member, or Okafors", 2),
        ("Done! Chi's idea, “Chi” said", "Done! A member's idea, “a member” said", 2),
        (
            "Chicago and chia are words, CHI and chi are not",
            "Chicago and chia are words, a member and a member are not",
            2,
        ),
        ("So JOSE NUNEZ, Jos\u00e9 and Nu\u0301n\u0303ez!", "So a member, a member and a member!", 3),
        ("With Nun\u0303e\u0301z\u0301. And \u0141ukasz, Lukasz", "With a member. And a member, a member", 3),
        ("At example.org/kim, kim_lopez and Lopez Kim", "At example.org/a member, a member_a member and a member", 4),
        ("Eva Lopez is not Kim Lopez nor Lopez", "Eva Lopez is not a member nor a member", 2),
        ("She told the story of Fay", "She told the story of a member", 1),
        ("Jo (and J.) came, Bo Li too", "a member (and J.) came, a member too", 2),
        ("Anything (.*) at all", "Anything a member at all", 1),
    ],
)
def test_names_in_words_are_veiled(words: str, veiled: str, count: int) -> None:
    others = {"Chi Okafor", "Jo", "Bo Li", "J", "(.*)", "Ben Ali", "José Núñez", "kim", "Kim Lopez", "łukasz"}
    names = Names(agreed={"Ben", "Eva Lopez"}, others={*others, "Fay (she/her), the quay"})
    assert names.veil(words) == (veiled[0].upper() + veiled[1:] if words[0] == "J" else veiled)
    assert names.replaced == count


@pytest.mark.parametrize(
    ("agreed", "others", "said"),
    [
        ((), 0, ""),
        ((), 1, "a member"),
        (("Ana",), 0, "Ana"),
        (("Ana",), 2, "Ana and 2 members"),
        (("Ana", "Ben"), 1, "Ana, Ben and a member"),
    ],
)
def test_those_without_a_yes_are_counted(agreed: tuple[str, ...], others: int, said: str) -> None:
    assert listed(agreed, others) == said
