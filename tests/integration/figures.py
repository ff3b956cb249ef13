"""The commands of ioc-aggregation that check the figures against the log."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from deploy.local import services as local
from deploy.local.stack import Stack

ROOT = Path(__file__).parents[2]


async def ioc(stack: Stack, *words: str) -> Any:
    """Run a command with the settings of the running service; return what it prints, which is JSON."""
    place = stack.place
    own = local.own_environment(place, "ioc_aggregation", place.ports.ioc_aggregation)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ioc_aggregation", *words),
        cwd=ROOT,
        env={**os.environ, **local.environment(place), **own},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()[-2000:]
    return json.loads(out)
