"""What the scanner keeps on a device is there to be fetched, and is all that the page loads."""

import json
import re

from permit.app import PAGES
from permit.views import offline
from services.permit.tests.conftest import Province

_IMPORT = re.compile(r"from '(\.[^']+)'")


async def test_every_file_of_the_offline_copy_is_served(province: Province) -> None:
    for address in offline.shell_files():
        assert (await province.client.get(address)).status_code == 200, address


async def test_every_script_that_the_page_loads_is_in_the_offline_copy(province: Province) -> None:
    known, open_files, seen = set(offline.shell_files()), [PAGES / "scan.js"], set()
    while open_files:
        file = open_files.pop()
        seen.add(file)
        assert f"/pages/{file.relative_to(PAGES).as_posix()}" in known
        found = {(file.parent / path).resolve() for path in _IMPORT.findall(file.read_text("utf-8"))}
        open_files += found - seen
    worker = (await province.client.get("/scan-worker.js")).text
    assert "__VERSION__" not in worker
    assert "__SHELL__" not in worker


async def test_places_have_names_without_a_network(province: Province) -> None:
    names = (await province.client.get("/scan-places.json")).json()
    assert names["19"] == "Tỉnh Thái Nguyên"
    assert len(names) == 188
    assert json.loads((await province.client.get("/scan.webmanifest")).text)["display"] == "standalone"
