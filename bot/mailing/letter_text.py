"""The words of e-mail messages, and their form: plain text, and the same as HTML, which loads nothing."""

from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from markupsafe import Markup

from bot.mailing import address_letters
from bot.mailing.letter_parts import again
from bot.mailing.smtp_server import MailSettings
from bot.wording.link_letters import Paragraphs, Url, link_letter, subject_with
from bot.wording.phrases import Words
from bot.wording.reminder_letters import reminder_letter, stop_url
from core.domain.addresses import domain_of
from core.domain.mail import MailKind
from core.services.letters import Letter

LONGEST_NAME = 100  # characters of a display name
HTML = Markup(
    '<!doctype html><html lang="{language}" dir="{direction}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{subject}</title>'
    '<body style="font:16px/1.5 sans-serif;max-width:36em;margin:1em auto;padding:0 1em;overflow-wrap:anywhere">'
    "{paragraphs}</body></html>"
)
PARAGRAPH, LINK = Markup("<p>{}</p>"), Markup('<p><a href="{0}">{0}</a></p>')


def message_of(letter: Letter, words: Words, settings: MailSettings, public_url: str) -> EmailMessage:
    """Write a message to one recipient.

    Header fields are written by the standard library, which refuses line breaks in them.
    """
    subject, paragraphs = TEXTS[letter.kind](letter, words, public_url)
    message = EmailMessage()
    message["From"], message["To"] = settings.sender, _address(letter)
    message["Subject"] = subject_with(_plain(subject), letter.organisation)
    message["Date"] = format_datetime(words.now)
    message["Message-ID"] = f"<{letter.reference}@{settings.sender_address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: so that no absence is answered to it
    if letter.reminder is not None:  # RFC 8058: mail programs show a button that posts to this address
        message["List-Unsubscribe"] = f"<{stop_url(letter.reminder, public_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("\n\n".join(_lines(paragraphs)) + "\n")
    message.add_alternative(_html(words, subject, paragraphs), subtype="html")
    return message


def recipient_of(address: str) -> str:
    """Return an address as the mail server takes it: the domain in ASCII (IDNA)."""
    return f"{address.rpartition('@')[0]}@{domain_of(address).ascii}"


def _address(letter: Letter) -> Address:
    local, _, domain = recipient_of(letter.address).rpartition("@")
    return Address(display_name=" ".join(letter.name.split())[:LONGEST_NAME], username=local, domain=domain)


def _password_reset(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    say = words.say
    asked = (
        say("A new password was asked for, for your account at {organisation}.", organisation=letter.organisation)
        if letter.organisation
        else say("A new password was asked for, for your account.")
    )
    return say("Set a new password"), [
        asked,
        say("Set it here:"),
        Url(f"{public_url}/password/{letter.code}"),
        say("The link works once, until {when}.", when=words.clock(letter.expires_at or letter.at)),
        say("If you didn't ask for it, do nothing: your password stays as it is."),
        *again(letter, words),
    ]


def _password_changed(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    say, when = words.say, words.clock(letter.at)
    changed = (
        say(
            "The password of your account at {organisation} was changed on {when}.",
            organisation=letter.organisation,
            when=when,
        )
        if letter.organisation
        else say("The password of your account was changed on {when}.", when=when)
    )
    return say("Your password was changed"), [
        changed,
        say("If it wasn't you, set a new one here, and tell your administrator:"),
        Url(f"{public_url}/password"),
        *again(letter, words),
    ]


def _let_in(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    say = words.say
    let_in = (
        say("{organisation} has let you in: your account is ready.", organisation=letter.organisation)
        if letter.organisation
        else say("You have been let in: your account is ready.")
    )
    return say("Your account is ready"), [let_in, *_log_in_here(letter, words, public_url)]


def _seat_free(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    say = words.say
    free = (
        say("There is a seat for you at {organisation} now: your account is active.", organisation=letter.organisation)
        if letter.organisation
        else say("There is a seat for you now: your account is active.")
    )
    return say("Your account is active"), [free, *_log_in_here(letter, words, public_url)]


def _log_in_here(letter: Letter, words: Words, public_url: str) -> Paragraphs:
    say = words.say
    return [
        say("Log in with {email} and the password that you chose:", email=letter.address),
        Url(f"{public_url}/login"),
        *again(letter, words),
    ]


def _declined(letter: Letter, words: Words, _public_url: str) -> tuple[Markup, Paragraphs]:
    say = words.say
    declined = (
        say("{organisation} did not let you in.", organisation=letter.organisation)
        if letter.organisation
        else say("You were not let in.")
    )
    whom = [say("Questions? {contact}", contact=letter.contact)] if letter.contact else []
    erased = say("What you entered in the form has been erased, this address included.")
    return say("Your sign-up was declined"), [declined, *whom, erased, *again(letter, words)]


def _sign_up_link(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    if letter.link is None:
        message = "a letter that brings a link has one"
        raise ValueError(message)
    subject, paragraphs = link_letter(words, letter.link, letter.organisation, public_url)
    return subject, [*paragraphs, *again(letter, words)]


def _reminder(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    if letter.reminder is None:
        message = "a reminder says what it reminds of"
        raise ValueError(message)
    subject, paragraphs = reminder_letter(words, letter.reminder, letter.organisation, letter.contact, public_url)
    return subject, [*paragraphs, *again(letter, words)]


def _access_granted(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    say = words.say
    kept = (
        say("{organisation} keeps a place for you.", organisation=letter.organisation)
        if letter.organisation
        else say("A place is kept for you.")
    )
    return say("You can create your account"), [
        kept,
        say("Create your account from this page, which says until when the place is kept:"),
        Url(f"{public_url}/w/{letter.code}"),
        *again(letter, words),
    ]


def _confirmation(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    say = words.say
    return say("Confirm your email address"), [
        _entered(letter, words),
        say("Open this page and confirm that the address is yours:"),
        Url(f"{public_url}/confirm/{letter.code}"),
        say("Or enter these digits on the page where you signed up: {digits}", digits=letter.digits),
        say(
            "The link and the digits work until {when}, or until a newer email is sent.",
            when=words.clock(letter.expires_at or letter.at),
        ),
        say("If you didn't enter the address, do nothing: no account is made then."),
        *again(letter, words),
    ]


def _has_account(letter: Letter, words: Words, public_url: str) -> tuple[Markup, Paragraphs]:
    say = words.say
    return say("You already have an account"), [
        _entered(letter, words),
        say("It already has an account, so no other one is made. Log in here:"),
        Url(f"{public_url}/login"),
        say("If you have forgotten your password, set a new one here:"),
        Url(f"{public_url}/password"),
        say("If you didn't enter the address, do nothing."),
        *again(letter, words),
    ]


def _entered(letter: Letter, words: Words) -> Markup:
    if letter.organisation:
        return words.say(
            "This address was entered to create an account at {organisation}.", organisation=letter.organisation
        )
    return words.say("This address was entered to create an account.")


TEXTS = {
    MailKind.PASSWORD_RESET: _password_reset,
    MailKind.PASSWORD_CHANGED: _password_changed,
    MailKind.LET_IN: _let_in,
    MailKind.DECLINED: _declined,
    MailKind.SEAT_FREE: _seat_free,
    MailKind.SIGN_UP_LINK: _sign_up_link,
    MailKind.ACCESS_GRANTED: _access_granted,
    MailKind.REMINDER: _reminder,
    MailKind.CONFIRMATION: _confirmation,
    MailKind.HAS_ACCOUNT: _has_account,
    MailKind.NEW_ADDRESS: address_letters.new_address,
    MailKind.ADDRESS_IN_USE: address_letters.address_in_use,
    MailKind.ADDRESS_CHANGED: address_letters.address_changed,
    MailKind.ADDRESS_CORRECTED: address_letters.address_corrected,
}


def _html(words: Words, subject: Markup, paragraphs: Paragraphs) -> str:
    written = (LINK.format(each) if isinstance(each, Url) else PARAGRAPH.format(each) for each in paragraphs)
    direction = words.language.locale.text_direction
    return str(
        HTML.format(
            language=words.language.code, direction=direction, subject=subject, paragraphs=Markup().join(written)
        )
    )


def _lines(paragraphs: Paragraphs) -> Iterable[str]:
    return (str(each) if isinstance(each, Url) else _plain(each) for each in paragraphs)


def _plain(text: Markup) -> str:
    return text.unescape()
