"""One open stay under other protocols: what becomes of it, and the sentence that says why."""

from datetime import date, timedelta

from pydantic import BaseModel

from quarantine.domain.model import Category, Place, Stay
from quarantine.domain.outlook import CHANGING, Effect, Outlook
from quarantine.domain.protocols import Mark
from quarantine.domain.rules import QuarantineRules
from quarantine.ports import OpenStay
from quarantine.views.case import days_of, named


class ForeseenView(BaseModel):
    """One open stay that would not stay as it is. Names are shown to those who may open files."""

    person_id: str
    full_name: str | None
    commune_code: str
    commune_name: str
    category: Category
    place: Place
    effect: Effect
    from_ends_on: date
    to_ends_on: date
    from_tests_on: list[date]
    to_tests_on: list[date]
    from_protocol: str
    protocol: str | None
    document: str | None
    confidence: Mark | None
    text: str


def foreseen_view(
    held: OpenStay, seen: Outlook, rules: QuarantineRules, on: date, *, names: tuple[str | None, str]
) -> ForeseenView:
    """Build the line of one stay; *names* are the person's, if it may be shown, and the commune's."""
    stay, found = held.stay, rules.find(seen.regime.code) if seen.regime else None
    return ForeseenView(
        person_id=held.person_id,
        full_name=names[0],
        commune_code=held.area.commune_code,
        commune_name=names[1],
        category=stay.category,
        place=stay.place,
        effect=seen.effect,
        from_ends_on=stay.ends_on,
        to_ends_on=seen.ends_on,
        from_tests_on=_days(stay, stay.test_days),
        to_tests_on=_days(stay, seen.test_days),
        from_protocol=stay.protocol,
        protocol=seen.regime.code if seen.regime else None,
        document=found[0].document.number if found else None,
        confidence=seen.regime.mark if seen.regime else None,
        text=text_of(stay, seen, rules, on),
    )


def _days(stay: Stay, offsets: tuple[int, ...]) -> list[date]:
    return [stay.starts_on + timedelta(days=offset) for offset in offsets]


def text_of(stay: Stay, seen: Outlook, rules: QuarantineRules, on: date) -> str:
    """Say in Vietnamese what becomes of a stay and which document says so."""
    found = rules.find(seen.regime.code) if seen.regime else None
    if found is None:
        return _unjudged(stay, on)
    document, regime = named(found[0]), found[1]
    if seen.effect not in CHANGING:
        return (
            f"Theo {document} sẽ khác, nhưng ngày kết thúc đã được gia hạn hoặc rút ngắn vì lý do riêng; "
            "giữ nguyên."
        )
    if seen.effect is Effect.MOVES:
        return f"{regime.label}: {days_of(regime)}, theo {document}. {_moved(stay, seen)}"
    if regime.isolation_days == 0:
        return f"{regime.label}: không phải cách ly, theo {document}. Kết thúc ngay ngày {on:%d/%m/%Y}."
    return (
        f"{regime.label}: {days_of(regime)}, theo {document}. Đã đủ ngày, kết thúc ngay ngày {on:%d/%m/%Y}."
    )


def _moved(stay: Stay, seen: Outlook) -> str:
    if seen.ends_on == stay.ends_on:
        return f"Vẫn hết ngày {stay.ends_on:%d/%m/%Y}, đổi ngày xét nghiệm."
    way = "kéo dài" if seen.ends_on > stay.ends_on else "rút ngắn"
    return f"Ngày kết thúc {way} từ {stay.ends_on:%d/%m/%Y} thành {seen.ends_on:%d/%m/%Y}."


def _unjudged(stay: Stay, on: date) -> str:
    if stay.basis is None:
        return (
            "Hồ sơ lập khi chưa lưu số mũi tiêm và nơi về nên chưa tính được. "
            "Hãy xem hồ sơ rồi gia hạn hoặc rút ngắn kèm lý do."
        )
    return (
        f"Từ {on:%d/%m/%Y} không có văn bản nào áp dụng cho đối tượng này; giữ theo quyết định cũ. "
        "Hãy hỏi trung tâm kiểm soát bệnh tật tỉnh."
    )
