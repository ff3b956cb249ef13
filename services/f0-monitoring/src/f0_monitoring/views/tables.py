"""
Quy định bằng bảng: the rule files as tables in plain words, for those who must sign and explain them.

Everything is made from the files and the chart in the code, so what is read is what decides.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from common.kernel.clock import Clock, local_day
from common.rules import NoRuleInForce
from f0_monitoring.domain import news2
from f0_monitoring.domain.model import MONTHS_A_YEAR, Vitals
from f0_monitoring.domain.refusals import DayImpossible
from f0_monitoring.domain.signs import OLDEST_MONTHS, SIGNS, Comparison, Measure
from f0_monitoring.rulebook import CourseFile, CriteriaFile, PersonRow, RiskRuleBooks, SignRow
from f0_monitoring.rulebook.accuracy import Accuracy
from f0_monitoring.views.tabled import (
    BandView,
    ChartRowView,
    CriterionView,
    FormRulesView,
    RuleFileView,
    SlotRowView,
    TablesView,
)
from f0_monitoring.views.words import EN, LEVELS, MEASURES, STATES, VI, number

BY_NEWS2 = frozenset((Measure.NEWS2_TOTAL, Measure.NEWS2_HIGHEST, Measure.NEWS2_RISE))


class Tables:
    """Shows the rules of a day as tables."""

    def __init__(self, rules: RiskRuleBooks, accuracy: Accuracy | None, clock: Clock) -> None:
        self._rules = rules
        self._accuracy = accuracy
        self._clock = clock

    def of(self, day: date | None) -> TablesView:
        """Show what is in force on *day* (today if none); refuses a day before the first rule."""
        today = local_day(self._clock.now())
        shown = day or today
        form = self._form(shown)
        starts = {file.effective_from for file in self._rules.criteria.versions}
        return TablesView(
            day=shown,
            today=today,
            days=sorted(start for start in starts if self._is_ruled(start)),
            files=[file_view(file, form) for file in self._rules.criteria.all_in_force(shown)],
            chart=list(_chart()),
            form=_form_view(form),
            accuracy=self._accuracy,
        )

    def _is_ruled(self, day: date) -> bool:
        return self._rules.criteria.find(day, "classification") is not None

    def _form(self, day: date) -> CourseFile:
        try:
            self._rules.criteria.in_force(day, "classification")
            return self._rules.form(day)
        except NoRuleInForce:
            raise DayImpossible("Ngày đó chưa có quy định nào. Hãy chọn ngày khác.", field="day") from None


def file_view(file: CriteriaFile, form: CourseFile) -> RuleFileView:
    """Show one file; the words of its symptoms are those of the form."""
    named = {word.code: (word.vi, word.en) for word in form.symptoms} | STATES
    people = [_person_view(row, file) for row in file.people]
    shown = set(RuleFileView.model_fields) - {"criteria", "confidence"}
    return RuleFileView(
        **{name: getattr(file, name) for name in shown},
        confidence=file.confidence.value,
        criteria=[*people, *(_sign_view(row, file, named) for row in file.signs)],
    )


def _person_view(row: PersonRow, file: CriteriaFile) -> CriterionView:
    return CriterionView(
        code=row.code,
        label=row.label,
        label_en=row.label_en,
        meaning="",
        meaning_en="",
        measure="Tuổi, bệnh nền, tiêm chủng, thai kỳ",
        measure_en="Age, diseases, vaccination, pregnancy",
        threshold=row.threshold,
        threshold_en=row.threshold_en,
        people="",
        people_en="",
        level=row.level,
        unconfirmed_level=None,
        unanswered_minutes=None,
        is_danger_sign=False,
        document=file.document,
        confidence=row.confidence.value,
        note=row.note,
        note_vi=row.note_vi,
    )


def _sign_view(row: SignRow, file: CriteriaFile, named: dict[str, tuple[str, str]]) -> CriterionView:
    measure, people, limit = MEASURES[row.measure], _people(row), _limit(row, named)
    return CriterionView(
        code=row.code,
        label=row.label,
        label_en=row.label_en,
        meaning=row.meaning,
        meaning_en=row.meaning_en,
        measure=measure[VI],
        measure_en=measure[EN],
        threshold=limit[VI],
        threshold_en=limit[EN],
        people=people[VI],
        people_en=people[EN],
        level=row.level,
        unconfirmed_level=row.unconfirmed_level,
        unanswered_minutes=row.unanswered_minutes,
        is_danger_sign=row.is_danger_sign,
        document=row.document or file.document,
        confidence=row.confidence.value,
        note=row.note,
        note_vi=row.note_vi,
    )


def _limit(row: SignRow, named: dict[str, tuple[str, str]]) -> tuple[str, str]:
    comparison, limit = row.comparison
    if comparison is Comparison.ANY_OF:
        return _joined((named[word] for word in row.any_of), ("; ", "; "))
    vi, en = (f"{SIGNS[comparison]} {number(limit, language)}" for language in (VI, EN))
    if row.spo2_at_most is not None:
        vi, en = f"{vi}, khi SpO2 ≤ {row.spo2_at_most}", f"{en}, at SpO2 ≤ {row.spo2_at_most}"
    if row.after_level is not None:
        level = LEVELS[row.after_level]
        vi, en = f"{vi}, sau số đo từ mức {level[VI]}", f"{en}, after values of {level[EN]} or more"
    return vi, en


def _joined(words: Iterable[tuple[str, str]], marks: tuple[str, str]) -> tuple[str, str]:
    said = list(words)
    return marks[VI].join(word[VI] for word in said), marks[EN].join(word[EN] for word in said)


def _people(row: SignRow) -> tuple[str, str]:
    """Say whom the criterion is meant for."""
    first, beyond = row.ages["from_months"], row.ages["below_months"]
    if row.measure in BY_NEWS2:
        return "từ 16 tuổi, không mang thai", "16 years and over, not pregnant"
    parts = []
    if first:
        parts.append(_age(first, ("từ", "from")))
    if beyond < OLDEST_MONTHS:
        parts.append(_age(beyond, ("dưới", "under")))
    if row.skips_pregnant:
        parts.append(("không mang thai", "not pregnant"))
    return _joined(parts, (", ", ", ")) if parts else ("mọi tuổi", "all ages")


def _age(months: int, way: tuple[str, str]) -> tuple[str, str]:
    if months % MONTHS_A_YEAR:
        return f"{way[VI]} {months} tháng", f"{way[EN]} {months} months"
    years = months // MONTHS_A_YEAR
    return f"{way[VI]} {years} tuổi", f"{way[EN]} {years} years"


def _chart() -> Iterator[ChartRowView]:
    """Score every value there can be and join those with the same points: the chart that really decides."""
    for name, (measure, low, high, step) in _CHART.items():
        values = [round(low + step * i, 1) for i in range(round((high - low) / step) + 1)]
        bands = [(points, list(band)) for points, band in groupby(values, lambda v: _points(name, v))]  # noqa: B023
        yield ChartRowView(
            label=MEASURES[measure][VI],
            label_en=MEASURES[measure][EN],
            bands=[
                BandView(
                    low=None if band[0] == values[0] else band[0],
                    high=None if band[-1] == values[-1] else band[-1],
                    points=points,
                )
                for points, band in bands
            ],
        )


def _points(name: str, value: float) -> int:
    if name == "spo2":
        return news2.score(Vitals(), int(value)).spo2
    measure = _CHART[name][0]
    return int(getattr(news2.score(Vitals(**{measure.value: value}), None), name))  # type: ignore[arg-type]


_CHART = {
    "breaths": (Measure.BREATHS, 4, 60, 1),
    "spo2": (Measure.SPO2, 50, 100, 1),
    "systolic": (Measure.SYSTOLIC, 50, 260, 1),
    "pulse": (Measure.PULSE, 25, 250, 1),
    "temperature": (Measure.TEMPERATURE, 33, 43, 0.1),
}


def _form_view(form: CourseFile) -> FormRulesView:
    slots = [
        SlotRowView(name=s.name, name_en=s.name_en, opens=f"{s.opens:%H:%M}", due=f"{s.due:%H:%M}")
        for s in form.slots
    ]
    shown = set(FormRulesView.model_fields) - {"slots", "confidence"}
    return FormRulesView(
        **{name: getattr(form, name) for name in shown}, confidence=form.confidence.value, slots=slots
    )
