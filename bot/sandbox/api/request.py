"""Reads a call from an HTTP request: query, JSON, form or multipart."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.call import Call, Upload
from bot.sandbox.rules.error_messages import TOO_LARGE, invalid_parameter


async def read_call(request: web.Request) -> Call:
    """Read the method, parameters and files in any of the encodings that Telegram accepts."""
    parameters: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json" and request.can_read_body:
        parameters |= await _read_json(request)
    elif request.can_read_body:
        await _read_form(request, parameters, files)
    return Call(method=request.match_info["method"], parameters=parameters, files=files)


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise ApiError(invalid_parameter("body")) from None
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(TOO_LARGE) from None
    if not isinstance(body, dict):
        raise ApiError(invalid_parameter("body"))
    return body


async def _read_form(request: web.Request, parameters: dict[str, Any], files: dict[str, Upload]) -> None:
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(TOO_LARGE) from None
    except ValueError:
        raise ApiError(invalid_parameter("body")) from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files[name] = Upload(name=value.filename, mime_type=value.content_type, data=value.file.read())
        else:
            parameters[name] = value if isinstance(value, str) else bytes(value).decode()
