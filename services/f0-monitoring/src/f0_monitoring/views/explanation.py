"""
Vì sao: a decision on the risk, explained so that it can be read aloud, in both languages.

What decided is kept with the record (criterion, value, threshold, document); the words come from the
rule files, which keep those of every version.
"""

from datetime import datetime

from pydantic import BaseModel

from common.kernel.clock import local_day
from common.rules import NoRuleInForce
from f0_monitoring.domain.model import Level, Patient, Reason
from f0_monitoring.rulebook import CriteriaFile, RiskRuleBooks
from f0_monitoring.views.words import EN, LEVELS, PRESENT, STATES, VI, Spoken, number, sentence

JOINT = "+"


class DocumentView(BaseModel):
    """A rule file that took part in a decision; *confidence* says whether a text of it was read."""

    version: str
    title: str
    title_en: str
    document: str
    confidence: str
    to_be_confirmed: bool

    @classmethod
    def of(cls, file: CriteriaFile) -> "DocumentView":
        """Build from the rule file."""
        return cls(
            version=file.version,
            title=file.title,
            title_en=file.title_en,
            document=file.document,
            confidence=file.confidence.value,
            to_be_confirmed=file.to_be_confirmed,
        )


class CauseView(BaseModel):
    """A criterion that fired: its value, threshold and document, and one sentence that says so."""

    criterion: str
    label: str
    label_en: str
    meaning: str
    meaning_en: str
    value: int | float | str
    threshold: str
    threshold_en: str
    document: str
    confidence: str | None
    level: Level
    is_confirmed: bool
    at: datetime | None
    text: str
    text_en: str


class PartView(BaseModel):
    """One of the three parts that a level is the worst of, with the criteria behind it."""

    level: Level
    causes: list[CauseView]


class ExplanationView(BaseModel):
    """Vì sao mức nguy cơ này: who the person is, what was seen, what is in doubt; the worst counts."""

    person_id: str
    level: Level
    since: datetime
    ruleset: str
    documents: list[DocumentView]
    who: PartView
    signs: PartView
    doubt: PartView
    calm_since: datetime | None
    text: str
    text_en: str


class Explainer:
    """Explains decisions by the rule files that made them."""

    def __init__(self, rules: RiskRuleBooks) -> None:
        self._rules = rules

    def of(self, patient: Patient) -> ExplanationView:
        """Explain the risk of *patient*."""
        risk, doubt = patient.risk, patient.doubt
        measured = [r for r in risk.reasons if r.at is not None]
        sure, unsure = ([r for r in measured if r.is_confirmed is flag] for flag in (True, False))
        view = ExplanationView(
            person_id=patient.person_id,
            level=risk.level,
            since=risk.since,
            ruleset=risk.ruleset,
            documents=[DocumentView.of(file) for file in self._files(risk.ruleset)],
            who=self._part(risk.baseline, [r for r in risk.reasons if r.at is None]),
            signs=self._part(risk.signs, sure),
            doubt=self._part(doubt.level if doubt else Level.LOW, unsure),
            calm_since=risk.calm_since,
            text="",
            text_en="",
        )
        return view.model_copy(update={"text": _summary(view, VI), "text_en": _summary(view, EN)})

    def _files(self, ruleset: str) -> list[CriteriaFile]:
        files = []
        for version in ruleset.split(JOINT):
            try:
                files.append(self._rules.criteria.version(version))
            except NoRuleInForce:
                continue  # a file that was withdrawn since; its name stays with the decision
        return files

    def _part(self, level: Level, reasons: list[Reason]) -> PartView:
        return PartView(level=level, causes=[self.cause(reason) for reason in reasons])

    def cause(self, reason: Reason) -> CauseView:
        """Put one kept reason into words."""
        words = self._rules.dictionary.of(reason.criterion, reason.document)
        words = words or self._rules.wording.get(reason.criterion)
        label, label_en = (words.label, words.label_en) if words else (reason.criterion, reason.criterion)
        threshold_en = (words.threshold_en if words else "") or reason.threshold
        said = [
            Spoken(named, self._value(reason, language), limit, reason.document, reason.level)
            for language, named, limit in ((VI, label, reason.threshold), (EN, label_en, threshold_en))
        ]
        return CauseView(
            criterion=reason.criterion,
            label=label,
            label_en=label_en,
            meaning=words.meaning if words else "",
            meaning_en=words.meaning_en if words else "",
            value=reason.value,
            threshold=reason.threshold,
            threshold_en=threshold_en,
            document=reason.document,
            confidence=words.confidence.value if words else None,
            level=reason.level,
            is_confirmed=reason.is_confirmed,
            at=reason.at,
            text=sentence(reason, said[VI], VI),
            text_en=sentence(reason, said[EN], EN),
        )

    def _value(self, reason: Reason, language: int) -> str:
        if not isinstance(reason.value, str):
            years = (" tuổi", " years")[language] if reason.at is None else ""
            return number(reason.value, language) + years
        if reason.value in STATES:
            return STATES[reason.value][language]
        course = self._rules.course
        form = course.find(local_day(reason.at)) if reason.at else course.versions[-1]
        words = {word.code: (word.vi, word.en) for word in form.symptoms} if form else {}
        return words.get(reason.value, (reason.value, reason.value))[language] or PRESENT[language]


def _summary(view: ExplanationView, language: int) -> str:
    """Say in one sentence what the level is the worst of."""
    words = (
        ("theo tuổi, bệnh nền, tiêm chủng", "theo dấu hiệu đã xác nhận", "theo số đo đang chờ đo lại"),
        ("by age, diseases, vaccination", "by confirmed signs", "by what waits for a second measurement"),
    )[language]
    parts = (view.who, view.signs, view.doubt)
    deciding = [word for word, part in zip(words, parts, strict=True) if part.level is view.level]
    level = LEVELS[view.level][language]
    if view.level is Level.LOW:
        nothing = ("không tiêu chí nào vượt ngưỡng", "no criterion crossed its threshold")[language]
        return f"Nguy cơ {level}: {nothing}." if language == VI else f"{level.capitalize()} risk: {nothing}."
    joined = (", ").join(deciding)
    if language == VI:
        return f"Nguy cơ {level}, lấy mức nặng nhất: {joined}."
    return f"{level.capitalize()} risk, the worst counts: {joined}."
