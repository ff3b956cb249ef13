"""
Permits issued and scans uploaded per second through HTTP, against one thing at a time.

`python -m tests.load.bench.permits`. Both sides check a token, validate the same body, seal and sign (permits)
or strictly verify each code (scans) and store durably. The plain side issues in one MongoDB transaction per
request, and inserts the scans of an upload one by one. Nothing here is a bar yet: the ratios are printed.
"""

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.checkout import free_ports
from deploy.local.people import CHECKPOINTS
from deploy.local.stack import Stack
from tests.load.bench import running
from tests.load.bench.declarations import PlainSide
from tests.load.bench.people import caller, inhabitants
from tests.load.bench.wire import Load, crowd, exchange, request

CONNECTIONS, UPLOADERS = 32, 8
OURS, PLAIN = 1_500, 600
PER_UPLOAD, UPLOADS, PLAIN_UPLOADS = 100, 60, 12
CODES = 100


def main() -> None:
    """Measure both sides on the same servers, one after the other, twice."""
    with running.servers() as servers, running.stack(servers, "permit", mode="api") as stack:
        port = free_ports().start
        with PlainSide(stack, port, "tests.load.bench.plain_permits"):
            asyncio.run(_measure(stack, port))


async def _measure(stack: Stack, plain_port: int) -> None:
    await _place_checkpoints(stack)
    ours_port = stack.place.ports.permit
    officer, scanner = stack.token("permit_officer"), stack.token("checkpoint_officer")
    await crowd(ours_port, _applications(officer, 100, seed=1), connections=CONNECTIONS)
    for round_ in range(2):
        plain = await crowd(plain_port, _applications(officer, PLAIN, 10 + round_), connections=CONNECTIONS)
        ours = await crowd(ours_port, _applications(officer, OURS, 20 + round_), connections=CONNECTIONS)
        _say("permits, a transaction each", plain, 201)
        _say("permits, unit of work", ours, 201)
        print(f"ratio {ours.per_second / plain.per_second:.1f}x")
    for _ in range(2):
        plain = await crowd(
            plain_port, await _uploads(plain_port, officer, scanner, PLAIN_UPLOADS), connections=UPLOADERS
        )
        ours = await crowd(
            ours_port, await _uploads(ours_port, officer, scanner, UPLOADS), connections=UPLOADERS
        )
        _say("scans, an insert each", plain, 200, PER_UPLOAD)
        _say("scans, one ledger batch", ours, 200, PER_UPLOAD)
        print(f"ratio {ours.per_second / plain.per_second:.1f}x")


def _applications(token: str, count: int, seed: int) -> list[bytes]:
    now = datetime.now(UTC)
    bodies = (
        {
            "person": person.form(),
            "commune_code": person.commune_code,
            "category": "worker",
            "areas": ["19"],
            "valid_from": (now - timedelta(minutes=1)).isoformat(),
            "valid_until": (now + timedelta(hours=20)).isoformat(),
        }
        for person in inhabitants(count, seed)
    )
    return [request("POST", "/v1/permits", body, token, str(uuid.uuid4())) for body in bodies]


async def _uploads(port: int, officer: str, scanner: str, count: int) -> list[bytes]:
    """Uploads of scans, each new, of codes that this side itself has signed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    codes = []
    for sent in _applications(officer, CODES, seed=int(datetime.now(UTC).timestamp())):
        status, answer = await exchange(reader, writer, sent)
        if status != 201:
            raise SystemExit(f"no permit: {status} {answer[:300]!r}")
        codes.append(json.loads(answer)["qr"])
    writer.close()
    at = datetime.now(UTC).isoformat()

    def item(code: str, number: int) -> dict[str, Any]:
        return {
            "qr": code,
            "checkpoint_id": CHECKPOINTS[number % len(CHECKPOINTS)]["checkpoint_id"],
            "scan_id": str(uuid.uuid4()),
            "scanned_at": at,
            "verdict": "allowed",
            "reason_code": "valid",
        }

    bodies = [{"items": [item(codes[n % CODES], n) for n in range(PER_UPLOAD)]} for _ in range(count)]
    return [request("POST", "/v1/scans", body, scanner, str(uuid.uuid4())) for body in bodies]


async def _place_checkpoints(stack: Stack) -> None:
    call = caller(stack)
    for post in CHECKPOINTS:
        body = {name: value for name, value in post.items() if name != "checkpoint_id"}
        url = f"{call.at.permit}/v1/checkpoints/{post['checkpoint_id']}"
        await call.put(url, body, role="administrator", area="19")
    await call.close()


def _say(name: str, load: Load, wanted: int, each: int = 1) -> None:
    latency = f"p50 {load.percentile(0.5):.0f} ms, p99 {load.percentile(0.99):.0f} ms"
    print(f"{name:32} {load.per_second * each:7.0f}/s  {latency}  {load.statuses}")
    if set(load.statuses) != {wanted}:
        raise SystemExit("not everything was accepted: nothing to compare")


if __name__ == "__main__":
    main()
