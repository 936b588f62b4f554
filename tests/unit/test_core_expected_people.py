"""What a list of people means for a roster: who is new there, whose entry changes, and whom it doesn't name."""

from collections.abc import Mapping

import pytest

from core.domain.expected_people import Entry, Merger, NewPerson, merge

PHONE, BADGE = "+37120000001", 7
ANNA, NEW, PRIVATE = "anna@example.com", "anna.liepa@example.com", "private@example.com"


def a_person(
    email: str | None = None, name: str = "", phone: str | None = None, values: Mapping[int, str] | None = None
) -> NewPerson:
    first, _, last = name.partition(" ")
    identity = f"email:{email}" if email else f"phone:{phone}"
    return NewPerson(identity=identity, first_name=first, last_name=last, email=email, phone=phone, values=values or {})


def an_entry(person: NewPerson, *, number: int = 1, came: bool = False, now_email: str | None = None) -> Entry:
    return Entry(
        number=number,
        came=came,
        identity=person.identity,
        first_name=person.first_name,
        last_name=person.last_name,
        email=now_email or person.email,
        phone=person.phone,
        values=person.values,
    )


def known(found: Merger) -> tuple[int, list[tuple[int, str, str | None, str | None]], list[int]]:
    """Give how many are new, the changed entries, and the numbers of those whom the list doesn't name."""
    changed = [(each.number, each.full_name, each.email, each.phone) for each in found.changed.values()]
    return len(found.new), changed, [each.number for each in found.beside]


@pytest.mark.parametrize(
    ("before", "person", "after"),
    [
        (a_person(ANNA, "Anna Ozola"), a_person(ANNA, "Anna Liepa", PHONE), (1, "Anna Liepa", ANNA, PHONE)),
        (a_person(ANNA, "Anna Ozola", PHONE), a_person(NEW, "Anna Liepa", PHONE), (1, "Anna Liepa", NEW, PHONE)),
        (a_person(None, "Anna Ozola", PHONE), a_person(ANNA, "", PHONE), (1, "Anna Ozola", ANNA, PHONE)),
        (a_person(ANNA, values={BADGE: "a-17"}), a_person(NEW, "Olga", values={BADGE: "a-17"}), (1, "Olga", NEW, None)),
    ],
    ids=["new data", "same phone", "no address before", "same value"],
)
def test_who_is_listed_gets_what_a_newer_list_has_of_them(
    before: NewPerson, person: NewPerson, after: tuple[int, str, str | None, str | None]
) -> None:
    assert known(merge([an_entry(before)], [person])) == (0, [after], [])


def test_what_is_empty_in_a_newer_list_erases_nothing() -> None:
    entry = an_entry(a_person(ANNA, "Anna Ozola", PHONE, {BADGE: "a-17"}))
    assert known(merge([entry], [a_person(ANNA)])) == (0, [], [])


def test_a_phone_number_that_others_have_too_tells_nobody_from_others() -> None:
    listed = [an_entry(a_person(ANNA, phone=PHONE)), an_entry(a_person("b@example.com", phone=PHONE), number=2)]
    assert known(merge(listed, [a_person("c@example.com", phone=PHONE)])) == (1, [], [1, 2])
    both = [a_person("c@example.com", phone=PHONE), a_person("d@example.com", phone=PHONE)]
    assert known(merge(listed[:1], both)) == (2, [], [1])


def test_one_phone_number_of_two_with_other_names_is_that_of_a_family() -> None:
    listed = [an_entry(a_person(ANNA, "Anna Ozola", PHONE))]
    assert known(merge(listed, [a_person("janis@example.com", "Jānis Kalns", PHONE)])) == (1, [], [1])
    assert known(merge(listed, [a_person(NEW, "ĀNNA Kalns", PHONE)]))[0] == 0


def test_whose_address_is_listed_is_nobody_else_by_a_phone_number() -> None:
    listed = [an_entry(a_person(ANNA, "Anna Ozola", PHONE))]
    people = [a_person(NEW, "Anna Liepa", PHONE), a_person(ANNA, "Anna Ozola")]
    assert known(merge(listed, people)) == (1, [], [])


def test_two_of_a_list_with_values_of_one_entry_are_two_people() -> None:
    listed = [an_entry(a_person(ANNA, values={BADGE: "a-17", BADGE + 1: "b-3"}))]
    people = [a_person(NEW, values={BADGE: "a-17"}), a_person(PRIVATE, values={BADGE + 1: "b-3"})]
    found = merge(listed, people)
    assert [each.email for each in found.new] == [PRIVATE]
    assert [each.email for each in found.changed.values()] == [NEW]


def test_who_came_keeps_what_they_came_by_and_gets_what_was_empty() -> None:
    came = an_entry(a_person(ANNA, "Anna Ozola"), came=True)
    found = merge([came], [a_person(ANNA, "Anna Liepa", PHONE, {BADGE: "a-17"})])
    assert known(found) == (0, [(1, "Anna Liepa", ANNA, PHONE)], [])
    [filled] = found.changed.values()
    assert filled.values == {BADGE: "a-17"}
    other = merge([filled], [a_person(ANNA, "", "+37120000002", {BADGE: "b-3"})])
    assert known(other) == (0, [], [])
    assert known(merge([filled], [a_person(NEW, "", PHONE)])) == (0, [], [])


def test_an_address_that_was_changed_here_is_not_changed_back_by_an_old_list() -> None:
    entry = an_entry(a_person(ANNA, "Anna Ozola"), now_email=PRIVATE)
    assert known(merge([entry], [a_person(ANNA)])) == (0, [], [])
    assert known(merge([entry], [a_person(ANNA), a_person(PRIVATE, "Anna Liepa")])) == (0, [], [])
    assert known(merge([entry], [a_person(PRIVATE, "Anna Liepa")])) == (0, [(1, "Anna Liepa", PRIVATE, None)], [])


def test_an_address_that_a_list_changed_is_changed_back_by_the_next_one() -> None:
    entry = an_entry(a_person(ANNA, "Anna", PHONE))
    [changed] = merge([entry], [a_person(NEW, "Anna", PHONE)]).changed.values()
    assert changed.identity == f"email:{NEW}"
    [back] = merge([changed], [a_person(ANNA, "Anna", PHONE)]).changed.values()
    assert back == entry
