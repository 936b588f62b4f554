"""E-mail addresses as people read them: a domain that looks like another one is told from it."""

from markupsafe import Markup

from bot.wording.phrases import Words
from core.domain.addresses import domain_of


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
