from __future__ import annotations

import base64
import hashlib
import json
import re

from adapters.playground.gallery import render_gallery
from bot.chat import Action, Button, Buttons, Form, Message, Problems, Quote, Whisper, Words
from bot.wire import to_json

ANSWER = Action("check-in", "answer", "1")
HOSTILE = "</script><script>alert(1)</script><!-- {{7*7}}"
ENTRIES = (
    ("Check-in", "The board", Message(Quote(HOSTILE, HOSTILE), Buttons(Button("Check in", ANSWER)))),
    ("Check-in", "The form", Form("Check in", ANSWER, Words(name="x", label="X"))),
    ("Retro", "Thanks", Whisper("Thank you")),
    ("Retro", "Too late", Problems({"": "That is over."})),
)
SCRIPT = re.compile(r"<script type=\"(?P<kind>[^\"]+)\"[^>]*>(?P<words>.*?)</script>", re.DOTALL)


def test_the_gallery_holds_every_view_as_data_however_hostile_its_words() -> None:
    page = render_gallery(ENTRIES)
    data, script = SCRIPT.finditer(page)
    entries = [[ritual, title, to_json(view)] for ritual, title, view in ENTRIES]
    assert (data["kind"], json.loads(data["words"])) == ("application/json", {"entries": entries})
    assert (script["kind"], page.count("<script"), "alert(1)" in script["words"]) == ("module", 2, False)


def test_the_gallery_needs_nothing_from_anywhere() -> None:
    page = render_gallery(ENTRIES)
    script = [match["words"] for match in SCRIPT.finditer(page)][-1]
    assert re.findall(r"^(?:import|export)\b|url\(|(?:src|href)=\"", page, flags=re.MULTILINE) == []
    assert [name for name in ("make", "renderMessage", "renderForm") if f"function {name}(" in script] == [
        "make",
        "renderMessage",
        "renderForm",
    ]


def test_the_gallery_allows_its_own_script_and_style_alone() -> None:
    page = render_gallery(ENTRIES)
    style = page.partition("<style>")[2].partition("</style>")[0]
    script = [match["words"] for match in SCRIPT.finditer(page)][-1]
    prints = [base64.b64encode(hashlib.sha256(words.encode()).digest()).decode() for words in (style, script)]
    assert (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src 'sha256-{prints[0]}'; script-src 'sha256-{prints[1]}'"
    ) in page
