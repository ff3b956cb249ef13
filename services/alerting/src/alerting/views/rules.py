"""The rules as people read them: what rings, how urgent, who is called, how long they have."""

from datetime import date, timedelta
from typing import Self

from pydantic import BaseModel

from alerting.domain.errors import RulesUnknown
from alerting.domain.model import Kind, Severity
from alerting.domain.reach import Reach
from alerting.domain.rules import Call, KindRules, Sending, Storms
from alerting.domain.weight import TABLES
from alerting.rulebook import ResponseRules
from common.geo import Units
from common.kernel.clock import Clock, local_day
from common.rules import Confidence, RuleBook


class WhenView(BaseModel):
    """A code that a fact may carry (or how many declarations were missed in a row), and what it is worth."""

    code: str
    missed_in_a_row: int = 0
    severity: Severity


class StepView(BaseModel):
    """One rung; *minutes* is None where it holds until done."""

    role: str
    reach: Reach
    minutes: int | None


class CallView(BaseModel):
    """Who is called for one severity."""

    severity: Severity
    ladder: list[StepView]
    channels: list[str]
    rests_at_night: bool

    @classmethod
    def of(cls, severity: Severity, call: Call) -> Self:
        """Show *call*."""
        ladder = [StepView(role=rung.role, reach=rung.reach, minutes=rung.minutes) for rung in call.ladder]
        rests = call.quiet is not None
        return cls(severity=severity, ladder=ladder, channels=list(call.channels), rests_at_night=rests)


class KindView(BaseModel):
    """One kind of condition."""

    condition: Kind
    whens: list[WhenView]
    calls: list[CallView]
    audience: list[str]
    damp_minutes: int
    expires_hours: int | None


class AreaView(BaseModel):
    """What an area treats in another way, and why."""

    codes: list[str]
    names: list[str]
    reason: str
    kinds: list[KindView]


class FileView(BaseModel):
    """The document that the rules come from."""

    version: str
    title: str
    document: str
    document_date: date | None
    effective_from: date
    effective_to: date | None
    confidence: Confidence
    to_be_confirmed: bool
    note: str


class QuietView(BaseModel):
    """The quiet hours by the Vietnamese clock."""

    begins: str
    ends: str


class StormView(BaseModel):
    """From how many of one kind within how long alerts are shown as one storm."""

    at_least: int
    within_minutes: int


class SubstitutesView(BaseModel):
    """After how long, at this severity, those who are not on call are called as well."""

    severity: Severity
    minutes: int


class RulesView(BaseModel):
    """The rules in force on *day*; *days* are those on which they change."""

    day: date
    today: date
    days: list[date]
    file: FileView
    quiet_hours: QuietView | None
    storms: StormView
    kinds: list[KindView]
    areas: list[AreaView]
    sending_tries: int
    sending_minutes: int
    substitutes: list[SubstitutesView]


class RulesDesk:
    """Answers what is in force."""

    def __init__(self, rulebook: RuleBook[ResponseRules], units: Units, clock: Clock) -> None:
        self._rulebook = rulebook
        self._units = units
        self._clock = clock

    def of(self, day: date | None) -> RulesView:
        """Return the rules of *day*, today's by default; raises `RulesUnknown`."""
        today = local_day(self._clock.now())
        file = self._rulebook.find(day or today)
        if file is None:
            raise RulesUnknown(field="day")
        rules = file.rules
        pauses = sum(rules.sending.backoff, timedelta())
        return RulesView(
            day=day or today,
            today=today,
            days=[version.effective_from for version in self._rulebook.versions],
            file=FileView(**{name: getattr(file, name) for name in FileView.model_fields}),
            quiet_hours=QuietView(**file.quiet_hours.model_dump()) if file.quiet_hours else None,
            storms=_storms(rules.storms),
            kinds=[_kind(file, kind, each) for kind, each in rules.kinds.items()],
            areas=[
                AreaView(
                    codes=list(area.codes),
                    names=[self._units.name_of(code) for code in area.codes],
                    reason=area.reason,
                    kinds=[_kind(file, kind, rules.local[area.codes[0]][kind]) for kind in area.kinds],
                )
                for area in file.areas
            ],
            sending_tries=rules.sending.attempts_max,
            sending_minutes=round(pauses.total_seconds() / 60),
            substitutes=_substitutes(rules.sending),
        )


def _substitutes(sending: Sending) -> list[SubstitutesView]:
    return [
        SubstitutesView(severity=severity, minutes=round(after.total_seconds() / 60))
        for severity, after in sending.substitutes_after.items()
    ]


def _storms(storms: Storms) -> StormView:
    return StormView(at_least=storms.at_least, within_minutes=round(storms.within.total_seconds() / 60))


def _kind(file: ResponseRules, kind: Kind, each: KindRules) -> KindView:
    order = sorted(each.calls, key=lambda severity: -severity.rank)
    return KindView(
        condition=kind,
        whens=_whens(file, kind),
        calls=[CallView.of(severity, each.calls[severity]) for severity in order],
        audience=list(each.audience),
        damp_minutes=round(each.damp.total_seconds() / 60),
        expires_hours=round(each.expires_after.total_seconds() / 3600) if each.expires_after else None,
    )


def _whens(file: ResponseRules, kind: Kind) -> list[WhenView]:
    if kind in (Kind.PATIENT_SILENT, Kind.CONTACT_SILENT):
        scales = file.patient_silence if kind is Kind.PATIENT_SILENT else {"": file.contact_silence}
        return [
            WhenView(code=level, missed_in_a_row=row.missed_in_a_row, severity=row.severity)
            for level, rows in scales.items()
            for row in rows
        ]
    table: dict[str, Severity] = getattr(file, TABLES[kind][0])
    return [WhenView(code=code, severity=severity) for code, severity in table.items()]
