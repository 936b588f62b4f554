"""The account's own fields and policies on the sign-up page."""

from core.domain.field_kinds import Kind
from core.services import form_fields, policies
from core.services.form_fields import FieldDraft
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.site import Site


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
    assert f'<select id="{country}" name="{country}" autocomplete="country"' in shown.body
    assert f'name="{day}" type="date"' in shown.body
    assert f'name="{start}" type="time"' in shown.body
    refused = await visitor.sign_up(token, **{country: "LV"})
    assert refused.status == 422
    assert '<option value="LV" selected>' in refused.body
    assert refused.texts("a", href=f"#{team}") == ["Select an answer for “Team <b>”"]
    assert (
        await visitor.sign_up(token, **{team: "Blue", country: "LV", day: "2026-12-01", start: "09:30"})
    ).status == 303


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


async def test_a_password_that_is_easy_to_guess_is_refused_where_the_account_does(site: Site, office: Office) -> None:
    token = (await office.profile()).token
    await office.engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, office.engine.now(), on=True)
    refused = await site.visitor().sign_up(token, password="password1")
    assert refused.status == 422
    assert "Enter a password that is harder to guess" in refused.body
    assert (await site.visitor().sign_up(token, password="violet teapot runs slowly")).status == 303


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
    for _ in range(2):
        answer = await visitor.sign_up(token)
        assert answer.status == 200
        assert "Your account is waiting for approval" in answer.body
    assert (await visitor.get("/courses")).status == 303


async def test_who_finds_no_seat_is_told_so(site: Site, office: Office) -> None:
    token = (await office.profile()).token
    await office.engine.write(policies.limit_seats, office.owner_id, "1", office.engine.now())
    answer = await site.visitor().sign_up(token)
    assert answer.status == 200
    assert answer.heading == "Your account isn't active yet"
