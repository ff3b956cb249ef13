"""
What comes in: bodies become commands, and what is personal in them is sealed on the way.

Nothing personal passes towards the domain in clear.
"""

from typing import Final

from common.kernel.areas import Actor
from common.service import Runtime
from common.work.model import Cause
from permit.domain import authority
from permit.domain.checkpoints import Checkpoint, PlaceCheckpoint
from permit.domain.commands import Apply, Cancel, Reinstate, Revoke, SettleQueued, Suspend
from permit.domain.directives import OrderDirective, WithdrawDirective, directive_for
from permit.domain.errors import PermitNotFound
from permit.domain.firms import firm_id_of
from permit.domain.keyring import RevokeKey, RotateKey, ShortenKey
from permit.domain.keys import Scope
from permit.domain.model import Hold, Outcome, Permit, Ruling, Terms, Window
from permit.domain.rules import Directive, check_plate_shape, check_windows, normal_plate
from permit.ports import Directives, Holders
from permit.ports.staff import FirmById
from permit.views import requests
from permit.views.places import chain
from permit.views.signing import SigningDesk

DETAILS: Final = "permit-details"
"""Data class of what an applicant wrote about the journey."""
DETAIL_FIELDS: Final = {"purpose", "employer", "route", "co_passengers"}
NOTE: Final = "note"


class Intake:
    """Turns bodies into commands."""

    def __init__(
        self,
        runtime: Runtime,
        holders: Holders,
        directives: Directives,
        signing: SigningDesk,
        firms: FirmById,
    ) -> None:
        self._runtime = runtime
        self._firms = firms
        self._holders = holders
        self._directives = directives
        self._signing = signing

    async def to_apply(self, body: requests.ApplicationBody, by: Actor, cause: Cause) -> Apply:
        """Seal who it is and find the strictest directive on the way; `UnknownCommune`, `UnknownArea`."""
        runtime, who = self._runtime, body.person
        area, terms = runtime.units.area_of(body.commune_code), _terms(body)
        person_id = who.id_from(runtime.pseudonyms, commune_code=body.commune_code)
        identity = who.to_seal()
        details = body.model_dump(include=DETAIL_FIELDS, exclude_defaults=True)
        command = Apply(
            person_id=person_id,
            permit_id=self._signing.number_of(cause),
            by=by,
            area=area,
            directive=await self._directive([body.commune_code, *body.areas]),
            terms=terms,
            sealed=runtime.vault.seal(identity, person_id=person_id),
            details=runtime.vault.seal(details, data_class=DETAILS, person_id=person_id),
            blind=who.blind_tokens(runtime.blind),
            is_vouched=await self._is_vouched(by, person_id),
        )
        await self._signing.check_size(person_id, self._trial(command), identity)
        return command

    async def to_suspend(self, permit_id: str, body: requests.SuspensionBody, by: Actor) -> Suspend:
        """Suspend; `PermitNotFound` for a number nobody has."""
        person_id = await self._person_of(permit_id)
        return Suspend(person_id, permit_id, by, self._note(person_id, body.reason), Hold(body.kind))

    async def to_reinstate(self, permit_id: str, body: requests.ReasonBody, by: Actor) -> Reinstate:
        """Reinstate; `PermitNotFound` for a number nobody has."""
        person_id = await self._person_of(permit_id)
        return Reinstate(person_id, permit_id, by, self._note(person_id, body.reason))

    async def to_revoke(self, permit_id: str, body: requests.ReasonBody, by: Actor) -> Revoke:
        """Revoke; `PermitNotFound` for a number nobody has."""
        person_id = await self._person_of(permit_id)
        return Revoke(person_id, permit_id, by, self._note(person_id, body.reason))

    async def to_settle(self, permit_id: str, body: requests.DecisionBody, by: Actor) -> SettleQueued:
        """Settle a queued application; the reason is for the applicant and stays readable."""
        person_id = await self._person_of(permit_id)
        note = self._note(person_id, body.reason)
        return SettleQueued(person_id, permit_id, by, note, Outcome(body.outcome), body.reason)

    def to_place(self, checkpoint_id: str, body: requests.CheckpointBody, by: Actor) -> PlaceCheckpoint:
        """Put a checkpoint on the list; `UnknownCommune`."""
        area = self._runtime.units.area_of(body.commune_code)
        checkpoint = Checkpoint(
            checkpoint_id, body.name, area, body.latitude, body.longitude, is_open=body.is_open
        )
        return PlaceCheckpoint(checkpoint, by)

    def to_order(self, area_code: str, body: requests.DirectiveBody, by: Actor) -> OrderDirective:
        """Order a directive for an area; `UnknownArea`."""
        return OrderDirective(
            area_code=area_code,
            covers=frozenset(chain(self._runtime.units, area_code, field="area_code")),
            directive=body.directive,
            effective_at=body.effective_at or self._runtime.clock.now(),
            document=body.document,
            by=by,
            replaces=body.replaces or "",
            reason=body.reason or "",
        )

    def to_withdraw(self, area_code: str, body: requests.WithdrawalBody, by: Actor) -> WithdrawDirective:
        """Take back an order before its minute; `UnknownArea`."""
        covers = frozenset(chain(self._runtime.units, area_code, field="area_code"))
        return WithdrawDirective(area_code, covers, body.order_id, body.reason, by)

    def to_rotate(self, body: requests.RotationBody, by: Actor) -> RotateKey:
        """Make a new key that signs from now on; `UnknownCategory`, `UnknownArea`."""
        for code in body.areas:
            chain(self._runtime.units, code)
        scope = Scope(self._signing.numbers_of(body.categories), tuple(sorted(set(body.areas))))
        return RotateKey(self._signing.new_key(), by, scope)

    def to_revoke_key(self, kid: str, body: requests.KeyRevocationBody, by: Actor) -> RevokeKey:
        """Believe a key no more; in an emergency a new one takes over in the same step."""
        return RevokeKey(kid, by, self._signing.new_key() if body.is_emergency else None)

    def to_shorten_key(self, kid: str, body: requests.AcceptUntilBody, by: Actor) -> ShortenKey:
        """Believe a retired key less long."""
        return ShortenKey(kid, body.accept_until, by)

    async def to_cancel(self, permit_id: str, by: Actor) -> Cancel:
        """Give a permit back; `PermitNotFound` for a number nobody has."""
        return Cancel(await self._person_of(permit_id), permit_id, by)

    async def _is_vouched(self, by: Actor, person_id: str) -> bool:
        """Tell whether a machine may approve on the word of whoever asks."""
        is_own = authority.CITIZEN in by.roles and by.person_id == person_id
        if is_own or authority.OFFICER in by.roles:
            return True
        firm = await self._firms.of_id(firm_id_of(by.subject))
        return firm is not None and firm.is_confirmed

    async def _person_of(self, permit_id: str) -> str:
        holder = await self._holders.of_permit(permit_id)
        if holder is None:
            raise PermitNotFound("Không có giấy này. Hãy kiểm tra lại số giấy.")
        return holder.person_id

    async def _directive(self, codes: list[str]) -> Directive:
        places = [chain(self._runtime.units, code) for code in dict.fromkeys(codes)]
        known = await self._directives.of_areas({code for place in places for code in place})
        return directive_for(places, known, self._runtime.clock.now())

    def _note(self, person_id: str, words: str) -> str:
        return self._runtime.vault.seal({"note": words}, data_class=NOTE, person_id=person_id)

    def _trial(self, command: Apply) -> Permit:
        """Return the permit as it would be, to see whether its code is readable."""
        now = self._runtime.clock.now()
        ruling = Ruling(Outcome.APPROVED, "", "")
        return Permit(command.permit_id, command.area, command.terms, ruling, now, "", "")


def _terms(body: requests.ApplicationBody) -> Terms:
    terms = Terms(
        category=body.category,
        areas=tuple(sorted(set(body.areas))),
        windows=tuple(_window(window) for window in body.windows),
        plate=normal_plate(body.plate or ""),
        valid_from=body.valid_from.replace(microsecond=0),
        valid_until=body.valid_until.replace(microsecond=0),
    )
    check_windows(terms.windows)
    check_plate_shape(terms.plate)
    return terms


def _window(body: requests.WindowBody) -> Window:
    mask = sum(1 << (day - 1) for day in set(body.weekdays))
    return Window(mask, _minutes(body.from_), _minutes(body.to))


def _minutes(clock_time: str) -> int:
    hours, minutes = clock_time.split(":")
    return int(hours) * 60 + int(minutes)
