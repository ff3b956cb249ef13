"""The box of a unit: one letter per rung, to a doctor's own box or to the one of a role in an area."""

from dataclasses import dataclass

from alerting.channels.wording import message
from alerting.domain.handling import DOCTOR
from alerting.domain.model import Alert, Condition, Delivery
from alerting.domain.reach import reach_code
from alerting.ports import Channel, Message
from common.geo import Units


@dataclass(frozen=True, slots=True)
class Addresses:
    """
    Where the holders of a rung read letters.

    *to* is a pattern with `{recipient}`: the doctor's own id where a patient has one, else role and area
    such as `health-officer-05437`; the province's mail system maps these boxes to people on duty.
    """

    to: str
    inbox_url: str

    def of(self, condition: Condition, alert: Alert, step: int) -> str:
        """Return the address of the holders of *step*."""
        rung = alert.ladder[step]
        if rung.role == DOCTOR and condition.carer_id:
            recipient = condition.carer_id
        else:
            recipient = f"{rung.role.replace('_', '-')}-{reach_code(condition.area, rung.reach)}"
        return self.to.format(recipient=recipient)


class UnitBox:
    """Calls the holders of a rung by a letter to their box."""

    def __init__(self, channel: Channel, addresses: Addresses, units: Units) -> None:
        self._channel = channel
        self._addresses = addresses
        self._units = units

    async def call(self, condition: Condition, alert: Alert, delivery: Delivery) -> None:
        """Hand in the letter; raises `Undelivered`."""
        await self._channel.send(self.written(condition, alert, delivery))

    def written(self, condition: Condition, alert: Alert, delivery: Delivery) -> Message:
        """Write the letter for the rung of *delivery*."""
        to = {"email": self._addresses.of(condition, alert, delivery.step)}
        link = self._addresses.inbox_url
        return message(condition, alert, self._units, key=delivery.delivery_id, to=to, link=link)

    def rest(self) -> None:
        """Nothing waits now."""
        self._channel.rest()
