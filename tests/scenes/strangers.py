from typing import Any

from core.domain.hashes import hash_of
from core.services import invitations, roles, strangers
from core.services.ownership import Claimant
from core.services.strangers import OwnerClaim
from core.storage import telegram_connections as connections
from core.storage.tables import Invitation
from tests.support.received import BORIS, NO_CLAIM, OTHER_STRANGER, STRANGER, a_joining, a_message, a_tap, an_edit
from tests.support.rich_account import MANAGER, NOBODY, OWNER, RITA
from tests.support.scene import NOW, Scene

CODE, LINK_CODE = "c" * 32, "l" * 32
FORWARDED: dict[str, Any] = {"forward_origin": {"type": "hidden_user"}}


def _invited(scene: Scene) -> None:
    """Make an invitation that CODE opens, and a link that LINK_CODE does."""
    made = scene.do(invitations.invite, OWNER, "Spare", ("Empty",), NOW).invitation
    scene.session.get_one(Invitation, made.invitation_id).code_hash = hash_of(CODE)
    connections.add_code(scene.session, scene.person("Anna"), hash_of(LINK_CODE), scene.later(hours=1))


def strangers_at_the_door(scene: Scene) -> None:
    _invited(scene)
    for received in (
        a_message(1, STRANGER),
        a_message(2, STRANGER, f"/start {CODE}"),
        a_message(3, STRANGER, f"/start {LINK_CODE}"),
        a_message(4, STRANGER, "/start"),
        a_message(5, STRANGER, chat=-5),
        a_message(6, BORIS, "/stop"),
        a_message(7, STRANGER, "/stop"),
        a_tap(8, sender=STRANGER),
        a_joining(9),
        an_edit(10, 1, STRANGER),
        a_message(11, STRANGER, "see " + "x" * 32),
        a_message(12, STRANGER, f"/start {CODE}", **FORWARDED),
        a_message(13, STRANGER, migrate_to_chat_id=-100),
    ):
        scene.show(strangers.entry, received, NO_CLAIM, NOW)
        scene.show(strangers.admit, received, NO_CLAIM, NOW)


def strangers_who_insist(scene: Scene) -> None:
    _invited(scene)
    for received in (
        a_message(1, STRANGER),
        a_message(2, STRANGER, f"/start {CODE}"),
        a_joining(3),
        a_tap(4, sender=STRANGER),
    ):
        with scene.apart():
            for _ in range(12):
                scene.do(strangers.admit, received, NO_CLAIM, NOW)
            scene.show(strangers.entry, received, NO_CLAIM, NOW)
            for minutes in (0, 1, 6, 12, 60):
                scene.show(strangers.admit, received, NO_CLAIM, scene.later(minutes=minutes))


def owners_links(scene: Scene) -> None:
    claim = OwnerClaim(secret_key="a secret key of tests", telegram_id=STRANGER)
    for text in ("/start", "/home", "/start x"):
        scene.show(strangers.entry, a_message(1, STRANGER, text), claim, NOW)
        scene.show(strangers.entry, a_message(1, OTHER_STRANGER, text), claim, NOW)


def staff_let_into_the_chat(scene: Scene) -> None:
    lena, anna = scene.person("Lena"), scene.person("Anna")
    scene.do(roles.assign, OWNER, lena, "Recruiter, senior", ("Support",), NOW)
    for actor, user in ((OWNER, lena), (OWNER, anna), (OWNER, MANAGER), (MANAGER, lena), (OWNER, NOBODY)):
        scene.show(invitations.invite_person, actor, user, NOW)
    made = scene.do(invitations.invite_person, OWNER, lena, NOW)
    scene.show(invitations.waiting, OWNER, NOW)
    for telegram_id in (STRANGER, RITA):
        scene.show(invitations.accept, made.code, _claimant(telegram_id), NOW)
    for days in (6, 8):
        scene.show(invitations.accept, made.code, _claimant(STRANGER), scene.later(days=days))
    scene.show(invitations.withdraw, OWNER, made.invitation.invitation_id, NOW)
    scene.do(invitations.accept, made.code, _claimant(STRANGER), NOW)
    scene.show(invitations.opened, OWNER, made.invitation.invitation_id)
    scene.show(invitations.opened, scene.person("Adam"), made.invitation.invitation_id)
    scene.show(invitations.accept, made.code, _claimant(OTHER_STRANGER), NOW)


def _claimant(telegram_id: int) -> Claimant:
    return Claimant(telegram_id=telegram_id, first_name="Petra", last_name="Phone", language="ru")
