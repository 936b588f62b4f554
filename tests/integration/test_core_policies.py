"""Policies of the account and settings of its pages: what they are, what is refused, and what the log says of them."""

from typing import Any

import pytest

from core.domain.access import Role
from core.domain.challenges import Challenge
from core.domain.page_settings import Asked
from core.errors import InvalidDomain, InvalidSeats, MailUnavailable, PageTextTooLong, Refusal
from core.services import account, audit_log, monitoring, page_settings, policies
from core.services.audit_log import Action
from core.services.page_settings import PageSetting, PageSettings
from core.services.policies import Policies, PrivacyPolicy, Switch
from core.storage import seats as seat_counter
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user

NOTHING_CHANGED = Policies(
    on=frozenset({Switch.LAST_NAME_REQUIRED}),
    email_domains=(),
    seats=None,
    active=1,
    privacy_policy=None,
    privacy_version=0,
)


async def switch(office: Office, policy: Switch, *, on: bool, can_mail: bool = False) -> None:
    await office.engine.write(policies.switch, office.owner_id, policy, office.engine.now(), on=on, can_mail=can_mail)


async def shown(office: Office) -> Policies:
    return await office.engine.read(policies.policies, office.owner_id)


async def changes(office: Office) -> list[tuple[Any, Any]]:
    """Give what the log says of policies, the newest first."""
    entries = (await office.engine.read(audit_log.page, office.owner_id)).entries
    return [(each.before, each.after) for each in entries if each.action is Action.POLICY_CHANGED]


async def refused(office: Office, use_case: Any, *arguments: Any) -> dict[str, object]:  # noqa: ANN401
    with pytest.raises(Refusal) as refusal:
        await office.engine.write(lambda session: use_case(session, office.owner_id, *arguments, office.engine.now()))
    return {"refusal": type(refusal.value), **vars(refusal.value)}


@pytest.mark.parametrize("policy", Switch)
async def test_a_policy_is_turned_on_and_off_alone_and_recorded_when_it_changes(office: Office, policy: Switch) -> None:
    usual = {Switch.LAST_NAME_REQUIRED}
    assert (await shown(office)).on == usual
    first = policy not in usual
    for _ in range(2):
        await switch(office, policy, on=first, can_mail=True)
    assert (await shown(office)).on == usual ^ {policy}
    await switch(office, policy, on=not first, can_mail=True)
    assert await shown(office) == NOTHING_CHANGED
    assert await changes(office) == [({policy: first}, {policy: not first}), ({policy: not first}, {policy: first})]


async def test_only_what_needs_mail_is_refused_without_it(office: Office) -> None:
    for policy in set(Switch) - {Switch.EMAIL_CONFIRMATION}:
        await switch(office, policy, on=True)
    with pytest.raises(MailUnavailable):
        await switch(office, Switch.EMAIL_CONFIRMATION, on=True)
    await switch(office, Switch.EMAIL_CONFIRMATION, on=False)


async def test_domains_are_kept_once_each_as_they_are_compared(office: Office) -> None:
    domains = ["Example.com", "@example.org", "example.com"]
    kept = await office.engine.write(policies.allow_domains, office.owner_id, domains, office.engine.now())
    assert kept == (await shown(office)).email_domains == ("example.com", "example.org")
    assert await changes(office) == [({"email_domains": []}, {"email_domains": ["example.com", "example.org"]})]
    assert (await refused(office, policies.allow_domains, ["no domain"]))["refusal"] is InvalidDomain


async def test_seats_are_a_number_or_none_and_the_active_are_counted(office: Office) -> None:
    await a_user(office.engine, Role.LEARNER)
    for text, seats in ((" 9 ", 9), ("1000000", 1_000_000), ("unlimited", None)):
        assert await office.engine.write(policies.limit_seats, office.owner_id, text, office.engine.now()) == seats
        found = await shown(office)
        assert (found.seats, found.active) == (seats, 2)
    assert await changes(office) == [
        ({"seats": 1_000_000}, {"seats": None}),
        ({"seats": 9}, {"seats": 1_000_000}),
        ({"seats": None}, {"seats": 9}),
    ]


@pytest.mark.parametrize("text", ["0", "1000001", "many"])
async def test_seats_that_are_refused_are_named_with_the_most(office: Office, text: str) -> None:
    expected = {"refusal": InvalidSeats, "text": text, "highest": 1_000_000}
    assert await refused(office, policies.limit_seats, f" {text} ") == expected


async def test_a_counter_of_seats_that_is_wrong_is_reported_with_what_is_right(office: Office) -> None:
    await office.engine.write(policies.limit_seats, office.owner_id, "9", office.engine.now())
    assert await office.engine.read(monitoring.miscounted_seats) is None
    await office.engine.write(seat_counter.give_back)
    found = await office.engine.read(monitoring.miscounted_seats)
    assert found == monitoring.MiscountedSeats(taken=0, active=1)


async def test_each_new_privacy_policy_is_a_version_and_earlier_ones_stay_readable(
    office: Office, clock: Clock
) -> None:
    async def publish(text: str) -> int:
        return await office.engine.write(policies.publish_privacy_policy, office.owner_id, text, clock())

    async def version(number: int | None = None) -> PrivacyPolicy | None:
        return await office.engine.read(lambda session: policies.privacy_policy(session, number))

    assert (await version(), await version(1)) == (None, None)
    first, later = clock(), clock.advance(days=1)
    clock.at = first
    assert [await publish(text) for text in (" Ours ", "Ours", "none", "Ours")] == [1, 1, 1, 1]
    clock.at = later
    assert await publish("Ours, too") == 2
    old = PrivacyPolicy(version=1, text="Ours", published_at=first, in_force=False)
    new = PrivacyPolicy(version=2, text="Ours, too", published_at=later, in_force=True)
    assert (await version(1), await version(2), await version(), await version(3)) == (old, new, new, None)
    found = await shown(office)
    assert (found.privacy_policy, found.privacy_version) == ("Ours, too", 2)
    assert await publish("") == 2
    assert (await version(), (await shown(office)).privacy_policy) == (None, None)
    asked = [(each["version"], each["asked"]) for _, each in await changes(office)]
    assert asked == [(2, False), (2, True), (1, True), (1, False), (1, True)]


SETTINGS = [
    (PageSetting.LANGUAGE, "Русский", "ru"),
    (PageSetting.CONTACT, " Ask  Olivia ", "Ask Olivia"),
    (PageSetting.ACCENT, "#ABC", "#aabbcc"),
    (PageSetting.WELCOME, "Welcome aboard", "Welcome aboard"),
    (PageSetting.LOGIN, "optional", Asked.OPTIONAL),
    (PageSetting.PHONE, "required", Asked.REQUIRED),
    (PageSetting.JOB_TITLE, "required", Asked.REQUIRED),
    (PageSetting.CHALLENGE, "on", Challenge.ALWAYS),
]


@pytest.mark.parametrize(("setting", "text", "value"), SETTINGS)
async def test_a_setting_of_the_pages_is_changed_alone_and_recorded(
    office: Office, setting: PageSetting, text: str, value: str
) -> None:
    async def settings() -> PageSettings:
        return await office.engine.read(page_settings.page_settings, office.owner_id)

    before = await settings()
    await office.set_page(setting, text)
    after = await settings()
    assert vars(after) == {**vars(before), setting.value: value}
    [(old, new)] = await changes(office)
    assert (old, new) == ({setting: vars(before)[setting.value]}, {setting: value})


async def test_pages_and_cards_show_the_language_contact_colour_and_name(office: Office) -> None:
    await office.engine.write(account.rename, office.owner_id, "Acme", office.engine.now())
    for setting, text, _ in SETTINGS[:3]:
        await office.set_page(setting, text)
    found = await office.engine.read(account.organisation)
    assert (found.name, found.language, found.contact, found.accent) == ("Acme", "ru", "Ask Olivia", "#aabbcc")


@pytest.mark.parametrize(("setting", "longest"), [(PageSetting.CONTACT, 200), (PageSetting.WELCOME, 300)])
async def test_a_line_of_the_pages_has_so_many_characters_at_most(
    office: Office, setting: PageSetting, longest: int
) -> None:
    await office.set_page(setting, "x" * longest)
    found = await office.engine.read(page_settings.page_settings, office.owner_id)
    assert vars(found)[setting.value] == "x" * longest
    with pytest.raises(PageTextTooLong) as refused:
        await office.set_page(setting, "x" * (longest + 1))
    assert vars(refused.value) == {"length": longest + 1, "longest": longest}
