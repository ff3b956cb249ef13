"""
The wall of the running system, from signing in to a changed number; partners; and the log read again.
"""

import asyncio
import json
import os
import sys
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer
from playwright.async_api import async_playwright, expect

from deploy.local import services as programs
from deploy.local.stack import Stack
from tests.browser.devices import ARGUMENTS, CHROMIUM, READY, WALL
from tests.integration.drivers import Town
from tests.integration.facts import FactLog
from tests.integration.services import eventually
from tests.integration.settled import settled

FOLD = "ioc-aggregation.fold"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
async def test_an_operator_signs_in_and_sees_a_commune_change(town: Town, stack: Stack) -> None:
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": WALL[0], "height": WALL[1]})
        await page.goto(stack.address("ioc_aggregation") + "/")
        await page.get_by_role("link").filter(has_text="IOC").first.click()
        await page.wait_for_selector(READY, timeout=60_000)
        await expect(page.locator(".live")).to_contain_text("Trực tiếp", timeout=30_000)
        tile = page.locator(f'.tile[data-code="{town.area.commune_code}"]')
        await expect(tile).to_have_attribute("class", "tile quiet", timeout=30_000)
        await town.officer.declares(town.somebody())
        await tile.click()
        await expect(page.locator(".kpi .n").first).to_have_text("1", timeout=30_000)
        await expect(page.locator(".system")).to_contain_text(
            "Đường truyền sự kiện hoạt động", timeout=30_000
        )
        await browser.close()


async def test_a_partner_starting_from_nothing_reads_the_state_and_then_the_changes(
    town: Town, stack: Stack
) -> None:
    await town.officer.declares(town.somebody())
    await eventually(town.ioc.figures, lambda figures: figures["f0_active"] == 1)
    seen: dict[str, dict[str, Any]] = {}
    consumer: Any = AIOKafkaConsumer(
        "ioc.areas.v1",
        bootstrap_servers=stack.place.kafka_bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            async for record in consumer:
                area = json.loads(record.value)
                assert record.key.decode() == area["area_code"]
                seen[area["area_code"]] = area
                if seen.get(town.area.commune_code, {}).get("metrics", {}).get("f0_active") == 1:
                    break
    finally:
        await consumer.stop()
    assert seen[town.area.commune_code]["area_level"] == "commune"
    assert "person" not in json.dumps(seen)


async def test_the_whole_log_read_again_gives_the_totals_of_the_running_service(
    town: Town, stack: Stack, log: FactLog
) -> None:
    await town.officer.declares(town.somebody())
    await eventually(town.ioc.figures, lambda figures: figures["f0_active"] == 1)
    for _ in range(3):  # other clocks of the system may have spoken meanwhile
        await settled(log, FOLD)
        told = await run_replay(stack)
        if told["equal"]:
            break
    assert told["differences"] == {}
    assert told["records"] > 0


async def run_replay(stack: Stack) -> dict[str, Any]:
    program = programs.service(stack.place, "ioc_aggregation")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ioc_aggregation", "replay",
        env={**os.environ, **program.environment}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    told: dict[str, Any] = json.loads(out[out.index(b"{") :])
    return told
