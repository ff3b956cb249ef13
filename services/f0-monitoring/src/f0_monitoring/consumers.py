"""What F0 monitoring listens to."""

from common.contracts import f0_monitoring as own
from common.messaging.subscription import Door, Subscription
from f0_monitoring import translate


def subscriptions(work: Door) -> list[Subscription]:
    """Each declaration that our ledger kept comes back to be judged."""
    return [
        Subscription(
            group="f0-monitoring.assess",
            listens={own.REPORTS: {own.HealthReported: translate.to_assess}},
            work=work,
        )
    ]
