"""The dated YAML of `rules/alerting`, validated at start, as the domain wants it."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerting.domain.model import Kind, Rung, Severity
from alerting.domain.quiet import Quiet
from alerting.domain.reach import Reach
from alerting.domain.rules import AlertRules, Call, KindRules, Silence, Storms
from alerting.rulebook.sending import Minutes, SendingRow
from alerting.rulebook.storms import StormRow
from common.rules import DatedRules, RuleBook, load_rules

ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
AreaCode = Annotated[str, Field(pattern=r"^(\d{2}|\d{3}|\d{5})$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RungRow(_Part):
    """One step of a ladder."""

    role: str = Field(pattern="^[a-z_]+$")
    reach: Reach
    minutes: Minutes | None


class CallRow(_Part):
    """Ladder and channels of one severity; whether its ringing waits for the end of the quiet hours."""

    ladder: tuple[RungRow, ...] = Field(min_length=1, max_length=6)
    channels: tuple[str, ...] = ()
    rests_at_night: bool = False

    @model_validator(mode="after")
    def _only_the_last_holds(self) -> Self:
        if any(rung.minutes is None for rung in self.ladder[:-1]):
            raise ValueError("only the last rung may hold until done: nobody above it would ever be called")
        if self.ladder[-1].minutes is not None:
            raise ValueError("the last rung has nobody above it: its minutes must be null")
        return self


class KindRow(_Part):
    """One kind of condition."""

    audience: tuple[str, ...] = Field(min_length=1)
    damp_minutes: Minutes
    expires_hours: Annotated[int, Field(ge=1)] | None = None
    calls: dict[Severity, CallRow]

    @model_validator(mode="after")
    def _the_called_may_look(self) -> Self:
        called = {rung.role for call in self.calls.values() for rung in call.ladder}
        if not called <= set(self.audience):
            raise ValueError(f"called but not in the audience: {sorted(called - set(self.audience))}")
        return self

    @model_validator(mode="after")
    def _what_is_urgent_rings(self) -> Self:
        if Severity.CRITICAL in self.calls and self.calls[Severity.CRITICAL].rests_at_night:
            raise ValueError("what is critical may not wait for the morning")
        return self


class QuietRow(_Part):
    """From when to when nobody is rung for what can wait, by the clock in Vietnam."""

    begins: ClockTime
    ends: ClockTime

    @model_validator(mode="after")
    def _takes_some_time(self) -> Self:
        if self.begins == self.ends:
            raise ValueError("quiet hours that end when they begin would never end")
        return self


class AreaRow(_Part):
    """Kinds of condition that some communes, districts or the province treat in another way, and why."""

    codes: tuple[AreaCode, ...] = Field(min_length=1)
    reason: str = Field(min_length=3)
    kinds: dict[Kind, KindRow] = Field(min_length=1)


class SilenceRow(_Part):
    """From how many missed declarations on."""

    missed_in_a_row: Annotated[int, Field(ge=1)]
    severity: Severity


class ResponseRules(DatedRules):
    """One version of the agreement on who answers which alert."""

    risk: dict[str, Severity]
    patient_silence: dict[str, tuple[SilenceRow, ...]]
    contact_silence: tuple[SilenceRow, ...]
    breach: dict[str, Severity]
    forgery: dict[str, Severity]
    flags: dict[str, Severity]
    cover: dict[str, Severity]
    knock: dict[str, Severity]
    overdue: dict[str, Severity] = Field(default_factory=dict)
    stock: dict[str, Severity] = Field(default_factory=dict)
    transfer: dict[str, Severity] = Field(default_factory=dict)
    rungs: dict[str, Severity] = Field(default_factory=dict)
    channels: dict[str, Severity] = Field(default_factory=dict)
    trouble: dict[str, Severity] = Field(default_factory=dict)
    sources: dict[str, Severity] = Field(default_factory=dict)
    communes: dict[str, Severity] = Field(default_factory=dict)
    kinds: dict[Kind, KindRow]
    sending: SendingRow
    quiet_hours: QuietRow | None = None
    areas: tuple[AreaRow, ...] = ()
    storms: StormRow = StormRow()

    @model_validator(mode="after")
    def _nobody_rests_without_hours(self) -> Self:
        rows = [*self.kinds.values(), *(row for area in self.areas for row in area.kinds.values())]
        rests = any(call.rests_at_night for row in rows for call in row.calls.values())
        if rests and self.quiet_hours is None:
            raise ValueError("rests_at_night needs quiet_hours")
        return self

    @model_validator(mode="after")
    def _substitutes_come_before_the_next_unit(self) -> Self:
        rows = [*self.kinds.values(), *(row for area in self.areas for row in area.kinds.values())]
        for row in rows:
            for severity, call in row.calls.items():
                self.sending.check(severity, [rung.minutes for rung in call.ladder if rung.minutes])
        return self

    @model_validator(mode="after")
    def _areas_miss_nothing(self) -> Self:
        seen: set[tuple[str, Kind]] = set()
        for area in self.areas:
            for kind, row in area.kinds.items():
                general = set(self.kinds[kind].calls if kind in self.kinds else ())
                if missing := general - set(row.calls):
                    raise ValueError(f"{kind} in {', '.join(area.codes)} has no ladder for {sorted(missing)}")
                twice = seen & {(code, kind) for code in area.codes}
                if twice or len(set(area.codes)) < len(area.codes):
                    raise ValueError(f"{kind} is given twice for one of {', '.join(area.codes)}")
                seen |= {(code, kind) for code in area.codes}
        return self

    @model_validator(mode="after")
    def _everything_has_a_ladder(self) -> Self:
        silences = (row.severity for rows in self.patient_silence.values() for row in rows)
        asked = {
            Kind.RISK_RISING: set(self.risk.values()),
            Kind.PATIENT_SILENT: set(silences),
            Kind.CONTACT_SILENT: {row.severity for row in self.contact_silence},
            # A way of breach that the rules do not know yet is a warning.
            Kind.QUARANTINE_BREACHED: {*self.breach.values(), Severity.WARNING},
            Kind.PERMIT_FORGED: set(self.forgery.values()),
            Kind.PERMIT_FLAGGED: set(self.flags.values()),
            # A level that the rules do not know yet is a warning.
            Kind.CARE_UNCOVERED: {*self.cover.values(), Severity.WARNING},
            Kind.KNOCK_ASKED: {*self.knock.values(), Severity.WARNING},
            Kind.SELF_DECLARED: set(self.overdue.values()),
            Kind.STOCK_LOW: {*self.stock.values(), Severity.WARNING},
            Kind.TRANSFER_OVERDUE: {*self.transfer.values(), Severity.WARNING},
            Kind.SUPERVISION_CLIMBED: set(self.rungs.values()),
            Kind.CHANNEL_DEAD: {*self.channels.values(), Severity.WARNING},
            Kind.SYSTEM_TROUBLE: set(self.trouble.values()),
            Kind.SOURCE_SILENT: set(self.sources.values()),
            Kind.COMMUNE_SILENT: set(self.communes.values()),
        }
        for kind, severities in asked.items():
            missing = severities - set(self.kinds[kind].calls if kind in self.kinds else ())
            if missing:
                raise ValueError(f"{kind} has no ladder for {sorted(missing)}")
        return self

    @cached_property
    def rules(self) -> AlertRules:
        """The same, as the domain reads it."""
        return AlertRules(
            ruleset=self.version,
            document=self.document,
            risk=self.risk,
            patient_silence={level: _silences(rows) for level, rows in self.patient_silence.items()},
            contact_silence=_silences(self.contact_silence),
            breach=self.breach,
            forgery=self.forgery,
            flags=self.flags,
            cover=self.cover,
            knock=self.knock,
            overdue=self.overdue,
            stock=self.stock,
            transfer=self.transfer,
            rungs=self.rungs,
            channels=self.channels,
            trouble=self.trouble,
            sources=self.sources,
            communes=self.communes,
            kinds={kind: _kind(row, self.quiet) for kind, row in self.kinds.items()},
            local=self._local(),
            storms=Storms(self.storms.at_least, timedelta(minutes=self.storms.within_minutes)),
            sending=self.sending.rules(),
        )

    @property
    def quiet(self) -> Quiet | None:
        """The quiet hours, as the domain reads them."""
        return Quiet(self.quiet_hours.begins, self.quiet_hours.ends) if self.quiet_hours else None

    def _local(self) -> dict[str, dict[Kind, KindRules]]:
        local: dict[str, dict[Kind, KindRules]] = {}
        for area in self.areas:
            for code in area.codes:
                treated = {kind: _kind(row, self.quiet) for kind, row in area.kinds.items()}
                local[code] = local.get(code, {}) | treated
        return local


def load_rulebook(folder: Path) -> RuleBook[ResponseRules]:
    """Read `rules/alerting`; raises `common.rules.RuleFileInvalid`."""
    return load_rules(folder, ResponseRules)


def _silences(rows: tuple[SilenceRow, ...]) -> tuple[Silence, ...]:
    return tuple(Silence(row.missed_in_a_row, row.severity) for row in rows)


def _kind(row: KindRow, quiet: Quiet | None) -> KindRules:
    return KindRules(
        audience=row.audience,
        damp=timedelta(minutes=row.damp_minutes),
        expires_after=timedelta(hours=row.expires_hours) if row.expires_hours else None,
        calls={severity: _call(call, quiet) for severity, call in row.calls.items()},
    )


def _call(row: CallRow, quiet: Quiet | None) -> Call:
    ladder = tuple(Rung(rung.role, rung.reach, rung.minutes) for rung in row.ladder)
    return Call(ladder, row.channels, quiet if row.rests_at_night else None)
