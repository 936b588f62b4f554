"""The error response of the Bot API."""

from __future__ import annotations

from typing import Any

from bot.sandbox.rules.error_messages import TOO_LARGE

_CODES = {"Unauthorized": 401, "Forbidden": 403, "Not Found": 404, "Conflict": 409, TOO_LARGE: 413}


class ApiError(Exception):
    """An error response; its error code follows from the description's first words unless given."""

    def __init__(self, description: str, *, error_code: int = 0, parameters: dict[str, int] | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.error_code = error_code or _CODES.get(description.partition(":")[0], 400)
        self.parameters = parameters or {}

    def as_json(self) -> dict[str, Any]:
        """Return the body that Telegram answers with."""
        body = {"ok": False, "error_code": self.error_code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def too_many_requests(retry_after: int) -> ApiError:
    """Return the error of a call beyond the flood limits."""
    description = f"Too Many Requests: retry after {retry_after}"
    return ApiError(description, error_code=429, parameters={"retry_after": retry_after})
