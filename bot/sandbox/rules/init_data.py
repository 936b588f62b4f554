"""What Telegram tells a Mini App about who opened it, signed with the bot's token."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import Any
from urllib.parse import urlencode


def signed_init_data(token: str, user: dict[str, Any], auth_date: int, start: str) -> str:
    """Return `initData` (Bot API, "Validating data received via the Mini App"), different at each opening."""
    fields = {
        "query_id": secrets.token_urlsafe(12),
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(auth_date),
    } | ({"start_param": start} if start else {})
    key = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    text = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return urlencode({**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()})
