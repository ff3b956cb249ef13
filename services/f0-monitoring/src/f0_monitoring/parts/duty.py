"""The duty plan: what the page of the roster shows."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter

from common.service import Runtime
from common.web.pages import PageSettings, page_routes
from f0_monitoring import ports
from f0_monitoring.settings import F0MonitoringSettings
from f0_monitoring.views.duty_plan import DutyPlanDesk
from f0_monitoring.views.staff import Staff


def duty_parts(runtime: Runtime, doctors: ports.Doctors, staff: Staff) -> dict[str, Any]:
    """Make it, by the name under which routes ask for it."""
    return {"duty_plan": DutyPlanDesk(runtime, doctors, staff)}


def duty_pages(settings: F0MonitoringSettings, pages: Path) -> APIRouter:
    """Serve the page; *pages* is the folder of the service's pages."""
    return page_routes({"/truc": pages / "truc" / "truc.html"}, PageSettings(settings.oidc_issuer))
