"""Who may change a profile that somebody can only read."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.storage import actors, notice_recipients, people
from core.storage.tables import Profile


@dataclass(frozen=True, kw_only=True)
class Editors:
    """Who may change a profile: the managers of its department, or account administrators alone if it has none.

    `names` are those of the managers within the viewer's scope, sorted; of the others the viewer learns their role.
    """

    has_managers: bool
    names: tuple[str, ...] = ()


def editors_of(session: Session, actor: Actor, profile: Profile) -> Editors:
    """Return who may change a profile, as the actor may know it. Rights are not checked here."""
    over = notice_recipients.managers_over(session, [profile.department_id]).get(profile.department_id, set())
    able = [number for number, each in actors.several(session, over).items() if each.may(Permission.MANAGE_PROFILES)]
    known = people.visible_among(session, actor.scope, able)
    return Editors(has_managers=bool(able), names=tuple(sorted(each.full_name for each in known)))
