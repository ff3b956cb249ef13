"""The dated rules of alerting: what calls whom, how long they have, and what is folded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from alerting.domain.model import Kind, Rung, Severity
from alerting.domain.quiet import Quiet
from common.kernel.areas import Area


@dataclass(frozen=True, slots=True)
class Call:
    """
    Who is called for one severity: the ladder from below, and the channels besides the inbox.

    *quiet*: the hours in which nobody is rung for it; None: it rings by day and night.
    """

    ladder: tuple[Rung, ...]
    channels: tuple[str, ...] = ()
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True)
class KindRules:
    """
    How one kind of condition is treated.

    *audience*: roles that may see and take it. *damp*: a condition that comes back this soon re-opens
    its alert instead of raising another. *expires_after*: an alert of which nothing more was heard
    for this long ends by itself; None: only a fact or a person ends it.
    """

    audience: tuple[str, ...]
    damp: timedelta
    expires_after: timedelta | None
    calls: Mapping[Severity, Call]


@dataclass(frozen=True, slots=True)
class Silence:
    """From how many declarations missed in a row silence is worth this severity."""

    missed_in_a_row: int
    severity: Severity


@dataclass(frozen=True, slots=True)
class Sending:
    """How often a message is tried: *backoff* after each failure, *lease* while one sender has it."""

    backoff: tuple[timedelta, ...]
    lease: timedelta
    substitutes_after: Mapping[Severity, timedelta] = field(default_factory=dict)
    """How long whoever is on call has alone; a severity not listed calls everybody at once."""

    @property
    def attempts_max(self) -> int:
        """Tries in all: the first and one after each pause."""
        return len(self.backoff) + 1


@dataclass(frozen=True, slots=True)
class Storms:
    """From how many alerts of one kind, raised *within* this long, they are shown as one storm."""

    at_least: int = 20
    within: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class AlertRules:
    """One dated set. *ruleset* names it and is stored with every alert that it raised."""

    ruleset: str
    document: str
    risk: Mapping[str, Severity]
    patient_silence: Mapping[str, tuple[Silence, ...]]
    contact_silence: tuple[Silence, ...]
    breach: Mapping[str, Severity]
    forgery: Mapping[str, Severity]
    flags: Mapping[str, Severity]
    cover: Mapping[str, Severity]
    knock: Mapping[str, Severity]
    overdue: Mapping[str, Severity]
    stock: Mapping[str, Severity]
    transfer: Mapping[str, Severity]
    kinds: Mapping[Kind, KindRules]
    sending: Sending
    rungs: Mapping[str, Severity] = field(default_factory=dict)
    """How urgent each rung of the ladder of supervision is; rungs not listed call nobody."""
    channels: Mapping[str, Severity] = field(default_factory=dict)
    """How urgent it is that one of our channels is dead; one not listed is a warning."""
    trouble: Mapping[str, Severity] = field(default_factory=dict)
    """How urgent trouble of the system itself is; codes not listed call nobody."""
    sources: Mapping[str, Severity] = field(default_factory=dict)
    """How urgent it is that nothing comes from a service or an app of a partner."""
    communes: Mapping[str, Severity] = field(default_factory=dict)
    """How urgent it is that nothing is heard from a commune with people under care."""
    storms: Storms = Storms()
    local: Mapping[str, Mapping[Kind, KindRules]] = field(default_factory=dict)
    """Kinds that some areas treat otherwise, by the code of the commune, district or province."""

    def kind(self, kind: Kind, area: Area) -> KindRules:
        """Return how *kind* is treated in *area*: the narrowest area that has rules of its own decides."""
        for code in (area.commune_code, area.district_code, area.province_code):
            if found := self.local.get(code, {}).get(kind):
                return found
        return self.kinds[kind]

    def flag(self, signals: tuple[str, ...]) -> Severity | None:
        """Weigh signs of fraud: the gravest counts; one that the rules do not list calls nobody."""
        found = [self.flags[signal] for signal in signals if signal in self.flags]
        return max(found, key=lambda severity: severity.rank, default=None)

    def silence(self, risk_level: str, missed_in_a_row: int) -> Severity | None:
        """Weigh silence: a patient's by the risk level, a contact's (no level) by its length alone."""
        steps = self.patient_silence.get(risk_level, ()) if risk_level else self.contact_silence
        reached = [step.severity for step in steps if missed_in_a_row >= step.missed_in_a_row]
        return max(reached, key=lambda severity: severity.rank, default=None)
