"""All bars in one go: `make bench`, or `python -m tests.load.bench assess fold ...` for some of them."""

import subprocess
import sys

BENCHMARKS = {
    "assess": "tests.load.bench.assess",
    "declarations": "tests.load.bench.declarations",
    "staff-list": "tests.load.bench.staff_list",
    "permits": "tests.load.bench.permits",
    "latency": "tests.load.bench.latency",
    "fold": "tests.load.bench_fold",
    "verify": "tests.load.bench_verify",
    "journal": "tests.load.bench.journal",
    "worklist": "tests.load.bench.worklist",
    "revocations": "tests.load.bench.revocation_list",
    "rollout": "tests.load.bench.rollout",
    "scanner": "tests.load.bench.scanner",
    "ruleset-change": "tests.load.bench.ruleset_change",
    "absence": "tests.load.bench.absence",
    "stay-list": "tests.load.bench.stay_list",
    "case-list": "tests.load.bench.case_list",
    "storm": "tests.load.bench.storm",
    "ioc-api": "tests.load.bench.ioc_api",
}


def main(names: list[str]) -> int:
    """Run the named benchmarks one after the other, each in its own process; all when none is named."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
        return 2
    worst = 0
    for name in names or BENCHMARKS:
        print(f"\n== {name}", flush=True)
        worst = max(worst, subprocess.run([sys.executable, "-m", BENCHMARKS[name]], check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
