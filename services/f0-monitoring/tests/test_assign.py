from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.kernel.areas import Area
from f0_monitoring.domain.assign import choose
from f0_monitoring.domain.commands import AssignDoctor, Candidate
from f0_monitoring.domain.decide import decide
from f0_monitoring.domain.errors import NoSuchDoctor
from f0_monitoring.domain.facts import DoctorAssigned
from f0_monitoring.domain.model import Profile

HERE = Area("05830", "173")
ADULT, CHILD = Profile(age_months=30 * 12), Profile(age_months=6 * 12)
PREGNANT = Profile(age_months=30 * 12, pregnant=True)
COMMUNE = Candidate("commune", ("05830",), (), capacity=50, load=10)
DISTRICT = Candidate("district", (), ("173",), capacity=50, load=0)
ELSEWHERE = Candidate("elsewhere", ("05431",), ("164",), capacity=50, load=0)


def chosen(*candidates: Candidate, profile: Profile = ADULT) -> tuple[str, str] | None:
    choice = choose("p-1", HERE, profile, candidates)
    return (choice.doctor_id, choice.reason) if choice else None


def test_the_commune_comes_before_the_district() -> None:
    assert chosen(DISTRICT, COMMUNE, ELSEWHERE) == ("commune", "commune")


def test_a_full_doctor_leaves_to_the_district() -> None:
    assert chosen(replace(COMMUNE, load=50), DISTRICT) == ("district", "district")


def test_off_duty_leaves_to_the_district() -> None:
    assert chosen(replace(COMMUNE, on_duty=False), DISTRICT) == ("district", "district")


def test_the_least_loaded_share_takes_the_patient() -> None:
    busy = replace(COMMUNE, doctor_id="busy", load=40, capacity=50)
    half = replace(COMMUNE, doctor_id="half", load=45, capacity=90)

    assert chosen(busy, half) == ("half", "commune")


@pytest.mark.parametrize(("profile", "speciality"), [(CHILD, "children"), (PREGNANT, "pregnancy")])
def test_a_speciality_that_fits_is_preferred(profile: Profile, speciality: str) -> None:
    specialist = replace(DISTRICT, doctor_id="specialist", specialities=(speciality,), load=30)

    assert chosen(COMMUNE, specialist, profile=profile) == ("specialist", "district-speciality")
    assert chosen(COMMUNE, specialist) == ("commune", "commune")


def test_when_all_are_full_the_least_loaded_on_duty_in_the_district_takes_it_and_the_reason_says_so() -> None:
    full = replace(COMMUNE, load=80)
    fuller = replace(DISTRICT, load=90)

    assert chosen(full, fuller, ELSEWHERE) == ("commune", "district-over-capacity")


def test_then_the_province() -> None:
    assert chosen(ELSEWHERE) == ("elsewhere", "province")
    assert chosen(replace(ELSEWHERE, load=50)) == ("elsewhere", "province-over-capacity")


def test_at_night_without_anybody_on_duty_somebody_still_is_the_doctor() -> None:
    assert chosen(replace(COMMUNE, on_duty=False), replace(ELSEWHERE, on_duty=False)) == (
        "commune",
        "nobody-on-duty-district",
    )
    assert chosen(replace(ELSEWHERE, on_duty=False)) == ("elsewhere", "nobody-on-duty")


doctors = st.builds(
    Candidate,
    doctor_id=st.uuids().map(str),
    commune_codes=st.sampled_from([(), ("05830",), ("05431",)]),
    district_codes=st.sampled_from([(), ("173",), ("164",)]),
    capacity=st.integers(1, 60),
    load=st.integers(0, 80),
    specialities=st.sampled_from([(), ("children",), ("pregnancy",)]),
    on_duty=st.booleans(),
)


@given(
    candidates=st.lists(doctors, min_size=1, max_size=8, unique_by=lambda d: d.doctor_id),
    profile=st.sampled_from([ADULT, CHILD, PREGNANT]),
)
def test_nobody_is_ever_without_a_doctor_and_the_order_of_the_roster_does_not_matter(
    candidates, profile
) -> None:
    choice = choose("p-1", HERE, profile, tuple(candidates))

    assert choice is not None
    assert choice == choose("p-1", HERE, profile, tuple(reversed(candidates)))


def test_equals_are_shared_out_evenly() -> None:
    equals = tuple(replace(COMMUNE, doctor_id=f"d-{n}") for n in range(4))
    taken = [choose(f"p-{n}", HERE, ADULT, equals).doctor_id for n in range(400)]

    assert all(60 < taken.count(f"d-{n}") < 140 for n in range(4))


def test_a_new_patient_gets_a_doctor_in_the_same_decision(diary, at) -> None:
    patient = diary.declare(at(10, 7), candidates=(COMMUNE, DISTRICT))

    assert (patient.carer_id, patient.carer_reason) == ("commune", "commune")
    [fact] = diary.told(DoctorAssigned)
    assert (fact.doctor_id, fact.from_doctor_id, fact.reason) == ("commune", None, "commune")


def test_without_a_roster_the_patient_waits_and_is_given_the_first_doctor_who_comes(diary, at) -> None:
    assert diary.declare(at(10, 7)).carer_id is None

    diary.do(AssignDoctor("p-1", (ELSEWHERE,), diary.officer), at(10, 8))

    assert diary.patient.carer_id == "elsewhere"


def test_an_officer_names_another_doctor_of_the_roster(diary, at) -> None:
    patient = diary.declare(at(10, 7), candidates=(COMMUNE,))
    by_hand = AssignDoctor("p-1", (COMMUNE, DISTRICT), diary.officer, doctor_id="district")

    after = decide(patient, by_hand, diary.rules, at(10, 8))

    assert after.state.carer_id == "district"
    assert (after.facts[0].from_doctor_id, after.facts[0].reason) == ("commune", "manual")
    with pytest.raises(NoSuchDoctor):
        decide(patient, replace(by_hand, doctor_id="unknown"), diary.rules, at(10, 8))
