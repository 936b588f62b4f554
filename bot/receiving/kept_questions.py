"""Questions whose facts are kept with them, shown anew when these have changed: the button carries only their number.

Where asking anew might do at once what was asked about, because less depends on it now, the card is shown instead.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.context import Context
from bot.handlers import course_editing, person, person_corrections, role_cards, role_grants
from bot.input.arguments import StaleButton, is_number
from bot.menu.buttons import ButtonHandler
from bot.screens import people_selection as screens
from bot.screens.screen import Screen
from core.services import people_selection, questions
from core.services import person_corrections as corrections
from core.services import role_grants as grants
from core.services.people_selection import PeopleChange
from core.services.questions import About

Body = Mapping[str, Any]


def _by_its_facts(about: About, anew: Callable[[Context, Body], Awaitable[Screen]]) -> ButtonHandler:
    """Show a question anew, by what is kept of it."""

    async def ask_anew(context: Context, arguments: str) -> Screen:
        if not is_number(arguments):
            raise StaleButton
        body = await context.read(questions.read, context.actor_id, int(arguments), about, context.now)
        return await anew(context, body)

    return ask_anew


async def _about_people(context: Context, body: Body) -> Screen:
    meant = await context.engine.write(
        people_selection.propose,
        context.actor_id,
        body["people"],
        PeopleChange(body["change"]),
        context.now,
        department=body["to"],
    )
    return screens.question(context.words, meant)


async def _about_role(context: Context, body: Body) -> Screen:
    asked = body["user_id"], body["role"], body["managed"]
    proposal = await context.engine.write(grants.propose, context.actor_id, *asked, context.now)
    return role_grants.question(context, proposal) if proposal else await _person(context, body)


async def _about_email(context: Context, body: Body) -> Screen:
    asked = await context.engine.write(
        corrections.propose_email, context.actor_id, body["user_id"], body["after"], context.now
    )
    return person_corrections.question(context, asked)


async def _person(context: Context, body: Body) -> Screen:
    return await person.BUTTONS["person"](context, str(body["user_id"]))


async def _course(context: Context, body: Body) -> Screen:
    return await course_editing.BUTTONS["course"](context, str(body["course_id"]))


async def _roles(context: Context, _body: Body) -> Screen:
    return await role_cards.BUTTONS["roles"](context, "0")


KEPT: Mapping[str, ButtonHandler] = {
    "course-save!": _by_its_facts(About.COURSE_CHANGE, _course),
    "enrol!": _by_its_facts(About.ENROLMENT, _course),
    "people-change!": _by_its_facts(About.PEOPLE, _about_people),
    "person-email!": _by_its_facts(About.CORRECTION, _about_email),
    "role-change!": _by_its_facts(About.ROLE_CHANGE, _roles),
    "role-give!": _by_its_facts(About.ROLE, _about_role),
    "transfer-keep!": _by_its_facts(About.TRANSFER, _person),
    "transfer-take!": _by_its_facts(About.TRANSFER, _person),
    "unenrol!": _by_its_facts(About.UNENROLMENT, _course),
}
