"""What the officer at a checkpoint is told."""

from datetime import timedelta
from typing import Any

import pytest

from common.kernel.areas import Area
from permit.domain.model import Status, Window
from permit.domain.rules import CheckpointRules
from permit.domain.verdict import Judgement, Reason, Verdict, judge
from services.permit.tests.samples import BA_HANG, EVERY_DAY, HOUR, NOW, QUANG_VINH, local, terms

RULES = CheckpointRules()
PHU_BINH = Area("05908", "173")


def told(
    status: Status | None = Status.ISSUED,
    at: Any = NOW,
    post: Area = QUANG_VINH,
    plate: str = "",
    **changes: Any,
) -> Judgement:
    return judge(terms(**changes), status, post, plate, at, RULES)


def test_a_valid_permit_may_pass() -> None:
    assert told() == Judgement(Verdict.ALLOWED, Reason.VALID)


@pytest.mark.parametrize(
    ("judgement", "verdict", "reason"),
    [
        (told(Status.REVOKED), "refused", "revoked"),
        (told(Status.SUSPENDED), "refused", "not-valid-now"),
        (told(Status.REFUSED), "refused", "not-issued"),
        (told(Status.QUEUED), "refused", "not-issued"),
        (told(None), "check", "unknown-permit"),
        (told(at=NOW - 2 * HOUR), "refused", "not-yet-valid"),
        (told(Status.EXPIRED, NOW + 72 * HOUR), "refused", "expired"),
        (told(Status.EXPIRED, NOW + 71 * HOUR + timedelta(minutes=3)), "check", "just-expired"),
        (told(post=PHU_BINH), "refused", "outside-area"),
        (told(at=local("2022-01-15T20:16")), "refused", "outside-hours"),
        (told(plate="20C99999"), "check", "plate-mismatch"),
    ],
)
def test_every_reason_has_its_own_code(judgement: Judgement, verdict: str, reason: str) -> None:
    assert (judgement.verdict, judgement.reason) == (verdict, reason)


def test_no_reason_names_a_disease() -> None:
    words = " ".join(Reason)
    assert not any(word in words for word in ("f0", "f1", "covid", "quarantine", "patient", "health"))


def test_the_graver_reason_is_told_first() -> None:
    assert told(Status.SUSPENDED, post=PHU_BINH).reason == "not-valid-now"
    assert told(post=PHU_BINH, at=local("2022-01-15T21:00")).reason == "outside-area"


def test_hours_have_a_grace_on_both_sides() -> None:
    assert told(at=local("2022-01-16T04:45")).verdict is Verdict.ALLOWED
    assert told(at=local("2022-01-16T04:44")).reason == "outside-hours"
    assert told(at=local("2022-01-15T20:14")).verdict is Verdict.ALLOWED


def test_a_trucker_of_the_night_window_comes_home_before_five_and_not_at_twenty_past() -> None:
    night = {
        "windows": (Window(EVERY_DAY, 20 * 60, 5 * 60),),
        "areas": ("173", "172", "165"),
        "valid_from": local("2022-01-14T18:00"),
        "valid_until": local("2022-01-17T18:00"),
    }
    for at, post in [("14T20:10", PHU_BINH), ("14T20:41", BA_HANG), ("15T04:55", PHU_BINH)]:
        assert told(at=local(f"2022-01-{at}"), post=post, **night).verdict is Verdict.ALLOWED
    assert told(at=local("2022-01-15T05:20"), post=PHU_BINH, **night).reason == "outside-hours"
    assert told(at=local("2022-01-15T10:00"), post=QUANG_VINH, **night).reason == "outside-area"


def test_a_weekday_window_over_midnight_belongs_to_the_day_it_starts() -> None:
    friday_night = {"windows": (Window(0b0010000, 22 * 60, 4 * 60),), "valid_from": NOW - 72 * HOUR}
    assert told(at=local("2022-01-14T23:00"), **friday_night).verdict is Verdict.ALLOWED
    assert told(at=local("2022-01-15T03:00"), **friday_night).verdict is Verdict.ALLOWED
    assert told(at=local("2022-01-15T23:00"), **friday_night).reason == "outside-hours"
    assert told(at=local("2022-01-14T03:00"), **friday_night).reason == "outside-hours"


def test_a_commune_district_or_province_on_the_permit_covers_the_post() -> None:
    for areas in (("05434",), ("164",), ("19",)):
        assert told(areas=areas).verdict is Verdict.ALLOWED
    assert told(areas=("05431",)).reason == "outside-area"
