"""The published figures are those of the rules as they are, and say what they ought to."""

from f0_monitoring.rulebook.accuracy import Measured, read_accuracy
from tests.load.accuracy.measure import QUICK, ROOT, SEED, digest, quick
from tests.load.accuracy.watched import SEVERE_ADULT, draw

KEPT = read_accuracy(ROOT / "rules")
WRITE_AGAIN = "run `python -m tests.load.accuracy` and commit rules/risk/accuracy"


def row(version: str, way: str) -> Measured:
    assert KEPT is not None, WRITE_AGAIN
    [found] = [one for one in KEPT.rows if one.rules == version and one.way == way]
    return found


def test_the_figures_are_of_the_rules_as_they_are() -> None:
    assert KEPT is not None
    assert KEPT.inputs == digest(), WRITE_AGAIN
    assert KEPT.quick == quick(), WRITE_AGAIN


def test_a_seed_fixes_everybody() -> None:
    assert draw(SEED, QUICK) == draw(SEED, QUICK)
    assert draw(SEED + 1, {SEVERE_ADULT: 2}) != draw(SEED, {SEVERE_ADULT: 2})


def test_measuring_again_is_worth_it() -> None:
    """261 taken literally calls for well people in one of four declarations; measured again it calls for fewer."""
    printed, again = row("261-2022", "literal"), row("261-2022", "remeasured")
    assert printed.false_per_100 is not None
    assert again.false_per_100 is not None
    assert printed.sensitivity_declaring is not None
    assert again.sensitivity_declaring is not None
    assert 20 < printed.false_per_100 < 34, "the reference model has 26.6"
    assert again.false_per_100 < printed.false_per_100 * 0.7
    assert printed.sensitivity_declaring - again.sensitivity_declaring < 0.03


def test_a_score_alone_comes_too_late() -> None:
    """The reference model: NEWS2 catches 64 % of those who declare, and 17 % before 92 %."""
    alone, trend = row("news2-2017", "literal"), row("trend-2021", "remeasured")
    assert alone.before_turn is not None
    assert trend.before_turn is not None
    assert alone.before_turn < trend.before_turn / 2


def test_hearing_silence_finds_those_who_stopped_declaring() -> None:
    for version in {one.rules for one in KEPT.rows if one.way == "service"} if KEPT else ():
        heard, unheard = row(version, "service").sensitivity, row(version, "unheard").sensitivity
        assert heard is not None
        assert unheard is not None
        assert heard >= unheard
