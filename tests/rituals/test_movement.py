"""A movement begins in a channel."""

from __future__ import annotations

from tests.town import Town


async def test_three_answers_start_a_movement(town: Town) -> None:
    assert await town.command("ana", "/drumbeat") == (
        "Start a movement\nWhat is it called?\nWhat is the next step?\nWhen do you first come together?\n[Start]"
    )
    said = await town.fill("ana", name="Clean River", next_step="Bring one friend", gathering="2026-11-12 18:00")
    assert said == (
        "Clean River is live. You are its founder, and the people of this channel are its members.\n"
        "Times are in Europe/Berlin. Change that, add your story and your mission, or name organizers: type /drumbeat."
    )
    assert town.channel() == [
        (
            "Clean River starts here, with Ana as founder.\n"
            "Next step\nBring one friend\n"
            "We first come together\nThu 12 November, 18:00\n"
            "What happens here\n"
            "Check-in, every monday 09:00: Everybody says in two minutes where they are and what comes next.\n"
            "Type /drumbeat to see more, and /away whenever you need a break."
        )
    ]
