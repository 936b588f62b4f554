"""Whatever a stranger sends, and however long the pages let it be, the event loop is not held up.

The CPU time of this thread is measured, on which the pages, the client and the event loop run. Passwords are hashed on
other threads, as many at a time as there are cores.
"""

import gc
import time
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.services import profile_editing
from tests.support.account import Office
from tests.support.selection import many
from tests.support.site import Form, Site, Visitor
from web.forms import LARGEST_FORM

BUDGET = 0.1  # seconds, with what the client takes
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FIELDS = ("first_name", "email", "password", "identifier", "other")
HEAVY = ("a\u0301\u0316", "\ufdfa", "a.", "+1 ", "9", "&", "%", "=", "first_name=&")
PATTERNS = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("\u0301\u0316\u0344\u200b\ufdfaİ.@&=%")),
    min_size=1,
    max_size=6,
)


async def seconds(visitor: Visitor, form: Form, field: str, pattern: str) -> float:
    """The CPU time of a form with a field that is as long as the pages take."""
    before = f"form_token={quote(form.token)}&{field}=".encode()
    body = before + (pattern.encode() * LARGEST_FORM)[: LARGEST_FORM - len(before) - 1]
    gc.disable()  # what collecting the whole test run's garbage takes is not the form's
    try:
        began = time.thread_time()
        answer = await visitor.send("POST", form.path, data=body, headers=FORM)
        taken = time.thread_time() - began
    finally:
        gc.enable()
    assert answer.status < 500
    return taken


@pytest.fixture
async def open_link(office: Office) -> str:
    return (await office.profile(limit="unlimited")).token


@pytest.mark.parametrize("pattern", HEAVY, ids=ascii)
async def test_no_field_holds_the_pages_up(site: Site, open_link: str, pattern: str) -> None:
    visitor = site.visitor()
    forms = [await visitor.open_link(open_link), await visitor.open_form("/login")]
    for form in forms:
        for field in FIELDS:
            assert await seconds(visitor, form, field, pattern) < BUDGET, (form.path, field)


@settings(max_examples=many(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=st.sampled_from(FIELDS), pattern=PATTERNS)
async def test_no_text_in_any_field_holds_the_pages_up(site: Site, open_link: str, field: str, pattern: str) -> None:
    visitor = site.visitor()
    for form in (await visitor.open_link(open_link), await visitor.open_form("/login")):
        assert await seconds(visitor, form, field, pattern) < BUDGET


async def test_the_form_of_a_closed_link_is_not_read(office: Office, site: Site, open_link: str) -> None:
    visitor = site.visitor()
    form = await visitor.open_link(open_link)
    await office.engine.write(profile_editing.pause, office.owner_id, 1, office.engine.now(), paused=True)
    for pattern in HEAVY:
        for field in FIELDS:
            assert await seconds(visitor, form, field, pattern) < BUDGET
    answer = await visitor.post(form.path, {"form_token": form.token, "first_name": "/digest"})
    assert (answer.status, answer.heading) == (403, "This link is paused")
