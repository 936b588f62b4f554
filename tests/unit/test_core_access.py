"""What roles permit, and the fingerprint of what a question showed."""

import pytest

from core.domain.access import FOR_CUSTOM_ROLES, Permission, Role, permissions_of
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.errors import PreviewOutdated


def test_a_role_of_ones_own_permits_what_is_stored() -> None:
    stored = ("manage people", "receive digests")
    assert permissions_of(Role.CUSTOM, stored) == {Permission.MANAGE_PEOPLE, Permission.RECEIVE_DIGESTS}


def test_a_role_of_ones_own_never_permits_what_is_not_for_such_roles() -> None:
    assert permissions_of(Role.CUSTOM, [permission.value for permission in Permission]) == FOR_CUSTOM_ROLES
    assert Permission.MANAGE_ROLES not in FOR_CUSTOM_ROLES


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CUSTOM])
def test_of_any_other_role_what_is_stored_is_ignored(role: Role) -> None:
    assert permissions_of(role, ["manage people"]) == permissions_of(role)


def test_learners_may_do_nothing_and_the_owner_everything() -> None:
    assert permissions_of(Role.LEARNER) == frozenset()
    assert permissions_of(Role.OWNER) == frozenset(Permission)


def test_a_fingerprint_is_the_same_for_the_same_and_short_enough_for_a_button() -> None:
    assert fingerprint("Sales", 1, None) == fingerprint("Sales", 1, None)
    assert len(fingerprint("Sales" * 100)) == 8


def test_a_fingerprint_differs_with_what_was_shown() -> None:
    shown = [("Sales", 1), ("Sales", 2), ("Sale", 1), (), ("Sales", "1")]
    assert len({fingerprint(*each) for each in shown}) == len(shown)


def test_what_is_not_as_it_was_seen_is_refused() -> None:
    refuse_if_outdated("seen", "seen")
    refuse_if_outdated(None, "now")
    with pytest.raises(PreviewOutdated):
        refuse_if_outdated("seen", "now")
