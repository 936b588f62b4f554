"""The words of an e-mail message that brings a profile's link, for its preview and for its sending."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.wording.invitations import invites
from bot.wording.phrases import Words
from core.domain.links import LinkState
from core.services.link_letters import LinkContent


class Url(str):
    """A paragraph that is an address of ours."""

    __slots__ = ()


Paragraphs = Sequence[Markup | Url]


def subject_with(subject: str, organisation: str | None) -> str:
    """Return a message's subject, which ends with the organisation's name."""
    return " · ".join(filter(None, (subject, organisation)))


def link_letter(
    words: Words, content: LinkContent, organisation: str | None, public_url: str
) -> tuple[Markup, Paragraphs]:
    """Return the subject and the paragraphs of a message that brings a link."""
    say = words.say
    department = content.department
    subject = say("Please sign up for {department}", department=department) if department else say("Please sign up")
    contact = [say("If you have questions: {contact}", contact=content.contact)] if content.contact else []
    return subject, [
        invites(words, content.sender, department, organisation),
        say("Open this link and fill in the form:"),
        Url(f"{public_url}/s/{content.token}"),
        works(words, content),
        *([say("The link is yours alone: it works once.")] if content.personal else []),
        *contact,
        say("You get this message because {sender} entered your address.", sender=content.sender),
    ]


def works(words: Words, content: LinkContent) -> Markup:
    """Say when a link works."""
    start, end = words.clock(content.window.starts_at), words.clock(content.window.ends_at)
    if content.state is LinkState.NOT_YET_OPEN:
        return words.say("It works from {start} to {end}.", start=start, end=end)
    return words.say("It works until {until}.", until=end)
