from core.domain.access import UserState
from core.domain.init_data import InitData
from core.services import (
    confirmations,
    email_changes,
    joining,
    kept_places,
    letters,
    mini_app,
    own_details,
    policies,
    portal,
    redemption,
    sessions,
    sign_up_page,
    status_pages,
    telegram_connections,
    waiting_credentials,
)
from core.services.confirmations import Addressee
from core.services.policies import Switch
from core.services.sessions import Browser
from core.services.sign_up_page import FormContext
from core.services.waiting_credentials import Change
from tests.support.account import FAST_HASH
from tests.support.rich_account import OWNER, a_form, signs_up, token_of
from tests.support.scene import NOW, Scene

EVERY_LINK = ("Autumn, sales", "Full house", "Long gone", "Not yet", "On hold", "Nordic", "Removed", "Unused")
TO = Addressee(language="es", pseudonym="somebody")
BROWSER = Browser(device="Firefox, Linux")


def the_page(scene: Scene) -> None:
    for name in EVERY_LINK:
        token = token_of(scene, name)
        scene.show(sign_up_page.view, token)
        scene.show(sign_up_page.preview, token, NOW)
        scene.show(sign_up_page.places_left, token, NOW)
        scene.show(sign_up_page.check_still_open, token, "a form", NOW)
    labelled = token_of(scene, "Autumn, sales", "poster")
    scene.show(sign_up_page.view, labelled)
    scene.show(sign_up_page.preview, labelled, scene.later(days=60))
    scene.show(sign_up_page.preview, "guessed", NOW)
    scene.show(sign_up_page.preview_with_place, token_of(scene, "Full house"), "guessed", NOW)


def the_form(scene: Scene) -> None:
    token = token_of(scene, "Autumn, sales")
    full = {
        "first_name": "Nora",
        "last_name": "New, Jr",
        "email": "NORA@example.com",
        "password": "a long secret",
        "custom_1": "Team N",
        "custom_2": "late",
        "consent": "yes",
        "privacy_version": "1",
    }
    for changed in (
        {},
        {"email": "anna@example.com"},
        {"email": "no address"},
        {"login": "anna"},
        {"password": "short"},
        {"password": "password1"},
        {"custom_2": "Never"},
        {"consent": ""},
        {"privacy_version": "9"},
        {"first_name": "N" * 101},
        dict.fromkeys(full, ""),
    ):
        scene.show(sign_up_page.examine, token, full | changed, "a form", (), NOW)
    scene.show(sign_up_page.examine, token, full, "a form", (), NOW, context=FormContext(can_mail=True))
    scene.show(sign_up_page.examine, token_of(scene, "Full house"), full, "a form", (), NOW)


def signing_up(scene: Scene) -> None:
    for name in EVERY_LINK:
        scene.show(redemption.redeem_and_log_in, token_of(scene, name), a_form(scene, "Nora"), NOW, browser=BROWSER)
    token = token_of(scene, "Autumn, sales")
    scene.show(redemption.redeem, token, a_form(scene, "Anna"), NOW)
    scene.show(redemption.redeem, token, a_form(scene, "Mira"), NOW)
    scene.show(redemption.redeem, token_of(scene, "Autumn, sales", "poster"), a_form(scene, "Nora"), NOW)
    scene.show(redemption.redeem, "guessed", a_form(scene, "Nora"), NOW)
    scene.show(redemption.redeem, token, a_form(scene, "Nora"), scene.later(days=60))
    for switch in (Switch.APPROVAL, Switch.EMAIL_CONFIRMATION):
        with scene.apart():
            scene.do(policies.switch, OWNER, switch, NOW, on=True, can_mail=True)
            scene.show(redemption.redeem, token, a_form(scene, "Nora"), NOW)
            scene.show(redemption.redeem, token, a_form(scene, "Anna"), NOW)
            scene.do(redemption.redeem, token, a_form(scene, "Nora"), NOW)
            scene.show(redemption.redeem, token, a_form(scene, "Nora"), NOW)
    for name in ("Otto", "Paula", "Quentin"):
        signs_up(scene, name, "Autumn, sales", NOW)
    scene.show(redemption.redeem, token, a_form(scene, "Nora"), NOW)
    scene.do(policies.limit_seats, OWNER, "1", NOW)
    scene.show(redemption.redeem, token_of(scene, "Unused"), a_form(scene, "Nora"), NOW)


def confirming(scene: Scene) -> None:
    umesh = scene.person("Umesh")
    scene.show(confirmations.mailed, umesh, "umesh@example.com", NOW)
    scene.show(confirmations.mailed, umesh, "other@example.com", NOW)
    scene.show(confirmations.is_taken, "ANNA@example.com")
    page = scene.do(status_pages.begin, umesh, NOW)
    mailed = scene.do(confirmations.mailed, umesh, "umesh@example.com", NOW)
    assert mailed is not None
    for moment in (NOW, scene.later(days=9)):
        scene.show(confirmations.find, mailed.code, moment)
        scene.show(confirmations.confirm, mailed.code, moment, browser=BROWSER)
        scene.show(confirmations.confirm_by_digits, page, mailed.digits, moment)
        scene.show(confirmations.send_again, page, TO, moment)
        scene.show(confirmations.credentials, page, moment)
        scene.show(confirmations.of_page, page, moment)
    scene.show(confirmations.confirm, "guessed", NOW)
    scene.show(confirmations.confirm_by_digits, page, "000000", NOW)
    scene.do(policies.switch, OWNER, Switch.APPROVAL, NOW, on=True)
    scene.show(confirmations.confirm, mailed.code, NOW)
    for number in range(1, 8):
        scene.show(letters.begin, number, "a test", NOW)


def status(scene: Scene) -> None:
    for name in ("Wanda", "Umesh", "Anna"):
        number = scene.person(name)
        scene.show(status_pages.begin, number, NOW, mail_in="es")
        code = scene.do(status_pages.begin, number, NOW)
        scene.show(status_pages.resume, number, NOW, mail_in="es")
        for moment in (NOW, scene.later(days=60)):
            scene.show(status_pages.find, code, moment)
            scene.show(status_pages.withdraw, code, moment)
        scene.show(waiting_credentials.find, code, NOW)
        for email, password in (("other@example.com", None), (f"{name}@example.com", FAST_HASH), ("no", None)):
            scene.show(waiting_credentials.change, code, Change(email=email, password_hash=password, to=TO), NOW)
            scene.show(waiting_credentials.change_address, code, email, TO, NOW)
        scene.show(waiting_credentials.change_address, code, "anna@example.com", TO, NOW)
    scene.show(status_pages.find, "guessed", NOW)
    scene.show(status_pages.sweep, scene.later(days=400))
    scene.show(kept_places.is_kept, "guessed", 2, NOW)
    scene.show(kept_places.give_up, "guessed", 2, "nora@example.com", NOW)


def log_ins(scene: Scene) -> None:
    for who in ("anna@example.com", "ANNA", "elena@example.com", "wanda@example.com", "lena@example.com", "nobody"):
        scene.show(sessions.credentials, who)
    anna = scene.person("Anna")
    scene.show(sessions.start, anna, NOW, browser=BROWSER)
    token = scene.do(sessions.start, anna, NOW, browser=BROWSER)
    for days in (0, 1, 29, 30, 31, 400):
        scene.show(sessions.find, token, scene.later(days=days))
        scene.show(sessions.renew, token, scene.later(days=days))
        scene.show(portal.find, token, scene.later(days=days))
        scene.show(sessions.sweep, scene.later(days=days))
    scene.show(own_details.find, token, NOW)
    scene.show(sessions.end, token)
    scene.show(sessions.end, "guessed")
    scene.show(sessions.start, anna, NOW, browser=Browser(device="Safari", earlier=token))
    other = scene.do(sessions.start, scene.person("Boris"), NOW)
    scene.show(portal.find, other, NOW)
    scene.show(own_details.find, other, NOW)


def own_data(scene: Scene) -> None:
    anna = scene.person("Anna")
    for name, posted in (
        ("phone", {"phone": "+371 2000 0006"}),
        ("phone", {"phone": "12"}),
        ("name", {"first_name": "Annika", "last_name": "Learner"}),
        ("first_name", {"first_name": "Annika, Dr"}),
        ("first_name", {"first_name": ""}),
        ("custom_1", {"custom_1": "Team B"}),
        ("custom_2", {"custom_2": "Never"}),
        ("custom_3", {"custom_3": "A9"}),
        ("login", {"login": "boris"}),
        ("login", {"login": "annika"}),
    ):
        scene.show(own_details.change, anna, name, posted, NOW)
    for email in ("annika@example.com", "boris@example.com", "anna@example.com", "no address"):
        scene.show(own_details.change_email, anna, email, NOW)
        scene.show(email_changes.ask, anna, email, TO, NOW)
    scene.show(own_details.change_password, anna, FAST_HASH, NOW, mail_in="es")
    scene.show(own_details.change_language, anna, "ru")
    scene.show(own_details.end_log_ins, anna)
    scene.show(email_changes.give_up, anna)
    scene.show(email_changes.mailed, anna, "anna.new@example.com", NOW)
    mailed = scene.do(email_changes.mailed, anna, "anna.new@example.com", NOW)
    assert mailed is not None
    for moment in (NOW, scene.later(days=9)):
        scene.show(email_changes.find, mailed.code, moment)
        scene.show(email_changes.confirm, mailed.code, moment, mail_in="es")
    scene.show(email_changes.confirm, "guessed", NOW)
    scene.show(email_changes.sweep, scene.later(days=60))


def joining_another_way(scene: Scene) -> None:
    scene.do(policies.switch, OWNER, Switch.JOINING, NOW, on=True)
    for name in ("Anna", "Farid", "Elena", "Wanda"):
        for link in ("Autumn, sales", "Unused", "Full house", "Long gone"):
            scene.show(joining.offer, scene.person(name), token_of(scene, link), NOW)
            scene.show(joining.join, scene.person(name), token_of(scene, link), NOW)
    scene.show(joining.offer, scene.person("Farid"), "guessed", NOW)
    scene.do(policies.switch, OWNER, Switch.JOINING, NOW, on=False)
    scene.show(joining.offer, scene.person("Farid"), token_of(scene, "Unused"), NOW)
    scene.show(joining.join, scene.person("Farid"), token_of(scene, "Unused"), NOW)


def in_telegram(scene: Scene) -> None:
    anna = scene.person("Anna")
    scene.show(telegram_connections.link, anna, NOW)
    code = (scene.do(telegram_connections.link, anna, NOW) or "").rpartition("=")[2]
    for moment in (NOW, scene.later(days=9)):
        scene.show(telegram_connections.is_open, code, moment)
        scene.show(telegram_connections.accept, code, 2009, "de", moment)
    scene.show(telegram_connections.accept, code, 2001, "de", NOW)
    scene.show(telegram_connections.accept, "guessed", 2009, "de", NOW)
    for number in (2001, 2009, 1001, None):
        scene.show(telegram_connections.is_connected, number)
    scene.show(telegram_connections.find, 2001)
    scene.show(telegram_connections.stop, 2001)
    scene.show(telegram_connections.disconnect, scene.person("Boris"))
    for state in (UserState.ACTIVE, UserState.PENDING):
        scene.show(telegram_connections.connect_visitor, "guessed", anna, state, NOW)
    scene.show(telegram_connections.welcome, scene.person("Boris"), NOW)
    for hours in (0, 1, 24):
        scene.show(telegram_connections.any_new_courses, scene.later(hours=hours))
        scene.show(telegram_connections.announce_courses, scene.later(hours=hours))
    scene.show(telegram_connections.tell_declined, scene.person("Boris"), NOW)


def in_the_mini_app(scene: Scene) -> None:
    for telegram_id in (2001, 2009, 1001):
        for moment in (NOW, scene.later(days=-1), scene.later(minutes=-5)):
            data = InitData(
                telegram_id=telegram_id,
                first_name="Nora",
                last_name="New, Jr",
                language="de",
                may_write=True,
                start="signup",
                at=moment,
                digest=f"digest of {telegram_id}",
            )
            scene.show(mini_app.open_app, data, "a visitor", NOW, earlier=None, browser=BROWSER)
        scene.do(mini_app.open_app, data, f"visitor {telegram_id}", NOW, earlier=None, browser=BROWSER)
        for earlier in (f"visitor {telegram_id}", "guessed", None):
            scene.show(mini_app.open_app, data, "another", NOW, earlier=earlier, browser=BROWSER)
        for moment in (NOW, scene.later(days=2)):
            scene.show(mini_app.find_visitor, f"visitor {telegram_id}", moment)
    scene.show(mini_app.find_visitor, "guessed", NOW)
    scene.show(mini_app.sweep, scene.later(days=60))
