"""The dated YAML of `rules/alerting`, validated at start, as the domain wants it."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerting.domain.model import Kind, Reach, Rung, Severity
from alerting.domain.rules import AlertRules, Call, KindRules, Sending, Silence
from common.rules import DatedRules, RuleBook, load_rules

Minutes = Annotated[int, Field(ge=1, le=24 * 60)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RungRow(_Part):
    """One step of a ladder."""

    role: str = Field(pattern="^[a-z_]+$")
    reach: Reach
    minutes: Minutes | None


class CallRow(_Part):
    """Ladder and channels of one severity."""

    ladder: tuple[RungRow, ...] = Field(min_length=1, max_length=6)
    channels: tuple[str, ...] = ()

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


class SilenceRow(_Part):
    """From how many missed declarations on."""

    missed_in_a_row: Annotated[int, Field(ge=1)]
    severity: Severity


class SendingRow(_Part):
    """Retries of messages."""

    backoff_seconds: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    lease_seconds: Annotated[int, Field(ge=5)]


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
    kinds: dict[Kind, KindRow]
    sending: SendingRow

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
            kinds={kind: _kind(row) for kind, row in self.kinds.items()},
            sending=Sending(
                backoff=tuple(timedelta(seconds=s) for s in self.sending.backoff_seconds),
                lease=timedelta(seconds=self.sending.lease_seconds),
            ),
        )


def load_rulebook(folder: Path) -> RuleBook[ResponseRules]:
    """Read `rules/alerting`; raises `common.rules.RuleFileInvalid`."""
    return load_rules(folder, ResponseRules)


def _silences(rows: tuple[SilenceRow, ...]) -> tuple[Silence, ...]:
    return tuple(Silence(row.missed_in_a_row, row.severity) for row in rows)


def _kind(row: KindRow) -> KindRules:
    return KindRules(
        audience=row.audience,
        damp=timedelta(minutes=row.damp_minutes),
        expires_after=timedelta(hours=row.expires_hours) if row.expires_hours else None,
        calls={severity: _call(call) for severity, call in row.calls.items()},
    )


def _call(row: CallRow) -> Call:
    ladder = tuple(Rung(rung.role, rung.reach, rung.minutes) for rung in row.ladder)
    return Call(ladder, row.channels)
