"""What people ask about the rules: why a level, what is in force, what a change of rules would do."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from common.geo import UnknownCommune
from common.http.auth import SignedIn, role_required
from common.http.direct import DirectRoute
from common.http.pagination import BadCursor, Page, Paging
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor
from common.kernel.errors import OutsideYourArea
from f0_monitoring.domain import errors, refusals
from f0_monitoring.routes import PersonId, TheDesk
from f0_monitoring.views import changes
from f0_monitoring.views.explanation import Explainer, ExplanationView
from f0_monitoring.views.foresight import Foresight
from f0_monitoring.views.tabled import TablesView
from f0_monitoring.views.tables import Tables

router = APIRouter(prefix="/v1", tags=["f0-monitoring"], route_class=DirectRoute)

TheExplainer = Annotated[Explainer, provided("explainer")]
TheTables = Annotated[Tables, provided("tables")]
TheForesight = Annotated[Foresight, provided("foresight")]
Foreseer = Annotated[Actor, Depends(role_required("health_officer", "administrator", "ioc_operator"))]
REFUSALS = (
    refusals.RuleFileRefused,
    refusals.UnknownRuleset,
    refusals.DayImpossible,
    UnknownCommune,
    OutsideYourArea,
)


@router.get("/patients/{person_id}/explanation", responses=problems(errors.NoSuchPatient))
async def explain_risk(
    person_id: PersonId, reader: SignedIn, desk: TheDesk, explainer: TheExplainer
) -> ExplanationView:
    """Vì sao mức nguy cơ này: each criterion, value, threshold and document, in Vietnamese and English."""
    return explainer.of(await desk.read(person_id, reader, "Xem giải thích mức nguy cơ"))


@router.get("/rulesets/tables", responses=problems(refusals.DayImpossible))
async def tabled_rules(
    _reader: SignedIn,
    tables: TheTables,
    day: Annotated[date | None, Query(description="Ngày; để trống là hôm nay")] = None,
) -> TablesView:
    """Quy định bằng bảng: what is measured, past which limit, in whom, at which level, by which document."""
    return tables.of(day)


@router.post("/ruleset-changes", responses=problems(*REFUSALS))
async def foresee_change(
    asked: changes.ChangeBody, by: Foreseer, foresight: TheForesight
) -> changes.ChangeView:
    """Chạy thử quy định: how many open records would move from which level to which, by commune."""
    return await foresight.count(foresight.question(asked, by))


@router.post("/ruleset-changes/patients", responses=problems(*REFUSALS, BadCursor))
async def list_moves(
    asked: changes.ChangeBody, by: Foreseer, foresight: TheForesight, page: Paging
) -> Page[changes.MoveView]:
    """Ai sẽ đổi mức và vì sao; names for health officers. Nothing is changed."""
    return await foresight.listed(foresight.question(asked, by), page)
