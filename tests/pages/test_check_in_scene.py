"""A movement's first check-in, played in a real browser: on a desk, on a phone, by keyboard alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from adapters.playground import Playground, Room
from bot.chat import Chat
from bot.clock import MovedClock, wall_clock
from bot.config import Config
from bot.main import assemble
from bot.play import MovableTime
from bot.store import migrate
from tests.town import PEOPLE, RIVER

pytestmark = pytest.mark.browser

# The flags keep Chromium from looking for the outside world, which no test needs.
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
# The courier gathers edits for some seconds, and a busy machine takes its time.
expect.set_options(timeout=20_000)
SUNDAY = datetime(2026, 11, 1, 11, 0, tzinfo=UTC)
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


@asynccontextmanager
async def playing(folder: Path) -> AsyncIterator[str]:
    """Serve the playground on the real Drumbeat, with a clock that ticks as a wall's does and the page can move."""
    url = f"sqlite:///{folder / 'drumbeat.db'}"
    migrate(url)
    clock = MovedClock(SUNDAY - wall_clock())
    room = Room(now=clock)
    for person in PEOPLE.values():
        room.add_person(person)
    room.add_channel(RIVER, RIVER, creator="ana")
    room.seat(RIVER, "ben", "chi", "dee")
    chats: dict[str, Chat] = {}
    drumbeat = assemble(Config(database_url=url), chats=chats, now=clock)
    page = Playground(room, port=0, controls=MovableTime(drumbeat, clock, room), commands=drumbeat.commands)
    chats[page.platform] = page
    running = asyncio.create_task(drumbeat.run())
    try:
        yield await page.ready()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        drumbeat.close()


@asynccontextmanager
async def browsing(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        await browser.close()


class Hands:
    """Somebody in front of the page, with nothing but a keyboard."""

    def __init__(self, page: Page, *, one_pane: bool) -> None:
        self.page = page
        self.one_pane = one_pane

    async def be(self, name: str) -> None:
        """Turn to a person's pane; on a phone there is one at a time."""
        if self.one_pane:
            people = self.page.get_by_role("navigation", name="People side by side")
            await self.tap(people.get_by_role("button", name=name))
        self.pane = self.page.get_by_role("region", name=f"{name}’s chat")
        await expect(self.pane).to_be_visible()

    async def tap(self, target: str | Locator) -> None:
        """Press a button: the newest with this label in the pane, or the given one."""
        element = self.pane.get_by_role("button", name=target).last if isinstance(target, str) else target
        await element.focus()
        await self.page.keyboard.press("Enter")

    async def type(self, box: str, words: str) -> None:
        await self.pane.get_by_role("textbox", name=box).focus()
        await self.page.keyboard.type(words)
        await self.page.keyboard.press("Enter")

    async def fill(self, form: str, *, closes: bool = True, **fields: str) -> None:
        """Write into the open form and send it."""
        dialog = self.page.get_by_role("dialog", name=form)
        for label, words in fields.items():
            await dialog.get_by_label(label.replace("_", " ")).fill(words)
        await self.tap(dialog.get_by_role("button", name=re.compile("^(Start|Send|Change)$")))
        if closes:
            await expect(dialog).to_have_count(0)

    async def move_clock(self, leap: str, *, to: str) -> None:
        """Move the clock, and wait until it shows the time and all that was due has happened."""
        await self.tap(self.page.get_by_role("button", name=leap))
        await expect(self.page.get_by_role("banner").get_by_role("time")).to_have_text(to)
        await expect(self.page.get_by_role("button", name=leap)).not_to_have_attribute("aria-disabled", "true")


async def violations(page: Page) -> list[str]:
    found = await Axe().run(page)
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found.response["violations"]]


Look = Callable[[str], Awaitable[None]]


async def play_the_scene(hands: Hands, look: Look) -> None:
    page = hands.page
    await hands.be("Ana")
    await hands.type("Message #river as Ana", "/drumbeat")
    await hands.fill("Start a movement", closes=False, What_is_it_called="", What_is_the_next_step="Bring a friend")
    dialog = page.get_by_role("dialog", name="Start a movement")
    await expect(dialog.get_by_label("What is it called")).to_be_focused()
    await expect(dialog.get_by_label("What is the next step")).to_have_value("Bring a friend")
    await look("a form with a problem")
    await hands.fill(
        "Start a movement", What_is_it_called="Clean River", When_do_you_first_come_together="2026-11-12T18:00"
    )
    await expect(hands.pane.get_by_text("Clean River is live.")).to_be_visible()
    await expect(hands.pane.get_by_text("Clean River starts here, with Ana as founder.")).to_be_visible()
    await look("a movement that is live")

    await hands.move_clock("Next Monday", to="Mon 2 Nov 2026, 09:00")
    await hands.be("Chi")
    await expect(hands.pane.get_by_text("Check-in, Mon 2 November")).to_be_visible()
    await hands.tap("Check in")
    await hands.fill("Check-in", What_did_you_move_forward="Talked to the <b>harbour</b> office")
    await expect(hands.pane.get_by_text("Thank you")).to_be_visible()
    await expect(hands.pane.get_by_text("One person has answered.")).to_be_visible()
    await hands.tap("Change my answer")
    await hands.fill("Check-in", What_will_you_do_next="Print the flyer")
    await hands.tap(hands.pane.get_by_role("button", name="1 reply"))
    await expect(hands.pane.get_by_text("1. Talked to the <b>harbour</b> office")).to_be_visible()
    await expect(hands.pane.get_by_text("2. Print the flyer")).to_be_visible()
    await look("an answer in the thread")

    await hands.be("Ben")
    await hands.tap(hands.pane.get_by_role("button", name="1 reply"))
    await hands.type("Reply in the thread as Ben", "I walked the river path")
    await hands.tap(hands.pane.get_by_role("button", name="Close the thread"))
    await expect(hands.pane.get_by_text("2 people have answered.")).to_be_visible()

    await hands.move_clock("Next day", to="Tue 3 Nov 2026, 09:00")
    await hands.move_clock("Next hour", to="Tue 3 Nov 2026, 10:00")
    await hands.be("Ana")
    await hands.tap(hands.pane.get_by_role("button", name="Inbox"))
    await expect(hands.pane.get_by_text("It takes two minutes.")).to_be_visible()
    await look("a reminder in the inbox")

    await hands.move_clock("Next day", to="Wed 4 Nov 2026, 09:00")
    await hands.move_clock("Next hour", to="Wed 4 Nov 2026, 10:00")
    await hands.be("Chi")
    await expect(hands.pane.get_by_text("This check-in is closed.").locator("visible=true").first).to_be_visible()
    if await hands.pane.get_by_role("button", name="Close the thread").count() == 0:
        await hands.tap(hands.pane.get_by_role("button", name="3 replies"))
    await expect(hands.pane.get_by_text("2 people answered. Thank you.")).to_be_visible()
    await look("a closed check-in with its summary")
    assert await page.get_by_text("Dee has not").count() == 0


@pytest.mark.parametrize("size", ["desk", "phone"])
async def test_a_movement_starts_answers_is_reminded_and_closes_by_keyboard_alone(
    size: str, chromium: str, tmp_path: Path
) -> None:
    async with playing(tmp_path) as address, browsing(chromium) as browser:
        page = await browser.new_page(viewport=DESK if size == "desk" else PHONE)  # type: ignore[arg-type]
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(f"{address}#ana,chi,ben")

        async def look(state: str) -> None:
            complaints.extend(f"{state}: {one}" for one in await violations(page))
            await page.screenshot(path=tmp_path / f"{state}.png")

        await play_the_scene(Hands(page, one_pane=size == "phone"), look)
        assert complaints == []
