"""A second form of a person who has an account or waits for one: which password works, and how to get in."""

from core.services import pending_sign_ups, people, waiting_sign_ups
from tests.support.account import Office
from tests.support.site import PASSWORD, Site, sign_ups, tally

OTHER = "quite another secret"
FIRST_HOLDS = (
    "You have sent this form before. Your password is still the one from before: "
    "the one that you have just entered was not saved."
)
NOT_SAVED = "Its password is still the one that was chosen before: the one that you have just entered was not saved."
RIGHT = "The password that you entered is right: it will work as soon as the account is active."


async def test_the_same_form_while_waiting_says_that_the_earlier_password_holds(approving: Office, site: Site) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await approving.profile()).token)
    first = await visitor.follow(await visitor.fill(form))
    again = await visitor.follow(await visitor.fill(form, password=OTHER))
    assert first.heading == again.heading == "Your account is waiting for approval"
    assert (FIRST_HOLDS in first.texts("p"), FIRST_HOLDS in again.texts("p")) == (False, True)


async def test_what_it_says_is_true_after_the_approval(approving: Office, site: Site) -> None:
    engine, visitor = approving.engine, site.visitor()
    form = await visitor.open_link((await approving.profile()).token)
    await visitor.fill(form)
    await visitor.fill(form, password=OTHER)
    [waits] = (await engine.read(waiting_sign_ups.listing, approving.owner_id, "", engine.now())).waiting
    await engine.write(pending_sign_ups.approve, approving.owner_id, waits.user_id, engine.now())
    assert (await visitor.log_in("anna@example.com", OTHER)).status == 422
    assert (await visitor.log_in("anna@example.com", PASSWORD)).location == "/courses"


async def test_a_form_from_elsewhere_is_answered_alike_for_whoever_waits_and_whoever_has_an_account(
    approving: Office, site: Site
) -> None:
    """So a stranger who tries addresses doesn't learn which of the two it is."""
    token = (await approving.profile()).token
    for email in ("waits@example.com", "anna@example.com"):
        here = site.visitor()
        await here.fill(await here.open_link(token), email)
    engine, owner = approving.engine, approving.owner_id
    found = (await engine.read(waiting_sign_ups.listing, owner, "anna", engine.now())).waiting
    await engine.write(pending_sign_ups.approve, owner, found[0].user_id, engine.now())
    answers = []
    for email in ("waits@example.com", "anna@example.com"):
        elsewhere = site.visitor()
        answers.append(await elsewhere.fill(await elsewhere.open_link(token), email, password=OTHER))
    assert [(answer.status, answer.heading) for answer in answers] == 2 * [(409, "You already have an account")]
    assert all(NOT_SAVED in answer.texts("p") for answer in answers)


async def test_whoever_waits_and_logs_in_with_the_right_password_is_told_so(approving: Office, site: Site) -> None:
    visitor = site.visitor()
    await visitor.fill(await visitor.open_link((await approving.profile()).token))
    answer = await visitor.follow(await visitor.log_in("anna@example.com", PASSWORD))
    assert answer.heading == "Your account is waiting for approval"
    assert RIGHT in answer.texts("p")
    wrong = await visitor.log_in("anna@example.com", OTHER)
    assert (wrong.status, wrong.heading) == (422, "Log in")


async def test_the_form_of_a_deleted_account_makes_a_new_one(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    first = await office.sign_up(card.token)
    await engine.write(people.delete, office.owner_id, first.user_id, engine.now())
    again = await office.sign_up(card.token)
    assert (again.repeated, again.user_id == first.user_id) == (False, False)
    assert (await office.sign_up(card.token)).user_id == again.user_id


async def test_whoever_was_deleted_is_led_to_a_form_and_not_to_the_log_in(office: Office, site: Site) -> None:
    """A page makes one account, so its form comes back with a token for another, filled in."""
    visitor, token = site.visitor(), (await office.profile()).token
    form = await visitor.open_link(token)
    await visitor.fill(form)
    user_id = await office.engine.read(people.find, office.owner_id, "anna@example.com")
    await office.engine.write(people.delete, office.owner_id, user_id, office.engine.now())
    answer = await visitor.fill(form, password=OTHER)
    assert answer.heading == "Create your account"
    assert (await visitor.sign_up(token)).location == "/courses"
    assert await tally(office.engine) == sign_ups(2)


async def test_whoever_was_declined_is_led_to_a_form_too(approving: Office, site: Site) -> None:
    engine, visitor, token = approving.engine, site.visitor(), (await approving.profile()).token
    form = await visitor.open_link(token)
    status_page = (await visitor.fill(form)).location
    [waits] = (await engine.read(waiting_sign_ups.listing, approving.owner_id, "", engine.now())).waiting
    await engine.write(pending_sign_ups.decline, approving.owner_id, waits.user_id, "", engine.now())
    assert (await visitor.fill(form)).heading == "Create your account"
    assert (await visitor.get(status_page)).heading == "You were not let in"
    again = await visitor.follow(await visitor.sign_up(token))
    assert again.heading == "Your account is waiting for approval"
    assert FIRST_HOLDS not in again.texts("p")
