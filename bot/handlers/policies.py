"""The sign-up policies in the chat: each one's word in a line, how it is changed, and its sentence."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from bot.context import Context
from bot.wording import refusals
from bot.wording.phrases import N_
from bot.wording.text import address, lines, shortened
from core.domain.access import Permission
from core.domain.keywords import find_keyword, is_none
from core.domain.naming import not_understood
from core.errors import MailUnavailable
from core.services import policies, waiting_sign_ups
from core.services.policies import NEEDING_MAIL, Policies, Switch

SHOWN_OF_A_POLICY = 300


@dataclass(frozen=True, kw_only=True)
class Known:
    """The current policies, and how many sign-ups wait that the acting user may approve, or aren't confirmed yet."""

    policies: Policies
    waiting: int
    unconfirmed: int


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A policy: its word in a line, a value to show in examples, the function that sets it, and its sentence.

    The last line of the sentence says how to change it. `words` turn a switch on and off.
    """

    name: str
    value: str
    change: Callable[[Context, str], Awaitable[object]]
    sentence: Callable[[Context, Known], Markup]
    words: tuple[str, str] = ("", "")


def brief(policy: Policy, context: Context, known: Known) -> Markup:
    """Return a policy's sentence without its last line, which says how to change it."""
    return lines(*policy.sentence(context, known).split("\n")[:-1])


async def known(context: Context) -> Known:
    """Read the policies, and how many people wait; that is 0 for those who may not manage profiles."""
    found = await context.read(policies.policies, context.actor_id)
    if Permission.MANAGE_PROFILES not in context.person.permissions:
        return Known(policies=found, waiting=0, unconfirmed=0)
    listed = await context.read(waiting_sign_ups.listing, context.actor_id, "", context.now)
    return Known(policies=found, waiting=listed.total, unconfirmed=listed.unconfirmed)


def _nothing_more(_context: Context, _known: Known) -> Markup | None:
    return None


def _switched(
    name: str,
    policy: Switch,
    *,
    on: str,
    off: str,
    words: tuple[str, str] = ("on", "off"),
    note: Callable[[Context, Known], Markup | None] = _nothing_more,
) -> Policy:
    """Return the policy of a switch: its sentences when on and off, and the words that turn it on and off."""

    async def change(context: Context, value: str) -> None:
        is_on, mails = _is_first(value, words), context.can_mail
        try:
            await context.write(policies.switch, context.actor_id, policy, context.now, on=is_on, can_mail=mails)
        except MailUnavailable:
            raise MailUnavailable(context.addresses.mail_lacks) from None

    def sentence(context: Context, known: Known) -> Markup:
        is_on = policy in known.policies.on
        other = words[1] if is_on else words[0]
        is_possible = is_on or policy not in NEEDING_MAIL or context.can_mail
        changing = context.words.line(f"/settings {name} {other}") if is_possible else _why_unavailable(context)
        return lines(context.words.say(on if is_on else off), note(context, known), changing)

    return Policy(name=name, value=words[0], change=change, sentence=sentence, words=words)


def _why_unavailable(context: Context) -> Markup:
    return refusals.refusal(context.words, MailUnavailable(context.addresses.mail_lacks))


def _is_first(value: str, words: tuple[str, str]) -> bool:
    """Return whether the first of two words was typed. Raises WordNotUnderstood if it is neither.

    The words for none mean the second, which is without the policy.
    """
    if find_keyword(value, words) is None and is_none(value):
        return False
    if (word := find_keyword(value, words)) is None:
        raise not_understood(value, words)
    return word == words[0]


def _still_waiting(context: Context, known: Known) -> Markup | None:
    if not known.waiting:
        return None
    return context.words.count(
        "{number} person is still waiting: /waiting", "{number} people are still waiting: /waiting", known.waiting
    )


def _unconfirmed(context: Context, known: Known) -> Markup | None:
    """Say who has yet to confirm an address, also once newcomers need not, and what becomes of newcomers otherwise."""
    unconfirmed = context.words.count(
        "{number} person has not confirmed their address yet: /waiting",
        "{number} people have not confirmed their address yet: /waiting",
        known.unconfirmed,
    )
    return lines(unconfirmed if known.unconfirmed else None, _unsent(context, known)) or None


def _unsent(context: Context, known: Known) -> Markup | None:
    """Say what becomes of newcomers while the messages that they need can't be sent."""
    if Switch.EMAIL_CONFIRMATION not in known.policies.on or context.can_mail:
        return None
    return lines(_why_unavailable(context), context.words.say("Until it can, newcomers wait for approval: /waiting"))


def _joining_waits(context: Context, known: Known) -> Markup | None:
    if {Switch.JOINING, Switch.APPROVAL} <= known.policies.on:
        return context.words.say("Not while newcomers wait for approval.")
    return None


async def _limit_domains(context: Context, value: str) -> None:
    wanted = [] if is_none(value) else value.replace(",", " ").split()
    await context.write(policies.allow_domains, context.actor_id, wanted, context.now)


def _domains(context: Context, known: Known) -> Markup:
    say, domains = context.words.say, known.policies.email_domains
    if domains:
        named = address(", ".join(domains))
        return lines(
            say("Only these email domains can sign up: {names}", names=named),
            context.words.line("/settings domains any"),
        )
    return lines(say("Any email domain can sign up."), context.words.line("/settings domains example.com, example.org"))


async def _limit_seats(context: Context, value: str) -> None:
    await context.write(policies.limit_seats, context.actor_id, value, context.now)


def _seats(context: Context, known: Known) -> Markup:
    say, count = context.words.say, context.words.count
    seats, active = known.policies.seats, known.policies.active
    if seats is None:
        return lines(say("Seats: unlimited."), context.words.line("/settings seats 500"))
    return lines(
        count("{number} active user at most.", "{number} active users at most.", seats),
        count("{number} is active now.", "{number} are active now.", active),
        say("Active people stay active. Newcomers are not active until you free a seat and activate them.")
        if active >= seats
        else None,
        context.words.line("/settings seats unlimited"),
    )


async def _publish(context: Context, value: str) -> None:
    await context.write(policies.publish_privacy_policy, context.actor_id, value, context.now)


def _privacy(context: Context, known: Known) -> Markup:
    say, policy, version = context.words.say, known.policies.privacy_policy, known.policies.privacy_version
    if policy is None:
        return lines(
            say("There is no privacy policy, so people aren't asked for consent."),
            say("To publish one, write it after {line}", line=context.words.line("/settings privacy")),
        )
    url = f"{context.addresses.public_url}/privacy/{version}"
    shown = shortened(" ".join(policy.split()), SHOWN_OF_A_POLICY)
    return lines(
        say("Newcomers agree to the privacy policy, version {version}:", version=version),
        shown,
        say("Every version stays readable, this one at {address}", address=address(url)),
        context.words.line("/settings privacy off"),
    )


_ROWS = (
    _switched(
        "passwords",
        Switch.STRONG_PASSWORDS,
        words=("strong", "any"),
        on=N_("Passwords that are easy to guess are refused."),
        off=N_("Passwords: any of 8 characters or more, but for the most common ones."),
    ),
    Policy(name="domains", value="example.com, example.org", change=_limit_domains, sentence=_domains),
    _switched(
        "confirmation",
        Switch.EMAIL_CONFIRMATION,
        on=N_("Newcomers confirm their email address first."),
        off=N_("Newcomers need not confirm their email address."),
        note=_unconfirmed,
    ),
    _switched(
        "approval",
        Switch.APPROVAL,
        on=N_("Newcomers wait for approval."),
        off=N_("Newcomers get access immediately."),
        note=_still_waiting,
    ),
    _switched(
        "lastname",
        Switch.LAST_NAME_REQUIRED,
        words=("required", "optional"),
        on=N_("Newcomers give their last name."),
        off=N_("Newcomers can leave out their last name."),
    ),
    _switched(
        "joining",
        Switch.JOINING,
        on=N_("Learners can move to another department by its link."),
        off=N_("People with an account can't change department by a link."),
        note=_joining_waits,
    ),
    Policy(name="seats", value="500", change=_limit_seats, sentence=_seats),
    Policy(
        name="privacy",
        value="We keep your name and email address for your training.",
        change=_publish,
        sentence=_privacy,
    ),
)
POLICIES: Mapping[str, Policy] = {row.name: row for row in _ROWS}
