"""security.txt, as RFC 9116 wants it."""

from datetime import datetime, timedelta

import pytest

from core.engine import Engine
from tests.support.site import open_site

PATH = "/.well-known/security.txt"
PUBLIC = "https://signup.example.org"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_it_names_the_contact_and_expires_within_a_year(engine: Engine) -> None:
    async with open_site(engine, security_contact="security@example.org", public_url=PUBLIC) as site:
        answer = await site.visitor().get(PATH)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    fields = dict(line.split(": ", 1) for line in answer.body.splitlines())
    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == PUBLIC + PATH
    left = datetime.fromisoformat(fields["Expires"]) - engine.now()
    assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_a_contact_there_is_none(engine: Engine) -> None:
    async with open_site(engine) as site:
        assert (await site.visitor().get(PATH)).status == 404
