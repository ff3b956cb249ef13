"""What F0 monitoring listens to."""

from common.contracts import f0_monitoring as own
from common.contracts import quarantine
from common.messaging.subscription import Door, Subscription
from f0_monitoring import translate


def subscriptions(work: Door, intake: Door) -> list[Subscription]:
    """Each declaration that our ledger kept comes back to be judged; facts about new F0 open records."""
    return [
        Subscription(
            group="f0-monitoring.assess",
            listens={own.REPORTS: {own.HealthReported: translate.to_assess}},
            work=work,
        ),
        Subscription(
            group="f0-monitoring.intake",
            listens={
                quarantine.CASES: {quarantine.ContactBecameF0: translate.to_open},
                own.PATIENTS: {own.SelfDeclarationSettled: translate.to_open_confirmed},
            },
            work=intake,
        ),
    ]
