"""The officer's list as communes keep it: the columns of the template; sent back it changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from common.geo import Units
from common.http.pagination import MOST
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from common.sheets import writing
from common.sheets.places import full_name
from common.workshop import Workshop
from quarantine.domain.model import Case, Person, Stay
from quarantine.ports import Cases, Search, Worklist
from quarantine.views.lists import words
from quarantine.views.lists.columns import LAYOUT

_NAME: Final = "Danh sách"
_MORE: Final = ("Ngày hết cách ly", "Lần khai báo cuối", "Số ngày không khai báo")
"""What only the system knows; nobody reads it back."""
_SEXES: Final = {"male": "Nam", "female": "Nữ"}
_DAY: Final = "%d/%m/%Y"


class Exporter:
    """Writes open stays down for those who may read them."""

    def __init__(self, runtime: Runtime, cases: Cases, workshop: Workshop) -> None:
        self._runtime = runtime
        self._cases = cases
        self._workshop = workshop

    async def sheet(self, by: Actor, commune_code: str | None) -> bytes:
        """Return everybody in quarantine in the reader's areas, or in one commune of them, as Excel."""
        today = local_day(self._runtime.clock.now())
        search = Search(by.area_codes, today, status=Worklist.OPEN, commune_code=commune_code)
        lines: list[list[str]] = []
        after: tuple[str, str] | None = None
        while found := await self._cases.find(search, limit=MOST, after=after):
            await self._runtime.access_log.note(by, [case.person_id for case in found], "Xuất danh sách")
            lines += [self._line(case, len(lines) + at) for at, case in enumerate(found, start=1)]
            after = _key(found[-1])
        return await self._workshop.do(written, f"DANH SÁCH NGƯỜI CÁCH LY ({today:%d/%m/%Y})", lines)

    def _line(self, case: Case, number: int) -> list[str]:
        person, stay = case.person, case.stay
        if person is None or stay is None:
            return []
        fields = self._runtime.vault.open(person.sealed, person_id=case.person_id)
        units = self._runtime.units
        said = {"stt": str(number), **_who(fields), **_stay(stay), **_where(person, units)}
        return [said.get(column.key, "") for column in LAYOUT.offered] + _known(stay)


def written(title: str, lines: Sequence[Sequence[str]]) -> bytes:
    """Return lines under the titles of the template, all as texts. Takes seconds for 10,000."""
    titles = [column.title for column in LAYOUT.offered]
    return writing.listed(_NAME, title, [*titles, *_MORE], lines)


def _who(fields: Mapping[str, Any]) -> dict[str, str]:
    born = str(fields.get("birth_date") or "")
    phone = str(fields.get("phone") or "")
    return {
        "name": str(fields["full_name"]),
        "birth": "/".join(reversed(born.split("-"))) if born else str(fields.get("birth_year") or ""),
        "sex": _SEXES.get(str(fields.get("sex")), ""),
        "paper": str(fields.get("cccd") or fields.get("cmnd") or fields.get("passport") or ""),
        "phone": f"0{phone[3:]}" if phone.startswith("+84") else phone,
        "address": str(fields.get("address") or ""),
    }


def _where(person: Person, units: Units) -> dict[str, str]:
    commune = units.unit(person.area.commune_code)
    return {
        "commune": full_name(commune, units) if commune else person.area.commune_code,
        "household": person.household_id,
    }


def _stay(stay: Stay) -> dict[str, str]:
    basis, paper = stay.basis, stay.paper
    said = {
        "category": words.CATEGORIES[stay.category],
        "exposure": stay.last_exposure_on.strftime(_DAY),
        "start": stay.starts_on.strftime(_DAY),
        "place": words.PLACES[stay.place],
        "order": paper.number if paper else "",
        "signed": paper.signed_on.strftime(_DAY) if paper and paper.signed_on else "",
    }
    if basis is None:
        return said
    last = basis.immunity.last_dose_on
    said |= {"doses": str(basis.immunity.doses), "last_dose": last.strftime(_DAY) if last else ""}
    return said | ({"origin": words.ORIGINS[basis.origin]} if stay.category == "entrant" else {})


def _known(stay: Stay) -> list[str]:
    last = stay.duty.last_reported_at
    return [
        stay.ends_on.strftime(_DAY),
        local_day(last).strftime(_DAY) if last else "",
        str(len(stay.duty.missed_on)),
    ]


def _key(case: Case) -> tuple[str, str] | None:
    return (case.stay.ends_on.isoformat(), case.person_id) if case.stay else None
