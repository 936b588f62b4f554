"""How many of the expected people came, and what is known of those who didn't, in words."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.wording import labels
from bot.wording.invitations import open_when, please
from bot.wording.link_mails import queued, reason
from bot.wording.phrases import N_, Words
from core.domain.link_mails import Reached
from core.domain.rosters import ADDRESS_NOT_ON_LIST, NOT_ON_LIST
from core.services.roster_counts import RosterCounts
from core.services.roster_doors import ClosedBy
from core.services.rosters import MissingPerson, Reminded, Roster, RosterLink, SentLink

LINKS: Mapping[Reached, str] = {
    Reached.SIGNED_UP: N_("signed up, and waits or has another address"),
    Reached.WITHDRAWN: N_("link withdrawn"),
    Reached.SENT: N_("link sent {day}"),
    Reached.UNKNOWN: N_("link sent {day}, may not have arrived"),
    Reached.UNSENT: N_("link not sent"),
    Reached.REFUSED: N_("link refused"),
}
BECAUSE: Mapping[Reached, str] = {
    Reached.UNSENT: N_("link not sent: {reason}"),
    Reached.REFUSED: N_("link refused: {reason}"),
}
STANDINGS: Mapping[Reached, str] = {
    **LINKS,
    Reached.SENT: N_("link sent"),
    Reached.UNKNOWN: N_("link sent, may not have arrived"),
}
TRIED: Mapping[str | None, str] = {  # a list may be gone by now, or let in others, too
    NOT_ON_LIST: N_("tried, but another list let in only its people then"),
    ADDRESS_NOT_ON_LIST: N_("tried, with an address that wasn't on the list"),
}
TRIED_THEN: Mapping[str | None, str] = {
    NOT_ON_LIST: N_("tried {when}, but another list let in only its people then"),
    ADDRESS_NOT_ON_LIST: N_("tried {when}, with an address that wasn't on the list"),
}


def came(words: Words, counts: RosterCounts) -> Markup:
    """Say how many of the expected came, how many are missing, and how many of those who came are hidden."""
    said = [
        words.count(
            "{number} of {expected} expected came",
            "{number} of {expected} expected came",
            counts.came,
            expected=counts.expected,
        ),
        words.count("{number} missing", "{number} missing", counts.missing),
    ]
    if counts.hidden:
        said.append(hidden(words, counts))
    return Markup(", ").join(said)


def missing(words: Words, counts: RosterCounts | None, after_end: int = 0) -> list[Markup]:
    """Say how many of the expected are missing, if any; `after_end`: so many of them through links that have ended."""
    if counts is None or not counts.missing:
        return []
    told = words.count(
        "Missing: {number} of {expected} expected",
        "Missing: {number} of {expected} expected",
        counts.missing,
        expected=counts.expected,
    )
    if not after_end:
        return [told]
    return [Markup("{} · {}").format(told, words.say("Through links that have ended: {number}", number=after_end))]


def hidden(words: Words, counts: RosterCounts) -> Markup:
    """Say how many of the expected came who are elsewhere now, so that they are hidden."""
    return words.count(
        "{number} more came, but is hidden from you", "{number} more came, but are hidden from you", counts.hidden
    )


def let_in(words: Words, roster: Roster) -> list[Markup]:
    """Say who can sign up: others than the people of a list, those whom lists above name, too, or nobody any more."""
    if roster.closed_by is None:
        if roster.closed_below:
            return [words.say("Others can sign up, too, except where other lists let in only their people.")]
        return [words.say("Others can sign up, too.")]
    above = [*_closed_above(words, roster.closed_above), *nobody_left(words, roster.closed_by)]
    if not roster.only_expected:
        return above
    if roster.of.department_id is None:
        return [words.say("Only these people can sign up."), *above]
    return [words.say("Only these people can sign up through the profiles that lead there."), *above]


def closed(words: Words, by: ClosedBy | None) -> list[Markup]:
    """Say that only the expected can sign up, if so, and whose lists name them."""
    if by is None:
        return []
    only = [words.say("Only people on the list of those expected can sign up.")] if by.own else []
    return [*only, *_closed_above(words, by.above)]


def nobody_left(words: Words, by: ClosedBy | None) -> list[Markup]:
    """Warn that nobody can sign up, if nobody who hasn't come is on all lists that let in only their people."""
    if by is None or not by.lets_in_nobody:
        return []
    if by.rosters > 1:
        return [words.say("But nobody can sign up: nobody who is missing is on all of these lists.")]
    return [words.say("But nobody can sign up: only those expected may, and none of them is missing.")]


def _closed_above(words: Words, closed: Sequence[str | None]) -> list[Markup]:
    named = [words.say("The list of {department} lets in only its people.", department=path) for path in closed if path]
    hidden = [words.say("The list of a department above lets in only its people.")] if None in closed else []
    return named + hidden


def locking_out(words: Words, people: int) -> Markup:
    """Say how many people who got the link can't sign up any more if only those of the list can."""
    return words.count(
        "{number} person who got the link by email hasn't signed up and isn't on the list: the link will refuse them.",
        "{number} people who got the link by email haven't signed up and aren't on the list: "
        "the link will refuse them.",
        people,
    )


def locking_out_below(words: Words, people: int) -> Markup:
    """Say how many people of lists below a department's can't sign up any more if only those of its own list can."""
    return words.count(
        "{number} person expected below this department isn't on its list: the link there will refuse them.",
        "{number} people expected below this department aren't on its list: the links there will refuse them.",
        people,
    )


def nobody(words: Words, roster: Roster) -> Markup | None:
    """Say that nobody can sign up, because nobody is on a list whose people alone can."""
    return words.say("Nobody is on the list, so nobody can sign up there.") if roster.only_expected else None


def deletion(words: Words, roster: Roster) -> Markup:
    """Ask whether to delete a list."""
    if roster.of.department_id is None:
        return words.count(
            "Delete the list of {number} person expected through {name}? People who have signed up stay.",
            "Delete the list of {number} people expected through {name}? People who have signed up stay.",
            roster.expected,
            name=roster.name,
        )
    return words.count(
        "Delete the list of {number} person expected in {name}? People who have signed up stay.",
        "Delete the list of {number} people expected in {name}? People who have signed up stay.",
        roster.expected,
        name=roster.name,
    )


def let_in_without(words: Words, roster: Roster) -> list[Markup]:
    """Say who could sign up without a list whose people alone can."""
    if not roster.only_expected:
        return []
    if roster.closed_above:
        return _closed_above(words, roster.closed_above)
    if roster.closed_below:
        return [words.say("Then others can sign up there, too, except where other lists let in only their people.")]
    return [words.say("Then others can sign up there, too.")]


def invitation(words: Words, link: RosterLink, address: str) -> list[Markup | str]:
    """Write what can be forwarded to people who are to come by a link that works, now or later by itself."""
    when = open_when(words, link.state, link.window)
    return [please(words, link.department, link.organisation.name), *([when] if when else []), address]


def no_link(words: Words) -> Markup:
    """Say that no link leads to a department."""
    return words.say("No open profile leads there at the moment, so there is no link to send.")


def known(words: Words, person: MissingPerson, *, can_mail: bool) -> Markup:
    """Say what is known of a missing person: whether they tried, and what was sent to them.

    `can_mail`: there is a mail server.
    """
    if arrived := _arrived(words, person):
        return arrived
    said = [_tried(words, person), *_sent(words, person.link, can_mail=can_mail), *_reminded(words, person.reminded)]
    said += [words.say("wants no reminders")] if person.stopped else []
    return Markup(" · ").join(each for each in said if each) or words.say("never tried")


def standing(words: Words, person: MissingPerson) -> Markup:
    """Say how far a missing person came, without what was sent to them or when."""
    if arrived := _arrived(words, person):
        return arrived
    if person.tried_at is None:
        return words.say("never tried")
    if person.tried_field in TRIED:
        return words.say(TRIED[person.tried_field])
    return _stopped(words, person.tried_field) or words.say("tried")


def link_standing(words: Words, link: SentLink, *, can_mail: bool) -> Markup:
    """Say what became of a link that was sent to a missing person, but not when; of one that waits, since when."""
    if link.reached is Reached.QUEUED:
        return words.say("link {state}", state=queued(words, link.waiting, can_mail=can_mail))
    return words.say(STANDINGS[link.reached])


def _arrived(words: Words, person: MissingPerson) -> Markup | None:
    if person.waits:
        return words.say("signed up, not let in yet")
    if person.undone:
        return words.say("signed up, undone")
    return words.say("has an account already") if person.has_account else None


def _tried(words: Words, person: MissingPerson) -> Markup | None:
    if person.tried_at is None:
        return None
    when = words.moment(person.tried_at)
    if person.tried_field in TRIED_THEN:
        return words.say(TRIED_THEN[person.tried_field], when=when)
    return _stopped(words, person.tried_field) or words.say("tried {when}", when=when)


def _stopped(words: Words, field: str | None) -> Markup | None:
    """Say what stopped a form; None if it was a field that has no name here, or isn't known."""
    label = labels.LABELS.get(field or "")
    return words.say("tried, stopped at: {field}", field=words.say(label)) if label else None


def _sent(words: Words, link: SentLink | None, *, can_mail: bool) -> list[Markup]:
    if link is None:
        return []
    if link.reached is Reached.QUEUED:
        return [link_standing(words, link, can_mail=can_mail)]
    if link.reached in BECAUSE and link.reason:
        return [words.say(BECAUSE[link.reached], reason=reason(words, link.reason))]
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
    if reminded.next_at is not None:
        said.append(words.say("reminder due {moment}", moment=words.weekday(reminded.next_at)))
        said.extend([words.say("not sent while the link is paused")] if reminded.paused else [])
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
