"""The form's own fields: defined, ordered, filled in, unique where they must be; and the account's policies."""

from dataclasses import replace

import pytest

from core.domain.field_kinds import Kind
from core.domain.form_fields import CONSENT, SHOWN_VERSION, Newcomer, read_form
from core.engine import Engine
from core.errors import (
    ChoicesNeeded,
    FieldExists,
    FieldNotFound,
    InvalidDomain,
    InvalidForm,
    InvalidName,
    InvalidSeats,
    MailUnavailable,
    Problem,
)
from core.services import audit_log, form_fields, people, person_details, policies, redemption, sign_up_forms
from core.services.form_fields import FieldCard, FieldDraft
from core.services.person_details import Consent
from core.services.policies import PrivacyPolicy, Switch
from tests.support.account import FAST_HASH, Office
from tests.support.rows import the_form

PERSON = {"first_name": "Anna", "last_name": "Berzina", "email": "anna@example.com", "password": "a long secret"}


async def add(office: Office, label: str, kind: Kind = Kind.TEXT, *choices: str, required: bool = False) -> FieldCard:
    draft = FieldDraft(label=label, kind=kind, choices=choices, required=required)
    return await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())


async def fill(office: Office, email: str = "anna@example.com", **values: str) -> Newcomer:
    asked = await office.engine.read(the_form)
    shown = {SHOWN_VERSION: str(asked.consent_version or "")}
    return read_form({**PERSON, "email": email, **shown, **values}, asked, region="LV")


async def sign_up(office: Office, newcomer: Newcomer) -> int:
    card = await office.profile()
    made = redemption.SignUp(newcomer=newcomer, password_hash=FAST_HASH, form_key=f"form of {newcomer.email}")
    return (await office.engine.write(redemption.redeem, card.token, made, office.engine.now())).user_id


async def labels(office: Office) -> list[str]:
    return [card.label for card in await office.engine.read(form_fields.listing, office.owner_id)]


async def test_fields_stand_in_their_order_and_move(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    for label in ("Team", "Shift", "Badge"):
        await add(office, label)
    await engine.write(form_fields.move_field, owner, "badge", 1, engine.now())
    assert await labels(office) == ["Badge", "Team", "Shift"]
    await engine.write(form_fields.move_field, owner, "Badge", 99, engine.now())
    assert await labels(office) == ["Team", "Shift", "Badge"]
    asked = await engine.read(the_form)
    assert [field.label for field in asked.fields[-3:]] == ["Team", "Shift", "Badge"]


async def test_a_field_changes_but_for_its_kind_and_a_removed_ones_label_is_free(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await add(office, "Team")
    draft = FieldDraft(label="Crew", kind=Kind.NUMBER, required=True, at_sign_up=False)
    changed = await engine.write(form_fields.change_field, owner, "TEAM", draft, engine.now())
    assert changed == replace(card, label="Crew", required=True, at_sign_up=False)
    assert all(field.label is None for field in (await engine.read(the_form)).fields)
    assert (await engine.read(sign_up_forms.full_form, owner)).fields[-1].label == "Crew"
    assert await engine.write(form_fields.remove_field, owner, "crew", engine.now()) == "Crew"
    await add(office, "Crew")
    assert await labels(office) == ["Crew"]


async def test_a_field_that_cannot_be_is_refused(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await add(office, "Team")
    with pytest.raises(FieldExists):
        await add(office, "TEAM")
    with pytest.raises(InvalidName):
        await add(office, " ")
    for kind, choices in ((Kind.CHOICE, ()), (Kind.CHOICE, ("A", "a")), (Kind.TEXT, ("A", "B")), (Kind.PASSWORD, ())):
        with pytest.raises(ChoicesNeeded):
            await add(office, "Other", kind, *choices)
    with pytest.raises(FieldNotFound) as refused:
        await engine.write(form_fields.remove_field, owner, "Taem", engine.now())
    assert refused.value.nearest == ("Team",)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.TEXT, "  two   words ", "two words"),
        (Kind.NUMBER, "1,50", "1.5"),
        (Kind.NUMBER, "-0", "0"),
        (Kind.DATE, "2026-02-28", "2026-02-28"),
        (Kind.TIME, "9:30", "09:30"),
        (Kind.TIME, "18.45", "18:45"),
        (Kind.TIME, "00:00", "00:00"),
        (Kind.PHONE, "2000 0000", "+37120000000"),
        (Kind.CHOICE, "day", "Day"),
        (Kind.COUNTRY, "lv", "LV"),
        (Kind.COUNTRY, "Latvia", "LV"),
        (Kind.COUNTRY, "Латвия", "LV"),
        (Kind.COUNTRY, "letonia", "LV"),
        (Kind.COUNTRY, "USA", "US"),
    ],
)
async def test_what_is_filled_in_is_kept_in_one_form(office: Office, kind: Kind, typed: str, kept: str) -> None:
    card = await add(office, "Own", kind, *(("Day", "Night") if kind is Kind.CHOICE else ()))
    newcomer = await fill(office, **{f"custom_{card.field_id}": typed})
    assert newcomer.custom == {card.field_id: kept}


@pytest.mark.parametrize(
    ("kind", "typed", "problem"),
    [
        (Kind.NUMBER, "1e9", Problem.NOT_A_NUMBER),
        (Kind.NUMBER, "١٢", Problem.NOT_A_NUMBER),
        (Kind.DATE, "2026-02-30", Problem.NOT_A_DATE),
        (Kind.DATE, "28.02.2026", Problem.NOT_A_DATE),
        (Kind.TIME, "24:00", Problem.NOT_A_TIME),
        (Kind.TIME, "9:5", Problem.NOT_A_TIME),
        (Kind.TIME, "9:30 pm", Problem.NOT_A_TIME),
        (Kind.TIME, "९:30", Problem.NOT_A_TIME),
        (Kind.PHONE, "twelve", Problem.NOT_A_PHONE),
        (Kind.CHOICE, "Noon", Problem.NOT_A_CHOICE),
        (Kind.COUNTRY, "Atlantis", Problem.NOT_A_COUNTRY),
        (Kind.TEXT, "x" * 1001, Problem.TOO_LONG),
        (Kind.TEXT, " ", Problem.MISSING),
    ],
)
async def test_what_does_not_fit_a_field_is_named_with_its_problem(
    office: Office, kind: Kind, typed: str, problem: Problem
) -> None:
    choices = ("Day", "Night") if kind is Kind.CHOICE else ()
    card = await add(office, "Own", kind, *choices, required=True)
    with pytest.raises(InvalidForm) as refused:
        await fill(office, **{f"custom_{card.field_id}": typed})
    assert refused.value.problems == {f"custom_{card.field_id}": problem}


async def test_a_unique_value_belongs_to_one_person_until_they_are_deleted(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await add(office, "Badge", Kind.UNIQUE_TEXT)
    name = f"custom_{card.field_id}"
    first = await sign_up(office, await fill(office, **{name: "A-7"}))
    with pytest.raises(InvalidForm) as refused:
        await sign_up(office, await fill(office, "boris@example.com", **{name: "a-7"}))
    assert refused.value.problems == {name: Problem.TAKEN}
    await engine.write(people.delete, owner, first, engine.now())
    await sign_up(office, await fill(office, "boris@example.com", **{name: "a-7"}))


async def test_the_engine_holds_a_form_against_what_is_asked_now(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    filled = await fill(office)
    card = await add(office, "Team", required=True)
    await engine.write(policies.allow_domains, owner, ["example.org"], engine.now())
    await engine.write(policies.publish_privacy_policy, owner, "We keep little.", engine.now())
    with pytest.raises(InvalidForm) as refused:
        await sign_up(office, filled)
    assert refused.value.problems == {
        f"custom_{card.field_id}": Problem.MISSING,
        "email": Problem.DOMAIN_NOT_ALLOWED,
        CONSENT: Problem.CONSENT_MISSING,
    }


async def test_a_last_name_may_be_optional(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    with pytest.raises(InvalidForm) as refused:
        await fill(office, last_name=" ")
    assert refused.value.problems == {"last_name": Problem.MISSING}
    await engine.write(policies.switch, owner, Switch.LAST_NAME_REQUIRED, engine.now(), on=False)
    user_id = await sign_up(office, nameless := await fill(office, last_name=""))
    assert (await engine.read(people.card, owner, user_id)).name == "Anna"
    await engine.write(policies.switch, owner, Switch.LAST_NAME_REQUIRED, engine.now(), on=True)
    with pytest.raises(InvalidForm) as refused:
        await sign_up(office, replace(nameless, email="boris@example.com"))
    assert refused.value.problems == {"last_name": Problem.MISSING}


async def test_consent_is_to_one_version_of_the_policy(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    assert await engine.write(policies.publish_privacy_policy, owner, "First", engine.now()) == 1
    with pytest.raises(InvalidForm) as refused:
        await fill(office)
    assert refused.value.problems == {CONSENT: Problem.CONSENT_MISSING}
    agreed = await fill(office, consent="yes")
    assert await engine.write(policies.publish_privacy_policy, owner, "First", engine.now()) == 1
    assert await engine.write(policies.publish_privacy_policy, owner, "Second", engine.now()) == 2
    for late in (sign_up(office, agreed), fill(office, consent="yes", privacy_version="1")):
        with pytest.raises(InvalidForm) as refused:
            await late
        assert refused.value.problems == {CONSENT: Problem.CONSENT_OUTDATED}
    agreed_at = engine.now()
    user_id = await sign_up(office, await fill(office, consent="yes"))
    shown = await engine.read(person_details.show, owner, user_id, engine.now())
    assert shown.consent == Consent(version=2, at=agreed_at)
    assert await engine.write(policies.publish_privacy_policy, owner, " ", engine.now()) == 2
    assert (await engine.read(the_form)).consent_version is None


@pytest.mark.parametrize("version", ["", "0", "2", "1.0", "-1", "+1", "01x", "９", "1" * 30])
async def test_consent_to_no_version_or_one_that_does_not_exist_is_none(office: Office, version: str) -> None:
    await office.engine.write(policies.publish_privacy_policy, office.owner_id, "First", office.engine.now())
    with pytest.raises(InvalidForm) as refused:
        await fill(office, consent="yes", privacy_version=version)
    assert refused.value.problems.keys() == {CONSENT}


async def test_every_version_of_the_policy_is_kept_with_its_day(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    published = {}
    for number, text in enumerate(("First", "Second", "Second", "", "Second", "First"), start=1):
        published[number] = engine.now()
        await engine.write(policies.publish_privacy_policy, owner, text, engine.now())
    kept = [await engine.read(policies.privacy_policy, version) for version in (1, 2, 3, 4)]
    assert kept == [
        PrivacyPolicy(version=1, text="First", published_at=published[1], in_force=False),
        PrivacyPolicy(version=2, text="Second", published_at=published[2], in_force=False),
        PrivacyPolicy(version=3, text="First", published_at=published[6], in_force=True),
        None,
    ]
    assert await engine.read(policies.privacy_policy) == kept[2]


async def test_only_addresses_of_the_allowed_domains_sign_up(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    allowed = await engine.write(policies.allow_domains, owner, ["@Example.com", "bücher.example"], engine.now())
    assert allowed == ("example.com", "xn--bcher-kva.example")
    await fill(office, "anna@EXAMPLE.com")
    await fill(office, "anna@bücher.example")
    for email in ("anna@mail.example.com", "anna@example.org"):
        with pytest.raises(InvalidForm):
            await fill(office, email)
    with pytest.raises(InvalidDomain) as refused:
        await engine.write(policies.allow_domains, owner, [" no domain "], engine.now())
    assert refused.value.text == "no domain"


async def test_policies_are_shown_as_they_were_set_and_recorded(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    await engine.write(policies.switch, owner, Switch.STRONG_PASSWORDS, now, on=True)
    await engine.write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    await engine.write(policies.switch, owner, Switch.JOINING, now, on=True)
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    assert await engine.write(policies.limit_seats, owner, "30", now) == 30
    found = await engine.read(policies.policies, owner)
    assert (found.on, found.seats) == (frozenset(Switch), 30)
    entry = (await engine.read(audit_log.page, owner)).entries[0]
    assert (entry.action, entry.before, entry.after) == (
        audit_log.Action.POLICY_CHANGED,
        {"seats": None},
        {"seats": 30},
    )


async def test_a_policy_that_cannot_be_is_refused(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    with pytest.raises(MailUnavailable):
        await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=False)
    for text in ("0", "-1", "many", "1000001"):
        with pytest.raises(InvalidSeats):
            await engine.write(policies.limit_seats, owner, text, now)
    assert await engine.write(policies.limit_seats, owner, "unlimited", now) is None


async def test_an_added_person_fills_in_the_same_form(engine: Engine, office: Office) -> None:
    card = await add(office, "Team", required=True)
    newcomer = await fill(office, "boris@example.com", **{f"custom_{card.field_id}": "Red"})
    added = await engine.write(people.add, office.owner_id, newcomer, FAST_HASH, "Sales", engine.now())
    shown = await engine.read(person_details.show, office.owner_id, added.user_id, engine.now())
    assert [(each.label, each.value) for each in shown.filled] == [("Team", "Red")]
