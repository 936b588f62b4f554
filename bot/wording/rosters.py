"""How many of the expected people came, and what is known of those who didn't, in words."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.wording import labels
from bot.wording.link_mails import OWN_REASONS
from bot.wording.phrases import N_, Words
from core.domain.link_mails import Reached
from core.services.roster_counts import RosterCounts
from core.services.rosters import MissingPerson, Reminded, SentLink

LINKS: Mapping[Reached, str] = {
    Reached.SIGNED_UP: N_("signed up, and waits or has another address"),
    Reached.WITHDRAWN: N_("link withdrawn"),
    Reached.QUEUED: N_("link queued"),
    Reached.SENT: N_("link sent {day}"),
    Reached.UNKNOWN: N_("link sent {day}, may not have arrived"),
    Reached.REFUSED: N_("link refused"),
}


def came(words: Words, counts: RosterCounts) -> Markup:
    """Say how many of the expected came, how many are missing, and how many of those who came are hidden."""
    said = words.say(
        "{came} of {expected} expected came, {missing} missing",
        came=counts.came,
        expected=counts.expected,
        missing=counts.missing,
    )
    if not counts.hidden:
        return said
    hidden = words.count("{number} hidden from you", "{number} hidden from you", counts.hidden)
    return Markup("{}, {}").format(said, hidden)


def known(words: Words, person: MissingPerson) -> Markup:
    """Say what is known of a missing person: whether they tried, and what was sent to them."""
    if person.has_account:
        return words.say("has an account already")
    said = [_tried(words, person), *_sent(words, person.link), *_reminded(words, person.reminded)]
    return Markup(" · ").join(each for each in said if each) or words.say("never tried")


def _tried(words: Words, person: MissingPerson) -> Markup | None:
    if person.tried_at is None:
        return None
    if person.tried_field and person.tried_field in labels.LABELS:
        return words.say("tried, stopped at: {field}", field=words.say(labels.LABELS[person.tried_field]))
    return words.say("tried {when}", when=words.moment(person.tried_at))


def _sent(words: Words, link: SentLink | None) -> list[Markup]:
    if link is None:
        return []
    if link.reached is Reached.REFUSED and link.reason:
        own = OWN_REASONS.get(link.reason)
        return [words.say("link refused: {reason}", reason=words.say(own) if own else link.reason)]
    day = words.weekday_of(link.at.astimezone(words.zone).date()) if link.at else ""
    return [words.say(LINKS[link.reached], day=day)]


def _reminded(words: Words, reminded: Reminded | None) -> list[Markup]:
    if reminded is None:
        return []
    said = []
    if reminded.last_on is not None:
        said.append(_how_often(words, reminded.times, words.weekday_of(reminded.last_on)))
    if reminded.refused is not None:
        said.append(words.say("reminder refused: {reason}", reason=reminded.refused))
    if reminded.next_on is not None:
        said.append(words.say("reminder due {day}", day=words.weekday_of(reminded.next_on)))
    return said


def _how_often(words: Words, times: int, day: str) -> Markup:
    match times:
        case 1:
            return words.say("reminded once, on {day}", day=day)
        case 2:
            return words.say("reminded twice, last on {day}", day=day)
        case _:
            return words.count(
                "reminded {number} time, last on {day}", "reminded {number} times, last on {day}", times, day=day
            )
