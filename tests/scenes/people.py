from core.domain.access import Permission
from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.domain.form_fields import Newcomer
from core.services import (
    field_translations,
    form_fields,
    password_links,
    password_requests,
    people,
    people_list,
    people_lookup,
    people_selection,
    person_corrections,
    person_details,
    person_drafts,
    person_erasure,
    person_removal,
    personal_data,
    sign_up_forms,
    transfers,
)
from core.services.field_translations import Translation
from core.services.form_fields import FieldDraft
from core.services.people_selection import PeopleChange
from tests.support.account import FAST_HASH
from tests.support.rich_account import (
    ADMINISTRATOR,
    LISTENER,
    MANAGER,
    NOBODY,
    OLIVIA,
    OWNER,
    RECRUITER,
    signs_up,
)
from tests.support.scene import NOW, Scene

EVERY_STATE = ("Anna", "Chandra", "Elena", "Lena", "Wanda", "Umesh", "Maria", "Rita", "Olivia")


def _newcomer(email: str = "nora@example.com", **others: str) -> Newcomer:
    values = {"first_name": "Nora", "last_name": "New, Jr", "login": "", "phone": "+37120000009", "job_title": "Cook"}
    return Newcomer(**{**values, **others}, email=email, custom={1: "Team N", 2: "Early", 3: "N1"})  # type: ignore[arg-type]


def found(scene: Scene) -> None:
    scene.show(people_list.listing, OWNER, "")
    scene.show(people_list.listing, OWNER, "", after=scene.person("Hari"), size=3)
    scene.show(people_list.listing, MANAGER, "", size=4)
    scene.show(people_list.listing, RECRUITER, "")
    scene.show(people_list.listing, LISTENER, "")
    for words in ("learner, jr", "anna@", "gita", "+371 2000", "nobody", "owner"):
        scene.show(people_list.listing, OWNER, words)
    scene.show(people_list.listing, OWNER, "", department_id=scene.department("Support"))
    scene.show(people_list.listing, OWNER, "", department_id=NOBODY)
    for who in ("anna@example.com", f"#{scene.person('Boris')}", "Gita Learner, Jr", "gita", "#7777", "learner", ""):
        scene.show(people.find, OWNER, who)
        scene.show(people.find, MANAGER, who, Permission.MANAGE_PEOPLE)
    scene.show(people_lookup.named, OWNER, "anna@example.com, boris@example.com; anna@example.com")
    scene.show(people_lookup.named, OWNER, "anna@example.com, nobody@example.com")


def cards(scene: Scene) -> None:
    for name in EVERY_STATE:
        scene.show(people.card, OWNER, scene.person(name))
        scene.show(people.own_card, scene.person(name))
        scene.show(person_details.show, OWNER, scene.person(name), NOW)
    scene.show(people.card, MANAGER, scene.person("Farid"))
    scene.show(person_details.show, MANAGER, scene.person("Boris"), NOW)
    scene.show(people.card, OWNER, NOBODY)
    scene.show(people.by_telegram_id, OLIVIA)
    scene.show(people.by_telegram_ids, (1003, 1004, 1005, 2001))


def adding(scene: Scene) -> None:
    for department in ("Sales / EMEA", "sales", "Nowhere", "Operations"):
        scene.show(people.add, OWNER, _newcomer(), FAST_HASH, department, NOW)
    scene.show(people.add, OWNER, _newcomer("anna@example.com"), FAST_HASH, "Sales", NOW)
    scene.show(people.add, OWNER, _newcomer(login="anna"), FAST_HASH, "Sales", NOW)
    scene.show(password_links.add_person, OWNER, _newcomer(), "Sales / EMEA", NOW)
    scene.show(password_links.add_person, OWNER, _newcomer("anna@example.com"), "Sales", NOW)
    scene.show(password_links.add_person, MANAGER, _newcomer(), "Support", NOW)


def states(scene: Scene) -> None:
    for name in EVERY_STATE:
        for change in (people.activate, people.deactivate, people.delete):
            scene.show(change, OWNER, scene.person(name), NOW)
    scene.show(people.deactivate, MANAGER, scene.person("Farid"), NOW)
    scene.show(people.deactivate, MANAGER, MANAGER, NOW)
    scene.show(people.deactivate, ADMINISTRATOR, OWNER, NOW)


def transferring(scene: Scene) -> None:
    for who, department in (
        ("anna@example.com", "Support"),
        ("boris@example.com", "Sales / APAC"),
        ("anna@example.com", "Sales / EMEA"),
        ("elena@example.com", "Support / Night, late"),
        ("wanda@example.com", "Support"),
        ("nobody@example.com", "Support"),
        ("anna@example.com", "Nowhere"),
        ("lena@example.com", "Sales"),
    ):
        scene.show(transfers.propose, OWNER, who, department, NOW)
    anna = scene.person("Anna")
    scene.show(people.transfer, OWNER, anna, "Support", NOW)
    scene.show(people.transfer, OWNER, anna, "Sales / EMEA", NOW)
    scene.show(people.transfer, MANAGER, anna, "Support", NOW)
    scene.show(people.transfer, OWNER, NOBODY, "Support", NOW)
    asked = scene.do(transfers.propose, OWNER, "anna@example.com", "Support", NOW)
    question = scene.number(asked, "question_id")
    scene.show(transfers.keep_courses, OWNER, question, NOW)
    scene.show(transfers.take_courses_back, OWNER, question, NOW)
    scene.show(transfers.keep_courses, OWNER, NOBODY, NOW)
    for answer in (transfers.keep_courses, transfers.take_courses_back):
        with scene.apart():
            moved = scene.do(answer, OWNER, question, NOW)
            scene.show(answer, OWNER, question, NOW)
            scene.show(transfers.undo, OWNER, scene.number(moved, "undo_id"), NOW)
            scene.show(transfers.undo, OWNER, scene.number(moved, "undo_id"), scene.later(days=2))


def asking_about_a_transfer_again(scene: Scene) -> None:
    anna, boris = scene.person("Anna"), scene.person("Boris")
    for user, to in ((anna, "Support"), (anna, "Sales / EMEA"), (boris, "Sales / APAC"), (NOBODY, "Support")):
        scene.show(transfers.ask, OWNER, user, to, NOW)


def several_at_once(scene: Scene) -> None:
    chosen = tuple(scene.person(name) for name in ("Boris", "Anna", "Elena", "Farid", "Boris"))
    for change in PeopleChange:
        for who in (chosen, (), (*chosen, OWNER), (*chosen, scene.person("Wanda")), (NOBODY,)):
            scene.show(people_selection.propose, OWNER, who, change, NOW, department="Support")
        asked = scene.do(people_selection.propose, OWNER, chosen, change, NOW, department="Support")
        scene.show(people_selection.confirm, OWNER, asked.question_id, NOW)
        scene.show(people_selection.confirm, MANAGER, asked.question_id, NOW)
        with scene.apart():
            done = scene.do(people_selection.confirm, OWNER, asked.question_id, NOW)
            scene.show(people_selection.confirm, OWNER, asked.question_id, NOW)
            if done.undo_id is not None:
                scene.show(people_selection.undo, OWNER, done.undo_id, NOW)
                scene.show(people_selection.undo, OWNER, done.undo_id, scene.later(days=2))
    scene.show(people_selection.propose, OWNER, chosen, PeopleChange.TRANSFER, NOW, department="Nowhere")
    scene.show(people_selection.propose, MANAGER, chosen, PeopleChange.DEACTIVATE, NOW)


def correcting(scene: Scene) -> None:
    anna = scene.person("Anna")
    for name in EVERY_STATE:
        scene.show(person_corrections.show, OWNER, scene.person(name))
    scene.show(person_corrections.fields, OWNER)
    for field, text in (
        ("first_name", "Annika, Dr"),
        ("first_name", ""),
        ("last_name", ""),
        ("phone", "+371 2000 0008"),
        ("phone", "twelve"),
        ("job_title", "Cook"),
        ("login", "annika"),
        ("login", "boris"),
        ("custom_1", "Team, blue"),
        ("custom_2", "late"),
        ("custom_2", "Never"),
        ("custom_3", "L12"),
        ("custom_3", "A2"),
        ("custom_9", "A2"),
        ("email", "annika@example.com"),
    ):
        scene.show(person_corrections.correct, OWNER, anna, field, text, NOW)
    for email in ("annika@example.com", "boris@example.com", "anna@example.com", "no address", "ANNA@example.com"):
        scene.show(person_corrections.propose_email, OWNER, anna, email, NOW)
    question = scene.do(person_corrections.propose_email, OWNER, anna, "annika@example.com", NOW).question_id
    for can_mail in (True, False):
        scene.show(person_corrections.correct_email, OWNER, question, NOW, can_mail=can_mail)
    scene.show(person_corrections.correct_email, MANAGER, question, NOW, can_mail=True)
    scene.show(person_corrections.correct, MANAGER, scene.person("Farid"), "phone", "", NOW)


def the_form_of_a_person(scene: Scene) -> None:
    known = {"first_name": "Nora", "email": "NORA@example.com", "phone": "12", "custom_2": "early"}
    scene.show(person_drafts.begin, OWNER, known, region="LV")
    scene.show(person_drafts.begin, RECRUITER, {}, region=None)
    answers = scene.do(person_drafts.begin, OWNER, known, region="LV").answers
    chosen = {**answers, "department": scene.department("Support")}
    scene.show(person_drafts.facts, OWNER, answers)
    scene.show(person_drafts.facts, OWNER, chosen)
    scene.show(person_drafts.fill, OWNER, chosen, {"first_name": "", "job_title": "Cook, chief"}, region=None)
    scene.show(person_drafts.fill, OWNER, chosen, {"phone": "12"}, region=None)
    scene.show(person_drafts.fill, OWNER, chosen, {"custom_9": "12"}, region=None)
    for text in ("New Jr", "nora@example.org", "+371 20000007", "Nora New nora@example.org 20000007", "7", ""):
        scene.show(person_drafts.read, OWNER, text, answers, region="LV")
    for path in ("sales / emea", "Nowhere", "EMEA", ""):
        scene.show(person_drafts.find_department, OWNER, path)
        scene.show(person_drafts.find_department, RECRUITER, path)


def erasing(scene: Scene) -> None:
    for name in EVERY_STATE:
        number = scene.person(name)
        scene.show(person_removal.remove, OWNER, number, NOW)
        scene.show(person_erasure.preview, OWNER, number, NOW)
        scene.show(person_erasure.erase, OWNER, number, NOW)
        scene.show(personal_data.preview, OWNER, number)
    scene.show(personal_data.export, OWNER, scene.person("Anna"), NOW)
    scene.show(personal_data.export, MANAGER, scene.person("Farid"), NOW)
    scene.show(personal_data.export_own, scene.person("Boris"), NOW)
    for who in ("anna@example.com", "#6", "#7777", "gita"):
        scene.show(person_erasure.find, OWNER, who)
    scene.show(person_removal.remove, OWNER, scene.person("Anna"), NOW, seen="old")
    scene.show(person_erasure.erase, OWNER, scene.person("Anna"), NOW, seen="old")
    scene.do(people.delete, OWNER, scene.person("Gita"), NOW)
    scene.show(person_erasure.preview, OWNER, 12, NOW)
    scene.show(person_erasure.erase, OWNER, 12, NOW)


def passwords(scene: Scene) -> None:
    for name in EVERY_STATE:
        scene.show(password_links.make, OWNER, scene.person(name), NOW)
    scene.show(password_links.make, MANAGER, scene.person("Farid"), NOW)
    scene.show(password_links.make, OWNER, NOBODY, NOW)
    made = scene.do(password_links.make, OWNER, scene.person("Anna"), NOW)
    scene.show(password_links.find, made.code, NOW)
    scene.show(password_links.find, made.code, scene.later(days=8))
    scene.show(password_links.find, "guessed", NOW)
    scene.show(password_links.use, made.code, FAST_HASH, NOW)
    scene.show(password_links.use, made.code, FAST_HASH, NOW, mail_in="es")
    scene.show(password_links.use, "guessed", FAST_HASH, NOW)
    scene.show(password_links.ask_by_mail, "anna@example.com", "en", NOW)
    scene.show(password_links.ask_by_mail, "nobody@example.com", "en", NOW)
    scene.show(password_links.sweep, scene.later(days=30))
    for who in ("boris@example.com", "boris", "nobody@example.com", "elena@example.com"):
        scene.show(password_requests.ask, who, NOW)
    for name in ("boris@example.com", "farid@example.com"):
        scene.do(password_requests.ask, name, NOW)
    scene.show(password_requests.any_to_announce, NOW)
    scene.show(password_requests.announce, NOW)
    scene.show(password_requests.announce, scene.later(hours=1))
    for actor in (OWNER, MANAGER, RECRUITER):
        scene.show(password_requests.wanted, actor)
    scene.show(password_requests.sweep, scene.later(days=30))


def fields(scene: Scene) -> None:
    scene.show(form_fields.listing, OWNER)
    scene.show(sign_up_forms.full_form, OWNER)
    scene.show(sign_up_forms.built_in_asked, OWNER)
    for label in ("team", "Shift", "Badge", "Bagde", 2, 9):
        scene.show(form_fields.card, OWNER, label)
        scene.show(form_fields.preview_removal, OWNER, label)
        scene.show(form_fields.remove_field, OWNER, label, NOW)
    scene.show(form_fields.remove_field, OWNER, "Team", NOW, seen="old")
    for label, place in (("Badge", 1), ("Team", 3), ("Team", 1), ("Team", 0), ("Team", 4), ("Bagde", 1)):
        scene.show(form_fields.move_field, OWNER, label, place, NOW)


def adding_and_changing_fields(scene: Scene) -> None:
    for draft in (
        FieldDraft(label=" Boots, size ", kind=Kind.NUMBER, required=True, at_sign_up=False, hint="EU"),
        FieldDraft(label="team", kind=Kind.TEXT),
        FieldDraft(label="", kind=Kind.TEXT),
        FieldDraft(label="Boots", kind=Kind.CHOICE),
        FieldDraft(label="Boots", kind=Kind.CHOICE, choices=("One", "one")),
        FieldDraft(label="Boots", kind=Kind.CHOICE, choices=("One",)),
        FieldDraft(label="Boots", kind=Kind.DATE, choices=("One", "Two")),
        FieldDraft(label="Boots", kind=Kind.DATE, hint="h" * 201),
        FieldDraft(label="Email", kind=Kind.TEXT),
    ):
        scene.show(form_fields.add_field, OWNER, draft, NOW)
        scene.show(form_fields.change_field, OWNER, "Shift", draft, NOW)
    for _ in range(20):
        number = len(scene.do(form_fields.listing, OWNER))
        scene.do(form_fields.add_field, OWNER, FieldDraft(label=f"Field {number}", kind=Kind.TEXT), NOW)
        if number == 19:
            break
    scene.show(form_fields.add_field, OWNER, FieldDraft(label="One more", kind=Kind.TEXT), NOW)


def translating_fields(scene: Scene) -> None:
    for what, text in (
        (FieldText.LABEL, "Equipo, azul"),
        (FieldText.LABEL, ""),
        (FieldText.HINT, "Como en la placa"),
        (FieldText.CHOICES, "Temprano, Tarde, Noche"),
        (FieldText.CHOICES, "Temprano"),
    ):
        for label in ("Team", "Shift"):
            typed = Translation(language="es", what=what, text=text)
            scene.show(field_translations.translate, OWNER, label, typed, NOW)
    scene.show(
        field_translations.translate, OWNER, "Team", Translation(language="xx", what=FieldText.LABEL, text="A"), NOW
    )


def newest_states(scene: Scene) -> None:
    """Let somebody have the same names, and see who is asked about."""
    signs_up(scene, "Anna-Lena", "Autumn, sales", NOW)
    for words in ("anna", "anna learner", "lena"):
        scene.show(people_list.listing, OWNER, words)
        scene.show(people.find, OWNER, words)
