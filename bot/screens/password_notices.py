"""Notices about people who can't log in and ask for a new password, and the links that they are given."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.screens.screen import Screen, apart, copy, rows, tap
from bot.wording.addresses import known_by
from bot.wording.phrases import Words
from bot.wording.text import address, isolate, lines
from core.services.password_links import Made
from core.services.password_requests import Wanted

LONGEST_NAME = 30


def wanted(words: Words, asking: Sequence[Wanted]) -> Screen | None:
    """Show who asks, each with a button that leads to a link for them; None if nobody does any more.

    The card of one of several comes below the notice, which keeps the others.
    """
    if not asking:
        return None
    say = words.say
    if len(asking) == 1:
        [one] = asking
        return Screen(
            text=lines(
                say("{name} can't log in and asks for a new password.", name=one.name),
                known_by(words, one.email, one.login),
                _caution(words),
            ),
            rows=rows(
                [tap(say("New password link"), "person-password", one.user_id)],
                [tap(say("Show the person"), "person", one.user_id)],
            ),
        )
    title = say("These people can't log in and ask for a new password:")
    return Screen(
        text=lines(title, *(_listed(words, each) for each in asking), _caution(words)),
        rows=rows(*([apart(tap(_to_person(each), "person", each.user_id))] for each in asking)),
    )


def link(words: Words, made: Made, page: str) -> tuple[Markup, ...]:
    """Write a link to a new password, below a person's card: it is shown only once."""
    say = words.say
    return (
        say("{name} sets a password here:", name=made.name),
        address(page),
        say("The link is shown only once. It works one time, until {when}.", when=words.clock(made.expires_at)),
        say("Send it to {name} alone: whoever opens it can log in as them.", name=made.name),
    )


def link_screen(words: Words, made: Made, page: str) -> Screen:
    """Show a link to a new password, with a button that copies it."""
    say = words.say
    told = say("{name} is told at the next log-in that you made it. An earlier link no longer works.", name=made.name)
    return Screen(
        text=lines(*link(words, made, page), told),
        rows=rows([copy(say("Copy link"), page)], [tap(say("‹ Back"), "person", made.user_id)]),
    )


def page_of_link(public_url: str, made: Made) -> str:
    """Return the address of the page behind a link."""
    return f"{public_url}/password/{made.code}"


def _caution(words: Words) -> Markup:
    return words.say("Make sure that it is really this person who asks, then give them a link.")


def _listed(words: Words, each: Wanted) -> Markup:
    known = known_by(words, each.email, each.login)
    return Markup("· {} (#{}) {}").format(isolate(each.name), each.user_id, known or "")


def _to_person(each: Wanted) -> str:
    return f"#{each.user_id} {each.name}"[:LONGEST_NAME]
