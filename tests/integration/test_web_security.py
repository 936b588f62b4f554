"""What keeps other sites, other visitors and thieves of cookies out."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.settings import settings_of
from tests.support.site import SECRET, Answer, Site, a_learner, open_site, sign_ups, tally
from web.application import build_application
from web.cookies import NEW_SECONDS


def hash_of(script: str) -> str:
    """How a content security policy names a script."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


SECURE = "https://signup.example.org"


@pytest.fixture
async def token(office: Office) -> str:
    return (await office.profile()).token


STALE = "This page was open for too long, or cookies are off. Send the form again."


def is_refused_with_values_kept(answer: Answer) -> bool:
    kept = answer.field("first_name")["value"], answer.field("email")["value"], answer.field("last_name")["value"]
    return (answer.status, answer.texts("p", role="alert"), kept) == (
        403,
        [STALE],
        ("Anna", "anna@example.com", "Bērziņa"),
    )


async def test_a_form_with_a_forged_form_token_makes_nothing_and_keeps_its_values(
    office: Office, site: Site, token: str
) -> None:
    visitor = site.visitor()
    form = await visitor.open_link(token)
    for form_token in ("", "forged", f"{'a' * 22}.{'0' * 64}", "x" * 5000, "ĀĒ.\x00"):
        assert is_refused_with_values_kept(await visitor.fill(form, form_token=form_token))
    assert await tally(office.engine) == sign_ups(0)


async def test_a_form_that_was_refused_for_its_form_token_can_be_sent_again(site: Site, token: str) -> None:
    visitor = site.visitor()
    form = await visitor.open_link(token)
    fresh = (await visitor.fill(form, form_token="forged")).field("form_token")["value"]
    answer = await visitor.fill(form, form_token=fresh)
    assert (answer.status, answer.location) == (303, "/courses")


async def test_a_form_without_a_form_token_makes_nothing(office: Office, site: Site, token: str) -> None:
    visitor = site.visitor()
    await visitor.open_link(token)
    assert is_refused_with_values_kept(await visitor.post(f"/s/{token}", a_learner()))
    assert await tally(office.engine) == sign_ups(0)


async def test_a_form_token_works_for_its_visitor_link_and_purpose_only(office: Office, site: Site, token: str) -> None:
    visitor, other = site.visitor(), site.visitor()
    form_tokens = [
        (await other.open_link(token)).token,
        (await visitor.open_link((await office.profile()).token)).token,
        (await visitor.open_form("/login")).token,
    ]
    form = await visitor.open_link(token)
    answers = [await visitor.fill(form, form_token=form_token) for form_token in form_tokens]
    assert all(map(is_refused_with_values_kept, answers))
    assert await tally(office.engine) == sign_ups(0)


async def test_a_browser_without_cookies_is_told_so(site: Site, token: str) -> None:
    visitor = site.visitor()
    form = await visitor.open_link(token)
    visitor.http.cookie_jar.clear()
    assert is_refused_with_values_kept(await visitor.fill(form))


async def test_a_log_in_with_a_strangers_form_token_logs_nobody_in(site: Site, token: str) -> None:
    await site.visitor().sign_up(token)
    form_token = (await site.visitor().open_form("/login")).token
    values = {"identifier": "anna@example.com", "password": "four quiet words here", "form_token": form_token}
    answer = await site.visitor().post("/login", values)
    assert (answer.status, answer.texts("p", role="alert"), "session" in answer.cookies) == (403, [STALE], False)


async def test_a_log_out_without_a_form_token_logs_nobody_out(site: Site, token: str) -> None:
    visitor = site.visitor()
    await visitor.sign_up(token)
    assert (await visitor.post("/logout", {})).status == 403
    assert (await visitor.get("/courses")).status == 200


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


async def test_what_another_site_sends_is_refused(office: Office, site: Site, token: str) -> None:
    visitor = site.visitor()
    form = await visitor.open_link(token)
    for headers in FOREIGN:
        values = {**a_learner(), "form_token": form.token}
        answers = [await visitor.post(path, values, **headers) for path in (form.path, "/login", "/logout")]
        assert [answer.status for answer in answers] == [403] * 3
    assert await tally(office.engine) == sign_ups(0)


async def test_what_our_own_pages_send_is_taken(engine: Engine, office: Office) -> None:
    token = (await office.profile()).token
    async with open_site(engine, public_url=SECURE) as site:
        ours = [{"Origin": site.address}, {"Origin": SECURE}, {"Sec-Fetch-Site": "same-origin"}]
        for headers in ours:  # with __Host- cookies, which this client would send over https only
            visitor = site.visitor(**headers)
            opened = await visitor.get(f"/s/{token}")
            cookie = {name: cookie["value"] for name, cookie in opened.cookies.items()}
            posted = await visitor.send(
                "POST", f"/s/{token}", data={"form_token": opened.field("form_token")["value"]}, cookies=cookie
            )
            assert posted.status == 422


async def test_cookies_over_http_are_kept_from_scripts_and_other_sites(site: Site, token: str) -> None:
    visitor = site.visitor()
    first = await visitor.get(f"/s/{token}")
    signed_up = await visitor.sign_up(token)
    assert (set(first.cookies), set(signed_up.cookies)) == ({"visitor"}, {"session", "device", "new"})
    for cookie in (first.cookies["visitor"], *signed_up.cookies.values()):
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
        assert not cookie["secure"]
    lasting = (first.cookies["visitor"], signed_up.cookies["session"], signed_up.cookies["device"])
    assert min(int(cookie["max-age"]) for cookie in lasting) >= 14 * 24 * 3600
    assert int(signed_up.cookies["new"]["max-age"]) == NEW_SECONDS


async def test_cookies_over_https_are_secure_and_bound_to_the_host(engine: Engine, office: Office) -> None:
    token = (await office.profile()).token
    async with open_site(engine, public_url=SECURE) as site:
        visitor = site.visitor()
        opened = await visitor.get(f"/s/{token}")
        signed_up = await visitor.send(
            "POST",
            f"/s/{token}",
            data={**a_learner(), "form_token": opened.field("form_token")["value"]},
            cookies={name: cookie["value"] for name, cookie in opened.cookies.items()},
        )
    assert set(opened.cookies) == {"__Host-visitor"}
    assert set(signed_up.cookies) == {"__Host-session", "__Host-device", "__Host-new"}
    for cookie in (opened.cookies["__Host-visitor"], *signed_up.cookies.values()):
        assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


async def test_strange_cookies_break_nothing(site: Site, token: str) -> None:
    for cookie in ("visitor=; session=", "session=" + "a" * 43, 'visitor="\\303\\251"; session=a b;;=', "x" * 4000):
        assert (await site.visitor().get(f"/s/{token}", Cookie=cookie)).status == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_page_with_a_secret_in_its_path_is_told_of_in_a_referrer(office: Office, site: Site) -> None:
    app = build_application(office.engine, settings_of(), SECRET, sandbox_token="1:a")
    paths = {route.resource.canonical for route in app.router.routes() if route.resource}
    named = {name for path in paths for name in re.findall(r"{(\w+)}", path)}
    public = {"copied", "course_id", "detail", "logo", "part", "s", "script", "style", "token", "user_id", "version"}
    assert named - public == {"code"}  # what else stands in a path is no secret
    secret = {path.replace("{code}", "a" * 43).replace("{part}", "code") for path in paths if "{code}" in path}
    assert {path.split("/")[1] for path in secret} == {"w", "password", "r", "confirm", "me", "m"}
    for path in secret:
        assert (await site.visitor().get(path)).headers["Referrer-Policy"] == "strict-origin"


HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "Gangway",
}


async def test_every_answer_has_the_security_headers(office: Office, site: Site, token: str) -> None:
    visitor = site.visitor()
    page = await visitor.get(f"/s/{token}")
    style = page.elements("link", rel="stylesheet")[0].attributes["href"]
    answers = {
        path: await visitor.get(path)
        for path in (f"/s/{token}", "/s/unknown", "/nowhere", "/courses", style, "/favicon.ico", "/robots.txt")
    }
    answers["a refused method"] = await visitor.send("DELETE", "/login")
    answers["a trace"] = await visitor.send("TRACE", "/login")
    answers["a refused form"] = await visitor.post("/login", {}, Origin="https://evil.example")
    answers["a sign-up"] = await visitor.sign_up(token)
    for answer in answers.values():
        assert answer.headers.items() >= HEADERS.items()
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "Strict-Transport-Security" not in answer.headers
    kept = {path for path, answer in answers.items() if answer.headers["Cache-Control"] != "no-store"}
    assert kept == {style, "/favicon.ico"}
    assert "immutable" in answers[style].headers["Cache-Control"]
    assert {answers[path].status for path in (style, "/favicon.ico", "/robots.txt")} == {200}
    assert [answers[path].status for path in ("/nowhere", "/courses", "a refused method", "a trace")] == [
        404,
        303,
        405,
        405,
    ]
    assert answers["a refused method"].headers["Allow"] == "GET,HEAD,POST"
    assert office.owner_id


async def test_over_https_browsers_are_told_to_stay_there(engine: Engine) -> None:
    async with open_site(engine, public_url=SECURE) as site:
        answer = await site.visitor().get("/healthz")
    assert re.fullmatch(r"max-age=\d{8}", answer.headers["Strict-Transport-Security"])


async def test_pages_load_nothing_from_elsewhere_and_run_no_scripts_but_a_known_one(site: Site, token: str) -> None:
    visitor = site.visitor()
    await visitor.sign_up(token)
    for path in (f"/s/{token}", "/login", "/courses", "/nowhere"):
        page = await visitor.get(path)
        scripts = ["".join(script.text) for script in page.elements("script")]
        assert all(hash_of(script) in page.headers["Content-Security-Policy"] for script in scripts)
        assert not [script for script in page.elements("script") if script.attributes]
        assert not re.search(r"\son\w+=|\sstyle=", page.body)
        assert all(link.attributes["href"].startswith("/") for link in page.elements("link"))
