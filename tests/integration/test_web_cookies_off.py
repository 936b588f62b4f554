"""Forms in a browser that keeps no cookie: the second time it is told so, with the address to open elsewhere."""

from collections.abc import Mapping

import pytest

from core.services import email_changes, password_links, policies, telegram_connections
from core.services.confirmations import Addressee
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.confirmed import mailed
from tests.support.mail_server import SENDER
from tests.support.site import Answer, Site, Visitor, a_learner, open_site

# What pages say doesn't depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STALE = "This page was open for too long, or cookies are off. Send the form again."
OFF = (
    "Your browser keeps no cookies, and the form needs one. "
    "Turn them on for this page, or open this link in another browser: http://127.0.0.1:8080"
)


async def sent(visitor: Visitor, shown: Answer, action: str, values: Mapping[str, str]) -> Answer:
    """Send the form of a page, as a browser does that has kept no cookie of it."""
    visitor.http.cookie_jar.clear()
    hidden = {each.attributes["name"]: each.attributes["value"] for each in shown.elements("input", type="hidden")}
    return await visitor.post(action, {**hidden, **values})


async def is_told(site: Site, page: str, action: str = "", leads_to: str = "", **values: str) -> None:
    """Send a page's form twice without cookies, and compare what is said, and kept of what was typed."""
    visitor, action = site.visitor(), action or page
    first = await sent(visitor, await visitor.get(page), action, values)
    assert (first.status, first.texts("p", role="alert")) == (403, [STALE])
    assert first.elements("form")
    second = await sent(visitor, first, action, values)
    assert (second.status, second.texts("p", role="alert")) == (403, [f"{OFF}{leads_to or page}"])
    shown = {each.attributes.get("name"): each.attributes.get("value") for each in second.elements("input")}
    assert shown.items() >= values.items()


async def test_the_forms_of_who_is_not_logged_in_say_so(office: Office, site: Site) -> None:
    token = (await office.profile(limit="1")).token
    anna = (await office.sign_up(token)).user_id
    code = (await office.engine.write(password_links.make, office.owner_id, anna, office.engine.now())).code
    await is_told(site, "/login", identifier="anna@example.com")
    await is_told(site, "/password", identifier="anna@example.com")
    await is_told(site, f"/password/{code}")
    await is_told(site, f"/s/{token}", action=f"/s/{token}/ask", first_name="Egon", message="Please")


async def test_the_forms_of_who_waits_for_an_approval_say_so(approving: Office, site: Site) -> None:
    waiting = (await site.visitor().sign_up((await approving.profile()).token)).location
    await is_told(site, f"{waiting}?withdraw", action=waiting, leads_to=waiting)
    await approving.engine.write(telegram_connections.remember_bot, "gangway_bot")
    await is_told(site, waiting, action=f"{waiting}/telegram", leads_to=waiting)


async def test_the_forms_by_which_an_address_is_confirmed_say_so(office: Office) -> None:
    engine, now, new = office.engine, office.engine.now(), "anna@example.org"
    card = await office.profile()
    anna = (await office.sign_up(card.token)).user_id
    await engine.write(email_changes.ask, anna, new, Addressee(language="en", pseudonym=new), now)
    change = await engine.write(email_changes.mailed, anna, new, now)
    assert change is not None
    await engine.write(policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    waits = (await office.sign_up(card.token, "dina@example.com")).user_id
    link = f"/confirm/{(await mailed(engine, waits, 'dina@example.com')).code}"
    async with open_site(engine, smtp_url="smtp://127.0.0.1:1", mail_from=SENDER) as site:
        page = (await site.visitor().sign_up(card.token, "boris@example.com")).location
        for path in (link, f"/me/email/{change.code}"):
            await is_told(site, path)
        await is_told(site, page, action=f"{page}/again", leads_to=page)
        await is_told(site, page, action=f"{page}/code", leads_to=page, digits="123456")
        await is_told(site, f"{page}?change", action=f"{page}/address", leads_to=page, email="boris@example.org")


async def test_who_keeps_cookies_but_sends_another_ones_token_is_not_told_that_they_are_off(
    office: Office, site: Site
) -> None:
    token = (await office.profile()).token
    visitor = site.visitor()
    for path, values in ((f"/s/{token}", a_learner()), ("/login", {"identifier": "anna"})):
        await visitor.get(path)
        answer = await visitor.post(path, {**values, "form_token": "another's", "retried": "1"})
        assert answer.texts("p", role="alert") == [STALE]
