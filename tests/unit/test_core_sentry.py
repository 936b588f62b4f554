"""Error reports: what happened and where, and nothing of anybody."""

import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from core import sentry
from core.config import InvalidSettings


def options(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the library is started with."""
    given: dict[str, Any] = {}
    library = SimpleNamespace(init=lambda address, **rest: given.update(address=address, **rest))
    monkeypatch.setitem(sys.modules, "sentry_sdk", library)
    sentry.start("https://key@sentry.example.org/1")
    return given


def test_a_posted_form_and_variables_are_never_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    given = options(monkeypatch)
    assert given["address"] == "https://key@sentry.example.org/1"
    assert (given["max_request_body_size"], given["send_default_pii"]) == ("never", False)
    assert (given["include_local_variables"], given["max_breadcrumbs"]) == (False, 0)


def test_a_report_has_no_request_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    report = {
        "request": {"data": "password=four+quiet+words", "url": "https://a.org/s/Yp3-8TzW_qLk9aQv0RdX5eHn"},
        "user": {"ip_address": "198.51.100.7"},
        "server_name": "host",
        "level": "error",
        "exception": {"values": [{"type": "SMTPError", "value": "550 <anna@example.com> /s/Yp3-8TzW_qLk9aQv"}]},
    }
    sent = options(monkeypatch)["before_send"](report, {})
    assert sent == {
        "level": "error",
        "exception": {"values": [{"type": "SMTPError", "value": "550 <[e-mail]> /s/[token]"}]},
    }
    assert json.dumps(sent)


def test_an_address_that_the_library_refuses_is_a_wrong_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    def init(_address: str, **_options: object) -> None:
        raise ValueError

    monkeypatch.setitem(sys.modules, "sentry_sdk", SimpleNamespace(init=init))
    with pytest.raises(InvalidSettings, match="SENTRY_DSN"):
        sentry.start("nonsense")
