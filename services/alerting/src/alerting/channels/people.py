"""
Calls who is registered for a rung: a notice each, over their own channels in their order.

Whoever is on call is called at once, the others some minutes later as their substitutes; the courier drops
their notices when the alert was taken before.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from alerting.domain.duty import split
from alerting.domain.handling import DOCTOR
from alerting.domain.model import Alert, Condition, Delivery, Rung, Severity
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
        self,
        recipients: Recipients,
        notices: Door,
        installed: frozenset[str],
        clock: Clock,
        substitutes_after: Callable[[], Mapping[Severity, timedelta]],
    ) -> None:
        self._recipients, self._notices = recipients, notices
        self._installed, self._clock = installed, clock
        self._substitutes_after = substitutes_after

    async def call(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        """Write a notice for each holder of the rung; they are sent by their own courier."""
        found = await self._reachable(condition, alert.ladder[delivery.step])
        commands = list(self._calls(found, alert, delivery.step))
        if commands:
            await self._notices.run_batch([Errand(one, _cause(one)) for one in commands])

    def rest(self) -> None:
        """There is nothing to let go of."""

    async def _reachable(self, condition: Condition, rung: Rung) -> list[Recipient]:
        """
        Return the holders of *rung* who can be called.

        A patient's own doctor alone, while they take calls; else the other doctors of the place as well.
        """
        carer = condition.carer_id if rung.role == DOCTOR else None
        marks = [f"{rung.role}@{code}" for code in sorted(reached_codes(condition.area, rung.reach))]
        found = await self._holders(marks, carer)
        if carer and not any(one.duty.takes_calls(self._clock.now()) for one in found):
            others = await self._holders(marks, None)
            found += [one for one in others if one.subject != carer]
        return found

    async def _holders(self, marks: list[str], subject: str | None) -> list[Recipient]:
        now = self._clock.now()
        found = await self._recipients.holders(marks, subject)
        return [one for one in found if one.is_current(now) and one.plan(self._installed)]

    def _calls(self, found: list[Recipient], alert: Alert, step: int) -> Iterator[CallPerson]:
        now = self._clock.now()
        later = now + self._substitutes_after().get(alert.severity, timedelta())
        at_once, substitutes = split(((one, one.duty) for one in found), now)
        for place, person in enumerate((*at_once, *substitutes)):
            is_substitute = place >= len(at_once)
            first = later if is_substitute else now
            waits = person.quiet is not None and alert.severity is not Severity.CRITICAL
            not_before = person.quiet.over(first) if waits and person.quiet else first
            # Whoever was called on a lower rung of this round has been called: the step is not in the id.
            notice_id = derived_id("notice", alert.alert_id, str(alert.reopened), person.subject)
            yield CallPerson(
                notice_id,
                alert.alert_id,
                step,
                person.subject,
                person.plan(self._installed),
                not_before,
                is_substitute,
            )


def _cause(call: CallPerson) -> Cause:
    """Each rung asks once; one that asks again after a crash is told from the next one."""
    return Cause(derived_id("call", call.notice_id, str(call.step)))
