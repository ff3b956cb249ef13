"""What shows the rules and tries others out."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter

from alerting.ports import Courses
from alerting.routes.rules import router
from alerting.rulebook import ResponseRules
from alerting.views.dry_run import DryRun
from alerting.views.rules import RulesDesk
from common.rules import RuleBook
from common.service import Runtime
from common.web.pages import PageSettings, page_routes


def rule_parts(runtime: Runtime, courses: Courses, rulebook: RuleBook[ResponseRules]) -> dict[str, Any]:
    """Make all of them, by the name under which routes ask for them."""
    return {
        "rules_desk": RulesDesk(rulebook, runtime.units, runtime.clock),
        "dry_run": DryRun(courses, rulebook, runtime.units, runtime.clock),
    }


def rule_routers(page: PageSettings, pages: Path) -> tuple[APIRouter, ...]:
    """Return the API and the page."""
    return router, page_routes({"/quy-tac": pages / "rules" / "rules.html"}, page)
