from contextlib import suppress

from core.domain.link_mails import Listed
from core.domain.rosters import RosterOf
from core.errors import Refusal
from core.rosters.people_lists import ListedPerson
from core.services import (
    awaited_lists,
    link_mail_lists,
    link_mails,
    link_resending,
    missing_by_name,
    roster_lists,
    roster_lockouts,
    roster_pages,
    rosters,
    unlisted_arrivals,
)
from core.services.link_mails import Sending
from core.services.questions import About
from core.services.roster_lockouts import Lockout
from tests.support.rich_account import MANAGER, NOBODY, OWNER, RECRUITER, SENDING, signs_up
from tests.support.rosters import let_only_expected
from tests.support.scene import NOW, Scene

LISTED = (
    ListedPerson(row=2, first_name="Boris", last_name="Learner, Jr", email="boris@example.com"),
    ListedPerson(row=3, first_name="Mira", last_name="Missing", email="mira@example.com"),
    ListedPerson(row=4, first_name="Sofia", last_name="New, Jr", email="sofia@example.com", phone="+37120000005"),
    ListedPerson(row=5, first_name="Sofia", email="sofia@example.com"),
    ListedPerson(row=6, unique={3: "A1"}),
    ListedPerson(row=7, first_name="Theo", email="theo@example.com", suspended=True),
)


def _places(scene: Scene) -> tuple[RosterOf, ...]:
    return (
        RosterOf(profile_id=scene.profile("Autumn, sales")),
        RosterOf(department_id=scene.department("Support")),
        RosterOf(profile_id=scene.profile("Nordic")),
        RosterOf(profile_id=scene.profile("Removed")),
        RosterOf(department_id=NOBODY),
        RosterOf(department_id=1),
    )


def the_rosters(scene: Scene) -> None:
    for of in _places(scene):
        scene.show(rosters.show, OWNER, of)
        scene.show(rosters.removal, OWNER, of)
        scene.show(rosters.missing, OWNER, of)
        scene.show(unlisted_arrivals.page, OWNER, of)
        scene.show(roster_lockouts.of_switch, OWNER, of, NOW)
        for replace in (True, False):
            scene.show(roster_lockouts.of_list, OWNER, of, LISTED, NOW, replace=replace)
        scene.show(rosters.links, OWNER, of, NOW)
        scene.show(roster_lists.expectations, OWNER, of, "de")
        scene.show(link_mail_lists.missing, OWNER, of, of.profile_id or 1)
    first, support, *_ = _places(scene)
    scene.show(unlisted_arrivals.page, OWNER, first, size=2)
    scene.show(unlisted_arrivals.page, OWNER, first, before=5, size=2)
    scene.show(rosters.missing, OWNER, first, size=2)
    scene.show(rosters.missing, OWNER, first, after=2, size=2)
    scene.show(rosters.missing_with, OWNER, first, ["mira@example.com", "anna@example.com", "+37120000002", "x"])
    sought = ("mira", "Miar", "olga", "nobody", "")
    scene.show(missing_by_name.find, OWNER, first, {each: [each] for each in sought})
    scene.show(missing_by_name.find, OWNER, first, {"mira and olga": ["mira", "olga"]})
    scene.show(missing_by_name.find, OWNER, first, {"all": list("abcdefghijk")})
    scene.show(roster_pages.page, OWNER, 0)
    scene.show(roster_pages.page, OWNER, 1, only_missing=True)
    scene.show(roster_pages.page, MANAGER, 0)
    scene.show(rosters.show, MANAGER, support)
    for text in ("support", "1", "Autumn, sales", "Nowhere", "99", ""):
        scene.show(rosters.find, OWNER, text)


def changing(scene: Scene) -> None:
    for of in _places(scene):
        with scene.apart():
            with suppress(Refusal):  # of a profile that there is not
                scene.do(let_only_expected, OWNER, of, NOW)
            scene.show(rosters.let_everybody, OWNER, of, NOW)
        scene.show(rosters.remove, OWNER, of, NOW)
        scene.show(rosters.begin_export, OWNER, of, NOW)
        scene.show(rosters.take_off, OWNER, of, 2, NOW)
    scene.show(rosters.take_off, OWNER, _places(scene)[0], NOBODY, NOW)
    scene.show(rosters.remove, MANAGER, _places(scene)[1], NOW)
    scene.show(rosters.remove, OWNER, _places(scene)[1], NOW, seen="old")
    scene.do(let_only_expected, OWNER, _places(scene)[1], NOW)
    scene.show(rosters.show, OWNER, _places(scene)[1])
    scene.show(roster_lockouts.of_switch, OWNER, _places(scene)[1], NOW)


def locking_out(scene: Scene) -> None:
    for of in (_places(scene)[1], _places(scene)[2]):
        found = scene.do(roster_lockouts.of_switch, OWNER, of, NOW)
        for lockout in Lockout:
            scene.show(roster_lockouts.switch_on, OWNER, of, NOW, seen=found.seen, lockout=lockout)
        scene.show(roster_lockouts.switch_on, OWNER, of, NOW, seen="old", lockout=Lockout.ACCEPT)
        scene.show(roster_lockouts.switch_on, RECRUITER, of, NOW, seen=found.seen, lockout=Lockout.ACCEPT)
        sent = scene.do(awaited_lists.receive, OWNER, About.ROSTER, of, {"text": "..."}, NOW).question_id
        listed = scene.do(roster_lists.preview, OWNER, of, LISTED).seen_instead
        out = scene.do(roster_lockouts.of_list, OWNER, of, LISTED, NOW, replace=True)
        seen = roster_lists.marked(listed, out.seen)
        scene.show(roster_lists.keep, OWNER, sent, LISTED, NOW, seen=seen, replace=True, closing=Lockout.ADD)


def keeping_a_list(scene: Scene) -> None:
    for of in _places(scene):
        scene.show(roster_lists.preview, OWNER, of, LISTED)
        scene.show(roster_lists.preview, OWNER, of, LISTED[:-1], suspended=LISTED[-1:])
    for of in _places(scene)[:3]:
        sent = scene.do(awaited_lists.receive, OWNER, About.ROSTER, of, {"text": "..."}, NOW).question_id
        preview = scene.do(roster_lists.preview, OWNER, of, LISTED)
        for replace in (True, False):
            scene.show(
                roster_lists.keep,
                OWNER,
                sent,
                LISTED,
                NOW,
                seen=preview.seen_instead if replace else preview.seen,
                replace=replace,
                closing=None if replace else Lockout.ACCEPT,
            )
        scene.show(roster_lists.keep, OWNER, sent, LISTED, NOW, seen="old", replace=True, closing=None)
        scene.show(roster_lists.keep, OWNER, sent, (), NOW, seen=preview.seen, replace=True, closing=None)
        scene.show(roster_lists.keep, RECRUITER, sent, LISTED, NOW, seen=preview.seen, replace=True, closing=None)


def who_comes_is_found(scene: Scene) -> None:
    signs_up(scene, "Mira", "Autumn, sales", NOW)
    signs_up(scene, "Omar", "Nordic", NOW)
    first, *_ = _places(scene)
    scene.show(rosters.show, OWNER, first)
    scene.show(rosters.missing, OWNER, first)


def awaiting_lists(scene: Scene) -> None:
    place = {"chat_id": 1001, "update_id": 5}
    first, support, *_ = _places(scene)
    for of in _places(scene):
        scene.show(awaited_lists.ask, OWNER, About.ROSTER, of, place, NOW)
        scene.show(awaited_lists.receive, OWNER, About.LINK_MAIL, of, {"text": "sofia@example.com"}, NOW)
    scene.do(awaited_lists.ask, OWNER, About.ROSTER, first, place, NOW)
    scene.do(awaited_lists.ask, OWNER, About.ROSTER, support, place, scene.later(minutes=1))
    for moment in (scene.later(minutes=1), scene.later(hours=1), scene.later(hours=25), scene.later(days=2)):
        scene.show(awaited_lists.awaited, OWNER, About.ROSTER, moment)
        scene.show(awaited_lists.awaited_for, OWNER, About.ROSTER, first, moment)
    scene.show(awaited_lists.awaited, OWNER, About.LINK_MAIL, NOW)
    scene.show(awaited_lists.awaited, OWNER, About.ROSTER, NOW, place={"chat_id": 1001, "update_id": 6})
    scene.show(awaited_lists.paste, OWNER, {"text": "Sofia sofia@example.com"}, NOW)
    pasted = scene.do(awaited_lists.paste, OWNER, {"text": "Sofia sofia@example.com"}, NOW)
    scene.show(awaited_lists.pasted, OWNER, pasted, NOW)
    scene.show(awaited_lists.pasted, OWNER, NOBODY, NOW)
    sent = scene.do(awaited_lists.receive, OWNER, About.ROSTER, first, {"text": "..."}, NOW).question_id
    scene.show(awaited_lists.sent, OWNER, About.ROSTER, sent, NOW)
    scene.show(awaited_lists.sent, OWNER, About.LINK_MAIL, sent, NOW)
    scene.show(awaited_lists.dismiss, OWNER, About.ROSTER, sent, NOW)
    scene.show(awaited_lists.dismiss, RECRUITER, About.ROSTER, sent, NOW)


def links_by_mail(scene: Scene) -> None:
    for name in ("Nordic", "Autumn, sales", "Full house", "Long gone", "Removed"):
        number = scene.profile(name)
        scene.show(link_mails.show, OWNER, number, NOW)
        for most in (100, 2, None):
            scene.show(link_mail_lists.preview, OWNER, number, LISTED, NOW, most=most, language="en")
        about = OWNER, number, LISTED[:-1], NOW
        scene.show(link_mail_lists.preview, *about, most=9, language="en", suspended=LISTED[-1:])
        for which in Listed:
            scene.show(link_mails.recipients, OWNER, number, which=which)
        scene.show(link_mails.withdraw, OWNER, number, NOW)
        scene.show(link_mails.withdraw, OWNER, number, NOW, seen="old")
    scene.show(link_mails.recipients, OWNER, scene.profile("Nordic"), size=1)
    scene.show(link_mails.recipients, OWNER, scene.profile("Nordic"), after=1)
    scene.show(link_mails.show, RECRUITER, scene.profile("Nordic"), NOW)
    scene.show(link_mails.show, OWNER, scene.profile("Nordic"), NOW, of=RosterOf(profile_id=scene.profile("Nordic")))


def sending_links(scene: Scene) -> None:
    number = scene.profile("Nordic")
    of, personal = RosterOf(profile_id=number), Sending(most=9, language="es", personal=True)
    sent = scene.do(awaited_lists.receive, OWNER, About.LINK_MAIL, of, {"text": "..."}, NOW).question_id
    seen = scene.do(link_mail_lists.preview, OWNER, number, LISTED, NOW, most=9, language="en").seen
    few = Sending(most=1, language="en")
    for sending in (SENDING, personal, few, Sending(most=None, language="en")):
        scene.show(link_mail_lists.send, OWNER, sent, LISTED, NOW, sending, seen=seen)
        resent = scene.do(link_mails.show, OWNER, number, NOW).seen
        scene.show(link_resending.resend, OWNER, number, NOW, sending, seen=resent)
    scene.show(link_mail_lists.send, OWNER, sent, LISTED, NOW, SENDING, seen="old")
    scene.show(link_resending.resend, OWNER, number, NOW, SENDING, seen="old")
    scene.show(link_mail_lists.send, OWNER, NOBODY, LISTED, NOW, SENDING, seen=seen)
    scene.do(let_only_expected, OWNER, of, NOW)
    refused = scene.do(link_mail_lists.preview, OWNER, number, LISTED, NOW, most=9, language="en").unlisted.seen
    for mark in (refused, "old"):
        scene.show(link_mail_lists.add_to_lists, OWNER, number, LISTED, NOW, seen=mark)
    scene.show(link_mail_lists.add_to_lists, RECRUITER, number, LISTED, NOW, seen="old")
    tomorrow = scene.later(days=2)
    refused = scene.do(link_mails.show, OWNER, number, tomorrow).unlisted.seen
    for mark in (refused, "old"):
        scene.show(link_resending.add_to_lists, OWNER, number, tomorrow, seen=mark)
    scene.show(link_resending.add_to_lists, RECRUITER, number, tomorrow, seen="old")
    scene.show(link_mails.sweep, scene.later(days=400))
    for days in (0, 1):
        scene.show(link_mails.left_today, scene.later(days=days), 100)
