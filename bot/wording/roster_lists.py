"""What a list of people holds, in words: its columns, how many people, and what can't be read."""

from collections.abc import Collection, Mapping, Sequence

from markupsafe import Markup

from bot.wording.addresses import called, mail
from bot.wording.labels import COMMA
from bot.wording.link_mails import few_places
from bot.wording.lists import more
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, shortened
from core.domain.contacts import Contact
from core.rosters.columns import Column
from core.rosters.grid import LARGEST, MOST_ROWS
from core.rosters.header_words import Meaning
from core.rosters.people_lists import ListedPerson, PeopleList, Unread
from core.services import link_mail_lists, roster_lists
from core.services.roster_lists import MOST_NAMED

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


def title(words: Words, file: str, found: PeopleList) -> Markup:
    """Name a list by its file and sheet; `file` "": it was pasted."""
    name = isolate(file) if file else words.say("Your list")
    if not found.sheet:
        return Markup("<b>{}</b>").format(name)
    return Markup("<b>{}</b>, {}").format(name, _sheet(words, found))


def _sheet(words: Words, found: PeopleList) -> Markup:
    if found.is_hidden_sheet:
        return words.say("sheet {number}, which is hidden", number=found.sheet)
    return words.say("sheet {number}", number=found.sheet)


def _sheets_beside(words: Words, found: PeopleList) -> Markup | None:
    """Say which other sheets have people that aren't read, and how they are sent; None if there are none."""
    if not found.beside:
        return None
    named = [
        words.count(
            "{sheet} ({name}, {number} row)",
            "{sheet} ({name}, {number} rows)",
            each.rows,
            sheet=_sheet(words, each),
            name=isolate(shortened(each.sheet_name, LONGEST_PIECE)),
        )
        for each in found.beside[:PIECES_NAMED]
    ]
    return words.say(
        "Only one sheet is read: {sheet}. Not read: {others}. To send another sheet, save it as a file of its own.",
        sheet=_sheet(words, found),
        others=COMMA.join([*named, *more(words, len(found.beside) - len(named))]),
    )


def no_workbook(words: Words, file: str, sheet: int) -> Markup | None:
    """Say that a file which is called a workbook is read as the text that it is; `sheet` 0: it is a text."""
    if sheet or not file.casefold().endswith(WORKBOOKS):
        return None
    return words.say("By its name it is a workbook, but it holds plain text, which I read like a CSV file.")


def _columns(words: Words, found: PeopleList) -> Markup | None:
    """Say how the columns of a table are read; None if it is none."""
    if not found.columns:
        return None
    return words.say("Read as: {columns}", columns=Markup(" · ").join(_column(words, each) for each in found.columns))


def kept(words: Words, preview: roster_lists.Preview) -> list[Markup]:
    """Say who would be put on a list of expected people, each once: who hasn't come, who has, whose data change."""
    nobody = [] if preview.new else [words.say("Nobody would be added to the list.")]
    said = words.count(
        "{number} person would be added to the list:", "{number} people would be added to the list:", preview.missing
    )
    return [
        *(_whom(words, said, preview.named, preview.missing) if preview.missing else nobody),
        *_by_other(words, preview.without_address),
        *_alike(words, preview.alike),
        *_come(words, preview.signed_up),
        *_renewed(words, preview.changed),
    ]


def keeping(words: Words, preview: roster_lists.Preview) -> Markup:
    """Return what the button says that puts a list on that of expected people."""
    if preview.changed and preview.new:
        return words.say("Add {new}, update {changed}", new=preview.new, changed=len(preview.changed))
    if preview.changed:
        return words.count("Update {number} person", "Update {number} people", len(preview.changed))
    return words.count("Keep {number} person", "Keep these {number}", preview.new)


def coming_off(words: Words, preview: roster_lists.Preview) -> list[Markup]:
    """Say who is no longer expected if a list takes the place of the one that there is, and if nobody can come then."""
    said = words.count(
        "Replacing the list takes {number} person off it: {people}",
        "Replacing the list takes {number} people off it: {people}",
        len(preview.off),
        people=_first(words, preview.off),
    )
    nobody = words.say("Then nobody can sign up any more: all other people of the list have.")
    return [*([said] if preview.off else []), *([nobody] if preview.leaves_nobody else [])]


def _come(words: Words, signed_up: Sequence[Contact]) -> list[Markup]:
    said = words.count(
        "{number} person who has signed up already would be added: {people}",
        "{number} people who have signed up already would be added: {people}",
        len(signed_up),
        people=_first(words, signed_up),
    )
    return [said] if signed_up else []


def _renewed(words: Words, changed: Sequence[Contact]) -> list[Markup]:
    said = words.count(
        "{number} person who is on the list gets new data: {people}",
        "{number} people who are on the list get new data: {people}",
        len(changed),
        people=_first(words, changed),
    )
    return [said] if changed else []


def _first(words: Words, people: Sequence[Contact]) -> Markup:
    """Name the first of some people, and count the others."""
    named = [called(words, each) for each in people[:MOST_NAMED]]
    return COMMA.join([*named, *more(words, len(people) - len(named))])


def written_to(words: Words, preview: link_mail_lists.Preview) -> list[Markup]:
    """Say who would get a link."""
    nobody = words.say("Nobody would get the link.")
    said = words.count("{number} address would get the link:", "{number} addresses would get the link:", preview.new)
    whom = _whom(words, said if preview.new else nobody, preview.named, preview.new)
    return [*whom, *few_places(words, preview.content.state, preview.places, preview.new)]


def _whom(words: Words, said: Markup, first: Sequence[ListedPerson], number: int) -> list[Markup]:
    """Name the first of those for whom something would be done, as they are read, so that a wrong column is seen."""
    named = [Markup("{}. {}").format(place, _person(words, each)) for place, each in enumerate(first, 1)]
    return [said, *named, *more(words, number - len(named))]


def held(words: Words, file: str, found: PeopleList) -> list[Markup | None]:
    """Say what a list holds and how it is read; `file` is the name of its file, "" if it was pasted."""
    count, by_other = words.count, len(found.people) - found.with_address
    known = count(
        "{number} without an address, known by phone or number",
        "{number} without an address, known by phone or number",
        by_other,
    )
    parts = [
        (count("{number} address", "{number} addresses", found.with_address), found.with_address or not by_other),
        (known, by_other),
        (count("{number} twice", "{number} twice", len(found.repeated)), found.repeated),
        (count("{number} in a hidden row", "{number} in hidden rows", len(found.hidden)), found.hidden),
    ]
    return [
        words.say("In the list: {what}", what=Markup(" · ").join(said for said, is_so in parts if is_so)),
        _sheets_beside(words, found),
        *_not_read(words, found),
        no_workbook(words, file, found.sheet),
        _columns(words, found),
    ]


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


def _not_read(words: Words, found: PeopleList) -> list[Markup]:
    """Say which rows nobody can be known by, or have a wrong address or phone number, and what stands there."""
    phones = [each for each in found.unread if each.is_phone]
    others = [each for each in found.unread if not each.is_phone]
    wrong = {each.row for each in others if "@" in each.text}
    told = {each.row for each in found.people} | {each.row for each in phones}
    without = {each.row for each in others} - wrong - told
    pieces = [each.text for each in others if each.text]
    return [
        *([_without_address(words, without)] if without else []),
        *([_wrong_addresses(words, wrong)] if wrong else []),
        *([words.say("Not an address: {pieces}", pieces=_pieces(pieces))] if pieces else []),
        *([_wrong_phones(words, phones)] if phones else []),
    ]


def _without_address(words: Words, rows: Collection[int]) -> Markup:
    return words.count(
        "{number} row without an address: row {rows}",
        "{number} rows without an address: rows {rows}",
        len(rows),
        rows=_named(rows),
    )


def _wrong_addresses(words: Words, rows: Collection[int]) -> Markup:
    return words.count(
        "{number} row with a wrong address: row {rows}",
        "{number} rows with a wrong address: rows {rows}",
        len(rows),
        rows=_named(rows),
    )


def _wrong_phones(words: Words, phones: Sequence[Unread]) -> Markup:
    return words.count(
        "{number} phone not understood: write it with the country code. Row {rows}: {pieces}",
        "{number} phones not understood: write them with the country code. Rows {rows}: {pieces}",
        len(phones),
        rows=_named({each.row for each in phones}),
        pieces=_pieces([each.text for each in phones]),
    )


def _pieces(texts: Sequence[str]) -> Markup:
    return Markup(" · ").join(isolate(shortened(each, LONGEST_PIECE)) for each in texts[:PIECES_NAMED])


def _named(numbers: Collection[int]) -> str:
    return ", ".join(map(str, sorted(numbers)[:ROWS_NAMED])) + ("…" if len(numbers) > ROWS_NAMED else "")


def _alike(words: Words, people: Sequence[Contact]) -> list[Markup]:
    """Name whom nothing tells from others of the list when they sign up."""
    said = words.count(
        "{number} of them can't be recognised when they sign up, since others have the same phone or number: {people}. "
        "Give them an email address.",
        "{number} of them can't be recognised when they sign up, since others have the same phone or number: {people}. "
        "Give them email addresses.",
        len(people),
        people=_first(words, people),
    )
    return [said] if people else []


def _by_other(words: Words, number: int) -> list[Markup]:
    """Say how many of those without an address would be on the list nevertheless."""
    said = words.count(
        "{number} of them is kept, to be matched by phone or number",
        "{number} of them are kept, to be matched by phone or number",
        number,
    )
    return [said] if number else []
