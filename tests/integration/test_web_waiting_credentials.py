"""The address and the password of a sign-up that waits for an approval, changed on its status page."""

import pytest

from core.engine import Engine
from core.errors import SignUpNotPending
from core.services import audit_log, pending_sign_ups, policies, rosters, status_pages, waiting_sign_ups
from core.services.audit_log import Action
from core.services.confirmations import is_taken, mailed
from core.services.policies import Switch
from core.services.status_pages import Standing, StatusPage
from core.storage.tables import PendingSignUp
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.mail_server import SENDER
from tests.support.reminders import expect
from tests.support.rosters import let_only_expected, through
from tests.support.site import PASSWORD, Answer, Site, Visitor, open_site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MAIL_SERVER = "smtp://127.0.0.1:9"  # nothing is sent here
ANNA, RIGHT, OTHER = "anna@example.com", "anna@example.net", "five other quiet words"
HEADING = "Change your email or password"


async def wait(office: Office, visitor: Visitor, email: str = ANNA) -> tuple[str, int]:
    """Sign up; return the path of the status page and the user's number."""
    path = (await visitor.sign_up((await office.profile(name=email)).token, email)).location.partition("?")[0]
    user_id = (await page_of(office, path)).user_id
    assert user_id is not None
    return path, user_id


async def page_of(office: Office, path: str) -> StatusPage:
    return await office.engine.read(status_pages.find, path.removeprefix("/w/"), office.engine.now())


async def change(visitor: Visitor, path: str, **values: str) -> Answer:
    """Open the form by the link of the status page, and send it with what is entered."""
    assert "?change" in [each.attributes["href"] for each in (await visitor.get(path)).elements("a")]
    form = await visitor.open_form(f"{path}?change")
    return await visitor.post(f"{path}/change", {"form_token": form.token, "email": ANNA, "password": "", **values})


async def confirm(engine: Engine, visitor: Visitor, path: str, user_id: int, email: str) -> str:
    """Type the digits that were sent to an address; return where that leads."""
    made = await engine.write(mailed, user_id, email, engine.now())
    assert made is not None
    token = (await visitor.get(path)).elements("input", name="form_token")[0].attributes["value"]
    return (await visitor.post(f"{path}/code", {"form_token": token, "digits": made.digits})).location


async def approve(office: Office, user_id: int) -> None:
    await office.engine.write(pending_sign_ups.approve, office.owner_id, user_id, office.engine.now())


async def turn_on(office: Office, policy: Switch) -> None:
    engine = office.engine
    await engine.write(policies.switch, office.owner_id, policy, engine.now(), on=True, can_mail=True)


async def test_where_the_form_was_sent_both_are_changed_and_place_and_page_stay(approving: Office, site: Site) -> None:
    visitor = site.visitor()
    path, user_id = await wait(approving, visitor)
    before = await page_of(approving, path)
    assert not (await visitor.get(f"{path}?change")).elements("input", name="chosen")
    answer = await change(visitor, path, email=f" {RIGHT.upper()} ", password=OTHER)
    assert (answer.status, answer.location) == (303, f"{path}?note=changed")
    assert "Your change is saved." in (await visitor.follow(answer)).texts("p")
    after = await page_of(approving, path)
    assert (after.standing, after.email, after.until) == (Standing.APPROVAL, RIGHT, before.until)
    kept = await approving.engine.read(lambda session: session.get_one(PendingSignUp, user_id).announced)
    assert not kept  # who approves is told again, with the new address
    assert not (await visitor.get(f"{path}?change")).elements("input", name="chosen")  # it is known for what it changed
    assert (await change(visitor, path, email=RIGHT)).status == 303  # nothing
    await approve(approving, user_id)
    assert [(await site.visitor().log_in(ANNA, each)).status for each in (PASSWORD, OTHER)] == [422, 422]
    assert (await site.visitor().log_in(RIGHT, PASSWORD)).status == 422
    assert (await site.visitor().log_in(RIGHT, OTHER)).location == "/courses"


async def test_the_log_says_that_it_was_changed_and_keeps_no_name(approving: Office, site: Site) -> None:
    path, user_id = await wait(approving, visitor := site.visitor())
    await change(visitor, path, email=RIGHT, password=OTHER)
    entries = (await approving.engine.read(audit_log.page, approving.owner_id)).entries[:2]
    assert {(each.action, each.subject) for each in entries} == {
        (Action.DETAILS_CHANGED, f"#{user_id}"),
        (Action.PASSWORD_SET, f"#{user_id}"),
    }


@pytest.mark.deep
async def test_who_only_has_the_pages_address_needs_the_password_of_the_form(approving: Office, site: Site) -> None:
    await turn_on(approving, Switch.STRONG_PASSWORDS)
    path, user_id = await wait(approving, site.visitor())
    stranger = site.visitor()
    refused = await change(stranger, path, email="anna at", password="short")
    assert (refused.status, refused.heading) == (422, HEADING)
    wrong = {name for name in ("email", "password", "chosen") if "aria-invalid" in refused.field(name)}
    assert wrong == {"email", "password", "chosen"}  # in one round
    assert refused.field("email")["value"] == "anna at"
    for _ in range(9):
        refused = await change(stranger, path, email=RIGHT, password=OTHER, chosen="a guess")
        assert (refused.status, refused.field("chosen")["aria-invalid"]) == (422, "true")
    weak = await change(stranger, path, email=RIGHT, password="bērziņa1", chosen=PASSWORD)
    assert (weak.status, weak.field("password")["aria-invalid"]) == (422, "true")
    late = await change(stranger, path, email=RIGHT, password=OTHER, chosen=PASSWORD)
    assert (late.status, late.headers["Retry-After"], late.field("email")["value"]) == (429, "3600", RIGHT)
    assert (await page_of(approving, path)).email == ANNA
    await approve(approving, user_id)
    assert (await site.visitor().log_in(ANNA)).location == "/courses"


async def test_elsewhere_the_password_of_the_form_is_enough_and_is_asked_for_once(
    approving: Office, site: Site
) -> None:
    path, _ = await wait(approving, site.visitor())
    elsewhere = site.visitor()
    assert (await change(elsewhere, path, email=RIGHT, chosen=PASSWORD)).location == f"{path}?note=changed"
    assert not (await elsewhere.get(f"{path}?change")).elements("input", name="chosen")


async def test_a_taken_address_and_one_outside_the_domains_or_the_list_are_refused(
    approving: Office, site: Site
) -> None:
    engine, owner = approving.engine, approving.owner_id
    await wait(approving, site.visitor(), "taken@example.com")
    path, _ = await wait(approving, visitor := site.visitor())
    taken = await change(visitor, path, email="taken@example.com", password=OTHER)
    assert (taken.status, "Another account has this email address" in taken.body) == (422, True)
    await engine.write(policies.allow_domains, owner, ["example.com"], engine.now())
    assert "ends in @example.com" in (await change(visitor, path, email=RIGHT)).body
    await engine.write(policies.allow_domains, owner, [], engine.now())
    found = await engine.read(waiting_sign_ups.listing, owner, ANNA, engine.now())
    of = found.waiting[0].profile_id
    await expect(approving, of, ANNA)
    await engine.write(let_only_expected, owner, through(of), engine.now())
    unexpected = await change(visitor, path, email=RIGHT)
    assert (unexpected.status, unexpected.field("email")["value"]) == (403, RIGHT)
    await engine.write(rosters.let_everybody, owner, through(of), engine.now())
    assert (await page_of(approving, path)).email == ANNA
    statuses = [(await change(visitor, path, email="taken@example.com")).status for _ in range(20)]
    assert (statuses[0], statuses[-1]) == (422, 429)  # taken addresses can't be searched
    assert (await site.visitor().log_in(ANNA)).location.endswith("?note=right")  # the password stays, too


async def test_with_confirmation_on_a_new_address_is_confirmed_first_whoever_has_it(
    approving: Office, engine: Engine, clock: Clock
) -> None:
    async with open_site(engine, smtp_url=MAIL_SERVER, mail_from=SENDER) as site:
        await wait(approving, site.visitor(), "taken@example.com")
        path, user_id = await wait(approving, visitor := site.visitor())
        other_path, _ = await wait(approving, other := site.visitor(), "else@example.com")
        await turn_on(approving, Switch.EMAIL_CONFIRMATION)
        answers = [
            (await change(visitor, path, email="taken@example.com")).location.removeprefix(path),
            (await change(other, other_path, email="free@example.com")).location.removeprefix(other_path),
        ]
        assert answers == ["?note=sent"] * 2
        page = await page_of(approving, path)
        assert (page.standing, page.email) == (Standing.CONFIRMATION, "taken@example.com")
        assert page.until == clock.at.replace(day=clock.at.day + 1)
        with pytest.raises(SignUpNotPending):
            await approve(approving, user_id)
        assert not await engine.read(is_taken, ANNA)  # else a message to it would say that it has an account
        clock.advance(minutes=1)
        form = await visitor.open_form(f"{path}?change")
        back = {"form_token": form.token, "email": ANNA}
        assert (await visitor.post(f"{path}/address", back)).location == f"{path}?note=sent"
        led = await visitor.get(await confirm(engine, visitor, path, user_id, ANNA))
        assert led.heading == "Your account is waiting for approval"
        await approve(approving, user_id)
        assert (await site.visitor().log_in(ANNA)).location == "/courses"


async def test_however_often_the_address_is_changed_the_place_is_kept_for_eight_days_at_most(
    approving: Office, engine: Engine, clock: Clock
) -> None:
    async with open_site(engine, smtp_url=MAIL_SERVER, mail_from=SENDER) as site:
        path, user_id = await wait(approving, visitor := site.visitor())
        await turn_on(approving, Switch.EMAIL_CONFIRMATION)
        began = clock.at
        for number in range(4):
            clock.advance(days=1, hours=12)
            email = f"anna{number}@example.com"
            assert (await change(visitor, path, email=email)).location == f"{path}?note=sent"
            path = (await confirm(engine, visitor, path, user_id, email)).partition("?")[0]
        page = await page_of(approving, path)
        assert page.until is not None
        assert (page.until - began).days == 8


@pytest.mark.parametrize("ending", ["approved", "withdrawn"])
async def test_an_answer_that_came_first_wins(approving: Office, site: Site, ending: str) -> None:
    path, user_id = await wait(approving, visitor := site.visitor())
    form = await visitor.open_form(f"{path}?change")
    if ending == "approved":
        await approve(approving, user_id)
    else:
        await approving.engine.write(pending_sign_ups.withdraw, user_id, approving.engine.now())
    answer = await visitor.post(f"{path}/change", {"form_token": form.token, "email": RIGHT, "password": OTHER})
    assert answer.status == 303
    assert "Nothing was changed" not in (await visitor.follow(answer)).body, "the page says what came instead"
    assert (await site.visitor().log_in(RIGHT, OTHER)).status == 422


async def test_a_forged_form_changes_nothing_and_an_unknown_page_is_gone(approving: Office, site: Site) -> None:
    path, _ = await wait(approving, visitor := site.visitor())
    forged = await visitor.post(f"{path}/change", {"form_token": "forged", "email": RIGHT, "password": OTHER})
    assert (forged.status, forged.heading, forged.field("email")["value"]) == (403, HEADING, RIGHT)
    assert (await page_of(approving, path)).email == ANNA
    unknown = await visitor.post(f"/w/{'x' * 43}/change", {"form_token": "forged", "email": RIGHT})
    assert unknown.status == 410


async def test_that_nothing_can_be_changed_while_an_answer_can_be_undone_is_said(approving: Office, site: Site) -> None:
    engine = approving.engine
    path, user_id = await wait(approving, visitor := site.visitor())
    form = await visitor.open_form(f"{path}?change")
    await engine.write(lambda session: setattr(session.get_one(PendingSignUp, user_id), "declined_at", engine.now()))
    answer = await visitor.post(f"{path}/change", {"form_token": form.token, "email": RIGHT, "password": OTHER})
    page = await visitor.follow(answer)
    assert "Nothing was changed: this isn't possible just now. Look here again in ten minutes." in page.texts("p")
    assert (await page_of(approving, path)).email == ANNA
