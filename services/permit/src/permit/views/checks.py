"""What the machine looked at before it left an application to a person, and the permits they have already."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import BaseModel, Field

from permit.domain.model import Holder, Outcome, Permit, Status
from permit.rulebook import CategoryEntry, Rulebook

EARLIER_MOST: Final = 4
_ALL_DAY: Final = ("00:00", "24:00")
_LIVE: Final = frozenset((Status.ISSUED, Status.QUEUED, Status.SUSPENDED))


class CheckView(BaseModel):
    """Một điều máy đã kiểm tra."""

    is_met: bool = Field(description="Đạt; nếu không: cần người xem")
    text: str
    rule: str


class EarlierView(BaseModel):
    """Another permit of the same person."""

    permit_id: str
    category_title: str
    status: str
    valid_from: datetime
    valid_until: datetime


def looked_at(holder: Holder, permit: Permit, rulebook: Rulebook) -> dict[str, Any]:
    """Return the fields `checks` and `earlier` of an application that waits."""
    file = rulebook.file(permit.ruling.policy)
    entry = file.categories.get(permit.terms.category) if file else None
    titles = {code: each.title for code, each in rulebook.numbers.items()}
    return {"checks": checks_of(holder, permit, entry), "earlier": earlier_of(holder, permit, titles)}


def checks_of(holder: Holder, permit: Permit, entry: CategoryEntry | None) -> list[CheckView]:
    """Return what needs a person, then what is met; nothing of it says anything of health."""
    found = [*_by_policy(permit, entry), _overlap(holder, permit)] if entry else [_overlap(holder, permit)]
    return sorted(found, key=lambda check: check.is_met)


def earlier_of(holder: Holder, permit: Permit, titles: dict[str, str]) -> list[EarlierView]:
    """Return the other permits of the file, the newest first."""
    others = sorted(
        (each for each in holder.permits if each.permit_id != permit.permit_id),
        key=lambda each: each.applied_at,
        reverse=True,
    )
    return [
        EarlierView(
            permit_id=each.permit_id,
            category_title=titles.get(each.terms.category, each.terms.category),
            status=holder.status_of(each),
            valid_from=each.terms.valid_from,
            valid_until=each.terms.valid_until,
        )
        for each in others[:EARLIER_MOST]
    ]


def _by_policy(permit: Permit, entry: CategoryEntry) -> Iterator[CheckView]:
    terms, code = permit.terms, permit.terms.category
    hours = round((terms.valid_until - terms.valid_from) / timedelta(hours=1))
    yield CheckView(
        is_met=True, text=f"Xin {hours} giờ, nhóm này tối đa {entry.max_hours} giờ", rule="max_hours"
    )
    allowed = "cả ngày" if entry.hours == _ALL_DAY else f"{entry.hours[0]}–{entry.hours[1]}"
    yield CheckView(is_met=True, text=f"Khung giờ nằm trong giờ cho phép ({allowed})", rule=f"hours:{code}")
    if terms.plate:
        yield CheckView(is_met=True, text=f"Biển số {terms.plate} đúng mẫu", rule="plate")
    elif not entry.needs_plate:
        yield CheckView(is_met=True, text="Nhóm này không cần biển số", rule="plate")
    if permit.ruling.rule.endswith(":firm"):
        yield CheckView(is_met=False, text="Đơn vị nộp chưa được xác nhận", rule=permit.ruling.rule)
    elif entry.outcome is Outcome.QUEUED:
        yield CheckView(is_met=False, text="Nhóm này do người xem quyết định", rule=permit.ruling.rule)
    else:
        yield CheckView(is_met=False, text="Người đi tự nộp, không qua đơn vị", rule=permit.ruling.rule)


def _overlap(holder: Holder, permit: Permit) -> CheckView:
    terms = permit.terms
    same = [
        each
        for each in holder.permits
        if each.permit_id != permit.permit_id
        and holder.status_of(each) in _LIVE
        and each.terms.valid_from < terms.valid_until
        and each.terms.valid_until > terms.valid_from
    ]
    text = (
        f"Người này có {len(same)} giấy hoặc đơn khác trùng thời gian"
        if same
        else "Không có giấy khác trùng thời gian"
    )
    return CheckView(is_met=not same, text=text, rule="overlap")
