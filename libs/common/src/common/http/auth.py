"""
Who is asking: OIDC bearer tokens become an `Actor` with roles and areas.

A token is verified once (signature, issuer, audience, times) and remembered by its hash until it
expires, so that the hot path costs one dictionary look-up. A role lets somebody in; the area is
checked in every query and decision (`Actor.require`).
"""

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Protocol

from fastapi import Depends, Request
from joserfc import jwt
from joserfc.errors import JoseError

from common.http.headers import header
from common.http.jwks import Jwk, NoSuchKey
from common.http.problems import SignInProblem
from common.kernel.areas import Actor
from common.kernel.clock import Clock

ROLES: Final = (
    "citizen",
    "health_officer",
    "doctor",
    "permit_officer",
    "checkpoint_officer",
    "employer",
    "ioc_operator",
    "leader",
    "partner",
    "administrator",
    "ward_committee",
    "commune_police",
    "traffic_police",
    "transport_office",
)
"""The last four say at which office a permit officer works; alone they open nothing."""
ALGORITHMS: Final = ("ES256", "RS256")
SKEW_SECONDS: Final = 60
_REMEMBERED: Final = 20_000
_LONGEST_TOKEN: Final = 8_192
_SESSION: Final = "la-chan.session"


class KeySource(Protocol):
    """Where the issuer's signing keys come from."""

    async def key(self, key_id: str | None) -> Jwk:
        """Return the key *key_id*; `NoSuchKey` if the issuer has none, OSError if it cannot be asked."""


@dataclass(frozen=True, slots=True)
class Session:
    """A believed token: who it is, what to call them, until when (Unix seconds)."""

    actor: Actor
    name: str
    expires_at: float


def refused(detail: str, *, slug: str = "token-refused") -> SignInProblem:
    """Build the 401 that says why a token is not believed and what to do."""
    return SignInProblem(401, slug, "Phiên đăng nhập không hợp lệ", detail)


class Verifier:
    """Believes tokens of one issuer made for one audience."""

    def __init__(self, issuer: str, audience: str, jwks: KeySource, *, clock: Clock | None = None) -> None:
        self._issuer = issuer
        self._audience = audience
        self._jwks = jwks
        self._now: Callable[[], float] = _seconds_of(clock) if clock else time.time
        self._known: OrderedDict[bytes, Session] = OrderedDict()
        self._citizens: dict[str, KeySource] = {}

    def believe_citizens_of(self, issuer: str, keys: KeySource) -> None:
        """Believe tokens of *issuer* too, but about citizens only: no other role and no area (ADR 0021)."""
        self._citizens[issuer] = keys

    async def session(self, token: str) -> Session:
        """Return whom *token* speaks for; a 401 problem otherwise."""
        if len(token) > _LONGEST_TOKEN:
            raise refused("Mã đăng nhập quá dài. Hãy đăng nhập lại.")
        now = self._now()
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        known = self._known.get(digest)
        if known is not None:
            if known.expires_at + SKEW_SECONDS > now:
                self._known.move_to_end(digest)
                return known
            del self._known[digest]
        session = self._believed(await self._verified(token), now)
        self._known[digest] = session
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return session

    async def _verified(self, token: str) -> dict[str, Any]:
        """Check the signature with an allowed algorithm; return the claims."""
        try:
            header = _header_of(token)
            if header.get("alg") not in ALGORITHMS:
                raise refused("Mã đăng nhập dùng cách ký không được phép. Hãy đăng nhập lại.")
            keys = self._citizens.get(_issuer_named_in(token), self._jwks)
            key = await keys.key(header.get("kid"))
            claims: dict[str, Any] = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError, NoSuchKey):
            raise refused("Mã đăng nhập không do hệ thống của tỉnh cấp. Hãy đăng nhập lại.") from None
        except OSError:
            raise SignInProblem(
                503, "sign-in-unavailable", "Chưa kiểm tra được đăng nhập", "Hãy thử lại sau ít phút."
            ) from None
        return claims

    def _believed(self, claims: dict[str, Any], now: float) -> Session:
        expires_at, not_before = _instant(claims, "exp"), _instant(claims, "nbf", required=False)
        if expires_at + SKEW_SECONDS <= now:
            raise refused("Phiên đăng nhập đã hết hạn. Hãy đăng nhập lại.", slug="token-expired")
        if not_before - SKEW_SECONDS > now:
            raise refused("Phiên đăng nhập chưa có hiệu lực. Hãy kiểm tra đồng hồ của máy.")
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        issuer, actor = claims.get("iss"), _actor(claims)
        if issuer not in (self._issuer, *self._citizens) or self._audience not in audiences:
            raise refused("Mã đăng nhập được cấp cho hệ thống khác. Hãy đăng nhập lại.")
        if issuer in self._citizens:
            actor = replace(actor, roles=actor.roles & {"citizen"}, area_codes=frozenset())
        return Session(actor, str(claims.get("name", "")), expires_at)


def _seconds_of(clock: Clock) -> Callable[[], float]:
    return lambda: clock.now().timestamp()


def _header_of(token: str) -> dict[str, Any]:
    return _part_of(token, 0)


def _issuer_named_in(token: str) -> str:
    """Return who says to have made *token*, to know whose keys to try; nothing is believed yet."""
    return str(_part_of(token, 1).get("iss", ""))


def _part_of(token: str, place: int) -> dict[str, Any]:
    import base64

    text = token.split(".", 2)[place : place + 1] or [""]
    part = json.loads(base64.urlsafe_b64decode(text[0] + "=" * (-len(text[0]) % 4)))
    if not isinstance(part, dict):
        raise TypeError("a part of a token is an object")
    return part


def _instant(claims: dict[str, Any], name: str, *, required: bool = True) -> float:
    value = claims.get(name)
    if value is None and not required:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused("Mã đăng nhập thiếu thời hạn. Hãy đăng nhập lại.")
    return float(value)


def _texts(claims: dict[str, Any], name: str) -> frozenset[str]:
    value = claims.get(name, [])
    return (
        frozenset(item for item in value if isinstance(item, str)) if isinstance(value, list) else frozenset()
    )


def _actor(claims: dict[str, Any]) -> Actor:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise refused("Mã đăng nhập không cho biết là ai. Hãy đăng nhập lại.")
    person = claims.get("person_id")
    return Actor(
        subject=subject,
        roles=_texts(claims, "roles") & frozenset(ROLES),
        area_codes=_texts(claims, "areas"),
        person_id=person if isinstance(person, str) and person else None,
    )


async def session_of(request: Request) -> Session:
    """Read the bearer token of *request*, once; a 401 problem without a good one."""
    known: Session | None = request.scope.get(_SESSION)
    if known is not None:
        return known
    scheme, _, token = (header(request.scope, b"authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise SignInProblem(401, "not-signed-in", "Chưa đăng nhập", "Hãy đăng nhập rồi thử lại.")
    verifier: Verifier = request.app.state.verifier
    session = await verifier.session(token.strip())
    request.scope[_SESSION] = session
    return session


SignedInSession = Annotated[Session, Depends(session_of)]


# The dependencies below take the request itself: each level of nesting costs the framework 0.1 ms.
async def signed_in(request: Request) -> Actor:
    """Let in whoever is signed in, whatever the role."""
    return (await session_of(request)).actor


SignedIn = Annotated[Actor, Depends(signed_in)]


def role_required(*roles: str) -> Callable[[Request], Awaitable[Actor]]:
    """Let in only actors with one of *roles*; a 403 problem otherwise."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {sorted(unknown)}")
    wanted = frozenset(roles)

    async def actor_in_role(request: Request) -> Actor:
        actor = (await session_of(request)).actor
        if not wanted & actor.roles:
            raise SignInProblem(
                403,
                "role-required",
                "Không có quyền",
                "Việc này chỉ dành cho người được giao nhiệm vụ. Nếu bạn cần, hãy hỏi quản trị đơn vị.",
            )
        return actor

    return actor_in_role


Citizen = Annotated[Actor, Depends(role_required("citizen"))]
HealthOfficer = Annotated[Actor, Depends(role_required("health_officer"))]
Doctor = Annotated[Actor, Depends(role_required("doctor"))]
PermitOfficer = Annotated[Actor, Depends(role_required("permit_officer"))]
CheckpointOfficer = Annotated[Actor, Depends(role_required("checkpoint_officer"))]
IocOperator = Annotated[Actor, Depends(role_required("ioc_operator"))]
Administrator = Annotated[Actor, Depends(role_required("administrator"))]
