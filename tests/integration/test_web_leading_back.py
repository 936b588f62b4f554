"""The address of each form can be opened: by a reload after a refusal, or with another language chosen there."""

import re

import pytest

from tests.support.account import Office
from tests.support.settings import settings_of
from tests.support.site import SECRET, Site
from web.application import build_application

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = "x" * 43


@pytest.mark.parametrize(
    ("form", "page"),
    [
        ("/s/{token}/ask", "/s/{token}?lang=es"),
        ("/courses/1/progress", "/courses?lang=es"),
        ("/logout", "/courses?lang=es"),
        ("/me/data", "/me?lang=es"),
        ("/me/log-out-everywhere", "/me?lang=es"),
        ("/me/password-link-read", "/me?lang=es"),
        ("/me/telegram", "/me?lang=es"),
        ("/me/telegram/end", "/me?lang=es"),
        ("/me/email/give-up", "/me?lang=es"),
        (f"/w/{CODE}/code", f"/w/{CODE}?lang=es"),
        (f"/w/{CODE}/again", f"/w/{CODE}?lang=es"),
        (f"/w/{CODE}/telegram", f"/w/{CODE}?lang=es"),
        (f"/w/{CODE}/address", f"/w/{CODE}?change&lang=es"),
        (f"/w/{CODE}/change", f"/w/{CODE}?change&lang=es"),
    ],
)
async def test_a_form_without_a_page_of_its_own_leads_back_to_its_page(
    office: Office, site: Site, form: str, page: str
) -> None:
    token = (await office.profile()).token
    answer = await site.visitor().get(f"{form.format(token=token)}?lang=es")
    assert (answer.status, answer.location) == (303, page.format(token=token))


async def test_no_form_answers_that_it_may_not_be_opened(office: Office, site: Site) -> None:
    values = {"token": (await office.profile()).token, "code": CODE, "course_id": "1", "detail": "name"}
    app = build_application(office.engine, settings_of(), SECRET)
    posted = {route.resource.canonical for route in app.router.routes() if route.method == "POST" and route.resource}
    assert len(posted) > 20
    for path in posted:
        answer = await site.visitor().get(re.sub(r"\{(\w+)\}", lambda part: values[part[1]], path))
        assert answer.status != 405, path
