"""The organisation of `permission_matrix.py` is set up: by lines and taps, so that the matrix has all that there is."""

import hashlib
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain import access
from core.domain.fingerprint import fingerprint
from core.domain.form_fields import read_form
from core.domain.logos import Logo
from core.domain.retention import Kept
from core.engine import Engine
from core.services import joint_request_answers, logos, ownership, questions, redemption
from core.services.joint_answers import Answer
from core.services.ownership import Claimant
from core.services.questions import About
from core.services.retention import Change
from core.storage.tables import Invitation, Link, Question
from tests.support.account import FAST_HASH
from tests.support.permission_matrix import (
    CURLEW,
    DOTTEREL,
    EGRET_TOKEN,
    FINCH,
    GULL,
    INVITATION_CODE,
    LEARNER_NUMBER,
    OSPREY,
    OSPREY_TOKEN,
    PUFFIN_TOKEN,
    QUESTIONS,
    ROOK,
    SET_UP,
    STAFF,
    WREN,
    Role,
)
from tests.support.router_fixture import GROUP, Counter
from tests.support.rows import a_request, a_user

OWNER_NUMBER = 1
_A_LOGO = Logo(version="0123456789ab-20x20", content="")


async def settle(engine: Engine) -> dict[str, str]:
    """Fill an empty database; give, by verb, what the buttons carry that do what was shown."""
    counter = Counter(engine)
    await _staff_comes(counter)
    await engine.write(_name_the_unguessable)
    await _people_come(counter)
    await a_user(engine, access.Role.DEPARTMENT_ADMINISTRATOR, "Heron", name="Dunlin")
    await counter.line(Role.OWNER, "/settings privacy Petrel")
    taught = await _courses_change(counter)
    week_given = await _given_a_week(counter)
    deleting = await counter.line(Role.SALES, f"/deleteprofile {CURLEW}")
    await counter.tap(Role.SALES, _carried(deleting, "end!:"))
    carried = {verb: _carried(await counter.line(Role.OWNER, line), verb) for verb, line in QUESTIONS.items()}
    carried |= await _cards_shown(counter)
    carried |= taught
    carried |= await _asked_step_by_step(counter)
    carried["list-undo:"] = week_given
    carried |= await _rush_asked_about(engine)
    carried |= await _role_ticked(counter)
    carried |= await _about_to_be_erased(counter)
    await counter.line(Role.SALES, "/newprofile")
    carried["d:"] = _carried(await counter.line(Role.SALES, "Merlin | Nightjar / Kestrel"), "d:")
    carried |= await _digests_ordered(counter)
    carried |= await _lists_sent(counter)
    switching = await counter.tap(Role.OWNER, "expectonly:d3:1")
    carried["expectonly!:d3:"] = _carried(switching, "expectonly!:")
    unclear = await counter.line(Role.OWNER, f"/missing {OSPREY} remind stilr")
    which = await counter.line(Role.OWNER, "/missing e remind stilt@example.com")
    carried["remind-typed:"] = f"{_carried(which, 'remind-typed:').rpartition(':')[0]}:{OSPREY}"
    carried["remind-named:"] = _carried(unclear, "remind-named:")
    return carried


async def _staff_comes(counter: Counter) -> None:
    """Let the owner set everything up and give each their role, also one that is taken away again."""
    owner = Claimant(telegram_id=Role.OWNER, first_name="Olivia", last_name="Ortolan", language="en")
    await counter.engine.write(ownership.claim_as_configured, owner, counter.engine.now())
    for line in SET_UP:
        await counter.line(Role.OWNER, line)
    for role, (name, given) in STAFF.items():
        number = await a_user(counter.engine, access.Role.LEARNER, telegram_id=role, name=name)
        asked = await counter.line(Role.OWNER, f"/assign #{number} | {given}")
        await counter.tap(Role.OWNER, _carried(asked, "role-give!:"))
    await counter.line(Role.OWNER, f"/assign #{LEARNER_NUMBER} | learner")


async def _cards_shown(counter: Counter) -> dict[str, str]:
    """Look at two profiles; give what the buttons carry that give a week or places more, and take it back."""
    card = await counter.line(Role.OWNER, f"/profile {OSPREY}")
    given = await counter.tap(Role.OWNER, _carried(await counter.line(Role.OWNER, f"/profile {DOTTEREL}"), "places:"))
    return {verb: _carried(card, verb) for verb in ("week:", "places:")} | {"unextend:": _carried(given, "unextend:")}


async def _about_to_be_erased(counter: Counter) -> dict[str, str]:
    """Ask about what can't be undone, and replace the logo; give what the buttons carry."""
    ending = _carried(await counter.tap(Role.OWNER, f"person-end:{ROOK}"), "person-end!:")
    shorter = Change(kept=Kept.LISTS, before=90, after=30, ending=0)
    logo = await counter.engine.write(logos.change, OWNER_NUMBER, _A_LOGO, counter.engine.now())
    erasing = _carried(await counter.tap(Role.OWNER, f"person-erase:{ROOK}"), "person-erase!:")
    return {
        "person-end!:": ending,
        "person-erase!:": erasing,
        "logo-undo:": f"logo-undo:{logo}",
        "retention!:": f"retention!:lists:30:{shorter.seen}",
    }


async def _digests_ordered(counter: Counter) -> dict[str, str]:
    """Order digests, of which one is deleted, and a card for a group; give what the buttons of a question carry."""
    await counter.line(Role.SALES, "/digest daily 18:00", chat=GROUP)
    question = await counter.engine.read(_last_question)
    await counter.line(Role.OWNER, f"/card {OSPREY}", chat=GROUP)
    await counter.line(Role.SALES, "/digest now")
    for role, newest in ((Role.OWNER, 0), (Role.OWNER, 2), (Role.SALES, 1), (Role.SALES, 4)):
        await counter.tap(role, f"digest-in:0:0:{newest}")  # adds the next one; profiles have other numbers than sales'
    await counter.tap(Role.SALES, "digest-delete:5")
    return {verb: f"{verb}{question}" for verb in ("digest-group!:", "digest-group-no:")}


async def _lists_sent(counter: Counter) -> dict[str, str]:
    """Keep a list and send the link to another; give what the buttons carry of two more lists."""
    await counter.tap(Role.OWNER, _carried(await _list_sent(counter), "rkeep:"))
    second = await _list_sent(counter)  # it can take the place of the first
    carried = {verb: _carried(second, verb) for verb in ("rlist:", "rkeep:", "rinstead:", "rcancel:")}
    carried |= await _people_ticked(counter)
    await counter.tap(Role.OWNER, _carried(await _link_list_sent(counter, "stilt"), "sendgo:"))
    return carried | _of_list_to_send(await _link_list_sent(counter, "avocet"))


async def _rush_asked_about(engine: Engine) -> dict[str, str]:
    """Ask whether to take Wren back, to bring her back, and to decline Finch, as if they had come in a rush."""
    body: dict[str, Any] = {"profile": OSPREY, "people": [WREN], "active": [], "enrolments": []}
    undone = await engine.write(questions.ask, OWNER_NUMBER, About.RUSH, body, engine.now())
    back = await engine.write(questions.ask, OWNER_NUMBER, About.RUSH_UNDO, body, engine.now())
    waiting = {"profile": OSPREY, "people": [FINCH]}
    declined = await engine.write(questions.ask, OWNER_NUMBER, About.RUSH_DECLINE, waiting, engine.now())
    every = {"answer": Answer.APPROVE, "people": [(FINCH, None)]}
    answered = await engine.write(questions.ask, OWNER_NUMBER, About.JOINT_ANSWER, every, engine.now())
    asked = await engine.write(joint_request_answers.propose, OWNER_NUMBER, Answer.DECLINE, engine.now())
    assert asked
    return {
        "rush-undone:": f"rush-undone:{undone}",
        "rush-back:": f"rush-back:{back}",
        "waiting-rush-declined:": f"waiting-rush-declined:{declined}",
        "answer-all!:": f"answer-all!:{answered}",
        "answer-requests!:": f"answer-requests!:{asked.question_id}",
    }


async def _courses_change(counter: Counter) -> dict[str, str]:
    """Transfer a person, apply rules, archive a course and change it; give what buttons carry that go on or undo."""
    moved = await counter.line(Role.OWNER, "/transfer gull@example.com | Nightjar")
    several = await counter.line(Role.OWNER, "/transfer gull@example.com, rook@example.com | Nightjar")
    together = await counter.tap(Role.OWNER, _carried(several, "people-change!:"))
    carried = await _rules_applied(counter) | await _courses_given(counter)
    archiving = _carried(await counter.line(Role.OWNER, "/archivecourse Teal"), "course-archive!:")
    await counter.tap(Role.OWNER, archiving)
    edited = await counter.line(Role.OWNER, "/editcourse Teal | days | 7")
    undoing = {"course-undo:": edited, "transfer-undo:": moved, "people-undo:": together}
    return carried | {verb: _carried(heard, verb) for verb, heard in undoing.items()}


async def _rules_applied(counter: Counter) -> dict[str, str]:
    """Let two rules give courses to those who are there: one is applied and can be undone, the other is asked about."""
    carried = {}
    for title in ("Scaup", "Eider"):
        await counter.line(Role.OWNER, f"/addcourse {title} | https://example.com/{title}")
        await counter.line(Role.OWNER, f"/addrule Nightjar | {title}")
        carried["rule-apply!:"] = _carried(
            await counter.line(Role.OWNER, f"/applyrule Nightjar | {title}"), "rule-apply!:"
        )
        if title == "Scaup":
            given = await counter.tap(Role.OWNER, carried["rule-apply!:"])
            carried["rule-undo:"] = _carried(given, "rule-undo:")
    return carried


async def _courses_given(counter: Counter) -> dict[str, str]:
    """Give courses by name, take them back, transfer people; give what the buttons carry that go on or undo that."""
    lines = {
        "enrol!:": "/enrol wren@example.com, gull@example.com | Eider",
        "enrol-undo:": "/enrol stork@example.com | Scaup",
        "unenrol!:": "/unenrol wren@example.com, rook@example.com | Scaup",
        "unenrol-undo:": "/unenrol gull@example.com | Loon",
        "transfer-keep!:": "/transfer rook@example.com | Heron",
        "transfer-take!:": "/transfer rook@example.com | Heron",
        "person-email!:": "/correct gull@example.com | Email | gull@example.org",
    }
    return {verb: _carried(await counter.line(Role.OWNER, line), verb) for verb, line in lines.items()}


async def _given_a_week(counter: Counter) -> str:
    """Give a profile a week more by the list; give what the button carries that takes it back."""
    selecting = _carried(await counter.tap(Role.OWNER, "list:0:select"), "list:")
    number = selecting.split(":")[1]
    marked = _carried(await counter.tap(Role.OWNER, f"list:{number}:mark:{OSPREY}"), "list:")
    given = await counter.tap(Role.OWNER, f"list:{marked.split(':')[1]}:week")
    return _carried(given, "list-undo:")


async def _role_ticked(counter: Counter) -> dict[str, str]:
    """Tick one more permission of a role; give what the buttons carry that tick another one and that save."""
    ticking = _carried(await counter.tap(Role.OWNER, "role-edit:3"), "role-tick:")
    shown = await counter.tap(Role.OWNER, ticking)
    return {verb: _carried(shown, verb) for verb in ("role-tick:", "role-save:")}


async def _list_sent(counter: Counter) -> str:
    """Send a list of whom the owner expects, and read its preview."""
    await counter.line(Role.OWNER, f"/expect {OSPREY}")
    return await counter.line(Role.OWNER, "Stilt stilt@example.com")


async def _people_ticked(counter: Counter) -> dict[str, str]:
    """Choose whom to remind; give what the buttons carry that tick one more and that remind those who were chosen."""
    chosen = await counter.line(Role.OWNER, f"/missing {OSPREY} remind stilt@example.com")
    ticking = await counter.tap(Role.OWNER, f"remind-some:{OSPREY}")
    carried = {"remind-list:": _carried(ticking, "remind-list:"), "remind-some!:": _carried(chosen, "remind-some!:")}
    about, _, _ = carried["remind-some!:"].removeprefix("remind-some!:").rpartition(":")
    return {**carried, "remind-some-add:": f"remind-some-add:{about}:{fingerprint([])}"}


def _of_list_to_send(shown: str) -> dict[str, str]:
    """Return what the buttons of a preview carry, and the one that it has only if a list refuses somebody."""
    carried = {verb: _carried(shown, verb) for verb in ("sendas:", "sendgo:", "sendno:")}
    question_id = carried["sendno:"].partition(":")[2]
    return {**carried, "sendadd:": f"sendadd:{question_id}:0:0:0:0:{fingerprint([])}"}


async def _link_list_sent(counter: Counter, name: str) -> str:
    """Send a list of whom the owner wants to send a link to, and read its preview."""
    await counter.line(Role.OWNER, f"/send {OSPREY}")
    return await counter.line(Role.OWNER, f"Name;Email\nStilt;{name}@example.com")


async def _asked_step_by_step(counter: Counter) -> dict[str, str]:
    """Begin to pause and to duplicate a profile; give what the buttons carry that go on, look further and go back."""
    pausing = await counter.line(Role.OWNER, "/pause")
    copying = await counter.tap(Role.OWNER, _carried(await counter.line(Role.OWNER, "/duplicate"), "pick:"))
    page = _carried(pausing, "pick:").replace("pick:", "pick-page:")
    return {"pick:": _carried(pausing, "pick:"), "pick-page:": page, "pick-back:": _carried(copying, "pick-back:")}


def _last_question(session: Session) -> int:
    return max(session.scalars(select(Question.id)))


def _carried(shown: str, verb: str) -> str:
    return verb + shown.partition(f"'callback_data': '{verb}")[2].partition("'")[0]


def _name_the_unguessable(session: Session) -> None:
    """Give the links and the invitation codes that a table of lines can name."""
    for number, token in ((1, OSPREY_TOKEN), (2, EGRET_TOKEN), (5, PUFFIN_TOKEN)):
        session.execute(update(Link).where(Link.id == number).values(token=token))
    session.execute(update(Invitation).values(code_hash=hashlib.sha256(INVITATION_CODE.encode()).hexdigest()))


async def _people_come(counter: Counter) -> None:
    """Let learners sign up: one whose activation is returned, one of the other branch, one who waits for approval."""
    engine = counter.engine
    await _signs_up(engine, OSPREY_TOKEN, "Wren")
    await _signs_up(engine, PUFFIN_TOKEN, "Rook")
    await counter.tap(Role.OWNER, "return!:2:")
    await _signs_up(engine, EGRET_TOKEN, "Stork")
    await counter.line(Role.OWNER, "/settings approval on")
    await _signs_up(engine, OSPREY_TOKEN, "Finch")
    await counter.line(Role.OWNER, "/settings approval off")
    await _signs_up(engine, OSPREY_TOKEN, "Gull")
    await a_request(engine, OSPREY_TOKEN, "Plover")
    await counter.tap(Role.OWNER, f"person-off:{GULL}")


async def _signs_up(engine: Engine, token: str, name: str) -> None:
    values = {"first_name": name, "last_name": "Berg", "email": f"{name}@example.com", "password": "a long secret"}
    form = redemption.SignUp(
        newcomer=read_form(values, region="LV"), password_hash=FAST_HASH, form_key=f"form of {name}"
    )
    await engine.write(redemption.redeem, token, form, engine.now())
