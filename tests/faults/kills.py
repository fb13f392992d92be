"""Kill workers and loops repeatedly in the middle of their work."""

import random
import time
from itertools import pairwise

from tests.faults.queue_messages import rows, write
from tests.faults.results import Result, clear, counted, exactly

RECOVERY = 90


def run(rig, *, messages, kills, seed, without=(), senders=("worker", "loop"), patience=150, until=""):
    """Write bursts of messages, and during each kill the worker or the loop, with all child processes.

    `until` names the harm that must occur. Once it has, the run does not wait for the remaining messages.
    """
    name = f"{kills} kills, seed {seed}" + "".join(f", no {protection}" for protection in without)
    name += "".join(f", no {sender}" for sender in ("worker", "loop") if sender not in senders)
    by_chance = random.Random(seed)
    clear(rig.mail)
    rig.only(senders, without=without)
    written = []
    for number in range(kills):
        written += write(messages // kills, label=f"kills-{name}-{number}")
        time.sleep(by_chance.uniform(0.02, 0.4))
        victim = by_chance.choice(senders)
        rig.kill(victim)
        rig.start_sender(victim, without=without)
    delivered_within(
        written,
        patience if "loop" in senders else RECOVERY / 6,
        unless=lambda: until and counted(rig.mail, rows(written))[until],
    )
    counts = counted(rig.mail, rows(written))
    return [
        exactly(name, "lost", counts["lost"], 0),
        exactly(name, "sent with an unknown id", counts["unknown"], 0),
        Result(name, "sent twice", counts["twice"], most=kills * 2 if "reconciliation" in without else 0),
        Result(name, "slowest recovery from one kill", _slowest_recovery(written), most=RECOVERY, unit=" s"),
        Result(name, "longest wait, if kills hit one message repeatedly", counts["slowest"], least=0, unit=" s"),
    ]


def _slowest_recovery(written):
    """Return the longest time in seconds from a killed attempt to the next attempt of the same message."""
    from outbox.models import Attempt
    from outbox.statuses import Step

    tries = Attempt.objects.filter(message__in=written, step=Step.STARTED).order_by("message", "number")
    rows = list(tries.values_list("message", "at"))
    gaps = [(after - at).total_seconds() for (one, at), (other, after) in pairwise(rows) if one == other]
    return max(gaps, default=0)


def delivered_within(written, seconds, *, unless=lambda: False):
    from outbox.statuses import UNSENT

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and rows(written).filter(state__in=UNSENT).exists() and not unless():
        time.sleep(0.2)
