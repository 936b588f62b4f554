from core.domain.alerts import Alert
from core.domain.logos import Logo
from core.domain.outbox import Kind
from core.domain.retention import Kept
from core.services import (
    account,
    alerts,
    audit_log,
    edited_messages,
    logos,
    page_settings,
    people,
    picture_themes,
    policies,
    retention,
    time_zone,
    unconfirmed,
)
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.services.time_zone import Keep
from tests.support.rich_account import LISTENER, MANAGER, NOBODY, OWNER, RECRUITER
from tests.support.scene import NOW, Scene


def settings(scene: Scene) -> None:
    scene.show(account.organisation)
    scene.show(account.set_up, OWNER)
    scene.show(account.set_up, MANAGER)
    for name in (" Himal  Ltd ", "", "H" * 100, "H" * 101, "a|b"):
        scene.show(account.rename, OWNER, name, NOW)
    for on in (True, False):
        scene.show(account.switch_sign_up, OWNER, NOW, on=on)
    scene.show(picture_themes.choose, OWNER, dark=True)
    scene.show(unconfirmed.listing, OWNER, NOW)
    scene.show(unconfirmed.listing, MANAGER, NOW)


def the_log(scene: Scene) -> None:
    scene.show(audit_log.page, OWNER)
    page = scene.do(audit_log.page, OWNER)
    while page.older_than is not None:
        scene.show(audit_log.page, OWNER, before=page.older_than)
        page = scene.do(audit_log.page, OWNER, before=page.older_than)
    scene.show(audit_log.page, MANAGER)
    scene.show(edited_messages.done_by, OWNER, range(1, 500))


def the_log_of_a_branch(scene: Scene) -> None:
    scene.do(policies.switch, OWNER, Switch.JOINING, NOW, on=True)
    scene.show(audit_log.page, OWNER, before=20)
    scene.show(audit_log.page, RECRUITER)


def policies_of_sign_up(scene: Scene) -> None:
    scene.show(policies.policies, OWNER)
    scene.show(policies.policies, MANAGER)
    for switch in Switch:
        for on in (True, False):
            scene.show(policies.switch, OWNER, switch, NOW, on=on)
            scene.show(policies.switch, OWNER, switch, NOW, on=on, can_mail=True)
    for domains in ((), ("Example.com", "EXAMPLE.org", "example.com"), ("no domain",), ("*.example.com",)):
        scene.show(policies.allow_domains, OWNER, domains, NOW)
    for seats in ("40", "41", "16", "1", "0", "unlimited", "many", "10000000000"):
        scene.show(policies.limit_seats, OWNER, seats, NOW)
    for text in ("We keep all.", "", "https://example.com/privacy", "W" * 20001, "We keep what you type."):
        scene.show(policies.publish_privacy_policy, OWNER, text, NOW)
    for version in (None, 1, 2):
        scene.show(policies.privacy_policy, version)


def pages(scene: Scene) -> None:
    scene.show(page_settings.page_settings, OWNER)
    scene.show(page_settings.page_settings, MANAGER)
    for setting, texts in (
        (PageSetting.LANGUAGE, ("es", "off", "Klingon", "")),
        (PageSetting.CONTACT, ("off", "desk@example.com", "C" * 200, "C" * 201, "")),
        (PageSetting.ACCENT, ("#123456", "123", "blue", "#ffffff", "off")),
        (PageSetting.WELCOME, ("off", "W" * 500, "W" * 501, "Hello\nthere")),
        (PageSetting.LOGIN, ("off", "optional", "required", "perhaps")),
        (PageSetting.PHONE, ("off", "optional", "required", "perhaps")),
        (PageSetting.JOB_TITLE, ("off", "optional", "required", "perhaps")),
        (PageSetting.CHALLENGE, ("off", "on", "auto", "always", "rush", "perhaps")),
    ):
        for text in texts:
            scene.show(page_settings.change, OWNER, setting, text, NOW)


def the_logo(scene: Scene) -> None:
    new = Logo(version="ba9876543210-40x20", content="iVBORw0KGgo=")
    scene.show(logos.logo, OWNER)
    scene.show(logos.change, OWNER, new, NOW)
    scene.show(logos.remove, OWNER, NOW)
    scene.show(logos.picture, "0123456789ab-20x20")
    scene.show(logos.picture, "other")
    undo = scene.do(logos.change, OWNER, new, NOW)
    scene.show(logos.undo, OWNER, undo or 0, NOW)
    scene.show(logos.undo, OWNER, NOBODY, NOW)
    scene.do(logos.remove, OWNER, NOW)
    scene.show(logos.undo, OWNER, undo or 0, NOW)
    scene.show(logos.remove, OWNER, NOW)


def time_zones(scene: Scene) -> None:
    for zone in ("Europe/Riga", "asia/kathmandu", "utc", "Kathmandu", "Mars", ""):
        scene.show(time_zone.preview, OWNER, zone, NOW)
        scene.show(time_zone.change, OWNER, zone, Keep.WALL_CLOCK, NOW)
    scene.show(time_zone.change, OWNER, "Europe/Riga", Keep.MOMENTS, NOW)
    scene.show(time_zone.change, OWNER, "Europe/Riga", Keep.MOMENTS, NOW, seen="old")


def alerting(scene: Scene) -> None:
    scene.show(alerts.alerts, OWNER)
    for alert in Alert:
        scene.show(alerts.switch, OWNER, alert, NOW, on=alert is Alert.PLACES_UNUSED)
    scene.show(alerts.seats, OWNER)
    scene.show(alerts.seats, MANAGER)
    for name in ("Autumn, sales", "Unused", "Removed"):
        scene.show(alerts.first_learner, OWNER, scene.profile(name))
    scene.show(alerts.first_learner, LISTENER, scene.profile("Unused"))
    for kind in (Kind.FIRST_LEARNER, Kind.PLACES_UNUSED, Kind.INTERRUPTED):
        scene.show(alerts.is_on, kind)
    for days in (0, 1, 10, 14, 28, 41, 42):
        scene.show(alerts.any_due, scene.later(days=days))
        scene.show(alerts.tell, scene.later(days=days))
        scene.show(alerts.sweep, scene.later(days=days))


def keeping_data(scene: Scene) -> None:
    scene.show(retention.retention, OWNER)
    for kept in Kept:
        for text in ("30", "0", "29", "3650", "3651", "for good", "off", "soon"):
            scene.show(retention.preview, OWNER, kept, text, NOW)
            scene.show(retention.change, OWNER, kept, text, NOW)
    scene.show(retention.change, OWNER, Kept.LISTS, "30", NOW, seen="old")
    for days in (1, 90, 91, 400):
        scene.show(retention.sweep_lists, scene.later(days=days))
    scene.do(retention.change, OWNER, Kept.NAMES, "30", NOW)
    for name in ("Gita", "Lena"):
        scene.do(people.delete, OWNER, scene.person(name), scene.later(days=-2))
    scene.show(retention.preview, OWNER, Kept.NAMES, "1", NOW)
    for days in (27, 28, 400):
        scene.show(retention.sweep_names, scene.later(days=days))
