"""
How much a full strict verification costs beside the bare signature check, in the same run.

    python tests/load/bench_verify.py

Interleaved rounds and the quietest round of each, because the machine has other work. Bar: less than
twice the raw ES256 check plus 100 microseconds, and less than a millisecond.
"""

import gc
import sys
from collections.abc import Callable
from time import perf_counter_ns

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from common.credential import travel_permit
from common.credential.keys import public_key
from libs.common.tests.credential.samples import CURRENT, NOW, permit, trust

ROUNDS = 200
CALLS = 20
SLACK_MICROSECONDS = 100
MOST_MICROSECONDS = 1_000


def quietest(acts: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the microseconds per call of each act in its quietest round."""
    best = dict.fromkeys(acts, float("inf"))
    for _ in range(ROUNDS):
        for name, act in acts.items():
            start = perf_counter_ns()
            for _ in range(CALLS):
                act()
            best[name] = min(best[name], (perf_counter_ns() - start) / CALLS / 1_000)
    return best


def main() -> int:
    """Measure, print, and return 1 if a bar is missed."""
    text, trusted = travel_permit.sign(permit(), CURRENT), trust()
    public, algorithm = public_key(CURRENT.spki), ec.ECDSA(SHA256())
    data = b"x" * 180
    raw = CURRENT.sign(data)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    gc.disable()
    best = quietest(
        {
            "raw": lambda: public.verify(der, data, algorithm),
            "full": lambda: travel_permit.verify(text, trusted, NOW),
            "sign": lambda: travel_permit.sign(permit(), CURRENT),
        }
    )
    bar = min(2 * best["raw"] + SLACK_MICROSECONDS, MOST_MICROSECONDS)
    print(f"raw ES256 verify     {best['raw']:7.1f} us")
    ratio = best["full"] / best["raw"]
    print(f"full strict verify   {best['full']:7.1f} us   {ratio:.2f} x raw, bar {bar:.1f} us")
    print(f"full sign            {best['sign']:7.1f} us")
    return 0 if best["full"] < bar else 1


if __name__ == "__main__":
    sys.exit(main())
