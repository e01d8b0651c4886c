"""What the documents promise is there, and what is there stands in the documents."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from bot.config import Config, read_config
from bot.routing import find_rituals

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    table = README.split("## Commands in the chat")[1].split("## ")[0]
    assert set(re.findall(r"^\| `/([a-z-]+)` \|", table, re.MULTILINE)) == set(find_rituals().commands)


def test_every_ritual_stands_in_the_readme_and_no_other() -> None:
    table = README.split("## Rituals")[1].split("## ")[0]
    set_up = {"away", "me", "movement", "pulse", "rituals"}
    assert (
        set(re.findall(r"^\| ([a-z-]+) \|", table, re.MULTILINE)) - {"ritual"} == set(find_rituals().by_name) - set_up
    )


def test_the_example_has_every_setting_with_the_value_that_holds_without_it(tmp_path: Path) -> None:
    uncommented = re.sub(r"^#(\w+ = )", r"\1", EXAMPLE, flags=re.MULTILINE)
    defaults = {name: field.default for name, field in Config.model_fields.items()}
    assert tomllib.loads(uncommented) == defaults
    file = tmp_path / "config.toml"
    file.write_text(uncommented, encoding="utf-8")
    assert read_config(file).model_dump() == defaults


def test_every_place_that_the_documents_name_is_there() -> None:
    named = re.findall(
        r"`((?:bot|adapters|rituals|migrations|tests)/[\w./]*)`", README + (ROOT / "CONTRIBUTING.md").read_text()
    )
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_the_locks_hold_no_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        lines = lock.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if "://" in line or line.startswith("-")] == [], lock.name
