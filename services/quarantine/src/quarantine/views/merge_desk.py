"""Two files side by side: what each field becomes, the merge, and its undoing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from common.kernel.areas import Actor
from common.kernel.errors import DomainError
from common.kernel.ids import derived_id
from common.people.body import PersonBody
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from quarantine.domain.errors import CaseNotFound
from quarantine.domain.joining import Joining, Keeps
from quarantine.domain.merge_errors import MergeNotFound, MergeNotPossible, MergeOutdated, UndoNotPossible
from quarantine.domain.merges import Merge, Stage, StartMerge, UndoMerge, refuse_merge
from quarantine.domain.merging import bare, has_f0
from quarantine.domain.model import Case, Person
from quarantine.domain.standing import is_open
from quarantine.ports import Cases
from quarantine.ports.files import Merges
from quarantine.views.case import CaseView
from quarantine.views.desk import Desk
from quarantine.views.merge_runner import MergeRunner
from quarantine.views.merge_views import ComparisonView, FieldView, MergeBody, MergesView, MergeView, Side

FIELDS: Mapping[str, tuple[str, ...]] = {
    "full_name": ("full_name",),
    "birth": ("birth_date", "birth_year"),
    "sex": ("sex",),
    "phone": ("phone",),
    "address": ("address",),
}
"""What an officer chooses for, and the sealed fields behind it; papers are those of the survivor."""
MERGES_SHOWN = 20


class MergeDesk:
    """Compares, merges and takes back for officers of the area of both files."""

    def __init__(
        self,
        runtime: Runtime,
        cases: Cases,
        merges: Merges,
        records: Work[Merge, None],
        runner: MergeRunner,
        desk: Desk,
    ) -> None:
        self._runtime = runtime
        self._cases = cases
        self._merges = merges
        self._records = records
        self._runner = runner
        self._desk = desk

    async def compare(self, survivor_id: str, other_id: str, by: Actor) -> ComparisonView:
        """Show two files side by side, what is proposed for each field, and why they cannot be merged."""
        survivor, other = await self._pair(survivor_id, other_id, by)
        [left, right] = await self._desk.opened([survivor, other], by, "So sánh hai hồ sơ để gộp")
        refusal = None
        try:
            refuse_merge(survivor, other, by)
        except DomainError as fault:
            refusal = fault.detail
        proposed = _proposed(survivor, other)
        return ComparisonView(
            survivor=left,
            other=right,
            fields=_fields(left, right, proposed),
            refusal=refusal,
            seen=_mark(survivor, other),
        )

    async def merge(self, body: MergeBody, by: Actor, cause: Cause) -> MergeView:
        """Merge, and tell how it went; what was begun is finished even if this process is not."""
        merge_id = derived_id("merge", cause.id)
        if await self._records.read(merge_id) is None:
            survivor, other = await self._pair(body.survivor_id, body.other_id, by)
            if body.seen != _mark(survivor, other):
                raise MergeOutdated("Một trong hai hồ sơ vừa thay đổi. Hãy xem lại bản so sánh rồi gộp.")
            joining = self._joining(merge_id, survivor, other, body.choices)
            await self._runtime.access_log.note(by, [survivor.person_id, other.person_id], "Gộp hồ sơ")
            await self._records.run(StartMerge(merge_id, joining, by), cause)
        merge = await self._runner.advance(merge_id)
        if merge.stage is Stage.FAILED:
            raise MergeOutdated(merge.refusal)
        return MergeView.of(merge)

    async def undo(self, merge_id: str, by: Actor, cause: Cause) -> MergeView:
        """Take a merge back; both files are what they were."""
        await self._records.run(UndoMerge(merge_id, by), cause)
        merge = await self._runner.advance(merge_id)
        if merge.stage is Stage.DONE:
            raise UndoNotPossible(merge.refusal)
        return MergeView.of(merge)

    async def merges_of(self, person_id: str, by: Actor) -> MergesView:
        """Show the merges of a person's files."""
        found = await self._merges.of_person(person_id, limit=MERGES_SHOWN)
        return MergesView(items=[MergeView.of(one) for one in found if _is_within(one, by)])

    async def _pair(self, survivor_id: str, other_id: str, by: Actor) -> tuple[Case, Case]:
        found = await self._cases.many({survivor_id, other_id})
        pair = [found.get(key) for key in (survivor_id, other_id)]
        known = [case for case in pair if case and case.person and case.stay and by.covers(case.person.area)]
        if len(known) != len(pair):
            raise CaseNotFound("Một trong hai hồ sơ không có trong địa bàn của bạn.")
        return known[0], known[1]

    def _joining(self, merge_id: str, survivor: Case, other: Case, choices: Mapping[Any, Side]) -> Joining:
        keeps = Keeps(choices.get("stay", _proposed(survivor, other)["stay"]))
        if keeps is Keeps.OTHER and has_f0(survivor):
            raise MergeNotPossible("Hồ sơ giữ lại là F0: đợt của hồ sơ đó phải được giữ.", field="choices")
        note = ""
        if keeps is Keeps.OTHER and other.stay and other.stay.note:
            words = self._runtime.vault.open(other.stay.note, person_id=other.person_id)
            note = self._runtime.vault.seal(words, data_class="note", person_id=survivor.person_id)
        return Joining(merge_id, survivor, other, self._person(survivor, other, choices), keeps, note)

    def _person(self, survivor: Case, other: Case, choices: Mapping[Any, Side]) -> Person:
        """Seal the chosen fields; the person is found by all that either file was found by."""
        mine, yielding = survivor.person, other.person
        if mine is None or yielding is None:
            raise MergeNotFound("Không có hồ sơ này trong địa bàn của bạn.")
        vault = self._runtime.vault
        theirs = vault.open(yielding.sealed, person_id=other.person_id)
        fields = vault.open(mine.sealed, person_id=survivor.person_id)
        for name, keys in FIELDS.items():
            if choices.get(name) == "other":
                fields |= {key: theirs.get(key) for key in keys}
        fields = {key: value for key, value in fields.items() if value is not None}
        _check({key: value for key, value in fields.items() if key in PersonBody.model_fields})
        chosen = replace(mine, area=yielding.area) if choices.get("address") == "other" else mine
        if choices.get("household") == "other":
            chosen = replace(chosen, household_id=yielding.household_id)
        return replace(
            chosen,
            sealed=vault.seal(fields, person_id=survivor.person_id),
            blind=tuple(sorted({*mine.blind, *yielding.blind})),
            grams=tuple(sorted({*mine.grams, *yielding.grams})),
            trusted=tuple(dict.fromkeys((*mine.trusted, *yielding.trusted))),
        )


def _check(fields: dict[str, Any]) -> None:
    """Refuse a person who contradicts their papers."""
    try:
        PersonBody.model_validate(fields)
    except ValidationError as fault:
        first = fault.errors()[0]
        raise MergeNotPossible(
            f"{first['msg']} Hãy chọn lại, hoặc đổi hồ sơ giữ lại.", field="choices"
        ) from None


def _is_within(merge: Merge, by: Actor) -> bool:
    pair = (merge.joining.survivor, merge.joining.other)
    return all(case.person is not None and by.covers(case.person.area) for case in pair)


def _mark(survivor: Case, other: Case) -> str:
    """Return what changes when either file does, declarations apart."""
    pair = ((case.person_id, case.person, bare(case.stay), case.past) for case in (survivor, other))
    return derived_id("seen", *map(repr, pair))


def _proposed(survivor: Case, other: Case) -> dict[str, Side]:
    """Keep what the survivor has; of two open stays the one that ends later, else the open one."""
    mine, theirs = survivor.stay, other.stay
    if not is_open(other) or theirs is None or has_f0(survivor):
        return {"stay": "survivor"}
    is_later = not is_open(survivor) or mine is None or theirs.ends_on > mine.ends_on
    return {"stay": "other" if is_later else "survivor"}


def _fields(left: CaseView, right: CaseView, proposed: Mapping[str, Side]) -> list[FieldView]:
    """Return the lines of the comparison; an empty value yields to one that is there."""
    pairs = [(_line(left), _line(right))]
    return [
        FieldView(
            name=name,
            survivor=mine,
            other=theirs[name],
            chosen=proposed.get(name) or ("other" if not mine and theirs[name] else "survivor"),
            is_same=mine == theirs[name],
        )
        for ours, theirs in pairs
        for name, mine in ours.items()
    ]


def _line(view: CaseView) -> dict[str, str | None]:
    who, until = view.person, f"{_day(view.starts_on)} → {_day(view.ends_on)}"
    return {
        "full_name": who.full_name,
        "birth": str(who.birth_year) if who.birth_year else None,
        "sex": {"female": "nữ", "male": "nam"}.get(who.sex),
        "phone": who.phone,
        "address": f"{who.address or ''}, {view.commune_name}",
        "household": view.household_id,
        "stay": f"{view.category.value.upper()} {until}{'' if view.status == 'open' else ' (đã kết thúc)'}",
    }


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
