"""A learner with a link, as plain HTTP."""

import re
from dataclasses import dataclass

from aiohttp import ClientSession, CookieJar

FORM_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form that a visitor has open."""

    link: str
    token: str
    jar: CookieJar


async def open_form(link: str) -> Form:
    """Open a link's form."""
    jar = CookieJar(unsafe=True)
    async with ClientSession(cookie_jar=jar) as http, http.get(link) as response:
        found = FORM_TOKEN.search(await response.text())
    assert found is not None
    return Form(link=link, token=found[1], jar=jar)


async def fill_in(form: Form, email: str) -> tuple[int, str]:
    """Send the form, and give the status and where it leads."""
    values = {"first_name": "Anna", "last_name": "Berzina", "email": email, "password": "four quiet words here"}
    async with (
        ClientSession(cookie_jar=form.jar) as http,
        http.post(form.link, data={**values, "form_token": form.token}, allow_redirects=False) as response,
    ):
        return response.status, response.headers.get("Location", "")
