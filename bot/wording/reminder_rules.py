"""Rules of reminders, in words."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.wording import labels
from bot.wording.phrases import N_, Words
from bot.wording.text import lines
from core.domain.reminders import DAY_BEGINS, DAY_ENDS, Occasion
from core.services.reminder_rules import Rules, RuleShown

ON, OFF = "🟢", "⚪"
SHORT: Mapping[Occasion, str] = {
    Occasion.NOT_COME: N_("Not come"),
    Occasion.NOT_STARTED: N_("Not started"),
    Occasion.DUE_SOON: N_("Due soon"),
    Occasion.OVERDUE: N_("Overdue"),
}


def title(words: Words, found: Rules) -> Markup:
    """Say for whom the rules are."""
    if found.place.profile_id is not None:
        return words.say("Reminders: {name}", name=found.name)
    if found.place.department_id is not None:
        return words.say("Reminders: {name}", name=labels.department(words, found.path))
    return words.say("Reminders for everybody")


def limits(words: Words) -> Markup:
    """Say when and how often people are reminded."""
    return words.say(
        "On working days from {begin} to {end}, once a day, three times in a row at most; then their manager is told.",
        begin=f"{DAY_BEGINS:%H:%M}",
        end=f"{DAY_ENDS:%H:%M}",
    )


def rule(words: Words, found: Rules, shown: RuleShown, *, can_mail: bool) -> Markup:
    """Say when a rule reminds, whether it is on, and to whom it writes or would write next."""
    mark, state = (ON, words.say("on")) if shown.on else (OFF, words.say("off"))
    whence = [words.say("as above it")] if shown.inherited else []
    states = Markup(", ").join([state, *whence])
    return lines(
        Markup("{} <b>{}</b>: {}").format(mark, name(words, shown.occasion, shown.days), states),
        would_write(words, found, shown, can_mail=can_mail),
    )


def name(words: Words, occasion: Occasion, days: int) -> Markup:
    """Name a rule with its days."""
    count = words.count
    match occasion:
        case Occasion.NOT_COME:
            return count("Expected, not come after {number} day", "Expected, not come after {number} days", days)
        case Occasion.NOT_STARTED:
            return count("Not started after {number} day", "Not started after {number} days", days)
        case Occasion.DUE_SOON:
            return count("Due in {number} day", "Due in {number} days", days)
        case Occasion.OVERDUE:
            return words.say("Overdue")


def would_write(words: Words, found: Rules, shown: RuleShown, *, can_mail: bool) -> Markup:
    """Say to how many people a rule writes next, or would if it were on, and how many it can't reach without e-mail.

    Who hasn't come isn't reminded while sign-up is off.
    """
    if shown.occasion is Occasion.NOT_COME and found.sign_up_off:
        return words.say("To nobody now: sign-up is off.")
    written = _would_write(words, found, shown, shown.people if can_mail else shown.people - shown.mails)
    if can_mail or not shown.mails:
        return written
    unreached = words.count("{number} can't be reached", "{number} can't be reached", shown.mails)
    return Markup("{}; {}").format(written, unreached)


def _would_write(words: Words, found: Rules, shown: RuleShown, number: int) -> Markup:
    when = words.echo(found.at)
    if shown.on and shown.more:
        return words.say("Next: {number}+ people, {when}", number=number, when=when)
    if shown.on:
        return words.count("Next: {number} person, {when}", "Next: {number} people, {when}", number, when=when)
    if shown.more:
        return words.say("Would write to {number}+ people, {when}", number=number, when=when)
    return words.count(
        "Would write to {number} person, {when}", "Would write to {number} people, {when}", number, when=when
    )
