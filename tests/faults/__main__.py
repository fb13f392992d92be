"""`make faults`: measures our promises while things break. Prints each figure beside its promise.

Everything runs on this machine, for a limited time, and leaves no process behind. `make test` uses `--small`. Give
names of runs to choose some of them.
"""

import argparse
import signal
import subprocess
import sys
from contextlib import ExitStack

from tests.faults import (
    concurrency,
    delivery_times,
    kills,
    message_order,
    outages,
    refusals,
    results,
    throughput,
    without_protections,
)
from tests.faults.rig import Rig

SEEDS = (1, 2, 3)
SECONDS = " s"


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("runs", nargs="*", choices=[[], *RUNS])
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that each rig ends its processes
    if options.small:
        return report_failures(run_all_small())
    if len(options.runs) == 1:
        return report_failures(RUNS[options.runs[0]]())
    # Each run has its own process, because settings are read once and each run has its own servers.
    commands = [[sys.executable, "-m", "tests.faults", name] for name in options.runs or RUNS]
    return max(failed([command]) for command in commands)


def failed(commands):
    """Run the commands in parallel and return how many failed. None outlives this process."""
    with ExitStack() as stack:
        processes = [stack.enter_context(subprocess.Popen(command)) for command in commands]
        try:
            return sum(process.wait() != 0 for process in processes)
        except BaseException:
            for process in processes:
                process.terminate()
            raise


def report_failures(found):
    results.show(found)
    return 0 if all(figure.is_met for figure in found) else 1


def run_all_small():
    """Run a few of each kind on one rig, with a short lease and short delays. Leave out times, which mean little."""
    with Rig(linger=0.02, lease=3, waits=0.1) as rig:
        rig.start_redis()
        figures = [
            *kills.run(rig, messages=30, kills=2, seed=1),
            *refusals.run(rig, each=1, good=10),
            *message_order.run(rig, sequences=8, kills=1, seed=1),
            # With so many messages the loop sends some for longer than its other sender sleeps, even on a fast machine.
            without_protections.no_lease(rig, messages=100, kills=1, seed=7, senders=["loop"], until="twice"),
            without_protections.no_supersede(rig, sequences=8),
        ]
        return [figure for figure in figures if figure.unit != SECONDS]


def run_kills():
    with Rig(linger=0.01) as rig:
        rig.start_redis()
        return [figure for seed in SEEDS for figure in kills.run(rig, messages=1000, kills=50, seed=seed)]


def run_delivery_times(submissions=100, scheduled=10, refused=20):
    with Rig() as rig:
        rig.start_redis()
        rig.start_web()
        rig.only(["loop", "worker"])
        return delivery_times.run(rig, submissions=submissions, scheduled=scheduled, refused=refused)


def run_smtp():
    with Rig() as rig:
        rig.start_redis()
        return refusals.run(rig, each=5, good=200)


def run_order():
    with Rig() as rig:
        rig.start_redis()
        return message_order.run(rig, sequences=1000, kills=40, seed=1)


def run_without_protections():
    with Rig(linger=0.03, lease=3) as rig:
        rig.start_redis()
        return without_protections.run(rig, messages=100, kills_made=5, sequences=10)


def run_redis(submissions=200, schedulings=50, *, comes_back=False):
    with Rig() as rig:
        rig.start_web()
        rig.only(["loop"])
        return outages.redis_down(rig, submissions=submissions, schedulings=schedulings, comes_back=comes_back)


def run_redis_back(submissions=200, schedulings=50):
    return run_redis(submissions, schedulings, comes_back=True)


def run_postgres(submissions=600, crashes=5):
    with Rig() as rig:
        rig.start_redis()
        rig.start_web()
        rig.only(["loop", "worker"])
        return outages.postgres_crashes(rig, submissions=submissions, crashes=crashes)


def run_races(inspectors=64, rounds=30):
    with Rig() as rig:
        rig.start_web()
        return concurrency.run(rig, inspectors=inspectors, rounds=rounds)


def run_throughput():
    with Rig() as rig:
        rig.start_redis()
        return throughput.run(rig, messages=1000)


def run_sequences(parts=4):
    """Compare random sequences of actions with the model, in parts of 500 (docs/rules.md#statuses-and-transitions)."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--hypothesis-profile=full",
        "tests/bookings/test_action_sequences.py",
    ]
    seeds = [[*command, f"--hypothesis-seed={part}"] for part in range(1, parts + 1)]
    what = "parts of 500 sequences in which one differs from the model"
    return [results.exactly("sequences", what, failed(seeds), 0)]


RUNS = {
    "delivery_times": run_delivery_times,
    "kills": run_kills,
    "smtp": run_smtp,
    "order": run_order,
    "throughput": run_throughput,
    "races": run_races,
    "sequences": run_sequences,
    "without_protections": run_without_protections,
    "redis": run_redis,
    "redis-back": run_redis_back,
    "postgres": run_postgres,
}

if __name__ == "__main__":
    sys.exit(main())
