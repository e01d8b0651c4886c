"""Forms on Discord that are not taken: nothing of what somebody typed is lost."""

from __future__ import annotations

from bot.chat import Form, Problems, Submitted, Whisper, Words
from tests.adapters.discord_house import ANSWER, FILLED, FORM, House, always, answering, discord_house, seen


async def fail_a_form(house: House, problems: Problems) -> str:
    """Send a form that is refused, and look at the whisper before anybody presses anything."""
    house.stand.goes_on = False
    house.answer = answering(commanded=FORM, submitted=problems)
    await house.stand.command("ben", "river", "/drumbeat")
    opened = house.stand.form("ben")
    assert opened is not None
    return seen(await house.stand.fill("ben", opened.id, FILLED))


async def test_a_form_that_is_not_taken_says_why_and_shows_what_was_typed() -> None:
    async with discord_house() as house:
        problems = Problems({"intention": "Say it in one word.", "": "It closes at 18:00."})
        assert await fail_a_form(house, problems) == (
            "That is not sent yet. Nothing is lost: this is what has to change, and what you wrote.\n"
            "One thing: Say it in one word.\n"
            "It closes at 18:00.\n"
            "One thing\n> call Chi\n"
            "By when?\n> 2026-11-05\n"
            "[Try again]"
        )


async def test_a_form_that_is_not_taken_opens_again_as_it_was() -> None:
    async with discord_house() as house:
        house.answer = answering(commanded=FORM, submitted=Problems({"intention": "Say it in one word."}))
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        answer = await house.stand.fill("ben", opened.id, {**FILLED, "with": ("ana",)})
        assert answer == Problems({"intention": "Say it in one word."})
        again = house.stand.form("ben")
        assert again is not None
        assert {field.name: field.value for field in again.form.fields} == {**FILLED, "with": ("ana",)}
        assert house.stand.whispers("ben") == ()
        house.answer = always(Whisper("Noted."))
        assert seen(await house.stand.fill("ben", again.id, {**FILLED, "intention": "call"})) == "Noted."
        assert [heard.answers["intention"] for heard in house.of(Submitted)] == ["call Chi", "call"]


async def test_everything_that_was_typed_is_shown_however_long_it_is() -> None:
    async with discord_house() as house:
        story = Words(name="story", label="The story", long=True, most=3000)
        more = Words(name="more", label="More", long=True, most=3000)
        house.stand.goes_on = False
        house.answer = answering(commanded=Form("Tell", ANSWER, story, more), submitted=Problems({"": "Too long."}))
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        told = {"story": " ".join(f"tale-{number}" for number in range(300)), "more": "*" * 3000}
        await house.stand.fill("ben", opened.id, told)
        shown = "\n".join(whisper.text for whisper in house.stand.whispers("ben"))
        assert [word for word in told["story"].split() if word not in shown] == []
        assert shown.count("*") == 3000


async def test_try_again_after_a_restart_says_that_the_words_stand_above() -> None:
    async with discord_house() as house:
        await fail_a_form(house, Problems({"intention": "Say it in one word."}))
        (whisper,) = house.stand.whispers("ben")
        assert whisper.view is not None
        await house.restart()
        answer = await house.stand.press("ben", whisper.id, whisper.view.actions[0])
        assert seen(answer) == (
            "I was restarted, or it was too long ago, so I don't have that form any more. What you wrote stands above: "
            "please open the form again from where you opened it first, and copy your words into it."
        )


async def test_a_form_sent_after_a_restart_and_not_taken_keeps_its_words() -> None:
    async with discord_house() as house:
        house.answer = answering(commanded=FORM)
        await house.stand.command("ben", "river", "/drumbeat")
        opened = house.stand.form("ben")
        assert opened is not None
        await house.restart()
        house.answer = always(Problems({"intention": "Say it in one word."}))
        await house.stand.fill("ben", opened.id, FILLED)
        (whisper,) = house.stand.whispers("ben")
        assert whisper.text == (
            "That is not sent yet. I was restarted in the meantime, so please open the form again from where you "
            "opened it first; what you wrote stands here, so that you can copy it.\n"
            "Intention: Say it in one word.\n"
            "> call Chi\n"
            "> 2026-11-05"
        )


async def test_nobody_opens_somebody_elses_form() -> None:
    async with discord_house() as house:
        await fail_a_form(house, Problems({"intention": "Say it in one word."}))
        (whisper,) = house.stand.whispers("ben")
        sent = house.stand.world.sent[whisper.id]
        sent.only, sent.flags = "", sent.flags & ~64
        assert whisper.view is not None
        answer = await house.stand.press("ana", whisper.id, whisper.view.actions[0])
        assert isinstance(answer, Whisper)
