"""Text messages through the gateway of docs/sms-gateway.md, with a receipt where it sends any."""

from datetime import timedelta
from typing import Final

from alerting.domain.channels import SMS
from alerting.ports import Message, Taken, Undelivered
from common.people.accents import plain
from common.sms import HttpSmsGateway, Sms, Unsent

RECEIPT_WITHIN: Final = timedelta(minutes=3)
"""A phone that is on has it in seconds; after this the next channel is tried as well."""


class SmsChannel:
    """Sends short words without accents; the address is `phone`."""

    name = SMS

    def __init__(self, gateway: HttpSmsGateway, receipt_to: str = "") -> None:
        self._gateway, self._receipt_to = gateway, receipt_to

    async def send(self, message: Message) -> Taken:
        """Hand one message to the gateway; raises `Undelivered`."""
        # The inbox alone: it shows the worst first, and with the alert's number the text would be two parts.
        text = plain(f"La Chan {message.brief} {message.link.partition('?')[0]}")
        try:
            await self._gateway.send(Sms(message.key, message.to["phone"], text, self._receipt_to))
        except Unsent as fault:
            raise Undelivered(
                fault.fault,
                is_final=fault.is_final,
                is_gone=fault.is_final,
                after=timedelta(seconds=fault.after_seconds or 0),
            ) from None
        return Taken(RECEIPT_WITHIN if self._receipt_to else None)

    async def probe(self) -> bool:
        """Ask the gateway whether it works."""
        try:
            await self._gateway.is_there()
        except Unsent as fault:
            raise Undelivered(fault.fault) from None
        return True

    def rest(self) -> None:
        """Connections close by themselves."""
