"""What people find on the pages after a form: places kept for them, personal links, and where they stand."""

from collections.abc import Mapping

from sqlalchemy import select

from core.domain.access_requests import Cure
from core.domain.limits import ALL_PASSWORD_REQUESTS, CHALLENGE, CHALLENGE_TRIES, SIGN_UP_BY_LINK, Attempt
from core.services import (
    access_requests,
    approval_notices,
    challenges,
    confirmations,
    growing_notices,
    kept_places,
    limits,
    page_settings,
    policies,
    profile_editing,
    redemption,
    request_answers,
    sign_up_page,
    status_pages,
    waiting_credentials,
)
from core.services.confirmations import Addressee
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.services.sign_up_page import FormContext
from core.services.waiting_credentials import Change
from core.storage.tables import AccessRequest
from tests.support.account import FAST_HASH
from tests.support.rich_account import OWNER, a_form, signs_up, token_of
from tests.support.scene import NOW, Scene

TO = Addressee(language="es", pseudonym="somebody")
FULL: Mapping[str, str] = {
    "first_name": "Nora",
    "last_name": "New, Jr",
    "email": "nora@example.com",
    "password": "a long secret",
    "custom_2": "late",
    "consent": "yes",
    "privacy_version": "1",
}


def _asked(scene: Scene, name: str = "Full house") -> tuple[str, int]:
    """Ask for access by a closed link; return the code of the status page and the number of the request."""
    posted = {"first_name": "Una", "last_name": "Asking", "email": "una@example.com", "message": "Please, soon"}
    code = scene.do(access_requests.ask, token_of(scene, name), posted, NOW, mail_in="es")
    return code, scene.session.scalars(select(AccessRequest.id).order_by(AccessRequest.id.desc())).first() or 0


def where_a_request_stands(scene: Scene) -> None:
    code, number = _asked(scene)
    scene.show(status_pages.find, code, NOW)
    scene.show(status_pages.withdraw, code, NOW)
    scene.show(status_pages.find, code, scene.later(days=400))
    for cure in Cure:
        scene.show(request_answers.grant, OWNER, number, cure, NOW)
    with scene.apart():
        scene.do(request_answers.decline, OWNER, number, NOW)
        scene.show(status_pages.find, code, NOW)
        scene.show(status_pages.withdraw, code, NOW)
    scene.do(access_requests.withdraw, code, NOW)
    scene.show(status_pages.find, code, NOW)


def places_that_are_kept(scene: Scene) -> None:
    code, number = _asked(scene)
    token, full = token_of(scene, "Full house"), scene.profile("Full house")
    scene.do(request_answers.grant, OWNER, number, Cure.PLACE, NOW)
    scene.show(status_pages.find, code, NOW)
    scene.show(kept_places.is_kept, code, full, NOW)
    scene.show(kept_places.is_kept, code, scene.profile("Nordic"), NOW)
    scene.show(kept_places.is_kept, "guessed", full, NOW)
    for email in ("una@example.com", "other@example.com"):
        scene.show(kept_places.give_up, code, full, email, NOW)
    scene.show(sign_up_page.preview_with_place, token, code, NOW)
    scene.show(sign_up_page.preview_with_place, token, "guessed", NOW)
    scene.show(sign_up_page.check_still_open, token, "", NOW, place=code)
    form = {**FULL, "email": "una@example.com"}
    for place in (code, "guessed"):
        scene.show(sign_up_page.examine, token, form, "a form", (), NOW, context=FormContext(place=place))
    for days in (6, 8, 40):
        scene.show(kept_places.is_kept, code, full, scene.later(days=days))


def proofs_of_work(scene: Scene) -> None:
    token = token_of(scene, "Autumn, sales")
    for setting in ("on", "auto", "off"):
        with scene.apart():
            scene.do(page_settings.change, OWNER, PageSetting.CHALLENGE, setting, NOW)
            scene.show(sign_up_page.preview, token, NOW)
            scene.show(sign_up_page.examine, token, FULL, "a form", (), NOW)
            for proof in ("4711", None):
                scene.show(sign_up_page.examine, token, FULL, "a form", (), NOW, context=FormContext(proof=proof))
            scene.show(challenges.asked_for_lost_passwords, NOW)
    scene.show(challenges.check, "4711", NOW)
    scene.show(challenges.check, None, NOW)
    for attempt in (*challenges.end_of("4711"), *challenges.try_of("4711")):
        scene.do(limits.count, [attempt], NOW)
    scene.show(challenges.check, "4711", NOW)
    scene.show(challenges.check, "4711", scene.later(hours=2))
    for subject in (token, ""):
        scene.show(challenges.ends_soon, subject, NOW)
        scene.show(challenges.prolong, subject, NOW)
        scene.do(challenges.prolong, subject, NOW)
        for minutes in (0, 5, 30, 60):
            scene.show(challenges.ends_soon, subject, scene.later(minutes=minutes))
    scene.show(challenges.asked_for_lost_passwords, NOW)
    scene.show(sign_up_page.preview, token, NOW)


def attempts_that_are_limited(scene: Scene) -> None:
    by_link, all_requests = (
        Attempt(limit=SIGN_UP_BY_LINK, subject="a link"),
        Attempt(limit=ALL_PASSWORD_REQUESTS, subject=""),
    )
    challenge = Attempt(limit=CHALLENGE, subject="4711")
    for attempts in ((by_link,), (by_link, challenge), (all_requests,)):
        scene.show(limits.check, attempts, NOW)
        scene.show(limits.count, attempts, NOW)
        scene.show(limits.can_count, attempts, NOW)
    scene.do(limits.count, (challenge,), NOW)
    for minutes in (0, 119, 121):
        scene.show(limits.check, (by_link, challenge), scene.later(minutes=minutes))
        scene.show(limits.count, (by_link, challenge), scene.later(minutes=minutes))
        scene.show(limits.try_count, challenge, scene.later(minutes=minutes))
    tries = Attempt(limit=CHALLENGE_TRIES, subject="4711")
    for _ in range(10):
        scene.do(limits.count, (tries,), NOW)
    scene.show(limits.check, (tries,), NOW)
    scene.show(limits.give_back, (challenge,))
    scene.show(limits.take_back, (tries, challenge), NOW)
    for _ in range(60):
        scene.do(limits.count, (all_requests,), NOW)
    scene.show(limits.count, (all_requests,), NOW)
    for days in (0, 1, 30):
        scene.show(limits.any_expired, scene.later(days=days))
        scene.show(limits.sweep, scene.later(days=days))
    scene.show(limits.add_left_out, "updates", 3)
    scene.do(limits.add_left_out, "updates", 3)
    scene.show(limits.add_left_out, "updates", 4)
    scene.show(limits.left_out)


def who_waits_changes_their_address(scene: Scene) -> None:
    page = scene.do(status_pages.begin, scene.person("Wanda"), NOW, mail_in="es")
    for confirmed in (False, True):
        with scene.apart():
            scene.do(policies.switch, OWNER, Switch.EMAIL_CONFIRMATION, NOW, on=confirmed, can_mail=True)
            for email in ("wanda@example.com", "wanda.new@example.com", "anna@example.com", "no address"):
                for password_hash in (None, FAST_HASH):
                    wanted = Change(email=email, password_hash=password_hash, to=TO)
                    scene.show(waiting_credentials.change, page, wanted, NOW)
            scene.show(waiting_credentials.find, page, NOW)
            scene.do(
                waiting_credentials.change, page, Change(email="wanda.new@example.com", password_hash=None, to=TO), NOW
            )
            scene.show(status_pages.find, page, NOW)
            scene.show(waiting_credentials.find, page, NOW)
            scene.show(waiting_credentials.change_address, page, "wanda3@example.com", TO, NOW)
            scene.show(waiting_credentials.change_address, page, "wanda3@example.com", TO, scene.later(minutes=2))
            scene.show(confirmations.send_again, page, TO, scene.later(minutes=2))


def where_sign_ups_stand(scene: Scene) -> None:
    for name in ("Wanda", "Umesh", "Anna", "Elena", "Xaver"):
        number = scene.person(name)
        scene.show(status_pages.begin, number, NOW, mail_in="es")
        page = scene.do(status_pages.begin, number, NOW)
        for days in (0, 20, 60):
            scene.show(status_pages.find, page, scene.later(days=days))
        scene.show(status_pages.resume, number, NOW, mail_in="es")
        scene.show(status_pages.withdraw, page, NOW)
    wanda = scene.person("Wanda")
    page = scene.do(status_pages.begin, wanda, NOW)
    scene.do(status_pages.withdraw, page, NOW)
    scene.show(status_pages.find, page, NOW)
    for minutes in (0, 59, 600):
        scene.show(status_pages.sweep, scene.later(minutes=minutes))


def waiting_through_a_full_profile(scene: Scene) -> None:
    scene.do(policies.switch, OWNER, Switch.APPROVAL, NOW, on=True)
    token = token_of(scene, "Unused")
    for name in ("Otto", "Paula", "Quentin", "Rosa", "Sami", "Tilda"):
        signs_up(scene, name, "Unused", NOW)
    scene.show(approval_notices.any_unannounced, NOW)
    for minutes in (0, 11):
        scene.show(approval_notices.announce, scene.later(minutes=minutes))
    scene.show(sign_up_page.preview, token, NOW)
    scene.show(redemption.redeem, token, a_form(scene, "Nora"), NOW)
    scene.do(profile_editing.pause, OWNER, scene.profile("Unused"), NOW, paused=True)
    scene.show(redemption.redeem, token, a_form(scene, "Nora"), NOW)
    scene.show(growing_notices.message_of, OWNER, NOW)
