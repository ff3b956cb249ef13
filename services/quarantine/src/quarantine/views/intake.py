"""
What comes in: bodies become commands, and what is personal in them is sealed on the way.

Nothing personal passes towards the domain in clear.
"""

from dataclasses import replace
from datetime import UTC

from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.kernel.ids import derived_id
from common.mongo.grams import grams_of
from common.service import Runtime
from common.work.model import Cause, Errand
from quarantine.domain.commands import (
    ApplyProtocol,
    ExtendQuarantine,
    OrderQuarantine,
    RecordPositive,
    RecordReport,
    ReleaseFromQuarantine,
    Twin,
)
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.model import Case, Person, Stay
from quarantine.ports import Cases
from quarantine.views import changes, requests

NOTE = "note"
"""Data class of an officer's words about somebody."""


class Intake:
    """Turns bodies into commands."""

    def __init__(self, runtime: Runtime, cases: Cases) -> None:
        self._runtime = runtime
        self._cases = cases

    async def to_order(self, body: requests.QuarantineOrderBody, by: Actor) -> OrderQuarantine:
        """Seal who it is and look for likely duplicates; raises `UnknownCommune`."""
        return replace(
            command := self.drafted(body, by),
            twins=await self._twins(body, command.person_id, self._birth_tokens(body)),
        )

    def drafted(self, body: requests.QuarantineOrderBody, by: Actor, source: str = "") -> OrderQuarantine:
        """Seal who it is without looking for duplicates; raises `UnknownCommune`."""
        runtime, who = self._runtime, body.person
        area = runtime.units.area_of(body.commune_code)
        person_id = who.id_from(runtime.pseudonyms, commune_code=body.commune_code)
        same = self._birth_tokens(body)
        person = Person(
            area=area,
            sealed=runtime.vault.seal(who.to_seal(address=body.address), person_id=person_id),
            blind=tuple(sorted({*who.blind_tokens(runtime.blind), *same})),
            household_id=body.household_id or f"h-{derived_id('household', person_id)[:13]}",
            trusted=tuple(body.relatives),
            grams=grams_of(runtime.blind, name=who.full_name, numbers=(who.paper, who.cmnd, who.phone)),
        )
        return OrderQuarantine(
            person_id=person_id,
            by=by,
            person=person,
            category=body.category,
            place=body.place,
            last_exposure_on=body.last_exposure_on,
            immunity=body.immunity,
            origin=body.arrived_from,
            starts_on=body.starts_on,
            paper=body.paper,
            index_person_id=body.index_person_id or "",
            is_confirmed_new=body.confirm,
            source=source,
        )

    def signs_of(self, body: requests.QuarantineOrderBody) -> tuple[str, frozenset[str]]:
        """Return the token of the full name, and those of phone and birth: a twin has it and one of these."""
        blind, phone = self._runtime.blind, body.person.phone
        either = (*((blind.token(phone),) if phone else ()), *self._birth_tokens(body))
        return blind.token_of_name(body.person.full_name), frozenset(either)

    def to_extend(self, person_id: str, body: requests.ExtensionBody, by: Actor) -> ExtendQuarantine:
        """Seal the reason in words; its code goes on the bus."""
        note = self.sealed_note(person_id, body.reason)
        return ExtendQuarantine(person_id, by, body.ends_on, body.reason_code, note)

    async def to_apply(self, body: changes.ApplyBody, by: Actor, cause: Cause) -> list[Errand]:
        """Turn files that were seen into commands, one cause each; none if one is outside *by*'s areas."""
        seen = {one.person_id: one.ends_on for one in body.cases}
        found = await self._cases.many(seen)
        own = {key for key, case in found.items() if case.person and by.covers(case.person.area)}
        if own != seen.keys():
            raise CaseNotFound(
                f"{len(seen.keys() - own)} hồ sơ không có trong địa bàn của bạn. Chưa áp dụng cho hồ sơ nào; "
                "hãy xem lại danh sách rồi gửi lại.",
                field="cases",
            )
        await self._runtime.access_log.note(by, sorted(own), "Áp dụng quy định mới")
        return [
            Errand(ApplyProtocol(person_id, by, ends_on), replace(cause, id=derived_id(cause.id, person_id)))
            for person_id, ends_on in seen.items()
        ]

    def to_release(self, person_id: str, body: requests.ReleaseBody, by: Actor) -> ReleaseFromQuarantine:
        """Seal the reason in words."""
        note = self.sealed_note(person_id, body.reason)
        return ReleaseFromQuarantine(person_id, by, body.outcome, note, body.waives_tests)

    async def to_positive(
        self, person_id: str, body: requests.PositiveTestBody, by: Actor, cause: Cause
    ) -> RecordPositive:
        """Say the age beside the result: F0 care judges the risk by it before it knows who it is."""
        age = await self.age_of(person_id, by)
        test_id = derived_id("test", cause.id)
        return RecordPositive(person_id, by, test_id, body.kind, body.tested_on, age)

    async def age_of(self, person_id: str, by: Actor) -> int | None:
        """Return the age in years of somebody in the areas of *by*; None where it is not known."""
        case = (await self._cases.many([person_id])).get(person_id)
        return self._age_years(case) if case and case.person and by.covers(case.person.area) else None

    def _age_years(self, case: Case) -> int | None:
        if case.person is None:
            return None
        fields = self._runtime.vault.open(case.person.sealed, person_id=case.person_id)
        year = fields.get("birth_year")
        return max(0, local_day(self._runtime.clock.now()).year - int(year)) if year else None

    def to_report(self, person_id: str, body: requests.ReportBody, by: Actor, cause: Cause) -> RecordReport:
        """Name the declaration after the request that brought it, so that a repeat is the same one."""
        return RecordReport(
            report_id=derived_id("report", cause.id),
            person_id=person_id,
            by=by,
            declared_by=body.declared_by,
            reported_at=body.reported_at.astimezone(UTC),
            temperature_celsius=body.temperature_celsius,
            spo2_percent=body.spo2_percent,
            symptoms=tuple(dict.fromkeys(body.symptoms)),
        )

    def sealed_note(self, person_id: str, words: str | None) -> str:
        """Seal an officer's words about somebody."""
        if not words:
            return ""
        return self._runtime.vault.seal({"note": words}, data_class=NOTE, person_id=person_id)

    def _birth_tokens(self, body: requests.QuarantineOrderBody) -> tuple[str, ...]:
        """Return the token by which a namesake with the same birth is found."""
        born, who = body.person.birth_date, body.person
        text = f"born {born}" if born else f"born {who.birth_year} in {body.commune_code}"
        return (self._runtime.blind.token(text),)

    async def _twins(
        self, body: requests.QuarantineOrderBody, person_id: str, same: tuple[str, ...]
    ) -> tuple[Twin, ...]:
        """Return people in quarantine under other papers with the same name and phone or birth."""
        blind, phone = self._runtime.blind, body.person.phone
        by_phone = (blind.token(phone),) if phone else ()
        name = blind.token_of_name(body.person.full_name)
        found = await self._cases.open_like([name], (*by_phone, *same), but=person_id)
        return tuple(_twin(case, case.stay, by_phone, same) for case in found if case.stay)


def _twin(case: Case, stay: Stay, by_phone: tuple[str, ...], same_birth: tuple[str, ...]) -> Twin:
    blind = set(case.person.blind if case.person else ())
    equal = ["họ tên"]
    if blind & set(by_phone):
        equal.append("số điện thoại")
    if blind & set(same_birth):
        equal.append("ngày sinh")
    return Twin(case.person_id, tuple(equal), stay.starts_on, stay.ends_on)
