from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from adapters.playground import Playground, Room
from bot.chat import (
    Action,
    Answer,
    Attachment,
    Button,
    Buttons,
    Choice,
    Event,
    Facts,
    Form,
    Menu,
    Message,
    Option,
    Person,
    Place,
    Pressed,
    Problems,
    Quote,
    Submitted,
    Text,
    Typable,
    Whisper,
    Words,
    bold,
)

# One browser for all: starting it takes longer than any of these tests.
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOME = Place("playground", "movement", "home")
ANSWER = Action("check-in", "answer", "1")
WEEKS = Action("pulse", "weeks")
HOSTILE = "<img src=x onerror=alert(1)> *bold* <@U1> שלום `x`\n</script>'\""
BOARD = Message(
    Text(bold("Check-in"), "\nHow are you?"),
    Facts(("Answered", "1 of 4")),
    Quote(HOSTILE, "Ben"),
    Menu("Which weeks?", WEEKS, (Option("Four", "4"), Option("Twelve", "12"))),
    Buttons(Button("Check in", ANSWER, "primary")),
)
FORM = Form(
    "Check in",
    ANSWER,
    Choice(name="mood", label="Mood", options=tuple(Option(str(one), str(one)) for one in range(1, 6))),
    Words(name="intention", label="Intention", hint="Small is good"),
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]


async def hear(event: Event) -> Answer:
    match event:
        case Pressed(action=action) if action == WEEKS:
            return Whisper(f"{event.choice} weeks")
        case Pressed():
            return FORM
        case Submitted(answers={"intention": "no"}):
            return Problems({"intention": "Say a little more."})
        case Submitted(answers={"intention": str(words)}):
            return Whisper("Thank you", Quote(words))
    return None


COMMANDS = (Typable("checkin", "Ask now"), Typable("close", "Stop asking"))


async def serve(room: Room, port: int = 0) -> tuple[asyncio.Task[None], str]:
    playground = Playground(room, port=port, commands=lambda: COMMANDS)
    running = asyncio.create_task(playground.run(hear))
    return running, await asyncio.wait_for(playground.ready(), 5)


async def close(running: asyncio.Task[None]) -> None:
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest_asyncio.fixture(loop_scope="module")
async def room() -> Room:
    room = Room(now=lambda: MORNING)
    for name in ("Ana", "Ben", "Chi", "Eli"):
        room.add_person(Person(name.lower(), name))
    room.add_channel("home", "open-data", creator="ana")
    room.seat("home", "ben", "chi")
    await room.post(HOME, BOARD, once="board")
    await room.say("ben", "home", HOSTILE)
    await room.say("ben", "home", "A reply", "m1")
    return room


@pytest_asyncio.fixture(loop_scope="module")
async def address(room: Room) -> AsyncIterator[str]:
    running, address = await serve(room)
    yield address
    await close(running)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, address: str) -> AsyncIterator[Page]:
    page = await browser.new_page(viewport={"width": 1280, "height": 800})
    await page.goto(f"{address}#chi,ben")
    await page.get_by_role("region", name="Chi’s chat").wait_for()
    yield page
    await page.close()


async def violations(page: Page) -> list[str]:
    found = await Axe().run(page)
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found.response["violations"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_wrong_in_any_state(page: Page, theme: str) -> None:
    # Half-way through a transition a colour is neither what it was nor what it becomes.
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    chi = page.get_by_role("region", name="Chi’s chat")
    found = {"channel": await violations(page)}
    await chi.get_by_role("button", name="1 reply").click()
    found["thread"] = await violations(page)
    await chi.get_by_role("button", name="Close the thread").click()
    await chi.get_by_role("button", name="Check in").click()
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()
    await page.get_by_text("This needs an answer.").first.wait_for()
    found["dialog with problems"] = await violations(page)
    await page.keyboard.press("Escape")
    await chi.get_by_role("textbox").press_sequentially("/")
    await chi.get_by_role("listbox", name="Commands").wait_for()
    found["completion"] = await violations(page)
    assert found == {"channel": [], "thread": [], "dialog with problems": [], "completion": []}


async def test_peoples_words_are_shown_letter_for_letter(page: Page) -> None:
    articles = page.get_by_role("region", name="Chi’s chat").get_by_role("article")
    said = articles.nth(1).locator(".words")
    assert [await said.text_content(), await articles.nth(0).locator("blockquote").text_content()] == [HOSTILE, HOSTILE]


async def test_a_file_is_downloaded_as_it_was_written_and_nothing_in_it_runs(
    page: Page, room: Room, tmp_path: Path
) -> None:
    harmful = Attachment("story.html", "<!doctype html><script>parent.document.title = 'run'</script>\nÉté & #1 100%")
    await room.post(HOME, Message("The story", harmful), once="story")
    link = page.get_by_role("region", name="Chi’s chat").get_by_role("link", name="story.html")
    await expect(link).to_have_text("story.htmlDownload file, 77 bytes")
    before = page.url
    async with page.expect_download() as downloading:
        await link.click()
    download = await downloading.value
    await download.save_as(tmp_path / "story")
    assert (download.suggested_filename, (tmp_path / "story").read_text()) == ("story.html", harmful.words)
    assert (page.url, await page.title(), len(page.context.pages)) == (before, "Drumbeat playground", 1)
    assert await violations(page) == []
    # Also where somebody opens it beside the page it is plain text of nobody's.
    assert (await link.get_attribute("href") or "").startswith("data:text/plain;charset=utf-8,")


async def test_a_form_is_answered_by_keyboard_and_what_was_typed_stays(page: Page) -> None:
    button = page.get_by_role("region", name="Chi’s chat").get_by_role("button", name="Check in")
    await button.press("Enter")
    dialog = page.get_by_role("dialog", name="Check in")
    await expect(dialog.get_by_role("radio", name="1")).to_be_focused()
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.type("no")
    await page.keyboard.press("Enter")
    box = dialog.get_by_role("textbox", name="Intention")
    await expect(box).to_have_accessible_description("Small is good Say a little more.")
    await expect(box).to_be_focused()
    await expect(box).to_have_value("no")
    await page.keyboard.type("w I call")
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(button).to_be_focused()
    await expect(page.get_by_role("region", name="Chi’s chat").get_by_text("Only Chi sees this")).to_be_visible()
    await expect(page.get_by_role("region", name="Ben’s chat").get_by_text("Thank you")).to_have_count(0)


async def test_escape_puts_a_form_away_for_good(page: Page, room: Room) -> None:
    await page.get_by_role("region", name="Chi’s chat").get_by_role("button", name="Check in").click()
    await page.get_by_role("dialog").wait_for()
    opened = room.form("chi") is not None
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("region", name="Ben’s chat").get_by_role("button", name="Check in").click()
    await page.get_by_role("dialog").wait_for()
    assert (opened, room.form("chi")) == (True, None)


async def test_a_command_is_completed_and_a_wrong_one_is_kept_with_the_reason(page: Page) -> None:
    chi = page.get_by_role("region", name="Chi’s chat")
    box = chi.get_by_role("textbox", name="Message #open-data as Chi")
    await box.press_sequentially("/c")
    options = chi.get_by_role("listbox", name="Commands").get_by_role("option")
    await expect(options).to_have_text(["/checkinAsk now", "/closeStop asking"])
    await box.press("ArrowDown")
    await box.press("Enter")
    await expect(box).to_have_value("/close ")
    await box.fill("/ fly away")
    await box.press("Enter")
    await expect(chi.get_by_role("alert")).to_have_text("A command looks like /name and then words.")
    await expect(box).to_have_value("/ fly away")


async def test_a_menu_that_is_stepped_through_by_keyboard_acts_only_when_something_is_chosen(page: Page) -> None:
    chi = page.get_by_role("region", name="Chi’s chat")
    menu = chi.get_by_label("Which weeks?")
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "Enter"):
        await menu.press(key)
    await expect(chi.get_by_text("12 weeks")).to_be_visible()
    await expect(chi.get_by_text("4 weeks")).to_have_count(0)


async def test_an_edit_does_not_take_the_button_from_under_the_finger(page: Page, room: Room) -> None:
    button = page.get_by_role("region", name="Chi’s chat").get_by_role("button", name="Check in")
    handle = await button.element_handle()
    await room.edit(HOME, "m1", Message("How is everybody?", *BOARD.parts[1:]))
    await page.get_by_role("region", name="Chi’s chat").get_by_text("How is everybody?").wait_for()
    assert handle is not None
    assert await handle.evaluate("(button) => button.isConnected")


async def test_the_page_comes_back_by_itself_with_what_was_being_written(browser: Browser, room: Room) -> None:
    running, address = await serve(room)
    page = await browser.new_page()
    await page.goto(f"{address}#chi")
    box = page.get_by_role("textbox", name="Message #open-data as Chi")
    await box.fill("Half a")
    await close(running)
    await expect(page.get_by_text("The line to Drumbeat is down")).to_be_visible()
    await room.post(HOME, Message("While you were away"), once="away")
    running, _ = await serve(room, port=int(address.rstrip("/").rpartition(":")[2]))
    await expect(page.get_by_text("While you were away")).to_be_visible()
    await expect(box).to_have_value("Half a")
    await close(running)


async def test_on_a_phone_one_person_is_shown_and_others_are_a_tap_away(browser: Browser, address: str) -> None:
    page = await browser.new_page(viewport={"width": 360, "height": 740})
    await page.goto(f"{address}#chi,ben")
    await expect(page.get_by_role("region", name="Chi’s chat")).to_be_visible()
    shown = await page.get_by_role("region").count()
    await page.get_by_role("navigation", name="People side by side").get_by_role("button", name="Ben").click()
    await expect(page.get_by_role("region", name="Ben’s chat")).to_be_visible()
    width = await page.evaluate("document.documentElement.scrollWidth")
    assert (shown, await page.get_by_role("region").count(), width) == (1, 1, 360)


async def test_who_is_not_in_a_channel_sees_nothing_of_it_until_they_join(browser: Browser, address: str) -> None:
    page = await browser.new_page()
    await page.goto(f"{address}#eli")
    await expect(page.get_by_text("Eli is not in #open-data.")).to_be_visible()
    before = await page.get_by_role("article").count()
    await page.get_by_role("button", name="Join #open-data").click()
    await expect(page.get_by_role("article")).to_have_count(2)
    assert before == 0


async def test_people_come_into_a_call_with_a_name_and_leave_it_by_keyboard(page: Page, room: Room) -> None:
    chi, ben = (page.get_by_role("region", name=f"{name}’s chat") for name in ("Chi", "Ben"))
    await chi.get_by_text("Other calls").focus()
    await page.keyboard.press("Enter")
    await chi.get_by_label("Call", exact=True).fill("  lounge ")
    await page.keyboard.press("Enter")
    await expect(chi.get_by_text("In a call: lounge (Chi)")).to_be_visible()
    await expect(chi.get_by_label("Call", exact=True)).to_be_hidden()
    found = await violations(page)
    await ben.get_by_text("In a call: lounge (Chi)").click()
    await ben.get_by_role("button", name="Join lounge").focus()
    await page.keyboard.press("Enter")
    await expect(ben.get_by_role("button", name="Leave lounge")).to_be_focused()
    there = room.voice
    await page.keyboard.press("Enter")
    await expect(ben.get_by_role("button", name="Join lounge")).to_be_focused()
    await chi.get_by_role("button", name="Leave call").click()
    await expect(chi.get_by_text("Other calls")).to_be_visible()
    assert (there, room.voice, found) == ({"lounge": ("chi", "ben")}, {}, [])
