"""What is asked about the rules: what is in force, and what others would have made of a day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from alerting.domain.errors import CandidateRefused, DayImpossible, RulesUnknown
from alerting.routes import WATCHERS
from alerting.views.dry_run import DryRun, DryRunBody, DryRunView
from alerting.views.rules import RulesDesk, RulesView
from common.http.auth import role_required
from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.problems import problems
from common.kernel.areas import Actor

Reader = Annotated[Actor, Depends(role_required(*WATCHERS, "leader"))]
Trier = Annotated[Actor, Depends(role_required("ioc_operator", "administrator"))]
TheRules = Annotated[RulesDesk, provided("rules_desk")]
TheDryRun = Annotated[DryRun, provided("dry_run")]
router = APIRouter(prefix="/v1", tags=["rules"], route_class=DirectRoute)


@router.get("/rules", responses=problems(RulesUnknown))
async def read_rules(
    _reader: Reader,
    rules: TheRules,
    day: Annotated[date | None, Query(description="Ngày; để trống là hôm nay")] = None,
) -> RulesView:
    """Quy tắc cảnh báo: what rings, how urgent it is, who is called and how long they have."""
    return rules.of(day)


@router.post("/rule-trials", responses=problems(CandidateRefused, DayImpossible))
async def try_rules(body: DryRunBody, by: Trier, dry_run: TheDryRun) -> DryRunView:
    """Chạy thử: what a rule file would have raised, called and climbed on a past day. Nothing is changed."""
    return await dry_run.of(body, by)
