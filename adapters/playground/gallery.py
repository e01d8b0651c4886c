"""Every view of every ritual on one page, in one file that needs nothing else: for people who write rituals."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bot.chat import Form, Message, Problems, Whisper
from bot.wire import to_json

PAGE: Final = Path(__file__).parent / "page"
STYLES: Final = ("view.css", "gallery.css")
SCRIPTS: Final = ("make.js", "view.js", "form.js", "gallery.js")

Entry = tuple[str, str, Message | Form | Whisper | Problems]

_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Drumbeat: every view</title>
<style>{style}</style>
</head>
<body>
<div class="gallery">
<nav class="index" id="index" aria-label="Views"><h1>Every view</h1></nav>
<main id="views"></main>
</div>
<script type="application/json" id="entries">{entries}</script>
<script type="module">{script}</script>
</body>
</html>
"""


def render_gallery(entries: Iterable[Entry]) -> str:
    """Write one HTML page that shows each (ritual, title, view), drawn by the playground's own code."""
    style = "\n" + "\n".join(_read(name) for name in STYLES)
    script = "\n" + "\n".join(_join(_read(name)) for name in SCRIPTS)
    policy = (
        "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        f"style-src {_fingerprint(style)}; script-src {_fingerprint(script)}"
    )
    shown = json.dumps({"entries": [[ritual, title, to_json(view)] for ritual, title, view in entries]})
    # Inside a script only '<' could end it; in JSON it may be written as an escape.
    return _HTML.format(policy=policy, style=style, script=script, entries=shown.replace("<", "\\u003c"))


def _read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _join(module: str) -> str:
    """Make a module part of one script: what it imports stands above it already."""
    return re.sub(r"^export ", "", re.sub(r"^import [^;]*;\n", "", module, flags=re.MULTILINE), flags=re.MULTILINE)


def _fingerprint(words: str) -> str:
    digest = hashlib.sha256(words.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
