"""What Slack refuses to show, beside what tests/adapters/platform_limits.py says of messages and views.

https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/messaging/message-metadata.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence

from tests.adapters.platform_limits import slack_message, slack_view, units
from tests.adapters.slack_platform.refusing import Json, RefusedError, invalid

SIMPLE = {"section", "header", "divider", "image"}
UPDATE_BYTES = 4000
TEXT_LETTERS = 40_000
BLOCK_LETTERS = 13_200
# https://docs.slack.dev/reference/interaction-payloads: what may be sent to a response_url or in an acknowledgement.
ANSWER_KEYS = {
    *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts"),
    *("mrkdwn", "metadata", "unfurl_links", "unfurl_media", "link_names", "parse"),
}

Ready = Callable[[str], bool]


def check_blocks(text: str, blocks: object, *, ready: Ready) -> list[Json]:
    """Refuse blocks that a message cannot have; ``ready`` tells whether an uploaded file can be shown already."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) and "type" in block for block in blocks):
        raise RefusedError("invalid_blocks_format")
    if len(blocks) > 50:
        raise invalid("invalid_blocks", ["no more than 50 items allowed [json-pointer:/blocks]"])
    # Not in the documents: https://github.com/slackapi/bolt-js/issues/2509
    if _letters(blocks) > BLOCK_LETTERS:
        raise RefusedError("msg_blocks_too_long")
    checked = [block for block in blocks if block["type"] not in SIMPLE]
    faults = [fault for block in blocks if block["type"] in SIMPLE for fault in _simple(block, ready)]
    if checked:
        # The words are checked apart from the blocks: what is too long for a notification is cut, not refused.
        faults += _carefully(slack_message, {"text": html.escape(text[:1] or "x", quote=False), "blocks": checked})
    if faults:
        raise invalid("invalid_blocks", faults)
    return blocks


def check_view(view: object, *, home: bool, ready: Ready) -> Json:
    """Refuse a view that cannot be shown. A modal without an input needs no ``submit``, and a home has no title."""
    if not isinstance(view, dict) or view.get("type") != ("home" if home else "modal"):
        raise invalid("invalid_arguments", ["must be a view of the type that the method opens [json-pointer:/view]"])
    if len(json.dumps(view)) > 250_000:
        raise RefusedError("view_too_large")
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not blocks:
        raise invalid("invalid_arguments", ["must provide blocks [json-pointer:/view/blocks]"])
    inputs = [block for block in blocks if block.get("type") == "input"]
    others = [block for block in blocks if block.get("type") not in {"input", *SIMPLE}]
    faults = [fault for block in blocks if block.get("type") in SIMPLE for fault in _simple(block, ready)]
    if others:
        faults += _carefully(slack_message, {"text": "x", "blocks": others[:50]})
    if len(blocks) > 100:
        faults.append("no more than 100 items allowed [json-pointer:/view/blocks]")
    if not home:
        stand_in = {"type": "input", "label": _plain("x"), "element": {"type": "plain_text_input", "action_id": "x"}}
        shown = {"submit": _plain("x")} if not inputs else {}
        faults += _carefully(slack_view, {**shown, **view, "blocks": inputs or [stand_in]})
    elif inputs:
        faults.append("inputs in a home are not checked here")
    if faults:
        raise invalid("invalid_arguments", faults)
    return view


def check_metadata(metadata: object) -> Json | None:
    """Refuse metadata that is no event with a flat payload."""
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload", "entities"}:
        raise RefusedError("invalid_metadata_format")
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z0-9_.\-]{1,255}", kind) or not isinstance(payload, dict):
        raise RefusedError("invalid_metadata_format")
    if not all(_flat(value) for value in payload.values()):
        raise RefusedError("invalid_metadata_schema")
    return metadata


def command_faults(ack: Json, *, ready: Ready) -> Iterator[str]:
    """What is wrong with the answer to a command: it is a message or nothing."""
    if not ack:
        return
    yield from (f"{key} is no part of a message" for key in ack if key not in ANSWER_KEYS)
    if ack.get("response_type", "ephemeral") not in {"ephemeral", "in_channel"}:
        yield f"response_type {ack['response_type']!r}"
    if not ack.get("text") and not ack.get("blocks"):
        yield "neither text nor blocks"
    yield from message_faults(ack, ready=ready)


def message_faults(message: Json, *, ready: Ready) -> Iterator[str]:
    if units(message.get("text") or "") > TEXT_LETTERS:
        yield "the text is too long"
    if message.get("blocks"):
        try:
            check_blocks(message.get("text") or "", message["blocks"], ready=ready)
        except RefusedError as refused:
            yield json.dumps(refused.answer)


def submission_faults(ack: Json, inputs: Collection[str], *, ready: Ready) -> Iterator[str]:
    """What is wrong with the answer to a submitted view: https://docs.slack.dev/surfaces/modals."""
    if not ack:
        return
    action = ack.get("response_action")
    yield from (f"{key} is no answer to a view" for key in ack if key not in {"response_action", "errors", "view"})
    if action == "errors":
        errors = ack.get("errors")
        if not isinstance(errors, dict) or not errors:
            yield "errors without an error"
            return
        # 'errors' may name only blocks of type input: Slack shows the person a general error for others.
        yield from (f"{block!r} is no input of this view" for block in errors if block not in inputs)
        yield from (
            f"the error {text!r} is no text" for text in errors.values() if not isinstance(text, str) or not text
        )
        yield from ("an error over 2000" for text in errors.values() if isinstance(text, str) and units(text) > 2000)
    elif action in {"update", "push"}:
        try:
            check_view(ack.get("view"), home=False, ready=ready)
        except RefusedError as refused:
            yield json.dumps(refused.answer)
    elif action != "clear":
        yield f"response_action {action!r}"


# ------------------------------------------------------------------------------------------------ parts


def _simple(block: Json, ready: Ready) -> Iterator[str]:
    kind = block["type"]
    if kind == "section":
        text = block.get("text") or {}
        if text.get("type") not in {"plain_text", "mrkdwn"} or not 1 <= units(text.get("text", "")) <= 3000:
            yield "a section without 1 to 3000 letters"
    elif kind == "header":
        text = block.get("text") or {}
        if text.get("type") != "plain_text" or not 1 <= units(text.get("text", "")) <= 150:
            yield "a header without 1 to 150 letters"
    elif kind == "image":
        if not 1 <= units(block.get("alt_text", "")) <= 2000:
            yield "a picture without words"
        file = block.get("slack_file")
        if file is not None and not ready(str(file.get("id"))):
            yield "invalid slack file [json-pointer:/blocks]"
        if file is None and not str(block.get("image_url", "")).startswith("https://"):
            yield "a picture from nowhere"


def _flat(value: object) -> bool:
    """Words, numbers, yes or no; objects of those, and lists of such objects: no lists of words."""
    if isinstance(value, str | int | float | bool):
        return True
    if isinstance(value, dict):
        return all(isinstance(one, str | int | float | bool) for one in value.values())
    return isinstance(value, list) and all(isinstance(one, dict) and _flat(one) for one in value)


def _carefully(check: Callable[[Json], list[str]], payload: Json) -> list[str]:
    """A payload may be so wrong that the check itself stumbles."""
    try:
        return check(payload)
    except (KeyError, TypeError, AttributeError) as stumble:
        return [f"malformed: {stumble!r}"]


def _letters(blocks: object) -> int:
    if isinstance(blocks, dict):
        counted = ("text", "url", "value", "title", "alt_text")
        return sum(
            units(value) if isinstance(value, str) and key in counted else _letters(value)
            for key, value in blocks.items()
        )
    return sum(map(_letters, blocks)) if isinstance(blocks, Sequence) and not isinstance(blocks, str) else 0


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}
