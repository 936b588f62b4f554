"""Who may do one thing alone, and what is just in time or too late."""

from core.domain.access import Permission
from core.domain.cadence import parse_cadence
from core.domain.progress import Progress
from core.domain.reminder_rules import Place
from core.services import (
    access_requests,
    account,
    alerts,
    courses,
    dialogues,
    digest_cards,
    enrolling,
    group_digests,
    home,
    outbox,
    people,
    person_erasure,
    planned_reminders,
    profile_drafts,
    reminder_rules,
    reminders_in_vain,
    request_answers,
    roles,
    searches,
    sign_up_page,
    waiting_sign_ups,
)
from core.services.dialogues import Step
from core.services.sign_up_page import FormContext
from tests.support.rich_account import CREW, LISTENER, MANAGER, OLIVIA, OWNER, RECRUITER, signs_up, token_of
from tests.support.scene import NOW, Scene


def one_permission(scene: Scene) -> None:
    for permission in (Permission.MANAGE_PEOPLE, Permission.MANAGE_PROFILES, Permission.READ_LOG):
        scene.do(roles.change, OWNER, "Spare", (permission,), NOW)
        scene.do(roles.assign, OWNER, LISTENER, "Spare", ("Sales",), NOW)
        scene.show(home.show, LISTENER, NOW)
        scene.show(planned_reminders.listing, LISTENER, NOW)
        scene.show(reminders_in_vain.listing, LISTENER, NOW.toordinal())
        scene.show(reminder_rules.show, LISTENER, Place(profile_id=scene.profile("Autumn, sales")), NOW)
        scene.show(waiting_sign_ups.listing, LISTENER, "", NOW)
        scene.show(people.card, LISTENER, scene.person("Anna"))
        scene.show(digest_cards.listing, LISTENER)


def advancing(scene: Scene) -> None:
    safety = scene.course("Safety first")
    for name in ("Anna", "Boris", "Chandra", "Gita"):
        for to in Progress:
            scene.show(courses.advance, scene.person(name), safety, to, NOW)


def undoing_what_was_given(scene: Scene) -> None:
    given = scene.do(enrolling.give, OWNER, scene.person("Farid"), scene.course("Safety first"), NOW)
    undo = scene.number(given, "undo_id")
    for seconds in (59, 60, 61, 600, 601, 3600, 3601):
        scene.show(enrolling.undo, OWNER, undo, scene.later(seconds=seconds))


def a_request_ends(scene: Scene) -> None:
    [first, *_] = scene.do(request_answers.listing, OWNER, NOW).asked
    ends = first.ends_at
    for seconds in (-1, 0, 1):
        moment = ends + (scene.later(seconds=seconds) - NOW)
        scene.show(request_answers.asked, OWNER, first.request_id, moment)
        scene.show(request_answers.decline, OWNER, first.request_id, moment)
        scene.show(access_requests.expire, moment)


def who_is_in_telegram_comes_back(scene: Scene) -> None:
    boris = scene.person("Boris")
    scene.do(people.deactivate, OWNER, boris, NOW)
    scene.show(people.activate, OWNER, boris, NOW)
    scene.show(courses.mine, boris, NOW)


def searches_of_several(scene: Scene) -> None:
    for words in ("first", "second", "third"):
        kept = scene.do(searches.keep, MANAGER, words, NOW)
        for actor in (OWNER, MANAGER):
            scene.show(searches.words, actor, kept)


def dropped_before_it_is_sent(scene: Scene) -> None:
    for message in scene.do(outbox.claim, "a test", NOW):
        scene.show(outbox.drop, message.message_id, "a test", NOW)
        scene.show(outbox.drop, message.message_id, "another", NOW)
        scene.show(outbox.fail, message.message_id, "a test", NOW)


def a_profile_while_sign_up_is_off(scene: Scene) -> None:
    scene.do(account.switch_sign_up, OWNER, NOW, on=False)
    answers = {**scene.do(profile_drafts.begin, OWNER, NOW).answers, "department": scene.department("Sales")}
    scene.show(profile_drafts.facts, OWNER, answers)
    turn = scene.do(dialogues.begin, OWNER, OLIVIA, "profile", Step(answers=answers), NOW).turn
    for enable in (True, False):
        scene.show(profile_drafts.create, OWNER, OLIVIA, turn, "Winter", NOW, enable=enable)
    turn = scene.do(dialogues.begin, RECRUITER, OLIVIA, "profile", Step(answers=answers), NOW).turn
    scene.show(profile_drafts.create, RECRUITER, OLIVIA, turn, "Winter", NOW, enable=True)
    scene.show(sign_up_page.preview, token_of(scene, "Autumn, sales"), NOW)


def a_group_without_a_digest(scene: Scene) -> None:
    scene.show(group_digests.order, LISTENER, CREW, parse_cadence("daily 18:00"), NOW)
    scene.show(group_digests.order, RECRUITER, CREW, None, NOW)


def erased_with_their_request(scene: Scene) -> None:
    posted = {"first_name": "Anna", "last_name": "Again", "email": "anna@example.com"}
    scene.do(access_requests.ask, token_of(scene, "Full house"), posted, NOW)
    scene.show(person_erasure.preview, OWNER, scene.person("Anna"), NOW)
    scene.show(person_erasure.erase, OWNER, scene.person("Anna"), NOW)


def taken_addresses_on_the_form(scene: Scene) -> None:
    typed = {"first_name": "Anna", "last_name": "Again", "email": "anna@example.com", "custom_2": "Late"}
    typed |= {"password": "a long secret", "consent": "yes", "privacy_version": "1", "custom_1": "A"}
    for can_mail in (True, False):
        for login in ("", "anna", "boris"):
            context = FormContext(can_mail=can_mail)
            entered = typed | {"login": login}
            token = token_of(scene, "Autumn, sales")
            scene.show(sign_up_page.examine, token, entered, "a form", (), NOW, context=context)


def alerts_of_before(scene: Scene) -> None:
    for name in ("Otto", "Paula", "Quentin"):
        signs_up(scene, name, "Autumn, sales", NOW)
    scene.show(alerts.tell, NOW)
    scene.do(alerts.tell, NOW)
    scene.show(alerts.tell, NOW)
    for days in (1, 29, 30, 31, 89, 90, 91, 400):
        scene.show(alerts.sweep, scene.later(days=days))
