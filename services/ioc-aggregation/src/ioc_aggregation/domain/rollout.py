"""
Triển khai: how far a unit has come with staff, devices and apps, what the facts say, and one score.

What a unit declares is dated; a unit that declares nothing, or not lately, is silent and has no score.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from common.kernel.areas import Actor, Area
from common.kernel.clock import local_day
from common.kernel.decision import Decision
from common.kernel.errors import Invalid

APPS: Final = ("app_c_thainguyen", "app_bluezone", "app_vhd", "app_so_suc_khoe")
PAIRS: Final = (("staff_ready", "staff_needed"), ("devices_ready", "devices_needed"))
COUNTS: Final = (*(name for pair in PAIRS for name in pair), *APPS, "paper_permits")
"""What a unit declares; *paper_permits*: permits on paper given out in the last seven days."""
PARTS: Final = ("staff", "devices", "apps", "declaring", "permits", "contact")
OLDEST: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Readiness:
    """
    What a unit declared last, as of the day *on*.

    *said_on*: the day for which the very same figures were declared first; figures that are only
    repeated grow old from then on, whatever date is written over them.
    """

    area_code: str
    counts: Mapping[str, int]
    on: date
    declared_at: datetime
    by: str
    said_on: date | None = None

    @property
    def known_on(self) -> date:
        """Return the day that the figures are really of."""
        return self.said_on or self.on


@dataclass(frozen=True, slots=True)
class DeclareReadiness:
    """A unit says how far it is; *people* live there, so no more of them can have an app."""

    area: Area
    counts: Mapping[str, int]
    on: date
    people: int
    by: Actor

    @property
    def aggregate_id(self) -> str:
        """One per commune."""
        return self.area.commune_code


@dataclass(frozen=True, slots=True)
class RolloutRules:
    """
    How the score is made: weight of each part, how long a declaration counts, wanted share with apps.

    *app_use*: whose declaration came through an app within this long uses it.
    """

    version: str
    document: str
    is_confirmed: bool
    weights: Mapping[str, int]
    fresh: timedelta
    app_target_percent: float
    app_use: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Share:
    """*have* of *of*; nothing is known while *of* is 0."""

    have: int = 0
    of: int = 0

    @property
    def percent(self) -> float | None:
        """Return 0 to 100, None while unknown: missing is not zero."""
        return min(100.0, 100 * self.have / self.of) if self.of > 0 else None

    def __add__(self, other: "Share") -> "Share":
        """Return both together."""
        return Share(self.have + other.have, self.of + other.of)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an area stands. *units* communes, of which *silent* did not declare lately."""

    parts: Mapping[str, Share]
    units: int
    silent: int
    score: float | None
    counts: Mapping[str, int] = field(default_factory=dict)
    contact_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Contacts:
    """Of the people ordered into quarantine: how many were heard within a day, at all, after how long."""

    ordered: int = 0
    in_a_day: int = 0
    heard: int = 0
    seconds: int = 0

    def __add__(self, other: "Contacts") -> "Contacts":
        """Return both together."""
        return Contacts(
            self.ordered + other.ordered,
            self.in_a_day + other.in_a_day,
            self.heard + other.heard,
            self.seconds + other.seconds,
        )


def decide_readiness(
    state: Readiness | None, command: DeclareReadiness, _rules: None, now: datetime
) -> Decision[Readiness]:
    """Keep what is declared, unless something about a later day is there already."""
    command.by.require(command.area)
    today = local_day(now)
    if not today - OLDEST <= command.on <= today:
        raise Invalid("Ngày của số liệu phải trong 30 ngày qua, không sau hôm nay.", field="on")
    if state is not None and state.on > command.on:
        raise Invalid(
            f"Đơn vị đã báo số liệu của ngày {state.on:%d/%m/%Y}. Hãy báo số liệu của ngày đó hoặc sau đó.",
            field="on",
        )
    for ready, needed in PAIRS:
        if command.counts[ready] > command.counts[needed]:
            raise Invalid("Số đã sẵn sàng không thể lớn hơn số cần có. Hãy xem lại hai ô này.", field=ready)
    for app in APPS:
        if command.counts[app] > command.people:
            raise Invalid(
                f"Số người đã cài không thể lớn hơn dân số ({command.people}). Hãy xem lại.", field=app
            )
    repeats = state is not None and dict(state.counts) == dict(command.counts)
    said_on = state.known_on if state is not None and repeats else command.on
    after = Readiness(
        command.area.commune_code, dict(command.counts), command.on, now, command.by.subject, said_on
    )
    return Decision(after, answer={"area_code": after.area_code})


def standing(
    declared: Readiness | None,
    week: Mapping[str, int],
    contacts: Contacts,
    people: int,
    rules: RolloutRules,
    today: date,
) -> Standing:
    """Return where one commune stands: *week* are its figures summed over seven days."""
    is_fresh = declared is not None and today - declared.known_on <= rules.fresh
    counts = declared.counts if declared is not None and is_fresh else {}
    on_time = max(
        0, week.get("reports_f0", 0) + week.get("reports_quarantine", 0) - week.get("reports_late", 0)
    )
    issued = week.get("permits_issued", 0)
    parts = {
        "staff": Share(counts.get("staff_ready", 0), counts.get("staff_needed", 0)),
        "devices": Share(counts.get("devices_ready", 0), counts.get("devices_needed", 0)),
        "apps": Share(
            sum(counts.get(app, 0) for app in APPS),
            round(people * len(APPS) * rules.app_target_percent / 100) if counts else 0,
        ),
        "declaring": Share(on_time, on_time + week.get("reports_missed", 0)),
        "permits": Share(issued, issued + counts.get("paper_permits", 0)) if counts else Share(),
        "contact": Share(contacts.in_a_day, contacts.ordered),
    }
    hours = contacts.seconds / contacts.heard / 3600 if contacts.heard else None
    made = Standing(parts, 1, int(not is_fresh), None, counts, hours)
    return replace(made, score=score(made, rules))


def together(parts: Iterable[Standing], contacts: Contacts, rules: RolloutRules) -> Standing:
    """Return where a district or the province stands: the sum of its communes that are not silent."""
    each = list(parts)
    sums = {name: sum((one.parts[name] for one in each), Share()) for name in PARTS}
    counts = {name: sum(one.counts.get(name, 0) for one in each) for name in COUNTS}
    hours = contacts.seconds / contacts.heard / 3600 if contacts.heard else None
    made = Standing(sums, len(each), sum(one.silent for one in each), None, counts, hours)
    return replace(made, score=score(made, rules))


def score(made: Standing, rules: RolloutRules) -> float | None:
    """
    Return 0 to 100: the mean of the known parts by their weights.

    None where every unit is silent: what is not declared is not zero, and the facts alone are no score.
    """
    if made.silent >= made.units:
        return None
    known = {name: share.percent for name, share in made.parts.items() if share.percent is not None}
    weight = sum(rules.weights[name] for name in known)
    if not weight:
        return None
    return sum(rules.weights[name] * percent for name, percent in known.items()) / weight


def contacts_of(
    ordered: Iterable[datetime], heard: Iterable[datetime], since: datetime, now: datetime
) -> Contacts:
    """
    Return the contacts of one person: each order *since* then, and the first word after it.

    An order of less than a day ago that was not answered yet is left out: there is still time.
    """
    made, words, day = Contacts(), sorted(heard), timedelta(days=1)
    for at in ordered:
        if at < since:
            continue
        first = next((word for word in words if word >= at), None)
        if first is None and now - at < day:
            continue
        waited = first - at if first else None
        made += Contacts(
            1,
            int(waited is not None and waited <= day),
            int(waited is not None),
            round(waited.total_seconds()) if waited is not None else 0,
        )
    return made
