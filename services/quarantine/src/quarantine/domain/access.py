"""Who may see and act for whom: roles within their areas, the person, the family."""

from common.kernel.areas import Actor, Area
from quarantine.domain.model import Case, DeclaredBy, Person

OFFICERS = frozenset(("health_officer", "administrator"))
CHANNEL = "partner"
"""An app or a gateway that carries what the person says; it may bring declarations and read nothing."""
READERS = frozenset(("health_officer", "doctor", "administrator"))


def is_family(by: Actor, person: Person, own: Case | None) -> bool:
    """Tell whether *by*, whose own file is *own*, is a trusted relative or lives in the same household."""
    if by.person_id is None:
        return False
    if by.person_id in person.trusted:
        return True
    household = person.household_id
    return (
        bool(household)
        and own is not None
        and own.person is not None
        and (own.person_id == by.person_id and own.person.household_id == household)
    )


def declares_as(by: Actor, person_id: str, person: Person, own: Case | None) -> DeclaredBy | None:
    """Tell as what *by* may declare for *person*: the person, an officer of the area, a relative; or not."""
    if by.person_id == person_id:
        return DeclaredBy.SELF
    if by.roles & OFFICERS and by.covers(person.area):
        return DeclaredBy.OFFICER
    if CHANNEL in by.roles and by.covers(person.area):
        return DeclaredBy.SELF
    return DeclaredBy.RELATIVE if is_family(by, person, own) else None


def may_read(by: Actor, person_id: str, person: Person, own: Case | None) -> bool:
    """Tell whether *by* may see the file of *person*."""
    if by.roles & READERS and by.covers(person.area):
        return True
    return by.person_id == person_id or is_family(by, person, own)


def may_waive_tests(by: Actor, area: Area) -> bool:
    """Tell whether *by* stands above the commune: district, province, administrator."""
    above = area.codes() - {area.commune_code}
    return "administrator" in by.roles or bool(by.area_codes & above)


def phone_area(by: Actor, case: Case | None) -> Area | None:
    """
    Return the area in which *by* sees to the phones of a person; None if there is none.

    It is that of the quarantine file or, while F0 care has the person, the one which F0 care told.
    """
    if case is None:
        return None
    file, care = case.person, case.infection
    told = care.declared.area if care.declared is not None and care.is_under_care else None
    areas = (file.area if file is not None else None, told)
    return next((area for area in areas if area is not None and by.covers(area)), None)
