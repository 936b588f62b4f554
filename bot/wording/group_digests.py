"""Digests' schedules in words, and the groups that they go to."""

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.text import command
from core.domain.cadence import Cadence, Frequency
from core.services.digests import Subscription


def schedule(words: Words, cadence: Cadence) -> Markup:
    """Say how often a digest comes."""
    say, at = words.say, f"{cadence.at:%H:%M}"
    match cadence.frequency:
        case Frequency.DAILY:
            return say("Your digest comes every day at {time}.", time=at)
        case Frequency.WEEKLY:
            day = words.language.locale.days["format"]["wide"][cadence.day]
            return say("Your digest comes every week, {day} at {time}.", day=day, time=at)
        case Frequency.MONTHLY:
            return say("Your digest comes every month, day {day} at {time}.", day=cadence.day, time=at)


def goes_to_group(subscription: Subscription) -> bool:
    """Return whether a scheduled digest goes to a group."""
    return subscription.group_title is not None or (subscription.chat_id or 0) < 0  # Bot API: groups are negative


def moved(words: Words, instead_of: Subscription) -> Markup:
    """Say where a digest no longer goes as soon as it goes elsewhere."""
    if not goes_to_group(instead_of):
        return words.say("A digest goes to one chat: it will no longer come to your private chat.")
    title = group_title(words, instead_of.group_title or "")
    return words.say("A digest goes to one chat: it will no longer come to the group {group}.", group=title)


def group_title(words: Words, title: str) -> Markup:
    """Name a group in type that Telegram never makes a link of: its title is a stranger's text."""
    return command(title) if title else words.say("without a known name")


def everyone_reads(words: Words) -> Markup:
    """Say who reads a digest in a group."""
    return words.say("Everyone in this group will be able to read it.")
