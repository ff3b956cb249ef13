"""
Lanes of checkpoints: they ask the server, or judge alone while their network is gone and upload later.

How often a lane loses its network was not published: once in three days, for up to an hour (assumption).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.load.province.holders import Holder
from tests.load.province.moments import at_local

if TYPE_CHECKING:
    from tests.load.province.world import World

P_NETWORK_LOST = 0.33
MINUTES_LOST = (20.0, 60.0)
P_UPLOADED_TWICE = 0.2
MOST_IN_ONE_UPLOAD = 100
HEARD_WITHIN_SECONDS = 10.0
"""Real seconds after which a checkpoint must refuse whoever was barred; the bar of the product is one second."""


@dataclass(slots=True, eq=False)
class Outage:
    """A post without a network for a while, and the scans that it keeps."""

    begins: datetime
    ends: datetime
    kept: list[tuple[Holder, dict[str, Any], bool]]


class Lanes:
    """What officers at checkpoints do with what they are shown."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self._outages: dict[str, list[Outage]] = {}

    def plan_day(self, day: datetime, posts: list[str]) -> None:
        """Draw which lanes lose their network today; they upload what they kept when it is back."""
        for post_id in posts:
            rng = self.world.dice.of("lane", post_id, day.date())
            if rng.random() < P_NETWORK_LOST:
                begins = at_local(day, float(rng.uniform(5, 21)))
                ends = begins + timedelta(minutes=float(rng.uniform(*MINUTES_LOST)))
                outage = Outage(begins, ends, [])
                self._outages.setdefault(post_id, []).append(outage)
                # Two minutes for those who stood at the barrier when the network came back.
                at = ends + timedelta(minutes=2)
                self.world.agenda.add(at, lambda p=post_id, o=outage: self._upload(p, o))  # type: ignore[misc]

    async def check(
        self, holder: Holder, post: dict[str, Any], body: dict[str, Any], at: datetime, *, is_genuine: bool
    ) -> None:
        """Scan once: online, or kept until the network is back."""
        post_id = str(post["checkpoint_id"])
        for outage in self._outages.get(post_id, []):
            if outage.begins <= at < outage.ends:
                scan_id = self.world.dice.key("scan", post_id, holder.person.cccd, at.isoformat())
                told = {
                    "scan_id": scan_id,
                    "scanned_at": at.isoformat(),
                    **_judged_alone(holder, body, at, is_genuine),
                }
                outage.kept.append((holder, {**body, **told}, is_genuine))
                return
        await self._ask(holder, post, body, at, is_genuine=is_genuine)

    async def _ask(
        self, holder: Holder, post: dict[str, Any], body: dict[str, Any], at: datetime, *, is_genuine: bool
    ) -> None:
        world, person = self.world, holder.person
        barred_for = world.barred_seconds(person)
        key = world.dice.key("scan", post["checkpoint_id"], person.cccd, at.isoformat())
        area = world.district_of(str(post["commune_code"]))
        answer = await world.call.post(
            f"{world.call.at.permit}/v1/verifications", body, role="checkpoint_officer", area=area, key=key
        )
        verdict = str(answer["verdict"])
        world.truth.scan(
            str(post["commune_code"]), str(answer["scan_id"]), verdict, str(answer["reason_code"])
        )
        if not is_genuine:
            return
        world.saw(person, world.now())
        # Free again before the answer came: either verdict was right.
        if barred_for > HEARD_WITHIN_SECONDS and world.is_barred(person):
            world.truth.barred_scanned += 1
            world.truth.barred_refused += verdict == "refused"

    async def _upload(self, post_id: str, outage: Outage) -> None:
        world, post = self.world, self.world.roads.posts[post_id]
        rng = world.dice.of("upload", post_id, outage.begins.isoformat())
        kept, outage.kept = [outage.kept[int(i)] for i in rng.permutation(len(outage.kept))], []
        area = world.district_of(str(post["commune_code"]))
        for first in range(0, len(kept), MOST_IN_ONE_UPLOAD):
            batch = kept[first : first + MOST_IN_ONE_UPLOAD]
            for _ in range(2 if rng.random() < P_UPLOADED_TWICE else 1):
                answer = await world.call.post(
                    f"{world.call.at.permit}/v1/scans",
                    {"items": [body for _, body, _ in batch]},
                    role="checkpoint_officer",
                    area=area,
                    key=world.dice.key("upload", post_id, outage.begins.isoformat(), first),
                )
                self._count(str(post["commune_code"]), batch, answer["items"])

    def _count(
        self, commune: str, batch: list[tuple[Holder, dict[str, Any], bool]], answered: list[dict[str, Any]]
    ) -> None:
        world = self.world
        for (holder, body, is_genuine), item in zip(batch, answered, strict=True):
            if item["outcome"] == "refused":
                world.truth.refused[f"scan: {item['reason']}"] += 1
                continue
            is_new = world.truth.scan(
                commune, body["scan_id"], body["verdict"], body["reason_code"], is_offline=True
            )
            if is_new and is_genuine:
                world.saw(holder.person, datetime.fromisoformat(body["scanned_at"]))


def _judged_alone(holder: Holder, body: dict[str, Any], at: datetime, is_genuine: bool) -> dict[str, Any]:
    """Judge as a scanner without a network does: signature, dates and plate, not what happened since."""
    paper = holder.shown_at(at)
    if not is_genuine or paper is None:
        verdict, reason = "refused", "bad-signature" if len(body["qr"]) > 200 else "damaged"
    elif at > paper.valid_until:
        verdict, reason = "refused", "expired"
    elif body["plate"] != holder.plate:
        verdict, reason = "check", "plate-mismatch"
    else:
        verdict, reason = "allowed", "valid"
    return {"verdict": verdict, "reason_code": reason, "list_age_seconds": 1800}
