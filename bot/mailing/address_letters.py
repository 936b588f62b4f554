"""The words of e-mail messages about a new address of an account."""

from markupsafe import Markup

from bot.mailing.letter_parts import again
from bot.wording.link_letters import Paragraphs, Url
from bot.wording.phrases import Words
from core.services.letters import Letter


def new_address(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    """Ask the holder of a new address to confirm it."""
    say = words.say
    return say("Confirm your new email address"), [
        _entered_as_new(letter, words),
        say("Open this page and confirm that the address is yours:"),
        Url(f"{public_url}/me/email/{letter.code}"),
        say("The link works until {when}.", when=words.clock(letter.expires_at or letter.at)),
        say("If you didn't enter the address, do nothing: the account keeps its old one."),
        *again(letter, words),
    ]


def address_in_use(letter: Letter, words: Words, _public_url: str) -> tuple[Markup, Paragraphs]:
    """Say that another account has the new address."""
    say = words.say
    return say("This address is in use"), [
        _entered_as_new(letter, words),
        say("Another account has it already, so nothing was changed."),
        *again(letter, words),
    ]


def _entered_as_new(letter: Letter, words: Words) -> Markup:
    if letter.organisation:
        return words.say(
            "This address was entered as the new one of an account at {organisation}.", organisation=letter.organisation
        )
    return words.say("This address was entered as the new one of an account.")


def address_changed(letter: Letter, words: Words, _public_url: str) -> tuple[Markup, Paragraphs]:
    """Tell the old address that the account has another one."""
    say, when = words.say, words.clock(letter.at)
    changed = (
        say(
            "Your account at {organisation} got another email address on {when}.",
            organisation=letter.organisation,
            when=when,
        )
        if letter.organisation
        else say("Your account got another email address on {when}.", when=when)
    )
    whom = (
        say("If it wasn't you, tell {contact} at once.", contact=letter.contact)
        if letter.contact
        else say("If it wasn't you, tell your administrator at once.")
    )
    return say("Your email address was changed"), [changed, whom, *again(letter, words)]


def address_corrected(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    """Tell the new address that staff entered it."""
    say = words.say
    corrected = (
        say("{organisation} has entered this address for your account.", organisation=letter.organisation)
        if letter.organisation
        else say("This address was entered for your account by those who manage it.")
    )
    return say("You log in with this address now"), [
        corrected,
        say("From now on you log in with {email}. Your password stays as it is:", email=letter.address),
        Url(f"{public_url}/login"),
        say("If you have forgotten your password, set a new one here:"),
        Url(f"{public_url}/password"),
        *again(letter, words),
    ]
