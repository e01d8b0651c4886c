"""Answering interactions over the HTTP API: the one answer, and all that may follow it."""

from __future__ import annotations

from tests.adapters.discord_platform import happenings, shapes
from tests.adapters.discord_platform.api import Door
from tests.adapters.discord_platform.checks import check_message
from tests.adapters.discord_platform.interactions import (
    CHOICES,
    DEFER,
    DEFER_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
    is_loading,
)
from tests.adapters.discord_platform.refusing import Json, Refused
from tests.adapters.discord_platform.service import Request, Service
from tests.adapters.discord_platform.world import COMPONENTS_V2, EPHEMERAL, LOADING, Sent

REPLY, COMMAND_REPLY = 19, 20


def _callback(service: Service, asked: Request) -> Json | None:
    body = asked.fields
    interaction = service.interactions.open(asked.names[0], asked.names[1], body, asked.files)
    kind, data = body["type"], body.get("data") or {}
    if kind == MESSAGE:
        interaction.original = _show(service, interaction, data, asked.files)
        interaction.followed.set()
    elif kind == DEFER:
        interaction.original = _think(service, interaction, data)
    elif kind == DEFER_UPDATE:
        interaction.original = interaction.message
    elif kind == UPDATE and interaction.message is not None:
        interaction.original = interaction.message
        happenings.edit_message(service, interaction.message, data, asked.files)
    elif kind == CHOICES:
        interaction.choices = data["choices"]
    elif kind == MODAL:
        interaction.modal = data
    interaction.answer = kind
    interaction.answered.set()
    return _receipt(service, interaction) if asked.query.get("with_response") in ("1", "true", "True") else None


def _think(service: Service, interaction: Interaction, data: Json) -> Sent:
    only = interaction.person if (data.get("flags") or 0) & EPHEMERAL else ""
    flags = LOADING | (EPHEMERAL if only else 0)
    bot, channel = service.world.bot.id, interaction.channel
    sent = happenings.new_message(service, channel, bot, only=only, flags=flags, interaction=_about(interaction))
    sent.kind = COMMAND_REPLY if interaction.message is None else REPLY
    happenings.tell_message(service, "MESSAGE_CREATE", sent)
    return sent


def _show(service: Service, interaction: Interaction, data: Json, files: dict[str, bytes]) -> Sent:
    """Show a new message because of an interaction, to everybody or to the person alone."""
    only = interaction.person if (data.get("flags") or 0) & EPHEMERAL else ""
    bot, channel = service.world.bot.id, interaction.channel
    sent = happenings.new_message(service, channel, bot, only=only, interaction=_about(interaction))
    sent.flags = EPHEMERAL if only else 0
    sent.kind = COMMAND_REPLY if interaction.message is None else REPLY
    try:
        happenings.fill(service, sent, data, files)
    except Refused:
        del service.world.sent[sent.id]
        raise
    interaction.shown.append(sent)
    happenings.tell_message(service, "MESSAGE_CREATE", sent)
    return sent


def _about(interaction: Interaction) -> Json:
    about: Json = {
        "id": interaction.id,
        "type": interaction.kind,
        "user": {"id": interaction.person, "username": f"user{interaction.person}", "discriminator": "0"},
        "authorizing_integration_owners": {"0": interaction.channel.server or "0"},
    }
    about["user"] |= {"avatar": None, "global_name": None, "public_flags": 0}
    return about


def _receipt(service: Service, interaction: Interaction) -> Json:
    """Tell what an answer made."""
    told: Json = {"id": interaction.id, "type": interaction.kind}
    receipt: Json = {"interaction": told}
    original = interaction.original
    if interaction.answer in (MESSAGE, DEFER) and original is not None:
        told |= {
            "response_message_id": original.id,
            "response_message_loading": is_loading(original),
            "response_message_ephemeral": bool(original.only),
            "channel_id": original.channel,
        }
    if interaction.answer in (MESSAGE, DEFER, UPDATE) and original is not None:
        receipt["resource"] = {"type": interaction.answer, "message": shapes.message(service.world, original)}
    elif interaction.answer in (MODAL, DEFER_UPDATE):
        receipt["resource"] = {"type": interaction.answer}
    return receipt


# ------------------------------------------------------------------------------------------------ what follows


def _followed(service: Service, asked: Request) -> Interaction:
    return service.interactions.followed(asked.names[0], asked.names[1], bot=service.world.bot.id)


def _follow_up(service: Service, asked: Request) -> Json:
    interaction = _followed(service, asked)
    if service.strict:
        check_message(asked.fields, asked.files, before="", answer=True)
    if is_loading(interaction.original) and interaction.original is not None:
        # The first one after a deferral takes its place, and is as private as the deferral was.
        return _fill(service, interaction, interaction.original, asked)
    sent = _show(service, interaction, asked.fields, asked.files)
    interaction.followed.set()
    return shapes.message(service.world, sent)


def _named(service: Service, interaction: Interaction, name: str) -> Sent:
    original = interaction.original
    sent = original if name == "@original" else service.world.sent.get(name)
    mine = sent is not None and (sent is original or sent in interaction.shown)
    if sent is None or not mine or sent.id not in service.world.sent:
        raise Refused(10008)
    return sent


def _fill(service: Service, interaction: Interaction, sent: Sent, asked: Request) -> Json:
    loading = is_loading(sent)
    happenings.edit_message(service, sent, asked.fields, asked.files)
    if loading:
        interaction.shown.append(sent)
    interaction.followed.set()
    return shapes.message(service.world, sent)


def _edit(service: Service, asked: Request) -> Json:
    interaction = _followed(service, asked)
    sent = _named(service, interaction, asked.names[2])
    if service.strict:
        v2 = bool(sent.flags & COMPONENTS_V2)
        check_message(asked.fields, asked.files, before="", edit=True, answer=True, v2=v2)
    return _fill(service, interaction, sent, asked)


def _get(service: Service, asked: Request) -> Json:
    interaction = _followed(service, asked)
    return shapes.message(service.world, _named(service, interaction, asked.names[2]))


def _delete(service: Service, asked: Request) -> None:
    interaction = _followed(service, asked)
    happenings.delete_message(service, _named(service, interaction, asked.names[2]))
    interaction.followed.set()


DOORS = (
    Door("POST", "/interactions/{}/{}/callback", _callback, open=True, kind="answer"),
    Door("POST", "/webhooks/{}/{}", _follow_up, open=True),
    Door("GET", "/webhooks/{}/{}/messages/{}", _get, open=True),
    Door("PATCH", "/webhooks/{}/{}/messages/{}", _edit, open=True),
    Door("DELETE", "/webhooks/{}/{}/messages/{}", _delete, open=True),
)
