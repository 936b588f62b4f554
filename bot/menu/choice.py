"""What the parts of a line are chosen from."""

from enum import StrEnum


class Choice(StrEnum):
    """What a part of a line is chosen from, where it isn't only typed; `bot/handlers/choices.py` lists each."""

    PROFILE = "profile"
    RUNNING_PROFILE = "running profile"
    PAUSED_PROFILE = "paused profile"
    LINK = "link"
    LABELLED_LINK = "labelled link"
    PERSON = "person"
    PEOPLE = "people"
    ADMINISTRATOR = "administrator"
    DEPARTMENT = "department"
    DEPARTMENT_OR_TOP = "department or top"
    ROLE = "role"
    ROLE_OR_NONE = "role or none"
    OWN_ROLE = "own role"
    PERMISSION = "permission"
    COURSE = "course"
    OFFERED_COURSE = "offered course"
    COURSE_FIELD = "course field"
    RULE = "rule"
    FIELD = "field"
    FIELD_KIND = "field kind"
    FIELD_CHANGE = "field change"
    FIELD_LANGUAGE = "field language"
    FIELD_TEXT = "field text"
    PERSON_FIELD = "person field"
    PLACE = "place"
    ZONE = "zone"
