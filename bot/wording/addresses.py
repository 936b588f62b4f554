"""E-mail addresses as people read them: a domain that looks like another one is told from it."""

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.text import isolate
from core.domain.addresses import domain_of


def known_by(words: Words, email: str | None, login: str | None) -> Markup | None:
    """Show what a person is known by, for a question about them; None for a person who came by an invitation."""
    shown = [mail(words, email)] if email else []
    shown += [isolate(login)] if login else []
    return Markup(" · ").join(shown) if shown else None


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
