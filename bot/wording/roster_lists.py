"""What a list of people holds, in words: its columns, how many people, and what can't be read."""

from collections.abc import Collection, Mapping

from markupsafe import Markup

from bot.wording.addresses import mail
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, shortened
from core.rosters.columns import Column
from core.rosters.grid import LARGEST, MOST_ROWS
from core.rosters.header_words import Meaning
from core.rosters.reading import ListedPerson, PeopleList
from core.services.roster_lists import Preview

SAMPLED = 3  # people
ROWS_NAMED = 8
PIECES_NAMED = 4
LONGEST_PIECE = 40
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
MEANINGS: Mapping[Meaning, str] = {
    Meaning.EMAIL: N_("Email"),
    Meaning.FIRST_NAME: N_("First name"),
    Meaning.LAST_NAME: N_("Last name"),
    Meaning.FULL_NAME: N_("Name"),
    Meaning.SURNAME_FIRST: N_("Last name, first name"),
    Meaning.PHONE: N_("Phone"),
    Meaning.STATUS: N_("State"),
}


def how_to_send(words: Words) -> Markup:
    """Say how a list is sent that a screen asks for."""
    return words.say(
        "Paste names and addresses, or send a CSV or XLSX file ({rows} rows, {size} MiB at most).",
        rows=MOST_ROWS,
        size=LARGEST // 1024**2,
    )


def described(words: Words, file: str, found: PeopleList, preview: Preview) -> list[Markup | None]:
    """Describe a list; `file` is the name of its file, "" if it was pasted."""
    return [
        title(words, file, found),
        no_workbook(words, file, found.sheet),
        columns(words, found),
        *_counts(words, found, preview),
        *sample(words, found),
        *not_read(words, found),
        *_by_other(words, found),
    ]


def title(words: Words, file: str, found: PeopleList) -> Markup:
    """Name a list by its file and sheet; `file` "": it was pasted."""
    name = isolate(file) if file else words.say("Your list")
    if not found.sheet:
        return Markup("<b>{}</b>").format(name)
    return Markup("<b>{}</b>, {}").format(name, words.say("sheet {number}", number=found.sheet))


def no_workbook(words: Words, file: str, sheet: int) -> Markup | None:
    """Say that a file which is called a workbook is read as the text that it is; `sheet` 0: it is a text."""
    if sheet or not file.casefold().endswith(WORKBOOKS):
        return None
    return words.say("By its name it is a workbook, but it holds plain text, which I read like a CSV file.")


def columns(words: Words, found: PeopleList) -> Markup | None:
    """Say how the columns of a table are read; None if it is none."""
    if not found.columns:
        return None
    return words.say("Read as: {columns}", columns=Markup(" · ").join(_column(words, each) for each in found.columns))


def sample(words: Words, found: PeopleList, *, most: int = SAMPLED) -> list[Markup]:
    """Show the first people as they are read, so that a wrong column is seen."""
    return [Markup("{}. {}").format(place, _person(words, each)) for place, each in enumerate(found.people[:most], 1)]


def _person(words: Words, person: ListedPerson) -> Markup:
    name = f"{person.first_name} {person.last_name}".strip()
    known = [isolate(name)] if name else []
    known += [mail(words, person.email)] if person.email else [isolate(person.phone)] if person.phone else []
    return Markup(", ").join([*known, *map(isolate, person.unique.values())])


def _column(words: Words, column: Column) -> Markup:
    meaning = isolate(column.header) if column.meaning is Meaning.UNIQUE else words.say(MEANINGS[column.meaning])
    return Markup("{} = {}").format(meaning, letters(column.place))


def letters(place: int) -> str:
    """Return what spreadsheet programs call a column (from 0): A to Z, then AA."""
    before, last = divmod(place, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _counts(words: Words, found: PeopleList, preview: Preview) -> list[Markup]:
    count = words.count
    parts = [count("{number} person", "{number} people", preview.people)]
    if found.repeated:
        parts.append(count("{number} twice", "{number} twice", len(found.repeated)))
    suspended = sum(each.suspended for each in found.people)
    further = [
        (count("{number} is suspended there", "{number} are suspended there", suspended), suspended),
        (count("{number} is on the list already", "{number} are on the list already", preview.known), preview.known),
        (
            count("{number} has signed up already", "{number} have signed up already", preview.signed_up),
            preview.signed_up,
        ),
        (
            count("{number} in a hidden row", "{number} in hidden rows", len(found.hidden)),
            len(found.hidden),
        ),
    ]
    return [Markup(" · ").join(parts), *(said for said, number in further if number)]


def not_read(words: Words, found: PeopleList) -> list[Markup]:
    """Say which rows have no address, or one that is none, and which pieces of a text those are."""
    read = {each.row for each in found.people if each.email}
    wrong = {each.row for each in found.unread if "@" in each.text}
    without = {each.row for each in found.people} | {each.row for each in found.unread}
    without -= read | wrong
    pieces = [shortened(each.text, LONGEST_PIECE) for each in found.unread if each.text][:PIECES_NAMED]
    said = []
    if without:
        said.append(
            words.count(
                "{number} row without an address: row {rows}",
                "{number} rows without an address: rows {rows}",
                len(without),
                rows=_named(without),
            )
        )
    if wrong:
        said.append(
            words.count(
                "{number} row with a wrong address: row {rows}",
                "{number} rows with a wrong address: rows {rows}",
                len(wrong),
                rows=_named(wrong),
            )
        )
    if pieces:
        said.append(words.say("Not an address: {pieces}", pieces=Markup(" · ").join(map(isolate, pieces))))
    return said


def _named(numbers: Collection[int]) -> str:
    return ", ".join(map(str, sorted(numbers)[:ROWS_NAMED])) + ("…" if len(numbers) > ROWS_NAMED else "")


def _by_other(words: Words, found: PeopleList) -> list[Markup]:
    """Say how many of those without an address are on the list nevertheless."""
    by_other = sum(not each.email for each in found.people)
    if not by_other:
        return []
    return [
        words.count(
            "{number} of them is kept, to be matched by phone or number",
            "{number} of them are kept, to be matched by phone or number",
            by_other,
        )
    ]
