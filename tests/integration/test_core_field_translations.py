"""Texts of custom fields in further languages, set by administrators."""

import pytest

from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.domain.form_fields import read_form
from core.errors import ChoiceTextsNeeded, FieldExists, PageTextTooLong, WordNotUnderstood
from core.services import audit_log, export, field_translations, form_fields, person_details, redemption
from core.services.field_translations import Translation
from core.services.form_fields import FieldCard, FieldDraft
from tests.support.account import FAST_HASH, Office
from tests.support.rows import the_form

PERSON = {"first_name": "Anna", "last_name": "Berzina", "email": "anna@example.com", "password": "a long secret"}


async def say(office: Office, field: str, language: str, what: FieldText, text: str) -> FieldCard:
    typed = Translation(language=language, what=what, text=text)
    return await office.engine.write(field_translations.translate, office.owner_id, field, typed, office.engine.now())


async def shirt(office: Office) -> None:
    draft = FieldDraft(label="Shirt size", kind=Kind.CHOICE, choices=("S", "L"), hint="For your T-shirt")
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())


async def test_a_field_is_known_and_said_by_its_label_in_each_language(office: Office) -> None:
    await shirt(office)
    await say(office, "Shirt size", "español", FieldText.LABEL, "Talla")
    await say(office, "talla", "ES", FieldText.CHOICES, "Pequeña, Grande")
    card = await say(office, "Talla", "ru", FieldText.HINT, "Для футболки")
    assert (card.label, card.translations.labels) == ("Shirt size", ("Talla",))
    asked = (await office.engine.read(the_form)).fields[-1]
    assert (asked.label_in("es"), asked.hint_in("ru"), asked.options("es")) == (
        "Talla",
        "Для футболки",
        {"S": "Pequeña", "L": "Grande"},
    )
    entry = (await office.engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (entry.before["texts"], entry.after["texts"]) == (
        ["es: Talla · S = Pequeña · L = Grande"],
        ["es: Talla · S = Pequeña · L = Grande", "ru: Для футболки"],
    )


async def test_none_takes_a_text_away_and_changed_choices_lose_theirs(office: Office) -> None:
    await shirt(office)
    await say(office, "Shirt size", "es", FieldText.CHOICES, "Pequeña, Grande")
    draft = FieldDraft(label="Shirt size", kind=Kind.CHOICE, choices=("S", "XL"))
    card = await office.engine.write(
        form_fields.change_field, office.owner_id, "Shirt size", draft, office.engine.now()
    )
    assert card.translations.of("es").choices == {"S": "Pequeña"}
    card = await say(office, "Shirt size", "es", FieldText.CHOICES, "ninguno")
    assert not card.translations.by_language


async def test_texts_that_would_mislead_are_refused(office: Office) -> None:
    await shirt(office)
    draft = FieldDraft(label="Team", kind=Kind.TEXT)
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    await say(office, "Shirt size", "es", FieldText.LABEL, "Talla")
    for refused, field, language, what, text in (
        (FieldExists, "Team", "ru", FieldText.LABEL, "TALLA"),
        (ChoiceTextsNeeded, "Shirt size", "es", FieldText.CHOICES, "Pequeña"),
        (ChoiceTextsNeeded, "Shirt size", "es", FieldText.CHOICES, "Grande, grande"),
        (ChoiceTextsNeeded, "Team", "es", FieldText.CHOICES, "Grande"),
        (PageTextTooLong, "Team", "es", FieldText.HINT, "x" * 301),
        (WordNotUnderstood, "Team", "Klingon", FieldText.LABEL, "Qap"),
    ):
        with pytest.raises(refused):
            await say(office, field, language, what, text)
    with pytest.raises(FieldExists):
        await office.engine.write(
            form_fields.add_field, office.owner_id, FieldDraft(label="talla", kind=Kind.TEXT), office.engine.now()
        )


async def test_readers_of_cards_and_exports_read_their_language_and_the_choice_itself_is_kept(office: Office) -> None:
    engine, owner, link = office.engine, office.owner_id, await office.profile()
    await shirt(office)
    await say(office, "Shirt size", "es", FieldText.LABEL, "Talla")
    await say(office, "Shirt size", "es", FieldText.CHOICES, "Pequeña, Grande")
    asked = await engine.read(the_form)
    newcomer = read_form({**PERSON, asked.fields[-1].name: "grande"}, asked, region="LV")
    made = redemption.SignUp(newcomer=newcomer, password_hash=FAST_HASH, form_key="once")
    user_id = (await engine.write(redemption.redeem, link.token, made, engine.now())).user_id
    [filled] = (await engine.read(person_details.show, owner, user_id, engine.now())).filled
    page = await engine.read(export.page, owner, link.profile_id)
    [column], [row] = page.columns, page.rows
    assert row.values[column.field_id] == filled.value == "L"
    assert [(each.label_in("es"), each.label_in("ru")) for each in (filled, column)] == 2 * [("Talla", "Shirt size")]
    assert (filled.shown("es"), column.cell("L", "es"), column.cell("L", "en")) == ("Grande", "Grande", "L")
