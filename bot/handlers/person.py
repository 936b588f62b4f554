"""/person and the buttons of a person's card."""

from collections.abc import Mapping
from datetime import timedelta

from markupsafe import Markup

from bot.context import Context
from bot.input.arguments import UsageError, is_number
from bot.menu.buttons import ButtonHandler, by_number, by_numbers, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.password_notices import link_screen, page_of_link
from bot.screens.person_card import person_screen
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.addresses import known_by
from bot.wording.phrases import N_, Words
from bot.wording.text import lines
from core.domain.access import STAFF_ROLES, Permission
from core.services import history, password_links, people, person_details, person_removal, repetitions
from core.services.person_details import Ending, PersonDetails

MOST_NAMED = 20
DOUBLE_TAP = timedelta(seconds=10)


async def show(context: Context, text: str) -> Screen:
    """Show a person's card, by their number, e-mail address or login."""
    if not text:
        raise UsageError
    who = f"#{text}" if is_number(text) else text
    return await card(context, await context.read(people.find, context.actor_id, who))


async def card(context: Context, user_id: int) -> Screen:
    """Show a person's card."""
    return person_screen(context, await read_details(context, user_id))


async def activate(context: Context, user_id: int) -> Screen:
    """Activate a person."""
    await context.write(people.activate, context.actor_id, user_id, context.now)
    toast = context.words.say("They can log in again")
    return person_screen(context, await read_details(context, user_id), toast=toast)


async def deactivate(context: Context, user_id: int) -> Screen:
    """Deactivate a person."""
    await context.write(people.deactivate, context.actor_id, user_id, context.now)
    toast = context.words.say("They can no longer log in. Their data is kept")
    return person_screen(context, await read_details(context, user_id), toast=toast)


async def make_password_link(context: Context, user_id: int) -> Screen:
    """Create a one-time link to a new password, and show it once; a double tap makes one."""
    made = await context.write(
        repetitions.once,
        context.actor_id,
        f"person-password:{user_id}",
        lambda session: password_links.make(session, context.actor_id, user_id, context.now),
        lambda made: made.user_id,
        context.now,
        within=DOUBLE_TAP,
    )
    return link_screen(context.words, made, page_of_link(context.addresses.public_url, made))


async def ask_to_delete(context: Context, user_id: int) -> Screen:
    """Ask before a person is deleted, naming them and all that goes with them."""
    details = await read_details(context, user_id)
    say, shown, arrival = context.words.say, details.card, details.arrival
    question = say("Delete {name} (#{number})?", name=shown.name, number=user_id)
    keeps_place = arrival is not None and not arrival.returned
    return Screen(
        text=lines(
            question,
            known_by(context.words, shown.email, shown.login),
            say("Their account, answers and courses will be deleted for good. Histories keep the name."),
            *ending(context, details),
            say("The activation is not returned: their place stays used.") if keeps_place else None,
        ),
        rows=rows(
            [
                tap(say("Delete"), "person-end!", user_id, details.seen, style="danger"),
                tap(say("Cancel"), "person", user_id),
            ],
            [tap(say("Erase the name too"), "person-erase", user_id)],
        ),
    )


def _digests_end(words: Words, ending: Ending) -> Markup:
    if ending.digests > 1:
        in_group = words.say("Their digests end, also for the groups that read them.")
        return in_group if ending.digest_in_group else words.say("Their digests end.")
    in_group = words.say("Their digest ends, also for the group that reads it.")
    return in_group if ending.digest_in_group else words.say("Their digest ends.")


def ending(context: Context, details: PersonDetails) -> list[Markup]:
    """Name what is deleted with a person: answers, courses, their role, digest and invitations."""
    say, card, ending = context.words.say, details.card, details.ending
    named: list[Markup] = []
    if details.filled:
        answers = (each.label_in(context.words.language.code) for each in details.filled[:MOST_NAMED])
        named.append(say("Answers: {labels}", labels=", ".join(answers)))
    if details.courses:
        named.append(say("Courses: {titles}", titles=", ".join(each.title for each in details.courses[:MOST_NAMED])))
    if card.role in STAFF_ROLES:
        role = labels.role_for(context.words, labels.role(context.words, card.role, card.role_name), card.manages)
        named.append(say("Role: {role}. They can no longer use this chat.", role=role))
    if ending.digests:
        named.append(_digests_end(context.words, ending))
    if ending.invitations:
        named.append(
            context.words.count(
                "{number} open invitation that they made will no longer be valid.",
                "{number} open invitations that they made will no longer be valid.",
                ending.invitations,
            )
        )
    return named


async def delete(context: Context, user_id: int, seen: str) -> Screen:
    """Delete a person after the question."""
    name = await context.write(person_removal.remove, context.actor_id, user_id, context.now, seen=seen)
    return Screen(text=context.words.say("{name} is deleted. /people shows the others.", name=name))


async def ask_to_return(context: Context, user_id: int) -> Screen:
    """Ask before a person's activation is returned."""
    shown, say = await read_details(context, user_id), context.words.say
    arrival, name = shown.arrival, shown.card.name
    if arrival is None or arrival.returned:
        return person_screen(context, shown, toast=say("There is no activation to return"))
    return Screen(
        text=lines(
            say("Return the activation of {name} to “{profile}”?", name=name, profile=arrival.profile_name),
            say("Then one more person can sign up through it. {name} stays. The return is recorded.", name=name),
        ),
        rows=rows(
            [
                tap(say("Return"), "person-give!", arrival.activation_id, user_id),
                tap(say("Cancel"), "person", user_id),
            ]
        ),
    )


async def give_back(context: Context, activation_id: int, user_id: int) -> Screen:
    """Return an activation after the question."""
    await context.write(history.return_activation, context.actor_id, activation_id, "", context.now)
    toast = context.words.say("The place is free again")
    return person_screen(context, await read_details(context, user_id), toast=toast)


async def read_details(context: Context, user_id: int) -> PersonDetails:
    """Read the details of a person."""
    return await context.read(person_details.show, context.actor_id, user_id, context.now)


COMMANDS = (
    Command(
        name="person",
        handler=show,
        summary=N_("Show a person by number, email or login"),
        examples=("/person 7", "/person anna@example.com"),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
        guided=(Part(N_("person"), of=Choice.PERSON),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "person": by_number(card),
    "person-on": by_number(activate),
    "person-off": by_number(deactivate),
    "person-password": by_number(make_password_link),
    "person-give": by_number(ask_to_return),
    "person-give!": by_numbers(give_back, at_least=2, at_most=2),
    "person-end": by_number(ask_to_delete),
    "person-end!": confirmed(delete),
}
