"""Notices about staff: who has become what."""

from bot.screens.screen import Screen, rows, tap, to_home
from bot.wording import labels
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.services.invitations import Opened
from core.services.people import Card


def invitation_opened(words: Words, opened: Opened) -> Screen:
    """Tell the maker of an invitation who opened it, in time to take the role away from the wrong person."""
    role = labels.role_for(words, labels.role(words, opened.role, opened.role_name), opened.departments)
    return Screen(
        text=lines(
            words.say(
                "{name} (#{number}) opened your invitation: {role}.", name=opened.name, number=opened.user_id, role=role
            ),
            words.say("Is it the wrong person? Show the person to deactivate them, or give them another role."),
        ),
        rows=rows([tap(words.say("Show the person"), "person", opened.user_id)]),
    )


def rights_changed(words: Words, by: str, person: Card) -> Screen:
    """Tell a person who gave them which role, with the way to what they can do now."""
    role = labels.role_for(words, labels.role(words, person.role, person.role_name), person.manages)
    return Screen(
        text=words.say("{name} changed what you can do here. You are now: {role}.", name=by, role=role),
        rows=rows([to_home(words)]),
    )


def owner_replaced(words: Words, name: str) -> Screen:
    """Tell the owner of before who is the owner now."""
    return Screen(
        text=words.say(
            "{name} is the owner now: a link made on the server replaced you. You are an account administrator. "
            "If this is a surprise, talk to whoever runs the server.",
            name=name,
        )
    )
