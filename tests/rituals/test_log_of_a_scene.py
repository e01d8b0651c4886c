"""At its most talkative the log tells kinds and numbers of our own: nobody's name or number, no channel, no word."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import update

from bot.chat import Place
from bot.log import set_up_logging
from bot.tables import Lane, Post, Timer
from tests.town import RIVER, Town

WORDS = ("Clean River", "Bring one friend", "Forty bags of rubbish", "river", "Ana", "Ben", "Chi", "Dee")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_log_of_a_scene_with_mishaps_holds_no_name_no_number_of_a_platform_and_no_word(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    nowhere = {"slack": "CNOWHERE", "discord": "111111111111111111"}.get(town.place().platform, "nowhere")
    try:
        set_up_logging("debug", "json")
        board = await town.open_check_in()
        await town.press("chi", "Check in", on=board)
        await town.fill("chi", q1="Forty bags of rubbish")
        await town.say("dee", "Forty bags of rubbish", under=board)
        # A post that cannot be read, one that nobody takes, and a timer that breaks.
        place = Place(town.place().platform, town.place().workspace, channel=nowhere)
        with town.drumbeat.database.transaction() as db:
            db.add(Lane(key=place.lane, wake_at=town.clock(), ready_at=town.clock()))
            db.flush()
            db.execute(update(Post).where(Post.key == "movement:live").values(view={}, version=9))
            db.execute(update(Post).where(Post.id == 2).values(channel=nowhere, lane=place.lane, version=99))
            db.execute(update(Lane).values(wake_at=town.clock()))
            due = {"due_at": town.clock(), "planned_at": town.clock(), "failures": 0}
            db.add(Timer(movement_id=1, ritual="check-in", verb="never-heard-of", about="Dee", **due))
        await town.wait(timedelta(days=3))
    finally:
        structlog.configure(**before)
    lines = capsys.readouterr().err.splitlines()
    told = {json.loads(line)["event"] for line in lines if line.startswith("{")}
    assert told >= {"rung", "post cannot be read", "delivery given up", "timer failed"}
    logged = "\n".join(lines)
    people = [town.stage.native(who) for who in ("ana", "ben", "chi", "dee") if town.stage.native(who) != who]
    places = [town.stage.native(RIVER), town.place().workspace, nowhere]
    secrets = [secret for secret in (*WORDS, *people, *places) if secret != "movement"]
    assert [secret for secret in secrets if secret in logged] == []
