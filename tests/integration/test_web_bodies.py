"""Whatever is sent as a form, the answer is a clear one and never a failure of ours."""

import asyncio
from collections.abc import Mapping
from io import BytesIO
from urllib.parse import urlencode

import pytest
from aiohttp import FormData
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yarl import URL

from core.services.page_settings import PageSetting
from tests.support.account import Office
from tests.support.selection import many
from tests.support.site import Answer, Site, Visitor, a_learner, sign_ups, tally

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def token(office: Office) -> str:
    return (await office.profile(limit="unlimited")).token


async def post_raw(visitor: Visitor, path: str, body: bytes | BytesIO, content_type: str = FORM) -> Answer:
    return await visitor.send("POST", path, data=body, headers={"Content-Type": content_type})


async def post_learner(
    visitor: Visitor, token: str, more: bytes, content_type: str = FORM, *, number: int = 1
) -> Answer:
    """Send the valid form of a learner of this number, with something more."""
    form = await visitor.open_link(token)
    body = urlencode({**a_learner(f"learner{number}@example.com"), "form_token": form.token}).encode() + b"&" + more
    return await post_raw(visitor, form.path, body, content_type)


async def test_bytes_that_are_no_text_do_no_harm(office: Office, site: Site, token: str) -> None:
    more = [b"job_title=\xff\xfe", b"job_title=%FF%FE%ED%A0%80", b"\xc3=\xa9", b"%=%&&==;", b"&" * 50]
    statuses = [(await post_learner(site.visitor(), token, one, number=n)).status for n, one in enumerate(more)]
    assert statuses == [303] * len(more)
    assert await tally(office.engine) == sign_ups(len(more))


async def test_a_page_can_be_written_with_bytes_that_are_no_text(site: Site, token: str) -> None:
    visitor = site.visitor()
    form = await visitor.open_link(token)
    body = f"form_token={form.token}&password=".encode() + b"\xff" * 10 + b"&first_name=\xff"
    page = await post_raw(visitor, form.path, body)
    assert (page.status, page.field("first_name")["value"]) == (422, "\N{REPLACEMENT CHARACTER}")
    assert not page.elements("p", id="password-problem")


async def test_a_character_set_of_the_clients_choice_does_no_harm(office: Office, site: Site, token: str) -> None:
    names = ["utf-16", "utf-7", "unicode_escape", "base64", "rot13", "nonsense", '"', ""]
    for number, name in enumerate(names):  # forms are UTF-8, whatever a client calls them
        body, content_type = b"job_title=\\ud800+2AA-", f"{FORM}; charset={name}"
        assert (await post_learner(site.visitor(), token, body, content_type, number=number)).status == 303
    assert await tally(office.engine) == sign_ups(len(names))


async def test_a_nul_in_a_value_does_no_harm(office: Office, site: Site, token: str) -> None:
    values = {"first_name": "An\0na", "job_title": "\0", "password": "a long\0secret"}
    visitor = site.visitor()
    assert (await visitor.sign_up(token, **values)).status == 303
    assert (await visitor.get("/courses")).texts("span", **{"class": "who"}) == ["An na"]
    assert (await site.visitor().log_in("anna@example.com\0", "a long\0secret")).status == 303
    assert await tally(office.engine) == sign_ups(1)


async def test_ten_megabytes_are_refused(office: Office, site: Site, token: str) -> None:
    for path in (f"/s/{token}", "/login"):
        answer = await post_raw(site.visitor(), path, BytesIO(b"first_name=" + b"a" * 10 * 2**20))
        assert (answer.status, answer.heading) == (413, "The form is too long")
    assert await tally(office.engine) == sign_ups(0)


async def test_another_kind_of_body_is_refused(office: Office, site: Site, token: str) -> None:
    visitor, multipart = site.visitor(), FormData(a_learner(), default_to_multipart=True)
    answers = [
        await visitor.send("POST", f"/s/{token}", json=a_learner()),
        await visitor.send("POST", f"/s/{token}", data=multipart),
        await post_raw(visitor, f"/s/{token}", b"first_name=Anna", "text/plain"),
        await post_raw(visitor, f"/s/{token}", b"--x", "multipart/form-data; boundary=x"),
        await post_raw(visitor, f"/s/{token}", b"", "nonsense"),
    ]
    assert [(answer.status, answer.heading) for answer in answers] == [
        (415, "The form arrived incomplete"),
    ] * len(answers)
    assert await tally(office.engine) == sign_ups(0)


async def test_a_body_that_does_not_unpack_is_refused(site: Site, token: str) -> None:
    headers = {"Content-Type": FORM, "Content-Encoding": "gzip"}
    answer = await site.visitor().send("POST", f"/s/{token}", data=b"no gzip", headers=headers)
    assert answer.status == 400


async def test_the_first_of_repeated_fields_counts(site: Site, token: str) -> None:
    visitor = site.visitor()
    await post_learner(visitor, token, b"first_name=Zoe&email=zoe@example.com")
    assert (await visitor.get("/courses")).texts("span", **{"class": "who"}) == ["Anna"]


async def test_missing_fields_are_empty_fields(site: Site, token: str) -> None:
    visitor = site.visitor()
    form = await visitor.open_link(token)
    page = await visitor.post(form.path, {"form_token": form.token})
    named = page.elements("p", **{"class": "problem"})
    assert (page.status, [problem.attributes["id"] for problem in named]) == (
        422,
        ["first_name-problem", "last_name-problem", "email-problem", "password-problem"],
    )


async def test_an_empty_body_is_no_form_of_ours(site: Site, token: str) -> None:
    assert (await post_raw(site.visitor(), f"/s/{token}", b"")).status == 403


TOO_LONG = {
    "first_name": "First name must be 100",
    "last_name": "Last name must be 100",
    "email": "Email address must be 254",
    "login": "Login must be 64",
    "password": "Password must be 128",
    "phone": "Phone number must be 32",
    "job_title": "Job title must be 100",
}


async def test_five_thousand_characters_are_too_long_for_every_field(office: Office, site: Site, token: str) -> None:
    await office.set_page(PageSetting.LOGIN, "optional")
    page = await site.visitor().sign_up(token, **dict.fromkeys(TOO_LONG, "a" * 5000))
    problems = {name: page.texts("p", id=f"{name}-problem") for name in TOO_LONG}
    assert (page.status, problems) == (
        422,
        {name: [f"{label} characters or fewer"] for name, label in TOO_LONG.items()},
    )


async def test_long_credentials_are_wrong_credentials(site: Site) -> None:
    assert (await site.visitor().log_in("a" * 5000, "b" * 5000, to="/" + "c" * 5000)).status == 422


NAMES = ["משה בן־דוד", "مُحَمَّد", "\u202eevil\u202c", "👩🏽 🇱🇻", "Нина", "王小明", "O'Brien", "<b>&amp;</b>", "{{ 7 }}%s"]


async def test_names_of_every_script_come_back_as_they_were_typed(site: Site, token: str) -> None:
    for number, name in enumerate(NAMES):
        visitor = site.visitor()
        refused = await visitor.sign_up(token, "wrong", first_name=name)
        assert refused.field("first_name")["value"] == name
        assert (await visitor.sign_up(token, f"learner{number}@example.com", first_name=name)).status == 303
        shown = name.strip("\u202e\u202c")  # no order of letters may be turned round for what follows
        assert (await visitor.get("/courses")).texts("span", **{"class": "who"}) == [" ".join(shown.split())]


anything = st.text(max_size=300) | st.sampled_from(["", "\0", "a" * 5000, "анна@пример.рф", "+371 20000000"])
FIELDS = st.sampled_from(
    ["first_name", "last_name", "email", "login", "password", "phone", "job_title", "form_token", "x"]
)


@settings(
    max_examples=many(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # one server for all of them is meant
)
@given(values=st.dictionaries(FIELDS, anything))
async def test_any_values_get_a_clear_answer(site: Site, token: str, values: Mapping[str, str]) -> None:
    answer = await site.visitor().sign_up(
        token, **{k: v.encode("utf-8", "replace").decode() for k, v in values.items()}
    )
    assert answer.status in {303, 403, 409, 422}


@settings(max_examples=many(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=300))
async def test_any_bytes_get_a_clear_answer(site: Site, token: str, body: bytes) -> None:
    visitor = site.visitor()
    statuses = [(await post_raw(visitor, path, body)).status for path in (f"/s/{token}", "/login", "/logout")]
    assert set(statuses) <= {400, 403}


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: xchunked",
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_request_whose_length_is_ambiguous_is_refused(site: Site, headers: str) -> None:
    address = URL(site.address)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    host = f"{address.host}:{address.port}"
    smuggled = f"GET /privacy/1 HTTP/1.1\r\nHost: {host}\r\n\r\n"
    writer.write(f"POST /login HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n\r\n0\r\n\r\n{smuggled}".encode())
    answers = (await reader.read()).decode()
    writer.close()
    assert [line for line in answers.splitlines() if line.startswith("HTTP/")] == ["HTTP/1.0 400 Bad Request"]
