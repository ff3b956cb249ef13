"""What shows, explains and tries out the rules of risk."""

from typing import Any

from common.service import Runtime
from f0_monitoring import ports
from f0_monitoring.rulebook import RiskRuleBooks
from f0_monitoring.rulebook.accuracy import read_accuracy
from f0_monitoring.views.explanation import Explainer
from f0_monitoring.views.foresight import Foresight
from f0_monitoring.views.tables import Tables


def rule_parts(
    runtime: Runtime, patients: ports.Patients, reports: ports.Reports, rules: RiskRuleBooks
) -> dict[str, Any]:
    """Make all of them, by the name under which routes ask for them."""
    return {
        "explainer": Explainer(rules),
        "foresight": Foresight(runtime, patients, reports, rules),
        "tables": Tables(rules, read_accuracy(runtime.folder / "rules"), runtime.clock),
    }
