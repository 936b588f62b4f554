"""The Mini App as Telegram opens it: signed data about a person, posted as the page's script does."""

import json
from datetime import datetime
from typing import Any

from bot.sandbox import SANDBOX_TOKEN
from bot.sandbox.rules.init_data import signed_init_data
from core.engine import Engine
from tests.support.site import Answer, Visitor

NINA = {"id": 1003, "first_name": "Nina", "last_name": "Новак", "language_code": "ru", "allows_write_to_pm": True}
DARK = {
    "bg_color": "#17212b",
    "secondary_bg_color": "#232e3c",
    "text_color": "#f5f5f5",
    "hint_color": "#708499",
    "button_color": "#5288c1",
}


def told(at: datetime, *, start: str = "", token: str = SANDBOX_TOKEN, **person: Any) -> str:  # noqa: ANN401 - JSON
    """What Telegram tells of Nina, unless another person is given."""
    return signed_init_data(token, {**NINA, **person}, int(at.timestamp()), start)


async def open_app(
    visitor: Visitor,
    engine: Engine,
    *,
    link: str = "",
    init_data: str = "",
    theme: object = None,
    **person: Any,  # noqa: ANN401 - JSON
) -> Answer:
    """Open the Mini App, as the script of its page does."""
    data = init_data or told(engine.now(), **person)
    return await visitor.post("/m", {"init_data": data, "link": link, "theme": json.dumps(theme or {})})
