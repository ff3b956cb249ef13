"""What people ask about the rules: why a level, what is in force, what a change of rules would do."""

from typing import Annotated

from fastapi import APIRouter

from common.http.auth import SignedIn
from common.http.direct import DirectRoute
from common.http.parts import provided
from common.http.problems import problems
from f0_monitoring.domain import errors
from f0_monitoring.routes import PersonId
from f0_monitoring.views.explanation import Explainer, ExplanationView

router = APIRouter(prefix="/v1", tags=["f0-monitoring"], route_class=DirectRoute)

TheExplainer = Annotated[Explainer, provided("explainer")]


@router.get("/patients/{person_id}/explanation", responses=problems(errors.NoSuchPatient))
async def explain_risk(person_id: PersonId, reader: SignedIn, explainer: TheExplainer) -> ExplanationView:
    """Vì sao mức nguy cơ này: each criterion, value, threshold and document, in Vietnamese and English."""
    return await explainer.explain(person_id, reader)
