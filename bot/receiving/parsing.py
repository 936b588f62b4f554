"""Parses recorded updates, as far as python-telegram-bot can."""

from collections.abc import Mapping
from typing import Any

import structlog
from telegram import Bot, Update

from core.services.inbox import Claim

ON_SCREEN = frozenset({"text", "entities", "caption", "caption_entities", "link_preview_options", "reply_markup"})

log = structlog.get_logger()


def parsed(claim: Claim, bot: Bot) -> Update | None:
    """Parse an update; None if the library can't. Nothing of its content is logged."""
    try:
        return Update.de_json(_without_screen(claim.body), bot)
    except Exception as error:  # noqa: BLE001 - whatever a field of a wrong type leads to
        reason = type(error).__name__
        log.warning("update given up: it can't be parsed", update_id=claim.update_id, reason=reason)
        return None


def _without_screen(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an update without what is on a tapped screen: it isn't used, and parsing it costs more than the rest."""
    tap = body.get("callback_query")
    if tap is None or "message" not in tap:
        return dict(body)
    message = {name: value for name, value in tap["message"].items() if name not in ON_SCREEN}
    return {**body, "callback_query": {**tap, "message": message}}
