"""
The gate: what checkpoints send is verified here before the domain judges it.

Nothing of a code is believed, shown or kept before its signature verified.
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

from common.credential import serial, travel_permit
from common.credential.refusals import Unverifiable
from common.credential.travel_permit import TravelPermit
from common.kernel.areas import Actor
from common.kernel.ids import derived_id
from common.keys import derived_key, secret_key
from common.service import Runtime
from common.work.ledger import Ledger
from common.work.model import Cause, Errand, Outcome, Result
from permit.domain.checkpoints import Checkpoint
from permit.domain.gate_actions import RecordAction
from permit.domain.listed import new_terms
from permit.domain.model import Holder, Terms, Window
from permit.domain.rules import normal_plate
from permit.domain.scans import RecordScan, ScanContext, Shown
from permit.domain.verdict import Judgement, Reason, Verdict
from permit.ports import Checkpoints, Holders
from permit.ports.watch import Flags
from permit.rulebook import Rulebook
from permit.views import answers, requests
from permit.views.desk import Desk
from permit.views.signing import SigningDesk
from permit.views.words import TERMS_CHANGED, words_for, words_of

_BY_TERMS = frozenset((Reason.OUTSIDE_HOURS, Reason.OUTSIDE_AREA, Reason.EXPIRED, Reason.JUST_EXPIRED))
"""Reasons that come from the terms: where those were changed, the officer reads so."""


class Gate:
    """Answers checkpoints."""

    def __init__(
        self, runtime: Runtime, holders: Holders, signing: SigningDesk, rulebook: Rulebook, desk: Desk
    ) -> None:
        self._runtime = runtime
        self._holders = holders
        self._signing = signing
        self._codes = {entry.number: code for code, entry in rulebook.numbers.items()}
        self._desk = desk

    async def verify(
        self, ledger: Ledger[Any, Any], body: requests.VerificationBody, by: Actor, cause: Cause
    ) -> answers.VerdictView:
        """Judge what is shown now, record it, and say what the officer needs to know."""
        now = self._runtime.clock.now()
        at = body.scanned_at or now
        shown, proven = await self._shown(body, now)
        command = RecordScan(
            scan_id=record_id(by, body.scan_id or cause.id),
            by=by,
            checkpoint_id=body.checkpoint_id,
            shown=shown,
            plate=normal_plate(body.plate or ""),
            scanned_at=at,
            lane=body.lane or "",
        )
        answer = await ledger.run(command, cause)
        return await self._verdict(answer, shown, proven, by, body.qr)

    async def upload(
        self, ledger: Ledger[Any, Any], body: requests.UploadBody, by: Actor, cause: Cause
    ) -> answers.UploadView:
        """Record scans that were judged without a network; each is recorded once, however often it comes."""
        commands = [await self._offline(item, by) for item in body.items]
        errands = [Errand(c, Cause(c.scan_id, correlation_id=cause.correlation_id)) for c in commands]
        results = await ledger.run_batch(errands)
        pairs = zip(body.items, results, strict=True)
        return answers.UploadView(items=[uploaded(item.scan_id, result) for item, result in pairs])

    async def _offline(self, item: requests.OfflineScanBody, by: Actor) -> RecordScan:
        shown, _ = await self._shown(item, min(item.scanned_at, self._runtime.clock.now()))
        return RecordScan(
            scan_id=record_id(by, item.scan_id),
            by=by,
            checkpoint_id=item.checkpoint_id,
            shown=shown,
            plate=normal_plate(item.plate or ""),
            scanned_at=item.scanned_at,
            told=Judgement(Verdict(item.verdict), item.reason_code),
            list_age_seconds=item.list_age_seconds,
            lane=item.lane or "",
            clock_offset_seconds=item.clock_offset_seconds,
        )

    async def _shown(self, body: requests.ShownBody, at: datetime) -> tuple[Shown, TravelPermit | None]:
        if body.qr is None:
            number = serial.normal(body.permit_id or "")
            return (Shown(number) if number else Shown(fault="unreadable")), None
        try:
            permit = travel_permit.verify(body.qr, await self._signing.trusted(), at)
        except Unverifiable as refusal:
            return Shown(fault=refusal.reason), None
        return Shown(serial.serial_of(permit.cti), self._terms(permit)), permit

    def _terms(self, permit: TravelPermit) -> Terms:
        return Terms(
            category=self._codes.get(permit.category, str(permit.category)),
            areas=permit.areas,
            windows=tuple(Window(w.weekdays, w.from_minute, w.to_minute) for w in permit.windows),
            plate=permit.plate,
            valid_from=permit.valid_from,
            valid_until=permit.valid_until,
        )

    async def _verdict(
        self, answer: dict[str, Any], shown: Shown, proven: TravelPermit | None, by: Actor, qr: str | None
    ) -> answers.VerdictView:
        seen = _seen(proven) if proven else None
        terms = shown.terms
        if seen is not None:
            terms = await self._as_it_is_now(shown)
        elif shown.permit_id is not None:
            seen, terms = await self._recorded(shown.permit_id, by)
        reason = answer["reason_code"]
        is_older = bool(shown.terms and terms and new_terms(shown.terms, terms))
        words = words_of(TERMS_CHANGED) if is_older and reason in _BY_TERMS else words_for(reason, qr)
        return answers.VerdictView(
            **answer,
            message_vi=words.message,
            next_vi=words.next_step,
            person=seen,
            shown=answers.ShownPermitView(person=seen, **self._desk.terms_of(terms))
            if seen and terms
            else None,
        )

    async def _as_it_is_now(self, shown: Shown) -> Terms | None:
        """Return the terms that were judged: an older code says what was granted, not what is left of it."""
        holder = await self._holders.of_permit(shown.permit_id or "")
        permit = holder.permit(shown.permit_id or "") if holder else None
        return permit.terms if permit else shown.terms

    async def _recorded(self, permit_id: str, by: Actor) -> tuple[answers.HolderView | None, Terms | None]:
        """Open who a typed number belongs to: whoever has the paper has the number."""
        holder = await self._holders.of_permit(permit_id)
        permit = holder.permit(permit_id) if holder else None
        if holder is None or permit is None:
            return None, None
        if permit.forgotten_on is not None:
            return None, permit.terms
        await self._runtime.access_log.note(by, [holder.person_id], "Kiểm tra giấy tại chốt")
        return self._desk.holder_view(holder), permit.terms


def scan_contexts(
    holders: Holders, checkpoints: Checkpoints, flags: Flags, token_of: Callable[[str], str] = lambda _: ""
) -> Any:
    """
    Load, in three queries per batch, where scans happened, the newest files, and which permits are flagged.

    *token_of* turns a plate into a keyed token: scans of one vehicle are found without keeping its plate.
    """

    async def load(commands: list[RecordScan]) -> dict[str, ScanContext]:
        posts = await checkpoints.of_ids({command.checkpoint_id for command in commands})
        wanted = {command.shown.permit_id for command in commands if command.shown.permit_id}
        files = await holders.of_permits(wanted) if wanted else {}
        watched = await flags.flagged(wanted) if wanted else frozenset()
        contexts = {}
        for command in commands:
            holder = files.get(command.shown.permit_id or "")
            plate = _plate_of(command, holder)
            contexts[command.scan_id] = ScanContext(
                posts.get(command.checkpoint_id),
                holder,
                is_watched=command.shown.permit_id in watched,
                plate_token=token_of(plate) if plate else "",
            )
        return contexts

    return load


def posts_of(checkpoints: Checkpoints) -> Any:
    """Load, in one query per batch, the checkpoints at which officers acted."""

    async def load(commands: list[RecordAction]) -> dict[str, Checkpoint]:
        posts = await checkpoints.of_ids({command.checkpoint_id for command in commands})
        known = [command for command in commands if command.checkpoint_id in posts]
        return {command.action_id: posts[command.checkpoint_id] for command in known}

    return load


def _plate_of(command: RecordScan, holder: Holder | None) -> str:
    """Return the plate that was seen, else the one that the permit names; empty without one."""
    permit = holder.permit(command.shown.permit_id or "") if holder else None
    terms = permit.terms if permit else command.shown.terms
    return command.plate or (terms.plate if terms else "")


def plate_tokens(runtime: Runtime) -> Callable[[str], str]:
    """Return what turns a plate into its keyed token."""
    key = derived_key(secret_key(runtime.settings.person_key.get_secret_value(), name="person_key"), "plate")
    return lambda plate: hmac.new(key, plate.encode(), hashlib.sha256).hexdigest()[:16]


def record_id(by: Actor, scan_id: str) -> str:
    """Return the id of a record: the device's own id, which another officer cannot claim."""
    return derived_id("scan", by.subject, scan_id)


def _seen(permit: TravelPermit) -> answers.HolderView:
    return answers.HolderView(full_name=permit.name, birth_year=permit.birth_year, id_tail=permit.id_tail)


def uploaded(scan_id: str, result: Result) -> answers.UploadedView:
    """Tell what became of one uploaded record, by the id that the device gave it."""
    if result.error is not None:
        detail = getattr(result.error, "detail", "Hệ thống gặp lỗi với lượt quét này.")
        return answers.UploadedView(scan_id=scan_id, outcome="refused", reason=detail)
    outcome = "duplicate" if result.outcome is Outcome.DUPLICATE else "recorded"
    return answers.UploadedView(scan_id=scan_id, outcome=outcome)
