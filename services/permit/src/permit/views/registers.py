"""The small lists: keys, checkpoints, directives, policies."""

from base64 import b64encode
from typing import Any

from common.kernel.clock import local_day
from common.service import Runtime
from permit.ports import Checkpoints, Directives
from permit.rulebook import Rulebook
from permit.views import answers, policies
from permit.views.keys import KeysView, KeyView
from permit.views.signing import SigningDesk


class Registers:
    """Shows the lists that everybody on duty may see."""

    def __init__(
        self,
        runtime: Runtime,
        checkpoints: Checkpoints,
        directives: Directives,
        signing: SigningDesk,
        rulebook: Rulebook,
    ) -> None:
        self._runtime = runtime
        self._checkpoints = checkpoints
        self._directives = directives
        self._signing = signing
        self._rulebook = rulebook

    async def trust_list(self) -> answers.TrustListView:
        """Return the signed list of believed keys."""
        signed, trusted = await self._signing.published()
        return answers.TrustListView(
            cose=b64encode(signed).decode(),
            root=await self._signing.root(),
            sequence=trusted.sequence,
            issued_at=trusted.issued_at,
            expires_at=trusted.expires_at,
            server_now=self._runtime.clock.now(),
        )

    async def keys(self) -> KeysView:
        """Return the ring of keys as just changed."""
        self._signing.forget()
        ring = await self._signing.ring()
        return KeysView(sequence=ring.sequence, items=[KeyView.of(key) for key in ring.keys])

    async def checkpoints(self) -> answers.CheckpointsView:
        """Return all checkpoints."""
        units = self._runtime.units
        rows = await self._checkpoints.every()
        return answers.CheckpointsView(items=[answers.CheckpointView.of(row, units) for row in rows])

    async def checkpoint(self, checkpoint_id: str) -> answers.CheckpointView:
        """Return one checkpoint, which is known to be there."""
        found = await self._checkpoints.of_ids([checkpoint_id])
        return answers.CheckpointView.of(found[checkpoint_id], self._runtime.units)

    async def directives(self) -> answers.DirectivesView:
        """Return all areas that have an order of their own."""
        rows = await self._directives.every()
        return answers.DirectivesView(items=[self._directive(row) for row in rows])

    async def directive(self, area_code: str) -> answers.DirectiveView:
        """Return one area, which is known to have an order."""
        found = await self._directives.of_areas([area_code])
        return self._directive(found[area_code])

    def policies(self) -> policies.PoliciesView:
        """Return the policies in force today."""
        day, issuers = local_day(self._runtime.clock.now()), self._rulebook.rules(self._runtime.clock).issuers
        return policies.PoliciesView(
            items=[policies.PolicyView.of(file) for file in self._rulebook.files_on(day)],
            issuers=[policies.IssuerView(issuer=code, title=one.title) for code, one in issuers.items()],
            formats=[policies.FormatView.of(file) for file in self._rulebook.formats_on(day)],
        )

    def _directive(self, row: Any) -> answers.DirectiveView:
        return answers.DirectiveView.of(row, self._runtime.units, self._runtime.clock.now())
