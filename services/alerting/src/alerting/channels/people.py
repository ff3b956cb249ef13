"""Calls everybody who is registered for a rung: a notice each, over their own channels in their order."""

from collections.abc import Iterator

from alerting.domain.handling import DOCTOR
from alerting.domain.model import Alert, Condition, Delivery, Severity
from alerting.domain.notices import CallPerson
from alerting.domain.reach import reached_codes
from alerting.domain.recipients import Recipient
from alerting.ports import Recipients
from common.kernel.clock import Clock
from common.kernel.ids import derived_id
from common.messaging.subscription import Door
from common.work.model import Cause, Errand


class People:
    """Writes notices. Ids follow from alert and person: a repetition after a crash writes the same ones."""

    def __init__(
        self, recipients: Recipients, notices: Door, installed: frozenset[str], clock: Clock
    ) -> None:
        self._recipients, self._notices = recipients, notices
        self._installed, self._clock = installed, clock

    async def call(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        """Write a notice for each holder of the rung; they are sent by their own courier."""
        rung = alert.ladder[delivery.step]
        subject = condition.carer_id if rung.role == DOCTOR else None
        marks = [f"{rung.role}@{code}" for code in sorted(reached_codes(condition.area, rung.reach))]
        found = await self._recipients.holders(marks, subject)
        commands = list(self._calls(found, alert, delivery.step))
        if commands:
            await self._notices.run_batch([Errand(one, Cause(one.notice_id)) for one in commands])

    def rest(self) -> None:
        """There is nothing to let go of."""

    def _calls(self, found: list[Recipient], alert: Alert, step: int) -> Iterator[CallPerson]:
        now = self._clock.now()
        for person in found:
            plan = person.plan(self._installed)
            if not plan or not person.is_current(now):
                continue
            waits = person.quiet is not None and alert.severity is not Severity.CRITICAL
            not_before = person.quiet.over(now) if waits and person.quiet else now
            # Whoever was called on a lower rung of this round has been called: the step is not in the id.
            notice_id = derived_id("notice", alert.alert_id, str(alert.reopened), person.subject)
            yield CallPerson(notice_id, alert.alert_id, step, person.subject, plan, not_before)
