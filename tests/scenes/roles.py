from core.domain.access import Permission
from core.services import (
    invitations,
    ownership,
    ownership_transfer,
    role_drafts,
    role_grants,
    role_removal,
    roles,
)
from core.services.ownership import Claimant
from tests.support.rich_account import ADAM, ADMINISTRATOR, LISTENER, MANAGER, NOBODY, OWNER, RECRUITER
from tests.support.scene import NOW, Scene

RECRUITING = (Permission.MANAGE_PROFILES, Permission.MANAGE_PEOPLE)


def the_roles(scene: Scene) -> None:
    scene.show(roles.listing, OWNER)
    scene.show(roles.listing, RECRUITER)
    scene.show(roles.holders, OWNER)
    for name in ("recruiter, Senior", "Spare", "administrator", "Recruiter"):
        scene.show(roles.card, OWNER, name)


def adding_and_changing(scene: Scene) -> None:
    scene.show(roles.add, OWNER, " Skipper ", RECRUITING, NOW)
    scene.show(roles.add, OWNER, "spare", RECRUITING, NOW)
    scene.show(roles.add, OWNER, "Owner", RECRUITING, NOW)
    scene.show(roles.add, OWNER, "", RECRUITING, NOW)
    scene.show(roles.add, OWNER, "S" * 101, RECRUITING, NOW)
    scene.show(roles.add, OWNER, "Skipper", (), NOW)
    scene.show(roles.add, OWNER, "Skipper", (Permission.MANAGE_ACCOUNT,), NOW)
    scene.show(roles.add, RECRUITER, "Skipper", RECRUITING, NOW)
    scene.show(roles.change, OWNER, "Spare", RECRUITING, NOW)
    scene.show(roles.change, OWNER, "Spare", (Permission.READ_LOG,), NOW)
    scene.show(roles.change, OWNER, "Recruiter, senior", (Permission.MANAGE_PEOPLE,), NOW)
    scene.show(roles.change, OWNER, "administrator", RECRUITING, NOW)
    scene.show(roles.change, OWNER, "Nothing", RECRUITING, NOW)
    scene.show(role_grants.propose_change, OWNER, "Listener", RECRUITING, NOW)
    scene.show(role_grants.propose_change, OWNER, "Spare", RECRUITING, NOW)
    for name in ("Listener", "Spare", "administrator", "Nothing"):
        scene.show(role_grants.ask_to_change, OWNER, name, RECRUITING, NOW)
    asked = scene.do(role_grants.propose_change, OWNER, "Listener", RECRUITING, NOW)
    question = scene.number(asked, "question_id")
    scene.show(role_grants.confirm_change, OWNER, question, NOW)
    scene.show(role_grants.confirm_change, ADMINISTRATOR, question, NOW)
    scene.show(role_grants.confirm_change, OWNER, NOBODY, NOW)


def removing(scene: Scene) -> None:
    for name in ("Recruiter, senior", "Listener", "Spare", "administrator", "Nothing"):
        scene.show(role_removal.preview, OWNER, name, NOW)
        scene.show(role_removal.remove, OWNER, name, NOW)
    scene.show(role_removal.remove, OWNER, "Spare", NOW, seen="old")
    scene.show(role_removal.remove, MANAGER, "Spare", NOW)


def drafting(scene: Scene) -> None:
    scene.show(role_drafts.begin, OWNER, "Skipper", NOW)
    scene.show(role_drafts.begin, OWNER, "Spare", NOW)
    scene.show(role_drafts.begin_change, OWNER, "Listener", NOW)
    scene.show(role_drafts.begin_change, OWNER, "Nothing", NOW)
    draft = scene.do(role_drafts.begin, OWNER, "Skipper", NOW).question_id
    scene.show(role_drafts.save, OWNER, draft, NOW)
    scene.show(role_drafts.tick, OWNER, draft, Permission.READ_LOG, NOW)
    scene.show(role_drafts.tick, OWNER, draft, Permission.MANAGE_ACCOUNT, NOW)
    scene.show(role_drafts.tick, OWNER, NOBODY, Permission.READ_LOG, NOW)
    scene.do(role_drafts.tick, OWNER, draft, Permission.READ_LOG, NOW)
    scene.show(role_drafts.tick, OWNER, draft, Permission.READ_LOG, NOW)
    scene.show(role_drafts.save, OWNER, draft, NOW)
    change = scene.do(role_drafts.begin_change, OWNER, "Listener", NOW).question_id
    scene.show(role_drafts.save, OWNER, change, NOW)
    scene.do(role_drafts.tick, OWNER, change, Permission.READ_LOG, NOW)
    scene.show(role_drafts.save, OWNER, change, NOW)


def granting(scene: Scene) -> None:
    anna, wanda = scene.person("Anna"), scene.person("Wanda")
    for user, role, managed in (
        (anna, "administrator", ()),
        (anna, "department administrator", ("Sales", "sales / emea", "Sales")),
        (anna, "department administrator", ()),
        (anna, "Recruiter, senior", ("Support", "Operations")),
        (anna, "Recruiter", ("Support",)),
        (anna, "administrator", ("Sales",)),
        (anna, "owner", ()),
        (anna, "learner", ()),
        (MANAGER, "department administrator", ("Operations", "Sales")),
        (MANAGER, "learner", ()),
        (RECRUITER, "Listener", ("Nowhere",)),
        (OWNER, "learner", ()),
        (scene.person("Elena"), "administrator", ()),
        (wanda, "administrator", ()),
        (NOBODY, "administrator", ()),
    ):
        scene.show(roles.assignable, OWNER, user, role, managed)
        scene.show(roles.assign, OWNER, user, role, managed, NOW)
        scene.show(role_grants.propose, OWNER, user, role, managed, NOW)
    scene.show(roles.assign, ADMINISTRATOR, OWNER, "learner", (), NOW)
    asked = scene.do(role_grants.propose, OWNER, anna, "administrator", (), NOW)
    question = scene.number(asked, "question_id")
    scene.show(role_grants.confirm, OWNER, question, NOW)
    scene.show(role_grants.confirm, ADMINISTRATOR, question, NOW)
    scene.show(role_grants.confirm, OWNER, question, scene.later(days=9))


def inviting(scene: Scene) -> None:
    for role, managed in (
        ("administrator", ()),
        ("department administrator", ("Sales", "Operations")),
        ("department administrator", ()),
        ("Recruiter, senior", ("Support / Night, late", "Sales")),
        ("Nothing", ("Sales",)),
        ("learner", ()),
        ("owner", ()),
    ):
        scene.show(invitations.invite, OWNER, role, managed, NOW)
    scene.show(invitations.invite, MANAGER, "administrator", (), NOW)
    scene.show(invitations.waiting, OWNER, NOW)
    scene.show(invitations.waiting, OWNER, scene.later(days=9))
    scene.show(invitations.opened, OWNER, 1)
    scene.show(invitations.opened, OWNER, 5)
    scene.show(invitations.withdraw, OWNER, 5, NOW)
    scene.show(invitations.withdraw, OWNER, 1, NOW)
    scene.show(invitations.withdraw, OWNER, NOBODY, NOW)
    for user in (MANAGER, scene.person("Anna"), OWNER, scene.person("Lena")):
        scene.show(invitations.invite_person, OWNER, user, NOW)
    made = scene.do(invitations.invite, OWNER, "Recruiter, senior", ("Support",), NOW)
    new = Claimant(telegram_id=1009, first_name="Nora", last_name="New, Jr", language="ru")
    scene.show(invitations.is_open, made.code, NOW)
    scene.show(invitations.is_open, made.code, scene.later(days=30))
    scene.show(invitations.accept, made.code, new, NOW)
    scene.show(invitations.accept, made.code, new, scene.later(days=30))
    scene.show(invitations.accept, "guessed", new, NOW)
    known = Claimant(telegram_id=ADAM, first_name="Adam", last_name="Staff", language="en")
    scene.show(invitations.accept, made.code, known, NOW)


def owning(scene: Scene) -> None:
    scene.show(ownership.owner_name)
    scene.show(ownership_transfer.heirs, OWNER)
    scene.show(ownership_transfer.heirs, ADMINISTRATOR)
    for user in (ADMINISTRATOR, MANAGER, OWNER, LISTENER, scene.person("Anna"), NOBODY):
        scene.show(ownership_transfer.new_owner, OWNER, user)
        scene.show(ownership_transfer.transfer, OWNER, user, NOW)
    scene.show(ownership_transfer.transfer, ADMINISTRATOR, MANAGER, NOW)
    claimant = Claimant(telegram_id=1009, first_name="Nora", last_name="New", language="ru")
    scene.show(ownership.first_code, "secret", NOW)
    scene.show(ownership.claim_as_configured, claimant, NOW)
    code = scene.do(ownership.replacement_code, "secret", NOW)
    scene.show(ownership.replacement_code, "secret", NOW)
    scene.show(ownership.is_open, "secret", code, NOW)
    scene.show(ownership.is_open, "secret", code, scene.later(days=2))
    scene.show(ownership.claim_by_code, "secret", code, claimant, NOW)
    scene.show(ownership.claim_by_code, "secret", "guessed", claimant, NOW)
