"""
Which doctor looks after a patient (F5).

Commune before district, a speciality that fits before one that does not, the least loaded first. Nobody
is ever without a doctor: when all are full or off duty, the least loaded one still is the doctor, and
the reason says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b

from common.kernel.areas import Area
from f0_monitoring.domain.commands import Candidate
from f0_monitoring.domain.model import MONTHS_A_YEAR, Profile

CHILDREN = "children"
PREGNANCY = "pregnancy"
ADULT_FROM_MONTHS = 16 * MONTHS_A_YEAR


@dataclass(frozen=True, slots=True)
class Choice:
    """The doctor and how they were found."""

    doctor_id: str
    reason: str


def choose(person_id: str, area: Area, profile: Profile, candidates: tuple[Candidate, ...]) -> Choice | None:
    """Return the doctor who fits best; None only when the province has no doctor on its roster at all."""
    wanted = speciality_of(profile)
    for reason, fits in _tiers(area, wanted):
        best = _least_loaded(person_id, wanted, (c for c in candidates if fits(c)))
        if best is not None:
            return Choice(best.doctor_id, reason)
    return None


def speciality_of(profile: Profile) -> str | None:
    """Return the speciality that the patient should have, or None."""
    if profile.pregnant:
        return PREGNANCY
    return CHILDREN if profile.age_months < ADULT_FROM_MONTHS else None


def _tiers(area: Area, wanted: str | None) -> tuple[tuple[str, Callable[[Candidate], bool]], ...]:
    def in_commune(c: Candidate) -> bool:
        return area.commune_code in c.commune_codes

    def in_district(c: Candidate) -> bool:
        return in_commune(c) or area.district_code in c.district_codes

    def is_specialist(c: Candidate) -> bool:
        return wanted is not None and wanted in c.specialities

    def is_free(c: Candidate) -> bool:
        return c.on_duty and c.load < c.capacity

    return (
        ("commune-speciality", lambda c: in_commune(c) and is_free(c) and is_specialist(c)),
        ("district-speciality", lambda c: in_district(c) and is_free(c) and is_specialist(c)),
        ("commune", lambda c: in_commune(c) and is_free(c)),
        ("district", lambda c: in_district(c) and is_free(c)),
        ("district-over-capacity", lambda c: in_district(c) and c.on_duty),
        ("province", is_free),
        ("province-over-capacity", lambda c: c.on_duty),
        ("nobody-on-duty-district", in_district),
        ("nobody-on-duty", lambda _: True),
    )


def _least_loaded(person_id: str, wanted: str | None, candidates: Iterable[Candidate]) -> Candidate | None:
    def order(c: Candidate) -> tuple[float, bool, bytes]:
        share = c.load / max(c.capacity, 1)
        return share, wanted not in c.specialities, _lot(person_id, c.doctor_id)

    return min(candidates, key=order, default=None)


def _lot(person_id: str, doctor_id: str) -> bytes:
    """Draw between equals: the same for the same two people, evenly spread over many."""
    return blake2b(f"{person_id}\x1f{doctor_id}".encode(), digest_size=8).digest()
