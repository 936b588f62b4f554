"""What headers are called in English, Russian, Spanish, German, Latvian and French, as `search_key` writes them."""

from collections.abc import Mapping
from enum import StrEnum


class Meaning(StrEnum):
    """What a column holds, as far as rosters use it. FULL_NAME is `first last`, SURNAME_FIRST `last first`."""

    EMAIL = "email"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    FULL_NAME = "full name"
    SURNAME_FIRST = "surname first"
    PHONE = "phone"
    STATUS = "status"
    UNIQUE = "unique field"


NAMES: Mapping[Meaning, str] = {
    Meaning.EMAIL: (
        "e mail, email, mail, e mail address, email address, work email, user email, primary email, email 1 value, "
        "почта, эл почта, э почта, электронная почта, адрес электронной почты, имеил, мэил, "
        "correo, correo electronico, direccion de correo, "
        "mail adresse, e mail adresse, email adresse, e pasts, epasts, e pasta adrese, "
        "courriel, adresse courriel, adresse mail, mel"
    ),
    Meaning.FIRST_NAME: "first name, firstname, given name, forename, имя, nombre, nombres, vorname, vards, prenom",
    Meaning.LAST_NAME: (
        "last name, lastname, surname, family name, фамилия, apellido, apellidos, nachname, familienname, zuname, "
        "uzvards, nom de famille"
    ),
    Meaning.FULL_NAME: (
        "name, full name, fullname, display name, employee, employee name, имя фамилия, имя и фамилия, "
        "nombre completo, nombre y apellidos, nombre y apellido, vollstandiger name, vorname nachname, "
        "vor und nachname, vards uzvards, vards un uzvards, nom, nom complet, prenom nom, prenom et nom"
    ),
    Meaning.SURNAME_FIRST: (
        "фио, ф и о, фамилия имя, фамилия имя отчество, сотрудник, apellidos y nombre, apellido y nombre, "
        "nachname vorname, name vorname, uzvards vards, nom prenom, nom et prenom"
    ),
    Meaning.PHONE: (
        "phone, phone number, telephone, mobile, mobile phone, mobile number, cell, cell phone, tel, recovery phone, "
        "телефон, моб телефон, мобильныи телефон, номер телефона, тел, "
        "telefono, telefono movil, movil, celular, "
        "telefon, telefonnummer, handy, mobiltelefon, telefons, talrunis, mobilais talrunis, telefona numurs"
    ),
    Meaning.STATUS: "status, state, account status, статус, состояние, estado, zustand, statuss",
}
SURNAME_BESIDE_FIRST_NAME = frozenset({"name", "nom"})  # in German and French; alone, they are the whole name
MEANINGS: Mapping[str, Meaning] = {name: meaning for meaning, names in NAMES.items() for name in names.split(", ")}

# A header that has one of these words somewhere, if no other header is a whole name.
WITHIN: Mapping[str, Meaning] = {
    **dict.fromkeys(("email", "mail", "почта", "почты", "correo", "pasts"), Meaning.EMAIL),
    **dict.fromkeys(("phone", "mobile", "телефон", "telefono", "telefon", "talrunis", "telefons"), Meaning.PHONE),
}

INACTIVE_STATES = (
    "suspended, inactive, disabled, blocked, terminated, archived, "
    "приостановлен, заблокирован, неактивен, уволен, отключен, "
    "suspendido, inactivo, bloqueado, gesperrt, inaktiv, deaktiviert, apturets, neaktivs, blokets"
)
SUSPENDED = frozenset(INACTIVE_STATES.split(", "))

DEPARTMENT_HEADERS = (
    "department, departments, department name, unit, units, business unit, org unit, org unit path, team, division, "
    "organizational unit, organisational unit, path, full path, "
    "отдел, отделы, название отдела, подразделение, подразделения, название подразделения, структурное подразделение, "
    "департамент, управление, направление, путь, "
    "departamento, departamentos, nombre del departamento, unidad, area, equipo, division, ruta, "
    "abteilung, abteilungen, bereich, nodala, nodalas, departaments, strukturvieniba"
)
PARENT_HEADERS = (
    "parent, parent department, parent unit, parent org unit, parent name, belongs to, part of, above, "
    "вышестоящее подразделение, вышестоящии отдел, головное подразделение, родительское подразделение, родитель, "
    "вышестоящее, вышестоящии, головное, входит в, "
    "departamento superior, departamento padre, unidad superior, superior, padre, pertenece a, depende de, "
    "ubergeordnete abteilung, ubergeordnet, augstaka nodala"
)
UNITS, PARENTS = frozenset(DEPARTMENT_HEADERS.split(", ")), frozenset(PARENT_HEADERS.split(", "))
# Headers of departments if nothing else in the list is called by a name.
BARE_NAMES = frozenset({"name", "title", "название", "наименование", "nombre", "nosaukums", "bezeichnung"})
# One of these words in the header of another column of such a list: who is responsible, numbers, places, remarks.
BESIDE_WORDS = (
    "manager, head, lead, leader, director, supervisor, owner, responsible, reports, deputy, count, headcount, size, "
    "employees, staff, members, fte, seats, number, no, id, code, key, type, kind, level, status, active, date, "
    "start, end, created, updated, since, location, city, country, office, site, address, phone, email, mail, cost, "
    "center, centre, budget, description, comment, comments, note, notes, remarks, role, position, job, order, "
    "руководитель, начальник, директор, заместитель, ответственныи, численность, количество, кол, число, штат, "
    "сотрудников, сотрудник, номер, код, тип, вид, уровень, статус, дата, начало, создан, город, страна, офис, адрес, "
    "телефон, почта, цфо, бюджет, описание, комментарии, примечание, примечания, должность, роль, порядок, "
    "responsable, jefe, jefa, gerente, directora, encargado, cantidad, empleados, personas, plantilla, numero, codigo, "
    "tipo, nivel, estado, fecha, inicio, ubicacion, ciudad, pais, oficina, direccion, telefono, correo, costo, coste, "
    "presupuesto, descripcion, comentario, comentarios, nota, notas, cargo, puesto, orden, "
    "leiter, leiterin, leitung, anzahl, mitarbeiter, nummer, nr, typ, ebene, datum, ort, stadt, land, standort, "
    "kostenstelle, beschreibung, bemerkung, kommentar, "
    "vaditajs, skaits, darbinieki, numurs, kods, veids, limenis, datums, pilseta, valsts, adrese, apraksts, piezimes"
)
BESIDE_UNITS = frozenset(BESIDE_WORDS.split(", "))
