"""Answers to lists of people that can't be read: what is wrong, and what to do instead."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from bot.wording.addresses import mail
from bot.wording.labels import COMMA
from bot.wording.phrases import N_, Words, suggestions
from bot.wording.text import command, isolate, lines, shortened
from core import errors
from core.errors import ListProblem

LONGEST_QUOTED = 40  # characters of a name that nobody knows
MEBIBYTE = 1024 * 1024
WHAT_INSTEAD: Mapping[ListProblem, str] = {
    ListProblem.WEB_PAGE: N_(
        "This file is a web page. Open it in your spreadsheet program and save it as XLSX or CSV."
    ),
    ListProblem.OLD_WORKBOOK: N_(
        "I can't read old Excel files, nor ones with a password. Save it as XLSX, without a password, or as CSV."
    ),
    ListProblem.OTHER_FORMAT: N_("I can't read this kind of file. Save the list as XLSX or CSV, or paste it here."),
    ListProblem.BROKEN: N_("This file is damaged. Save it as XLSX once more, or save it as CSV."),
    ListProblem.EMPTY: N_("There is nobody in this list. I look for email addresses, phone numbers and unique fields."),
    ListProblem.ONLY_NAMES: N_(
        "I find only names in this list. I know people by an email address or a phone number when they sign up, so "
        "write one beside each name: Anna Berzina, anna@example.com"
    ),
    ListProblem.NO_DEPARTMENTS: N_(
        "I found no departments in this file. I read a column of paths like Sales / EMEA, a column for each level, or "
        "columns called Department and Parent."
    ),
}


def _unknown_holder(words: Words, refused: errors.RosterNotFound) -> Markup:
    return lines(
        words.say("I know no profile or department called “{name}”.", name=shortened(refused.name, LONGEST_QUOTED)),
        suggestions(words, refused.nearest) or words.say("/profiles and /departments show what there is."),
    )


def _unknown_cohort(words: Words, refused: errors.CohortNotFound) -> Markup:
    name = shortened(refused.name, LONGEST_QUOTED)
    if refused.among_profiles:
        return lines(
            words.say("I know no profile called “{name}”.", name=name),
            suggestions(words, refused.nearest),
            words.say("After {line} type a profile’s name or number.", line=command("/progress")),
        )
    return lines(
        words.say("I know no department, course, profile or person called “{name}”.", name=name),
        suggestions(words, refused.nearest),
        words.say(
            "After {line} type a department’s name or path, a course’s title, a profile’s name or number, "
            "or a person’s name, email address or login.",
            line=command("/progress"),
        ),
    )


LISTS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.ListTooLarge: lambda words, refused: words.say(
        "This list is too large. I read files of {most} MiB at most; split it, or save it without pictures.",
        most=max(1, refused.most // MEBIBYTE),
    ),
    errors.ListTooLong: lambda words, refused: words.say(
        "This list is too long. I read {most} rows at most; split it into several.", most=refused.most
    ),
    errors.LastExpected: lambda words, refused: words.say(
        "Nobody could sign up any more: {name} is the last on the list of {roster} who still can, and it lets in "
        "only its people.",
        name=refused.name,
        roster=refused.roster,
    ),
    errors.LinkLeadsElsewhere: lambda words, refused: words.say(
        "The link of {name} doesn't lead to {roster}, so the people of that list can't come by it. "
        "{line} shows who got it.",
        name=refused.name,
        roster=refused.roster,
        line=command(f"/send {refused.profile_id}"),
    ),
    errors.NotExpected: lambda words, refused: words.say(
        "{email} isn't on the list of expected people, and nobody else can sign up.", email=mail(words, refused.email)
    ),
    errors.FileTooLong: lambda words, refused: words.say(
        "A file has {most} rows at most; this one would have {number}. "
        "Ask for less: for a department, a profile or, with {line}, a shorter period.",
        most=words.number(refused.most),
        number=words.number(refused.rows),
        line=words.line("/report"),
    ),
    errors.RosterNotFound: _unknown_holder,
    errors.CohortNotFound: _unknown_cohort,
    errors.ListUnreadable: lambda words, refused: lines(
        words.say(WHAT_INSTEAD[refused.problem]),
        words.say("A column with this header will do, too: {fields}", fields=COMMA.join(map(isolate, refused.fields)))
        if refused.fields
        else None,
    ),
}
