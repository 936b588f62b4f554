"""/invite, /invitations: one-time links to a role."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import repetitions as repeated_lines
from bot.handlers.roles import is_limited, several
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.paging import page_buttons
from bot.screens.screen import Screen, copy, rows, share, tap, to_home
from bot.screens.sharing import LONGEST_SHARED
from bot.wording import labels
from bot.wording.lists import page_of
from bot.wording.phrases import N_, Words
from bot.wording.text import command, lines, shortened
from core.domain.access import Permission
from core.engine import UseCase
from core.services import invitations, repetitions
from core.services.invitations import Made, Open

A_PAGE = 8
DOUBLE_TAP = timedelta(seconds=10)


async def invite(context: Context, text: str) -> Screen:
    """Create a one-time link to a role from `role | department; department`, and show it once."""
    return await repeated_lines.make(
        context,
        f"/invite {text}",
        _inviting(context, text),
        number=lambda made: made.invitation.invitation_id,
        screen=partial(_invited, context),
        ask=partial(_ask_about_another, context, text),
    )


async def invite_again(context: Context, question_id: int) -> Screen:
    """Create another invitation like the one that the same line created, after the question."""
    text = await repeated_lines.line_of(context, question_id)
    return _invited(context, await repeated_lines.another(context, question_id, _inviting(context, text)))


def _inviting(context: Context, text: str) -> UseCase[[], Made]:
    role, departments = fields(text, 1, 2)
    return lambda session: invitations.invite(session, context.actor_id, role, several(departments), context.now)


async def _ask_about_another(context: Context, text: str, invitation_id: int) -> Screen | None:
    """Ask before a line makes another invitation; None if the first one was used or withdrawn."""
    found = await context.read(invitations.waiting, context.actor_id, context.now)
    unused = next((each for each in found if each.invitation_id == invitation_id), None)
    if unused is None:
        return None
    label = context.words.say("invitation #{number}", number=invitation_id)
    return await repeated_lines.ask(context, text, "invite-again!", _withdrawing(context, unused), label)


def _invited(context: Context, made: Made) -> Screen:
    what = _what(context.words, made.invitation)
    return _made(context, made, context.words.say("The first person to open this link becomes: {what}.", what=what))


async def invite_person(context: Context, user_id: int) -> Screen:
    """Create a one-time link that gives a member of staff access to the chat, and show it once.

    A double tap makes one: the second would replace the screen with the first link, which is not shown again.
    """
    made = await context.write(
        repetitions.once,
        context.actor_id,
        f"person-invite:{user_id}",
        lambda session: invitations.invite_person(session, context.actor_id, user_id, context.now),
        lambda made: made.invitation.invitation_id,
        context.now,
        within=DOUBLE_TAP,
    )
    say, name = context.words.say, made.invitation.person or ""
    meaning = say("The first person to open this link will be {name} in this chat. Send it only to them.", name=name)
    return _made(context, made, meaning)


def _made(context: Context, made: Made, meaning: Markup) -> Screen:
    say, line = context.words.say, f"/start {made.code}"
    link = f"https://t.me/{context.bot_name}?start={made.code}"
    to_forward = _to_forward(context, made)
    return Screen(
        text=lines(
            meaning,
            link,
            "",
            say(
                "The link is shown only once and works until {when}. Sending this line to the bot does the same:",
                when=context.words.clock(made.invitation.expires_at),
            ),
            command(line),
            "",
            say("/invitations lists those that have not been used yet."),
        ),
        rows=rows(
            [share(say("Share"), link, to_forward, style="primary"), copy(say("Copy link"), link)],
            [copy(say("Copy the text"), f"{to_forward}\n{link}")],
            [copy(say("Copy the line"), line)],
            [tap(say("Withdraw"), "withdraw", made.invitation.invitation_id, style="danger")],
            [tap(say("‹ Invitations"), "invitations", 0)],
        ),
    )


def _to_forward(context: Context, made: Made) -> str:
    """Say what the link is to the person who gets it, in the account's language."""
    words, invitation = context.words_of(made.organisation), made.invitation
    name = made.organisation.name
    role = labels.role(words, invitation.role, invitation.role_name).unescape()
    said = words.say(
        "{organisation} invites you to its sign-up chat ({role}). Open the link in Telegram by {when}; it works once.",
        organisation=shortened(name, LONGEST_SHARED) if name else words.say("Your organisation"),
        role=shortened(role, LONGEST_SHARED),
        when=words.clock(invitation.expires_at),
    )
    return said.unescape()


async def waiting(context: Context, _text: str) -> Screen:
    """List the open invitations."""
    return await page(context, 0)


async def page(context: Context, wanted: int) -> Screen:
    """List a page of the open invitations, each with a button to withdraw it."""
    found = await context.read(invitations.waiting, context.actor_id, context.now)
    say = context.words.say
    if not found:
        inviting = tap(say("➕ Invite"), "open", "invite", style="success")
        return Screen(text=say("No open invitations."), rows=rows([inviting], [to_home(context.words)]))
    described = [_open(context.words, each) for each in found]
    shown = page_of(described, wanted, most=A_PAGE)
    return Screen(
        text=lines(
            context.words.count("{number} open invitation", "{number} open invitations", len(found)),
            *(part for place in shown.places for part in ("", described[place])),
        ),
        rows=rows(
            *([_withdrawing(context, found[place])] for place in shown.places),
            page_buttons(context.words, shown, "invitations"),
            [to_home(context.words)],
        ),
    )


async def withdraw(context: Context, invitation_id: int) -> Screen:
    """Withdraw an invitation. The others are a tap away, so that a double tap doesn't withdraw the next one."""
    await context.write(invitations.withdraw, context.actor_id, invitation_id, context.now)
    say = context.words.say
    withdrawn = say("Invitation #{number} is withdrawn: its link no longer works.", number=invitation_id)
    return Screen(text=withdrawn, rows=rows([tap(say("‹ Invitations"), "invitations", 0)]))


def _open(words: Words, invitation: Open) -> Markup:
    until = words.say("until {when}", when=words.moment(invitation.expires_at))
    return Markup("#{} · {} · {}").format(invitation.invitation_id, _what(words, invitation), until)


def _what(words: Words, invitation: Open) -> Markup:
    if invitation.person is not None:
        return words.say("invites {name} to this chat", name=invitation.person)
    role = labels.role(words, invitation.role, invitation.role_name)
    return labels.role_for(words, role, invitation.departments)


def _withdrawing(context: Context, invitation: Open) -> InlineKeyboardButton:
    label = context.words.say("Withdraw #{number}", number=invitation.invitation_id)
    return tap(label, "withdraw", invitation.invitation_id, style="danger")


COMMANDS = (
    Command(
        name="invite",
        handler=invite,
        summary=N_("Create a one-time link that gives a role"),
        parts=(
            Part(N_("role"), of=Choice.ROLE),
            Part(N_("departments"), optional=True, of=Choice.DEPARTMENT, needed=is_limited),
        ),
        examples=(
            "/invite administrator",
            "/invite department administrator | Sales / EMEA",
            "/invite Recruiter | Sales; Support",
        ),
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
    Command(
        name="invitations",
        handler=waiting,
        summary=N_("Show the invitations that haven't been used yet"),
        examples=("/invitations",),
        alone=True,
        permission=Permission.MANAGE_ROLES,
        subject=Subject.ROLES,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "invite-again!": by_number(invite_again),
    "person-invite": by_number(invite_person),
    "invitations": by_number(page),
    "withdraw": by_number(withdraw),
}
