"""E-mail addresses as people read them: a domain that looks like another one is told from it."""

from markupsafe import Markup

from bot.wording.labels import COMMA
from bot.wording.phrases import Words
from bot.wording.text import isolate
from core.domain.addresses import domain_of
from core.domain.contacts import Contact


def known_by(words: Words, email: str | None, login: str | None) -> Markup | None:
    """Show what a person is known by, for a question about them; None for a person who came by an invitation."""
    shown = [mail(words, email)] if email else []
    shown += [isolate(login)] if login else []
    return Markup(" · ").join(shown) if shown else None


def called(words: Words, contact: Contact) -> Markup:
    """Show a person by the name, or by the address if no name is known."""
    return isolate(contact.name) if contact.name else mail(words, contact.email)


def called_with_mail(words: Words, contact: Contact) -> Markup:
    """Show a person by the name and the address, as far as they are known."""
    shown = [isolate(contact.name)] if contact.name else []
    return COMMA.join([*shown, *([mail(words, contact.email)] if contact.email else [])])


def mail(words: Words, address: str) -> Markup:
    """Show an e-mail address; one with an internationalised domain by its `xn--` form, with its letters beside it."""
    domain = domain_of(address)
    if domain.ascii == domain.name:
        return Markup.escape(address)
    local = address.rsplit("@", 1)[0]
    sentence = (
        words.say("⚠️ its letters look like another domain: {name}", name=domain.name)
        if domain.looks_like_another
        else Markup("{}").format(domain.name)
    )
    return Markup("{}@{} ({})").format(local, domain.ascii, sentence)
