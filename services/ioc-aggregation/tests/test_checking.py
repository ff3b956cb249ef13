"""The nightly comparison with the log is shown to operators and measured."""

from datetime import UTC, datetime

from common.metrics import exposition
from common.testing.sign_in import bearer
from ioc_aggregation.ports import Check
from ioc_aggregation.store import MemoryChecks
from ioc_aggregation.views.checking import Checking

AT = datetime(2022, 1, 10, 19, 20, tzinfo=UTC)
OPERATOR = bearer("ioc_operator", ["19"])


async def test_the_last_comparison_is_a_measure() -> None:
    checks = MemoryChecks()
    checking = Checking(checks)
    await checking.look()
    assert b"lachan_figures_checked_timestamp_seconds 0.0" in exposition()
    await checks.put(Check(AT, 3, 1_000, 12.5))
    await checking.look()
    told = exposition().decode()
    assert "lachan_figures_differing 3.0" in told
    seconds = next(line for line in told.splitlines() if line.startswith("lachan_figures_checked_timestamp"))
    assert float(seconds.split()[1]) == AT.timestamp()


async def test_operators_see_it_with_the_state_of_the_system(running):
    assert (await running.get("/v1/system", OPERATOR))["last_check"] is None
    checking = next(each for each in running.service.background if isinstance(each, Checking))
    checking.last = Check(AT, 0, 1_000, 12.5)
    assert (await running.get("/v1/system", OPERATOR))["last_check"] == {
        "at": "2022-01-10T19:20:00Z",
        "is_equal": True,
        "differing": 0,
        "records": 1_000,
        "seconds": 12.5,
    }
