"""The fields of a person in words: their labels, values, and what is wrong with what was entered."""

from markupsafe import Markup

from bot.wording import labels
from bot.wording.phrases import Words
from core.domain.form_fields import Field, Form
from core.errors import InvalidForm, Problem

TYPED = ("login", "phone", "job_title")  # optional built-in fields of a line


def label(words: Words, field: Field) -> str:
    """Return the label of a field, as plain text: an own one as the account wrote it in the reader's language."""
    return field.label_in(words.language.code) or words.say(labels.LABELS[field.name]).unescape()


def labels_of(words: Words, field: Field) -> tuple[str, ...]:
    """Return all labels by which a line can name a field: in English too, in which the examples are."""
    if field.label is None:
        return (label(words, field), labels.LABELS[field.name])
    return field.labels


def value(words: Words, field: Field, stored: str) -> str:
    """Return a stored value for display, as plain text."""
    return field.shown(stored, words.language.code)


def problem(words: Words, form: Form, field: Field, found: Problem) -> Markup:
    """Say what is wrong with a field, and what it accepts."""
    accepted = {"choices": [value(words, field, each) for each in field.choices], "domains": form.email_domains}
    named = {place: labels.several(words, texts) for place, texts in accepted.items()}
    return words.say(labels.PROBLEMS[found], longest=field.longest, **named)


def problems(words: Words, form: Form, refused: InvalidForm) -> list[Markup]:
    """Say what is wrong with each field, one a line."""
    by_name = {each.name: each for each in form.fields}
    return [
        words.say(
            "· {label}: {problem}",
            label=label(words, by_name[name]),
            problem=problem(words, form, by_name[name], found),
        )
        for name, found in refused.problems.items()
        if name in by_name
    ]


def is_named(field: Field) -> bool:
    """Return whether a line gives the field by its label."""
    return field.field_id is not None or field.name in TYPED
