"""Who may do what. Rights are checked where the decision is made, so no door can forget them."""

from typing import NoReturn

from common.kernel.areas import Actor, Area
from common.kernel.errors import OutsideYourArea
from permit.domain.commands import Apply
from permit.domain.errors import NotYourRole, NotYours, PermitNotFound
from permit.domain.model import Permit

OFFICER = "permit_officer"
EMPLOYER = "employer"
CITIZEN = "citizen"
CHECKPOINT = "checkpoint_officer"
ADMINISTRATOR = "administrator"
LEADER = "leader"
PRIVATE = frozenset(("food-and-medicine", "medical-visit", "family-emergency", "return-home", "personal"))
"""Categories of rules/permit that are nobody's work: no business of an employer."""


def may_apply(command: Apply) -> None:
    """An officer of the area, an employer for the work of staff, or a citizen for themselves."""
    actor = command.by
    if OFFICER in actor.roles:
        actor.require(command.area)
    elif CITIZEN in actor.roles and actor.person_id == command.person_id:
        return
    elif EMPLOYER not in actor.roles:
        raise NotYours(
            "Bạn chỉ được xin giấy cho chính mình. Người thân chưa có tài khoản: hãy nhờ cán bộ xã, phường."
        )
    elif command.terms.category in PRIVATE:
        raise NotYours(
            "Doanh nghiệp chỉ xin giấy cho việc làm của người lao động. Việc riêng: người đi tự xin, "
            "hoặc nhờ cán bộ xã, phường."
        )


def may_act(actor: Actor, permit: Permit) -> None:
    """Suspend, reinstate, revoke and settle are acts of the permit officers of the holder's area."""
    require_role(actor, OFFICER)
    actor.require(permit.area)


def may_cancel(actor: Actor, person_id: str, permit: Permit) -> None:
    """Holders give their own permits back, employers those that they applied for."""
    is_holder = CITIZEN in actor.roles and actor.person_id == person_id
    if not is_holder and not (EMPLOYER in actor.roles and permit.applied_by == actor.subject):
        raise PermitNotFound("Không có giấy này, hoặc giấy không thuộc phạm vi của bạn.")


def may_see(actor: Actor, person_id: str, permit: Permit) -> bool:
    """Officers see their area, citizens their own, employers what they applied for."""
    if OFFICER in actor.roles and actor.covers(permit.area):
        return True
    if EMPLOYER in actor.roles and permit.applied_by == actor.subject:
        return True
    return CITIZEN in actor.roles and actor.person_id == person_id


def may_scan(actor: Actor, checkpoint_area: Area) -> None:
    """Scanning is for the officers of the checkpoint's area."""
    require_role(actor, CHECKPOINT)
    actor.require(checkpoint_area)


def require_role(actor: Actor, *roles: str) -> None:
    """Refuse with `NotYourRole` unless the actor has one of *roles*."""
    if not actor.roles & frozenset(roles):
        raise NotYourRole("Tài khoản này không được giao việc này. Hãy nhờ người phụ trách.")


def outside() -> NoReturn:
    """Refuse an act on an area that the actor does not serve."""
    raise OutsideYourArea("Địa bàn này không thuộc phạm vi được phân công. Hãy nhờ đơn vị phụ trách.")
