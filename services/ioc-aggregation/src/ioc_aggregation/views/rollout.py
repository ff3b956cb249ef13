"""The roll-out of every unit as readers see it, and what a unit declares."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, Field

from common.http.bodies import Body
from common.kernel.areas import Actor
from common.kernel.clock import local_day
from common.service import Runtime
from common.work.engine import Work
from common.work.model import Cause
from ioc_aggregation.domain.model import AreaSummary, Level
from ioc_aggregation.domain.rollout import (
    PARTS,
    Contacts,
    DeclareReadiness,
    Readiness,
    RolloutRules,
    Standing,
    standing,
    together,
)
from ioc_aggregation.ports.rollout import Declarations, FirstContacts
from ioc_aggregation.rulebook.rollout import RolloutBook
from ioc_aggregation.views.app_counts import AppCounts
from ioc_aggregation.views.scope import Scope
from ioc_aggregation.views.window import Window

WEEK = timedelta(days=7)
FRESH = timedelta(seconds=20)
"""For so long readers share one count of first contacts: it reads a row per person in quarantine."""
SUMMED = ("reports_f0", "reports_quarantine", "reports_late", "reports_missed", "permits_issued")
FORMULA = "Điểm = Σ(trọng số × tỷ lệ) / Σ(trọng số), chỉ tính các phần đã biết; mỗi tỷ lệ từ 0 đến 100."
Number = Annotated[int, Field(ge=0, le=2_000_000)]


class ReadinessBody(Body):
    """Số liệu đơn vị tự khai, của ngày *on*."""

    on: date = Field(description="Ngày của số liệu")
    staff_ready: Number = Field(description="Cán bộ, tình nguyện viên đã tập huấn, sẵn sàng")
    staff_needed: Number = Field(description="Cần có")
    devices_ready: Number = Field(description="Máy tính, điện thoại, máy quét dùng được")
    devices_needed: Number = Field(description="Cần có")
    app_c_thainguyen: Number = Field(description="Người đã cài C-ThaiNguyen")
    app_bluezone: Number = Field(description="Người đã cài Bluezone")
    app_vhd: Number = Field(description="Người đã cài VHD")
    app_so_suc_khoe: Number = Field(description="Người đã cài Sổ sức khỏe điện tử")
    paper_permits: Number = Field(description="Giấy đi đường còn cấp bằng giấy trong 7 ngày qua")


class PartView(BaseModel):
    """One part of the score; *percent* is null while unknown."""

    part: str
    have: int
    of: int
    percent: float | None
    weight: int


class UnitView(BaseModel):
    """One unit. *score* is null where nobody declared lately: silent is not zero."""

    code: str
    name: str
    level: Level
    parent_code: str
    is_silent: bool
    units: int
    silent_units: int
    declared_on: date | None
    declared_at: datetime | None
    repeated_since: date | None = Field(
        description="Since when the very same figures come under new dates; they are silent once too old."
    )
    score: float | None
    contact_hours: float | None = Field(description="Mean time from order to first word, last seven days.")
    permits_active: int
    parts: list[PartView]
    counts: dict[str, int]
    users: dict[str, int] = Field(
        description="Persons whose declarations came through each app lately, by the facts; not declared."
    )


class RolloutView(BaseModel):
    """All units that the reader may see."""

    server_now: datetime
    formula: str
    rules: str
    document: str
    is_confirmed: bool
    fresh_days: int
    app_target_percent: float
    app_use_days: int
    items: list[UnitView]


class RolloutDesk:
    """Shows where units stand, and takes what they declare."""

    def __init__(
        self,
        runtime: Runtime,
        declarations: Declarations,
        contacts: FirstContacts,
        apps: AppCounts,
        window: Window,
        book: RolloutBook,
        work: Work[Readiness, None],
    ) -> None:
        self._runtime = runtime
        self._declarations, self._contacts, self._apps = declarations, contacts, apps
        self._window = window
        self._book = book
        self._work = work
        self._counted: tuple[datetime, dict[str, Contacts]] | None = None

    async def show(self, by: Actor) -> RolloutView:
        """Show the units in the reader's areas, the province first."""
        now = self._runtime.clock.now()
        rules, scope = self._book.on(local_day(now)), Scope.of(by)
        declared, heard = await self._declarations.newest(), await self._heard(now)
        areas = self._window.board.picture.areas
        communes = {
            code: self._commune(area, declared.get(code), heard.get(code, Contacts()), rules, now)
            for code, area in areas.items()
            if area.unit.level is Level.COMMUNE
        }
        users = await self._apps.by_area(now, rules.app_use)
        items = [
            _view(
                area, self._standing(area, communes, heard, rules), declared.get(area.unit.code), rules, users
            )
            for area in self._window.areas_in(scope)
        ]
        return RolloutView(
            server_now=now,
            formula=FORMULA,
            rules=rules.version,
            document=rules.document,
            is_confirmed=rules.is_confirmed,
            fresh_days=rules.fresh.days,
            app_target_percent=rules.app_target_percent,
            app_use_days=rules.app_use.days,
            items=items,
        )

    async def declare(self, code: str, body: ReadinessBody, by: Actor, cause: Cause) -> UnitView:
        """Keep what the commune *code* declares; raises `UnknownCommune`, `OutsideYourArea`, `Invalid`."""
        area, unit = self._runtime.units.area_of(code, field="code"), self._runtime.units.unit(code)
        counts = body.model_dump(exclude={"on"})
        people = unit.population if unit else 0
        await self._work.run(DeclareReadiness(area, counts, body.on, people, by), cause)
        shown = await self.show(Actor(by.subject, by.roles, frozenset({code})))
        return shown.items[0]

    def _commune(
        self,
        area: AreaSummary,
        declared: Readiness | None,
        contacts: Contacts,
        rules: RolloutRules,
        now: datetime,
    ) -> Standing:
        week = self._window.board.summed(area.unit.code, SUMMED, WEEK.days)
        return standing(declared, week, contacts, area.unit.population, rules, local_day(now))

    def _standing(
        self,
        area: AreaSummary,
        communes: dict[str, Standing],
        heard: dict[str, Contacts],
        rules: RolloutRules,
    ) -> Standing:
        unit = area.unit
        if unit.level is Level.COMMUNE:
            return communes[unit.code]
        tree = self._window.board.tree
        inside = [c for c in communes if unit.code in (tree.unit(c).parent_code, tree.province.code)]
        contacts = sum((heard.get(code, Contacts()) for code in inside), Contacts())
        return together([communes[code] for code in inside], contacts, rules)

    async def _heard(self, now: datetime) -> dict[str, Contacts]:
        if self._counted is None or not timedelta(0) <= now - self._counted[0] < FRESH:
            self._counted = now, dict(await self._contacts.of_communes(now - WEEK, now))
        return self._counted[1]


def _view(
    area: AreaSummary,
    made: Standing,
    declared: Readiness | None,
    rules: RolloutRules,
    users: Mapping[str, dict[str, int]],
) -> UnitView:
    parts = [
        PartView(
            part=name,
            have=made.parts[name].have,
            of=made.parts[name].of,
            percent=_rounded(made.parts[name].percent),
            weight=rules.weights[name],
        )
        for name in PARTS
    ]
    unit = area.unit
    return UnitView(
        code=unit.code,
        name=unit.name,
        level=unit.level,
        parent_code=unit.parent_code,
        is_silent=made.silent >= made.units,
        units=made.units,
        silent_units=made.silent,
        declared_on=declared.on if declared else None,
        declared_at=declared.declared_at if declared else None,
        repeated_since=declared.known_on if declared and declared.known_on < declared.on else None,
        score=_rounded(made.score),
        contact_hours=_rounded(made.contact_hours),
        permits_active=area.metrics["permits_active"],
        parts=parts,
        counts=dict(made.counts),
        users=users.get(unit.code, {}),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
