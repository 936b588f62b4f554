"""What a custom field says in further languages: its label, a hint and its choices; elsewhere it says its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.domain.text import key


class FieldText(StrEnum):
    """A text of a custom field that can be said per language; the values are the words in a line."""

    LABEL = "label"
    HINT = "hint"
    CHOICES = "choices"


@dataclass(frozen=True, kw_only=True)
class FieldTexts:
    """A custom field's texts in one language; empty ones, and choices left out, are said as the field has them.

    `choices` maps the field's choices, which are stored as values, to what is shown instead.
    """

    label: str = ""
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.label or self.hint or self.choices)


NO_TEXTS = FieldTexts()


@dataclass(frozen=True, kw_only=True)
class Translations:
    """The texts of a custom field by the codes of languages; what is not there is said in the field's own texts."""

    by_language: Mapping[str, FieldTexts] = field(default_factory=dict, hash=False)  # fields are hashed

    def of(self, language: str) -> FieldTexts:
        """Return the texts in a language; empty ones if there are none."""
        return self.by_language.get(language, NO_TEXTS)

    def label(self, language: str, otherwise: str) -> str:
        """Return the label in a language."""
        return self.of(language).label or otherwise

    def hint(self, language: str, otherwise: str) -> str:
        """Return the hint in a language, empty if there is none."""
        return self.of(language).hint or otherwise

    def choice(self, language: str, choice: str) -> str:
        """Return how a choice is shown in a language."""
        return self.of(language).choices.get(choice, choice)

    def choice_of(self, typed: str, choices: Sequence[str]) -> str:
        """Return the choice that a person typed in any language; the typed text itself if it is none."""
        wanted = key(typed)
        if any(key(choice) == wanted for choice in choices):
            return typed
        named = (pair for texts in self.by_language.values() for pair in texts.choices.items())
        return next((choice for choice, shown in named if key(shown) == wanted), typed)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in all further languages."""
        return tuple(texts.label for texts in self.by_language.values() if texts.label)

    def changed(self, language: str, texts: FieldTexts) -> "Translations":
        """Return them with other texts in a language; empty ones end that language."""
        changed = {**self.by_language, language: texts}
        return Translations(by_language={code: each for code, each in sorted(changed.items()) if each})

    def only(self, choices: Sequence[str]) -> "Translations":
        """Return them without texts of choices that the field no longer has."""
        kept = {
            code: FieldTexts(
                label=texts.label,
                hint=texts.hint,
                choices={choice: shown for choice, shown in texts.choices.items() if choice in choices},
            )
            for code, texts in self.by_language.items()
        }
        return Translations(by_language={code: texts for code, texts in kept.items() if texts})


NO_TRANSLATIONS = Translations()


def from_stored(stored: Mapping[str, Any]) -> Translations:
    """Read translations as the database keeps them: language -> `label`, `hint`, `choices`."""
    if not stored:
        return NO_TRANSLATIONS
    return Translations(by_language={code: FieldTexts(**texts) for code, texts in stored.items()})


def to_stored(translations: Translations) -> dict[str, Any]:
    """Return translations as the database keeps them."""
    return {
        code: {"label": texts.label, "hint": texts.hint, "choices": dict(texts.choices)}
        for code, texts in translations.by_language.items()
    }
