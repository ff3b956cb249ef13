"""Who may do what. Rights are checked where the decision is made, so no door can forget them."""

from collections.abc import Mapping
from typing import NoReturn

from common.kernel.areas import Actor, Area
from common.kernel.errors import OutsideYourArea
from permit.domain.commands import Apply
from permit.domain.errors import NotYourDecision, NotYourRole, NotYours, PermitNotFound
from permit.domain.issuers import Issuer, is_above
from permit.domain.model import MACHINE, Appeal, Permit

REFUSALS = (NotYourDecision, NotYourRole, OutsideYourArea)
"""How these functions refuse."""
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
    """Suspend, reinstate and revoke are acts of the permit officers of the holder's area."""
    require_role(actor, OFFICER)
    actor.require(permit.area)


def may_settle(actor: Actor, permit: Permit, issuers: Mapping[str, Issuer]) -> None:
    """What a policy leaves to a person is decided by the office that the policy names."""
    may_act(actor, permit)
    issuer = issuers.get(permit.ruling.issuer)
    if issuer is not None and not issuer.admits(actor, permit.area):
        raise NotYourDecision(f"Hồ sơ này do {issuer.title} quyết định. Hãy chuyển cho họ.")


def may_reply(actor: Actor, person_id: str, permit: Permit) -> None:
    """The holder answers, the employer that applied, or an officer of the area who asked them by phone."""
    if not may_see(actor, person_id, permit):
        raise NotYours("Chỉ người xin, hoặc cán bộ địa bàn ghi thay, trả lời được câu hỏi này.")


def may_sign(actor: Actor, permit: Permit) -> None:
    """Two signatures are those of two people."""
    first = permit.review.first
    if first is not None and first.by == actor.subject:
        raise NotYourDecision("Bạn đã ký lần thứ nhất. Người khác ký lần thứ hai, hoặc từ chối.")


def may_appeal(actor: Actor, person_id: str, permit: Permit) -> None:
    """The holder objects, the employer that applied, or an officer of the area in the name of who asks."""
    if OFFICER in actor.roles:
        actor.require(permit.area)
    elif not may_see(actor, person_id, permit):
        raise NotYours("Bạn chỉ được khiếu nại về giấy của mình hoặc của người lao động mà bạn đã xin.")


def may_answer(actor: Actor, permit: Permit, appeal: Appeal, issuers: Mapping[str, Issuer]) -> None:
    """
    Somebody else than who decided answers.

    Against a person's decision that is somebody who serves the district or the province; against the machine,
    the office that would have decided.
    """
    may_act(actor, permit)
    first = permit.review.first
    if actor.subject in (appeal.against, appeal.filed_by, first.by if first else ""):
        raise NotYourDecision("Bạn đã quyết định hoặc gửi khiếu nại này. Hãy để người khác trả lời.")
    if appeal.against == MACHINE:
        issuer = issuers.get(permit.ruling.issuer)
        if issuer is not None and not issuer.admits(actor, permit.area):
            raise NotYourDecision(f"Khiếu nại này do {issuer.title} trả lời. Hãy chuyển cho họ.")
    elif not is_above(actor, permit.area):
        raise NotYourDecision(
            "Khiếu nại quyết định của cán bộ do cấp huyện hoặc tỉnh trả lời. Hãy chuyển lên."
        )


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
