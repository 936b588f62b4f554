"""An answer to each refusal: what is wrong, and what would be right."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.wording import labels
from bot.wording.phrases import N_, Words, suggestions
from bot.wording.refused_times import TIMES
from bot.wording.text import command, lines
from core import errors
from core.domain.access import Role


def refusal(words: Words, refused: errors.Refusal) -> Markup:
    """Say what is wrong and what would be right."""
    return REFUSALS[type(refused)](words, refused)


def _invalid_name(words: Words, refused: errors.InvalidName) -> Markup:
    if not refused.text:
        return words.say("A name is missing.")
    if len(refused.text) > refused.longest:
        return words.count(
            "This name is too long: {number} character is the most.",
            "This name is too long: {number} characters are the most.",
            refused.longest,
        )
    return words.say(
        "“{name}” can't be a name here: names don't contain {characters}.",
        name=refused.text,
        characters=" ".join(refused.forbidden),
    )


def _unknown_department(words: Words, refused: errors.DepartmentNotFound) -> Markup:
    unknown = words.say("I don't know the department “{path}”.", path=refused.path)
    if refused.addable and not refused.nearest:
        line = command(f"/adddepartment {refused.path}")
        return lines(unknown, words.say("/departments shows the tree, {line} adds it.", line=line))
    return lines(
        unknown,
        suggestions(words, refused.nearest) or words.say("/departments shows those that you may choose."),
        _room(words, refused.below) if refused.below else None,
    )


def _room(words: Words, below: Sequence[str]) -> Markup:
    return words.say(
        "You may add departments below {departments}.", departments=labels.several(words, below, labels.SEMICOLON)
    )


def _unknown_course(words: Words, refused: errors.CourseNotFound) -> Markup:
    return lines(
        words.say("I don't know the course “{title}”.", title=refused.title),
        suggestions(words, refused.nearest)
        or words.say("{line} adds one.", line=command("/addcourse Title | https://… | 14")),
    )


def _unknown_zone(words: Words, refused: errors.UnknownZone) -> Markup:
    return lines(
        words.say("I don't know the time zone “{name}”.", name=refused.text),
        suggestions(words, refused.nearest)
        or words.say("Write it as region and city, for example {line}.", line=command("/timezone Europe/Riga")),
    )


def _has_users(words: Words, refused: errors.DepartmentHasUsers) -> Markup:
    return lines(
        words.say("{path} can't be removed: there are people in it or below it.", path=refused.path),
        words.say("{here} in it, {below} below it. Transfer them first.", here=refused.here, below=refused.below),
        words.count(
            "{number} of them waits to be let in: /waiting",
            "{number} of them wait to be let in: /waiting",
            refused.waiting,
        )
        if refused.waiting
        else None,
    )


def _managed(words: Words, refused: errors.DepartmentManaged) -> Markup:
    return words.say(
        "{path} can't be removed: it is managed by {names}.",
        path=refused.path,
        names=labels.several(words, refused.managers),
    )


def _unknown_role(words: Words, refused: errors.RoleNotFound) -> Markup:
    return lines(
        words.say("I don't know the role “{name}”.", name=refused.name),
        suggestions(words, refused.nearest) or words.say("/roles shows those there are."),
    )


def _unknown_field(words: Words, refused: errors.FieldNotFound) -> Markup:
    return lines(
        words.say("The form has no field “{label}” of your own.", label=refused.label),
        suggestions(words, refused.nearest) or words.say("/fields shows those there are."),
    )


def _departments_needed(words: Words, refused: errors.DepartmentsNeeded) -> Markup:
    if refused.role in (Role.ADMINISTRATOR, Role.LEARNER):
        return words.say("“{role}” does not end at departments: name none.", role=refused.role)
    return lines(
        words.say("“{role}” ends at departments: name one or several after the role.", role=refused.role),
        command(f"/invite {refused.role} | Sales / EMEA; Support"),
        command(f"/assign anna@example.com | {refused.role} | Sales / EMEA; Support"),
    )


def _word(words: Words, refused: errors.WordNotUnderstood) -> Markup:
    return lines(
        words.say("I don't understand “{text}” here.", text=refused.text),
        suggestions(words, refused.nearest),
        words.say("Possible are: {words}", words=Markup(", ").join(map(command, refused.possible))),
    )


def _nobody(words: Words, refused: errors.UserNotFound) -> Markup:
    return lines(
        words.say("I find nobody like “{text}” among the people you manage.", text=refused.text),
        words.say("Write an e-mail address, a login, or the number on a card, like {number}.", number=command("#7")),
    )


def _fixed(sentence: str) -> Callable[[Words, Any], Markup]:
    return lambda words, _refused: words.say(sentence)


REFUSALS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.NotAllowed: _fixed(N_("You may not do that. Whoever invited you here can change what you may do.")),
    errors.OwnerExists: _fixed(N_("This account has an owner already.")),
    errors.InvalidInvitation: _fixed(N_("This invitation is used or out of date. Ask for a new one.")),
    **TIMES,
    errors.UnknownZone: _unknown_zone,
    errors.InvalidName: _invalid_name,
    errors.DepartmentExists: lambda words, refused: words.say("{path} is there already.", path=refused.path),
    errors.DepartmentNotFound: _unknown_department,
    errors.DepartmentGone: _fixed(N_("There is no such department any more. /departments shows those there are.")),
    errors.LimitNotUnderstood: lambda words, refused: words.say(
        "“{text}” can't be a limit: write a whole number from 1 to {highest}, or {unlimited}.",
        text=refused.text,
        highest=refused.highest,
        unlimited=command("unlimited"),
    ),
    errors.ProfileNotFound: lambda words, refused: words.say(
        "You have no profile #{number}. /profiles lists yours.", number=refused.profile_id
    ),
    errors.UnknownLink: _fixed(N_("This is none of the links that you manage.")),
    errors.LinkClosed: _fixed(N_("This link is closed.")),
    errors.InvalidForm: _fixed(N_("Some fields are not filled in right.")),
    errors.EmailTaken: lambda words, refused: words.say("{email} has an account already.", email=refused.email),
    errors.WrongCredentials: _fixed(N_("The e-mail address, login or password is wrong.")),
    errors.AccountInactive: _fixed(N_("This account is not active.")),
    errors.CourseExists: lambda words, refused: words.say(
        "The course “{title}” is there already.", title=refused.title
    ),
    errors.CourseNotFound: _unknown_course,
    errors.InvalidCourseLink: lambda words, refused: words.say(
        "“{text}” is no web address: it starts with https:// or http://.", text=refused.text
    ),
    errors.InvalidDays: lambda words, refused: words.say(
        "“{text}” is no number of days: write a whole number from 1 to {highest}, or leave it out.",
        text=refused.text,
        highest=refused.highest,
    ),
    errors.RuleExists: lambda words, refused: words.say(
        "Whoever joins {path} gets “{title}” already.", path=refused.path, title=refused.title
    ),
    errors.NotSubscribed: _fixed(N_("You have no scheduled digest, so there is nothing to turn off.")),
    errors.InvitationGivesNothing: _fixed(
        N_(
            "This invitation does not give you more than you have, or would take something away. "
            "It stays good for somebody else."
        )
    ),
    errors.NoInvitationNeeded: _fixed(
        N_("No invitation is needed: learners sign up through a profile's link, whoever is in the chat stays there.")
    ),
    errors.SeatsTaken: lambda words, refused: words.say(
        "All {seats} seats are taken. Deactivate somebody first, or ask for more seats.", seats=refused.seats
    ),
    errors.MailUnavailable: _fixed(N_("This needs e-mail, and the service can send none yet: SMTP_URL is not set.")),
    errors.RootDepartment: _fixed(N_("The top of the tree stays as it is. Choose a department below it.")),
    errors.DepartmentHasUsers: _has_users,
    errors.DepartmentManaged: _managed,
    errors.MoveBelowItself: lambda words, refused: words.say("{path} can't move below itself.", path=refused.path),
    errors.RoleNotFound: _unknown_role,
    errors.RoleExists: lambda words, refused: words.say("There is a role “{name}” already.", name=refused.name),
    errors.RoleBuiltIn: lambda words, refused: words.say(
        "The role “{name}” is always there and stays as it is.", name=refused.name
    ),
    errors.OneOwner: _fixed(N_("There is one owner. /transferownership gives the ownership to somebody else.")),
    errors.RoleInUse: lambda words, refused: words.count(
        "“{name}” can't be removed: {number} person has this role. Give them another one first.",
        "“{name}” can't be removed: {number} people have this role. Give them another one first.",
        refused.holders,
        name=refused.name,
    ),
    errors.DepartmentsNeeded: _departments_needed,
    errors.LimitBelowUsed: lambda words, refused: words.say(
        "A limit of {limit} is too low: {used} places are used. Close the link now instead, or take a higher limit.",
        limit=refused.limit,
        used=refused.used,
    ),
    errors.NothingToUndo: lambda words, refused: words.say(
        "This can't be undone any more: there are {seconds} seconds for it.", seconds=refused.seconds
    ),
    errors.PreviewOutdated: _fixed(N_("This has changed since you were asked, so nothing was done. Ask again.")),
    errors.LabelExists: lambda words, refused: words.say(
        "There is a link with the label “{label}” already.", label=refused.label
    ),
    errors.LabelNotFound: lambda words, refused: words.say(
        "There is no link with the label “{label}”.", label=refused.label
    ),
    errors.ActivationNotFound: lambda words, refused: words.say(
        "You have no activation #{number}.", number=refused.activation_id
    ),
    errors.ActivationReturned: _fixed(N_("This activation was returned before.")),
    errors.SignUpNotPending: _fixed(N_("Nobody waits for this any more: it was answered, or it took too long.")),
    errors.UserNotFound: _nobody,
    errors.WordNotUnderstood: _word,
    errors.NoHeir: lambda words, refused: words.say(
        "{name} can't become the owner: only an active account administrator can who has opened this chat. "
        "{line} makes one.",
        name=refused.name,
        line=command("/invite administrator"),
    ),
    errors.OwnerStays: _fixed(N_("The owner stays. Ownership is transferred first.")),
    errors.NotYourself: _fixed(N_("You can't do this to yourself. Ask another administrator.")),
    errors.RuleNotFound: lambda words, refused: words.say(
        "{path} does not give “{title}”.", path=refused.path, title=refused.title
    ),
    errors.FieldExists: lambda words, refused: words.say(
        "The form has a field “{label}” already.", label=refused.label
    ),
    errors.FieldNotFound: _unknown_field,
    errors.FieldGone: _fixed(N_("This field is off the form already. /fields shows those there are.")),
    errors.ChoicesNeeded: lambda words, _refused: lines(
        words.say("A choice needs two different answers or more, and other fields have none."),
        command("/addfield Shirt size | choice | choices S, M, L"),
    ),
    errors.InvalidDomain: lambda words, refused: words.say(
        "“{text}” is no domain of e-mail addresses. It looks like example.com.", text=refused.text
    ),
    errors.InvalidSeats: lambda words, refused: words.say(
        "“{text}” can't be a number of seats: write a whole number from 1 to {highest}, or unlimited.",
        text=refused.text,
        highest=refused.highest,
    ),
}
