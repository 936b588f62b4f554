from core.domain.links import Only
from core.services import (
    alerts,
    export,
    history,
    live_cards,
    policies,
    profile_copying,
    profile_drafts,
    profile_edit_drafts,
    profile_editing,
    profile_extending,
    profile_links,
    profile_lists,
    profile_removal,
    profile_selection,
    profiles,
    questions,
    rush_declines,
    rush_undo,
)
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField, Settled
from core.services.profile_links import FailedForm
from core.services.profile_selection import BulkChange
from core.services.profiles import Draft
from core.services.questions import About
from tests.support.rich_account import CREW, LISTENER, MANAGER, NOBODY, OWNER, RECRUITER, signs_up, token_of
from tests.support.scene import NOW, Scene

EVERY_STATE = ("Autumn, sales", "Full house", "Long gone", "Not yet", "On hold", "Nordic", "Unused", "Removed")


def found(scene: Scene) -> None:
    for only in Only:
        scene.show(profile_lists.listing, OWNER, "", 0, NOW, only=only)
    scene.show(profile_lists.listing, OWNER, "", 1, NOW, size=3)
    scene.show(profile_lists.listing, OWNER, "sales", 0, NOW, mine=True)
    scene.show(profile_lists.listing, MANAGER, "", 0, NOW)
    scene.show(profile_lists.listing, RECRUITER, "", 0, NOW, mine=True)
    scene.show(profile_lists.listing, LISTENER, "", 0, NOW)
    scene.show(profile_lists.shareable, OWNER, "", NOW, at_most=3)
    scene.show(profile_lists.shareable, MANAGER, "nor", NOW, at_most=20)
    scene.show(profile_lists.meant, MANAGER, "nor", NOW, at_most=20)
    for name in EVERY_STATE:
        scene.show(profiles.card, OWNER, scene.profile(name), NOW)
    scene.show(profiles.card, MANAGER, scene.profile("Autumn, sales"), NOW)
    scene.show(profiles.card, MANAGER, scene.profile("On hold"), NOW)
    scene.show(profiles.card, OWNER, scene.profile("Autumn, sales"), scene.later(days=60))


def creating(scene: Scene) -> None:
    for name, department, window, limit in (
        (" Winter,  all ", "sales / emea", "now - +1 week", "100000"),
        ("Autumn, sales", "Sales", "24.12. - 31.12.", "unlimited"),
        ("Winter", "Sales / EMAE", "now - +1 week", "1"),
        ("Winter", "EMEA", "now - +1 week", "1"),
        ("Winter", "", "now - +1 week", "1"),
        ("", "Sales", "now - +1 week", "1"),
        ("W" * 101, "Sales", "now - +1 week", "1"),
        ("Winter", "Sales", "+1 week - now", "1"),
        ("Winter", "Sales", "-2 weeks - -1 week", "1"),
        ("Winter", "Sales", "soon", "1"),
        ("Winter", "Sales", "now - 5/6", "1"),
        ("Winter", "Sales", "now - +30 years", "1"),
        ("Winter", "Sales", "now - +1 week", "0"),
        ("Winter", "Sales", "now - +1 week", "1000001"),
        ("Winter", "Sales", "now - +1 week", "many"),
    ):
        scene.show(profiles.create, OWNER, Draft(name=name, department=department, window=window, limit=limit), NOW)
    draft = Draft(name="Winter", department="Support", window="now - +1 week", limit="1")
    scene.show(profiles.create, MANAGER, draft, NOW)
    scene.show(profiles.create, RECRUITER, draft, NOW)
    scene.show(profiles.create, LISTENER, draft, NOW)


def copying(scene: Scene) -> None:
    for name in EVERY_STATE:
        scene.show(profile_copying.duplicate, OWNER, scene.profile(name), "Copy, one", NOW)
        scene.show(profile_copying.answers_of, OWNER, scene.profile(name), NOW)
    scene.show(profile_copying.duplicate, OWNER, scene.profile("Nordic"), "", NOW)
    scene.show(profile_copying.duplicate, OWNER, NOBODY, "Copy", NOW)


def drafting(scene: Scene) -> None:
    scene.show(profile_drafts.begin, OWNER, NOW)
    scene.show(profile_drafts.begin, RECRUITER, NOW)
    answers = scene.do(profile_drafts.begin, OWNER, NOW).answers
    scene.show(profile_drafts.facts, OWNER, answers)
    scene.show(profile_drafts.facts, RECRUITER, {**answers, "department": scene.department("Sales")})
    for text in ("tomorrow 9:00", "24.12.", "now", "yesterday", "soon", "5/6"):
        scene.show(profile_drafts.read_start, OWNER, text, NOW)
        scene.show(profile_drafts.read_end, OWNER, text, answers, NOW)
    for text in ("50", "unlimited", "Winter", "Winter | Sales | now - +1 week | 5", "Sales / EMEA", "+2 weeks", ""):
        scene.show(profile_drafts.read, OWNER, text, answers, NOW)
    for parts in (
        ("Winter",),
        ("Winter", "Sales"),
        ("Winter", "Sails", "now - +1 week", "7"),
        ("Winter", "Sales", "x"),
    ):
        scene.show(profile_drafts.read_line, OWNER, parts, NOW)


def editing(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    for field, text in (
        (EditedField.NAME, "Winter, all"),
        (EditedField.NAME, "Nordic"),
        (EditedField.NAME, ""),
        (EditedField.DEPARTMENT, "sales / apac"),
        (EditedField.DEPARTMENT, "Sales / EMEA"),
        (EditedField.DEPARTMENT, "Nowhere"),
        (EditedField.START, "+1 week"),
        (EditedField.START, "+1 year"),
        (EditedField.START, "-1 week"),
        (EditedField.END, "+1 day"),
        (EditedField.END, "-1 day"),
        (EditedField.END, "24.12. 18:30"),
        (EditedField.END, "soon"),
        (EditedField.LIMIT, "7"),
        (EditedField.LIMIT, "6"),
        (EditedField.LIMIT, "1"),
        (EditedField.LIMIT, "10"),
        (EditedField.LIMIT, "unlimited"),
        (EditedField.LIMIT, "0"),
        (EditedField.LIMIT, "many"),
    ):
        scene.show(profile_editing.preview, OWNER, number, Change(field=field, value=text), NOW)
        scene.show(profile_editing.edit, OWNER, number, Change(field=field, value=text), NOW)


def editing_others(scene: Scene) -> None:
    for name in EVERY_STATE:
        number = scene.profile(name)
        scene.show(profile_editing.edit, OWNER, number, Change(field=EditedField.END, value="+9 weeks"), NOW)
        scene.show(profile_editing.edit, OWNER, number, Change(field=EditedField.LIMIT, value="1"), NOW)
        for paused in (True, False):
            scene.show(profile_editing.pause, OWNER, number, NOW, paused=paused)
        scene.show(profile_editing.close_now, OWNER, number, NOW)
        scene.show(profile_extending.add_places, OWNER, number, NOW, limit=10)
        scene.show(profile_extending.add_week, OWNER, number, NOW, ends_at=1)
    scene.show(profile_editing.pause, MANAGER, scene.profile("On hold"), NOW, paused=True)


def settling(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    for field, value in ((EditedField.LIMIT, 7), (EditedField.LIMIT, None), (EditedField.DEPARTMENT, 8)):
        scene.show(profile_editing.settled, OWNER, number, field, value, NOW)
        settled = scene.do(profile_editing.settled, OWNER, number, field, value, NOW)
        scene.show(profile_editing.save, OWNER, number, settled, NOW)
        scene.show(profile_editing.save, OWNER, number, Settled(field=field, value=value, seen="old"), NOW)
    scene.show(profile_extending.add_places, OWNER, scene.profile("Full house"), NOW, limit=2)
    given = scene.do(profile_extending.add_places, OWNER, scene.profile("Full house"), NOW, limit=2)
    scene.show(profile_extending.undo, OWNER, scene.profile("Full house"), given.undo, NOW, at=NOW)
    scene.show(profile_extending.undo, OWNER, scene.profile("Full house"), given.undo, scene.later(days=2), at=NOW)
    ends = int(scene.do(profiles.card, OWNER, number, NOW).window.ends_at.timestamp())
    scene.show(profile_extending.add_week, OWNER, number, NOW, ends_at=ends)


def the_form_of_a_change(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    answers = scene.do(profile_edit_drafts.begin, OWNER, number)
    scene.show(profile_edit_drafts.begin, OWNER, number)
    scene.show(profile_edit_drafts.begin, MANAGER, scene.profile("On hold"))
    for changed in ({}, {"name": "Winter, all"}, {"limit": 5}, {"limit": None}, {"department": 8}):
        scene.show(profile_edit_drafts.effect, OWNER, {**answers, **changed}, NOW)
        scene.show(profile_edit_drafts.refresh, OWNER, {**answers, **changed})
        scene.show(profile_edit_drafts.require_places, OWNER, {**answers, **changed})
    scene.do(profile_editing.edit, OWNER, number, Change(field=EditedField.LIMIT, value="11"), NOW)
    scene.show(profile_edit_drafts.refresh, OWNER, answers)
    scene.show(profile_edit_drafts.refresh, OWNER, {**answers, "limit": 5})


def links(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    for name in ("Autumn, sales", "Nordic", "Unused"):
        scene.show(profile_links.listing, OWNER, scene.profile(name), NOW)
    scene.show(profile_links.labelled, OWNER)
    scene.show(profile_links.labelled, RECRUITER)
    for label in (" Radio,  local ", "POSTER", "", "l" * 101, "a|b"):
        scene.show(profile_links.add, OWNER, number, label, NOW)
        scene.show(profile_links.rename, OWNER, number, "leaflet, blue", label, NOW)
    scene.show(profile_links.rename, OWNER, number, "leaflet", "Radio", NOW)
    scene.show(profile_links.replace, OWNER, number, NOW)
    scene.show(profile_links.replace, OWNER, number, NOW, label="poster")
    scene.show(profile_links.replace, OWNER, number, NOW, label="radio")
    scene.show(profile_links.replace, OWNER, number, NOW, seen="old")
    scene.show(profile_links.replace, OWNER, scene.profile("Long gone"), NOW)
    token = token_of(scene, "Autumn, sales", "poster")
    for link in (token, f"https://signup.example.org/s/{token}", token_of(scene, "Full house"), "guessed"):
        for time in ("", "+7 weeks", "24.12. 9:00", "-4 weeks", "soon"):
            scene.show(profile_links.check, OWNER, link, time, NOW)
    scene.show(profile_links.check, MANAGER, token_of(scene, "On hold"), "", NOW)
    scene.show(profile_links.find_copied, ["guessed", token])
    failed = FailedForm(ticket="a ticket", email="mira@example.com", field="phone")
    scene.show(profile_links.note_failure, token, failed, NOW)
    scene.do(profile_links.note_failure, token, failed, NOW)
    scene.show(profile_links.note_failure, token, failed, NOW)
    scene.show(profile_links.listing, OWNER, number, NOW)


def removing(scene: Scene) -> None:
    for names in (EVERY_STATE[:1], EVERY_STATE[1:3], EVERY_STATE[-1:], ("Autumn, sales", "Autumn, sales")):
        numbers = [scene.profile(name) for name in names]
        scene.show(profile_removal.preview, OWNER, numbers)
        scene.show(profile_removal.remove, OWNER, numbers, NOW)
        scene.show(profile_removal.removed, OWNER, numbers[0])
        scene.show(profile_removal.undo, OWNER, numbers, NOW)
    scene.show(profile_removal.remove, OWNER, [scene.profile("Unused")], NOW, seen="old")
    scene.show(profile_removal.undo, OWNER, [scene.profile("Removed")], scene.later(days=60))
    scene.show(profile_removal.remove, MANAGER, [scene.profile("Unused"), scene.profile("On hold")], NOW)


def several_at_once(scene: Scene) -> None:
    numbers = [scene.profile(name) for name in EVERY_STATE[:-1]]
    for change in BulkChange:
        for actor, chosen in ((OWNER, numbers), (OWNER, numbers[:2]), (OWNER, []), (MANAGER, numbers)):
            listed = scene.do(questions.ask, actor, About.LIST, {}, NOW)
            scene.show(profile_selection.change, actor, listed, chosen, change, NOW)
        scene.show(profile_selection.change, OWNER, NOBODY, numbers, change, NOW)
        listed = scene.do(questions.ask, OWNER, About.LIST, {}, NOW)
        with scene.apart():
            undo = scene.do(profile_selection.change, OWNER, listed, numbers[:2], change, NOW).undo
            scene.show(profile_selection.undo, OWNER, undo, NOW)
            scene.show(profile_selection.undo, OWNER, undo, scene.later(days=2))
            scene.do(profile_editing.pause, OWNER, numbers[0], NOW, paused=change is BulkChange.RESUME)
            scene.show(profile_selection.undo, OWNER, undo, NOW)


def the_history(scene: Scene) -> None:
    for name in EVERY_STATE:
        scene.show(history.page, OWNER, scene.profile(name))
        scene.show(export.page, OWNER, scene.profile(name))
    scene.show(history.page, OWNER, scene.profile("Autumn, sales"), size=2)
    scene.show(export.page, OWNER, scene.profile("Autumn, sales"), before=3, size=1)
    scene.show(history.begin_export, OWNER, scene.profile("Autumn, sales"), NOW)
    for number in range(1, 6):
        scene.show(history.returnable, OWNER, number)
        scene.show(history.return_activation, OWNER, number, "twice, again", NOW)
    scene.show(history.return_activation, OWNER, 1, "", NOW)
    scene.show(history.return_activation, OWNER, 1, "r" * 501, NOW)
    scene.show(history.return_activation, OWNER, NOBODY, "", NOW)
    scene.show(history.returnable, MANAGER, 6)


def cards_in_groups(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    scene.show(live_cards.in_groups, OWNER, number)
    scene.show(live_cards.in_groups, OWNER, scene.profile("Nordic"))
    scene.show(live_cards.post, OWNER, number, CREW, "es", NOW)
    scene.show(live_cards.post, MANAGER, scene.profile("Nordic"), CREW, "es", NOW)
    scene.show(live_cards.post, OWNER, scene.profile("Removed"), CREW, "es", NOW)
    scene.show(live_cards.shared, OWNER, number, "inline", "shows", "es", NOW)
    scene.show(live_cards.stop, OWNER, 1, NOW)
    scene.show(live_cards.stop, OWNER, NOBODY, NOW)
    scene.show(live_cards.lost, OWNER, 1)
    for moment in (NOW, scene.later(hours=1), scene.later(days=60)):
        scene.show(live_cards.any_due, moment)
        scene.show(live_cards.claim, moment)
    scene.show(live_cards.sent, 1, 55)
    scene.show(live_cards.edited, 1, "shows", NOW)
    scene.show(live_cards.postpone, 1, scene.later(hours=1))
    scene.show(live_cards.lose, 1, NOW)
    scene.show(live_cards.chat_lost, CREW.chat_id, NOW)
    scene.show(live_cards.chat_moved, CREW.chat_id, -6006, NOW)
    scene.show(live_cards.sweep, scene.later(days=60))


def rushes(scene: Scene) -> None:
    number = scene.profile("On hold")
    scene.do(profile_editing.pause, OWNER, number, NOW, paused=False)
    for place in range(25):
        signs_up(scene, f"Rush{place}", "On hold", scene.later(seconds=place))
    scene.show(alerts.tell, scene.later(seconds=30))
    scene.do(alerts.tell, scene.later(seconds=30))
    now = scene.later(minutes=5)
    for actor in (OWNER, RECRUITER, MANAGER):
        scene.show(rush_undo.show, actor, number, now)
    rush = scene.do(rush_undo.show, OWNER, number, now)
    assert rush is not None
    scene.show(rush_undo.propose, OWNER, number, rush.told_second, now)
    scene.show(rush_undo.propose, OWNER, number, 0, now)
    scene.show(rush_undo.show, OWNER, number, scene.later(days=2))
    question = scene.do(rush_undo.propose, RECRUITER, number, rush.told_second, now).question_id
    scene.show(rush_undo.confirm, RECRUITER, question, now)
    done = scene.do(rush_undo.confirm, RECRUITER, question, now)
    scene.show(rush_undo.bring_back, RECRUITER, done.back_id, now)
    scene.show(rush_undo.bring_back, RECRUITER, done.back_id, scene.later(days=2))
    scene.show(rush_undo.bring_back, OWNER, done.back_id, now)


def rushes_of_who_wait(scene: Scene) -> None:
    number = scene.profile("On hold")
    scene.do(profile_editing.pause, OWNER, number, NOW, paused=False)
    scene.do(policies.switch, OWNER, Switch.APPROVAL, NOW, on=True)
    for place in range(25):
        signs_up(scene, f"Rush{place}", "On hold", scene.later(seconds=place))
    scene.show(alerts.tell, scene.later(seconds=30))
    scene.do(alerts.tell, scene.later(seconds=30))
    now = scene.later(minutes=5)
    for actor in (OWNER, RECRUITER):
        scene.show(rush_declines.show, actor, number, now)
    rush = scene.do(rush_declines.show, OWNER, number, now)
    assert rush is not None
    scene.show(rush_declines.propose, OWNER, number, rush.told_second, now)
    scene.show(rush_declines.propose, OWNER, number, 0, now)
    question = scene.do(rush_declines.propose, RECRUITER, number, rush.told_second, now).question_id
    scene.show(rush_declines.confirm, RECRUITER, question, now)
    done = scene.do(rush_declines.confirm, RECRUITER, question, now)
    scene.show(rush_declines.bring_back, RECRUITER, done.back_id, now)
    scene.show(rush_declines.bring_back, RECRUITER, done.back_id, scene.later(days=2))
