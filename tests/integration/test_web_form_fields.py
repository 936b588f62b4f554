"""The account's own fields and policies on the sign-up page."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.services import field_translations, form_fields, policies
from core.services.field_translations import Translation
from core.services.form_fields import FieldDraft
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.storage.tables import LimitUse, User
from tests.support.account import Office
from tests.support.site import PASSWORD, Site, read_form, sign_ups, tally


async def add(office: Office, label: str, kind: Kind, *choices: str, required: bool = False) -> str:
    draft = FieldDraft(label=label, kind=kind, choices=choices, required=required)
    card = await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    return f"custom_{card.field_id}"


async def test_own_fields_are_asked_by_their_kind_and_kept_when_something_is_wrong(site: Site, office: Office) -> None:
    team = await add(office, "Team <b>", Kind.CHOICE, "Red", "Blue", required=True)
    country = await add(office, "Country", Kind.COUNTRY)
    day = await add(office, "First day", Kind.DATE)
    start = await add(office, "Starts at", Kind.TIME)
    visitor, token = site.visitor(), (await office.profile()).token
    shown = await visitor.get(f"/s/{token}")
    assert "Team &lt;b&gt;" in shown.body
    assert shown.field(country)["autocomplete"] == "country-name"  # no list of 260 countries, which weighs 12 KB
    assert f'name="{day}" type="date"' in shown.body
    assert f'name="{start}" type="time"' in shown.body
    refused = await visitor.sign_up(token, **{country: "Латвия"})
    assert (refused.status, refused.field(country)["value"]) == (422, "Латвия")
    assert refused.texts("a", href=f"#{team}") == ["Select an answer for “Team <b>”"]
    assert (
        await visitor.sign_up(token, **{team: "Blue", country: "Латвия", day: "2026-12-01", start: "09:30"})
    ).status == 303


async def test_fields_are_labelled_in_the_visitors_language_and_else_as_the_account_wrote_them(
    site: Site, office: Office
) -> None:
    engine, visitor, token = office.engine, site.visitor(), (await office.profile()).token
    draft = FieldDraft(label="Shirt", kind=Kind.CHOICE, choices=("S", "L"), hint="For <you>", required=True)
    card = await engine.write(form_fields.add_field, office.owner_id, draft, engine.now())
    for what, text in ((FieldText.LABEL, "Talla <b>"), (FieldText.CHOICES, "Pequeña, Grande")):
        typed = Translation(language="es", what=what, text=text)
        await engine.write(field_translations.translate, office.owner_id, card.field_id, typed, engine.now())
    name = f"custom_{card.field_id}"
    spanish, russian = [await visitor.get(f"/s/{token}?lang={code}") for code in ("es", "ru")]
    assert (spanish.texts("label", **{"for": name}), russian.texts("label", **{"for": name})) == (
        ["Talla <b>"],
        ["Shirt"],
    )
    assert {tuple(page.texts("p", id=f"{name}-hint")) for page in (spanish, russian)} == {("For <you>",)}
    assert spanish.texts("option", value="L") == ["Grande"]
    assert (await visitor.sign_up(token, **{name: "L"})).status == 303


async def test_consent_is_asked_with_the_policy_at_hand(site: Site, office: Office) -> None:
    visitor, token = site.visitor(), (await office.profile()).token
    assert (await visitor.get("/privacy")).status == 404
    text = "We keep <i>little</i>.\n\nFor long."
    await office.engine.write(policies.publish_privacy_policy, office.owner_id, text, office.engine.now())
    assert "<p>We keep &lt;i&gt;little&lt;/i&gt;.</p>" in (await visitor.get("/privacy")).body
    refused = await visitor.sign_up(token)
    assert refused.status == 422
    assert "Confirm that you agree to the privacy policy" in refused.body
    assert (await visitor.sign_up(token, consent="yes")).status == 303


async def publish(office: Office, text: str) -> None:
    await office.engine.write(policies.publish_privacy_policy, office.owner_id, text, office.engine.now())


async def test_a_policy_that_changed_while_the_form_was_open_is_agreed_to_anew(site: Site, office: Office) -> None:
    visitor, token = site.visitor(), (await office.profile()).token
    await publish(office, "We keep little.")
    form = await visitor.open_link(token)
    await publish(office, "We keep more.")
    refused = await visitor.fill(form, consent="yes")
    assert (refused.status, await tally(office.engine)) == (422, sign_ups(0))
    assert refused.texts("p", id="consent-problem") == [
        "The privacy policy has changed. Read it, and confirm that you agree to it"
    ]
    assert refused.field("first_name")["value"] == "Anna"
    assert "checked" not in refused.field("consent")
    assert refused.elements("a", href="/privacy/2")
    again = read_form(form.path, refused)
    assert (await visitor.fill(again, consent="yes")).status == 303
    assert await consents(office) == [2]


async def test_a_consent_stays_ticked_when_something_else_is_wrong(site: Site, office: Office) -> None:
    visitor, token = site.visitor(), (await office.profile()).token
    await publish(office, "We keep little.")
    refused = await visitor.sign_up(token, consent="yes", first_name="")
    assert "checked" in refused.field("consent")


async def test_a_policy_that_is_new_since_the_form_was_opened_is_asked(site: Site, office: Office) -> None:
    visitor, token = site.visitor(), (await office.profile()).token
    form = await visitor.open_link(token)
    await publish(office, "We keep little.")
    refused = await visitor.fill(form, consent="yes")
    assert refused.texts("p", id="consent-problem") == ["Confirm that you agree to the privacy policy"]


async def test_a_form_sent_again_after_the_policy_changed_keeps_the_consent_that_was_given(
    site: Site, office: Office
) -> None:
    visitor, token = site.visitor(), (await office.profile()).token
    await publish(office, "We keep little.")
    form = await visitor.open_link(token)
    assert (await visitor.fill(form, consent="yes")).status == 303
    await publish(office, "We keep more.")
    assert (await visitor.fill(form, consent="yes")).location == "/courses"
    assert (await consents(office), await tally(office.engine)) == ([1], sign_ups(1))


async def test_every_version_of_the_policy_has_a_page(site: Site, office: Office) -> None:
    visitor = site.visitor()
    await publish(office, "We keep little.")
    await publish(office, "We keep more.")
    for path, text, is_earlier in (
        ("/privacy", "We keep more.", False),
        ("/privacy/2", "We keep more.", False),
        ("/privacy/1", "We keep little.", True),
    ):
        page = await visitor.get(path)
        assert (page.status, text in page.texts("p")) == (200, True)
        assert ("This is an earlier version." in page.body) == is_earlier
        assert bool(page.elements("a", href="/privacy")) == is_earlier
    await publish(office, "")
    assert not (await visitor.get("/privacy/1")).elements("a", href="/privacy")
    found = [(await visitor.get(path)).status for path in ("/privacy", "/privacy/1", "/privacy/3", "/privacy/0")]
    assert found == [404, 200, 404, 404]


async def consents(office: Office) -> list[int | None]:
    """The versions that learners agreed to."""

    def versions(session: Session) -> list[int | None]:
        query = select(User.consent_version).where(User.role == Role.LEARNER, User.consent_at.is_not(None))
        return list(session.scalars(query))

    return await office.engine.read(versions)


async def test_a_password_that_is_easy_to_guess_is_refused_where_the_account_does(site: Site, office: Office) -> None:
    token = (await office.profile()).token
    await office.engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, office.engine.now(), on=True)
    for guessable in ("passwordsales", "password!1"):
        refused = await site.visitor().sign_up(token, password=guessable)
        assert refused.status == 422
        assert "Enter a password that is harder to guess" in refused.body
    assert (await site.visitor().sign_up(token, password="violet teapot runs slowly")).status == 303


@pytest.mark.parametrize("password", ["12345678", "Password1"])
async def test_a_common_password_is_refused_everywhere(site: Site, office: Office, password: str) -> None:
    refused = await site.visitor().sign_up((await office.profile()).token, password=password)
    assert refused.status == 422
    assert "Enter a password that is harder to guess" in refused.body
    assert (await tally(office.engine)).learners == 0


async def test_a_last_name_may_be_optional(site: Site, office: Office) -> None:
    token, now = (await office.profile()).token, office.engine.now()
    assert (await site.visitor().sign_up(token, last_name="")).status == 422
    await office.engine.write(policies.switch, office.owner_id, Switch.LAST_NAME_REQUIRED, now, on=False)
    shown = await site.visitor().get(f"/s/{token}")
    assert '<label for="last_name">Last name <span class="optional">(optional)</span></label>' in shown.body
    assert (await site.visitor().sign_up(token, last_name="")).status == 303


async def test_who_waits_for_an_approval_is_told_so_and_again_when_the_form_is_sent_again(
    site: Site, office: Office
) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    form = await visitor.open_link(token)
    for _ in range(2):
        answer = await visitor.follow(await visitor.fill(form))
        assert answer.heading == "Your account is waiting for approval"
    assert (await visitor.get("/courses")).status == 303


async def test_who_finds_no_seat_is_told_so(site: Site, office: Office) -> None:
    token = (await office.profile()).token
    await office.engine.write(policies.limit_seats, office.owner_id, "1", office.engine.now())
    visitor = site.visitor()
    answer = await visitor.follow(await visitor.sign_up(token))
    assert answer.heading == "Your account isn't active yet"


async def test_all_that_is_wrong_is_said_in_one_round(site: Site, office: Office) -> None:
    badge = await add(office, "Badge", Kind.UNIQUE_TEXT)
    number = await add(office, "Locker", Kind.UNIQUE_TEXT)
    await office.set_page(PageSetting.LOGIN, "optional")
    await office.engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, office.engine.now(), on=True)
    await office.engine.write(policies.allow_domains, office.owner_id, ["example.com"], office.engine.now())
    token = (await office.profile()).token
    await site.visitor().sign_up(token, login="anna", **{badge: "A-1", number: "7"})
    wrong = {"first_name": "", "phone": "12", "login": "Anna", "password": "password1", badge: "a-1", number: "7"}
    refused = await site.visitor().sign_up(token, "boris@example.org", **wrong)
    assert refused.status == 422
    assert {
        each.attributes["id"].removesuffix("-problem") for each in refused.elements("p", **{"class": "problem"})
    } == {
        *wrong,
        "email",
    }
    typed = {"phone": "+371 20000000", "login": "boris", "password": PASSWORD, badge: "B-1", number: "8"}
    assert (await site.visitor().sign_up(token, "boris@example.com", **typed)).status == 303


@pytest.mark.deep
async def test_a_form_with_mistakes_counts_if_it_could_tell_what_others_have(site: Site, office: Office) -> None:
    badge = await add(office, "Badge", Kind.UNIQUE_TEXT)
    await office.ask_no_proof()  # it would be asked for before
    token, visitor = (await office.profile()).token, site.visitor()
    form = await visitor.open_link(token)
    answers = [await visitor.fill(form, first_name="", **{badge: str(number)}) for number in range(302)]
    assert [answer.status for answer in answers[299:]] == [422, 422, 422]
    assert await counted(office) == 300


async def counted(office: Office) -> int:
    """How many attempts of the network were counted."""
    return await office.engine.read(lambda session: max(session.scalars(select(LimitUse.attempts))))
