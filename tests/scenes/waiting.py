from sqlalchemy import select

from core.domain.access_requests import Cure
from core.services import (
    access_requests,
    alerts,
    approval_notices,
    joint_answers,
    joint_request_answers,
    link_cures,
    pending_sign_ups,
    policies,
    profile_editing,
    request_answers,
    request_notices,
    waiting_sign_ups,
)
from core.services.joint_answers import Answer
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from core.storage.tables import AccessRequest
from tests.support.rich_account import MANAGER, NOBODY, OWNER, RECRUITER, signs_up, token_of
from tests.support.scene import NOW, Scene

WAITING = ("Wanda", "Xaver", "Umesh", "Anna")


def sign_ups(scene: Scene) -> None:
    for actor in (OWNER, MANAGER, RECRUITER):
        scene.show(waiting_sign_ups.listing, actor, "", NOW)
    scene.show(waiting_sign_ups.listing, OWNER, "wan", NOW)
    scene.show(waiting_sign_ups.listing, OWNER, "", NOW, after=18)
    scene.show(waiting_sign_ups.listing, OWNER, "", NOW, profile_id=scene.profile("Nordic"))
    scene.show(waiting_sign_ups.listing, OWNER, "", NOW, profile_id=scene.profile("Removed"))
    for name in WAITING:
        for moment in (NOW, scene.later(days=60)):
            scene.show(waiting_sign_ups.waiting, OWNER, scene.person(name), moment)
            scene.show(waiting_sign_ups.unconfirmed, OWNER, scene.person(name), moment)
            scene.show(pending_sign_ups.approve, OWNER, scene.person(name), moment)
            scene.show(pending_sign_ups.decline, OWNER, scene.person(name), "not ours, sorry", moment)
            scene.show(pending_sign_ups.free_unconfirmed, OWNER, scene.person(name), moment)
            scene.show(pending_sign_ups.withdraw, scene.person(name), moment)
    wanda = scene.person("Wanda")
    scene.show(pending_sign_ups.approve, OWNER, wanda, NOW, seen="old")
    scene.show(pending_sign_ups.decline, OWNER, wanda, "", NOW)
    scene.show(pending_sign_ups.decline, OWNER, wanda, "r" * 300, NOW)
    scene.show(pending_sign_ups.decline, RECRUITER, wanda, "", NOW)


def approved_without_seats(scene: Scene) -> None:
    wanda = scene.person("Wanda")
    scene.do(policies.limit_seats, OWNER, "16", NOW)
    scene.show(pending_sign_ups.approve, OWNER, wanda, NOW)
    every = _all(scene, Answer.APPROVE)
    scene.show(joint_answers.confirm, OWNER, every, NOW)
    scene.show(alerts.tell, NOW)
    scene.do(policies.limit_seats, OWNER, "17", NOW)
    scene.show(joint_answers.confirm, OWNER, every, NOW)
    signs_up(scene, "Petra", "Autumn, sales", NOW)
    scene.show(pending_sign_ups.approve, OWNER, wanda, NOW)


def answered_together(scene: Scene) -> None:
    for answer in Answer:
        for actor in (OWNER, MANAGER, RECRUITER):
            scene.show(joint_answers.propose, actor, answer, "", NOW)
        scene.show(joint_answers.propose, OWNER, answer, "wan", NOW)
        scene.show(joint_answers.propose, OWNER, answer, "", NOW, profile_id=scene.profile("Nordic"))
        scene.show(joint_answers.propose, OWNER, answer, "", NOW, profile_id=scene.profile("Removed"))
        question = _all(scene, answer)
        scene.show(joint_answers.confirm, OWNER, question, NOW)
        scene.show(joint_answers.confirm, RECRUITER, question, NOW)
    declining = _all(scene, Answer.DECLINE)
    with scene.apart():
        scene.do(pending_sign_ups.approve, OWNER, scene.person("Wanda"), NOW)
        scene.show(joint_answers.confirm, OWNER, declining, NOW)
    declined = scene.do(joint_answers.confirm, OWNER, declining, NOW)
    back = scene.number(declined, "back_id")
    for moment in (NOW, scene.later(minutes=11)):
        scene.show(joint_answers.bring_back, OWNER, back, moment)
        scene.show(pending_sign_ups.release_expired, moment)
    scene.show(joint_answers.bring_back, RECRUITER, back, NOW)
    scene.show(joint_answers.confirm, OWNER, NOBODY, NOW)


def requests_answered_together(scene: Scene) -> None:
    for answer in Answer:
        for actor in (OWNER, MANAGER, RECRUITER):
            scene.show(joint_request_answers.propose, actor, answer, NOW)
        question = scene.number(scene.do(joint_request_answers.propose, OWNER, answer, NOW), "question_id")
        scene.show(joint_request_answers.confirm, OWNER, question, NOW)
        scene.show(joint_request_answers.confirm, RECRUITER, question, NOW)
        with scene.apart():
            scene.do(profile_editing.pause, OWNER, scene.profile("Full house"), NOW, paused=True)
            scene.show(joint_request_answers.confirm, OWNER, question, NOW)


def opening_a_link(scene: Scene) -> None:
    for name in ("Full house", "Long gone", "On hold", "Not yet", "Autumn, sales", "Removed"):
        for what in Cure:
            scene.show(link_cures.cure, OWNER, scene.profile(name), what, NOW)
    scene.show(link_cures.cure, RECRUITER, scene.profile("Full house"), Cure.PLACES, NOW)


def _all(scene: Scene, answer: Answer) -> int:
    return scene.number(scene.do(joint_answers.propose, OWNER, answer, "", NOW), "question_id")


def time_runs_out(scene: Scene) -> None:
    for days in (0, 1, 2, 7, 30, 60):
        moment = scene.later(days=days)
        scene.show(pending_sign_ups.any_expired, moment)
        scene.show(pending_sign_ups.release_expired, moment)
        scene.show(approval_notices.any_unannounced, moment)
        scene.show(approval_notices.announce, moment)
        scene.show(access_requests.any_expired, moment)
        scene.show(access_requests.expire, moment)
        scene.show(request_notices.any_to_announce, moment)
        scene.show(request_notices.announce, moment)
    scene.show(access_requests.sweep, scene.later(days=400))
    scene.do(policies.switch, OWNER, Switch.APPROVAL, NOW, on=True)
    signs_up(scene, "Quito", "Unused", NOW)
    scene.show(approval_notices.announce, scene.later(minutes=5))


def requests(scene: Scene) -> None:
    for actor in (OWNER, MANAGER, RECRUITER):
        scene.show(request_answers.listing, actor, NOW)
    scene.show(request_answers.listing, OWNER, NOW, after=1, size=1)
    numbers = list(scene.session.scalars(select(AccessRequest.id).order_by(AccessRequest.id)))
    for number in (*numbers, NOBODY):
        scene.show(request_answers.asked, OWNER, number, NOW)
        for cure in Cure:
            scene.show(request_answers.grant, OWNER, number, cure, NOW)
        scene.show(request_answers.decline, OWNER, number, NOW)
    scene.show(request_answers.decline, RECRUITER, numbers[0], NOW)
    full = scene.profile("Full house")
    scene.do(profile_editing.edit, OWNER, full, Change(field=EditedField.LIMIT, value="3"), NOW)
    scene.show(request_answers.asked, OWNER, numbers[0], NOW)
    scene.do(request_answers.grant, OWNER, numbers[0], Cure.KEEP, NOW)
    scene.show(request_answers.asked, OWNER, numbers[0], NOW)
    scene.show(request_answers.listing, OWNER, NOW)
    scene.show(request_answers.decline, OWNER, numbers[0], NOW)


def asking(scene: Scene) -> None:
    posted = {"first_name": "Una", "last_name": "Asking, Jr", "email": "UNA@example.com", "message": "Please!"}
    for name in ("Full house", "Long gone", "On hold", "Not yet", "Autumn, sales", "Removed"):
        scene.show(access_requests.ask, token_of(scene, name), posted, NOW)
    token = token_of(scene, "Full house")
    for changed in ({"email": "no address"}, {"first_name": ""}, {"email": "yara@example.com"}, {"message": "m" * 501}):
        scene.show(access_requests.ask, token, posted | changed, NOW)
    scene.show(access_requests.ask, token, posted | {"email": "anna@example.com"}, NOW, mail_in="es")
    scene.show(access_requests.ask, "guessed", posted, NOW)
    code = scene.do(access_requests.ask, token, posted, NOW)
    for moment in (NOW, scene.later(days=60)):
        scene.show(access_requests.page, code, moment)
        scene.show(access_requests.withdraw, code, moment)
    scene.show(access_requests.page, "guessed", NOW)
    scene.show(access_requests.entered, code)
    scene.show(access_requests.ask, token, posted, scene.later(minutes=1))
    scene.show(access_requests.mailed_page, "una@example.com", NOW)
    for hours in (0, 1, 2):
        scene.show(request_notices.announce, scene.later(hours=hours))
    number = max(scene.session.scalars(select(AccessRequest.id)))
    scene.do(request_answers.grant, OWNER, number, Cure.PLACE, NOW)
    scene.show(access_requests.page, code, NOW)
