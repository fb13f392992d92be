"""A mail server that defers, refuses, hangs and disconnects."""

import time

from tests.faults.kills import delivered_within
from tests.faults.queue_messages import rows, write
from tests.faults.results import Result, SentMessages, clear, counted, exactly

# The server's behaviour, the final state of the message, and a step and code that must be in its log.
ROWS = (
    ("421x1", "sent", "deferred", 421),
    ("450x1", "sent", "deferred", 450),
    ("451x2", "sent", "deferred", 451),
    ("at450x1", "sent", "deferred", 450),
    ("550", "failed", "refused", 550),
    ("at550", "failed", "refused", 550),
    ("losex1", "sent", "unanswered", None),
    ("dropx1", "sent", "unanswered", None),
    ("hangx1", "sent", "unanswered", None),
)


def run(rig, *, each, good):
    name = f"SMTP, {len(ROWS)} kinds of reply"
    clear(rig.mail)
    rig.only(("loop", "worker"))
    bad = {row[0]: write(each, how=row[0]) for row in ROWS}
    began = time.monotonic()
    fine = write(good)
    delivered_within(fine, 60)
    until_good = time.monotonic() - began
    refused = bad["550"] + bad["at550"]
    delivered_within(refused, 60)
    until_refused = time.monotonic() - began
    delivered_within([key for keys in bad.values() for key in keys], 120)
    errors = [row[0] for row in ROWS if not all(ended_as(message, row) for message in rows(bad[row[0]]))]
    every = rows([*fine, *(key for row in ROWS if row[1] == "sent" for key in bad[row[0]])])
    counts = counted(rig.mail, every)
    handed = SentMessages(rig.mail)
    return [
        exactly(name, "replies that end in the wrong state" + "".join(f" {how}" for how in errors), len(errors), 0),
        exactly(name, "good addresses without their message", counts["lost"], 0),
        exactly(name, "sent twice", counts["twice"], 0),
        exactly(name, "refused and accepted all the same", sum(len(handed.of(row)) for row in rows(refused)), 0),
        Result(name, "longest wait of good addresses beside the bad ones", until_good, most=10, unit=" s"),
        Result(name, "time until permanent refusals have failed", until_refused, most=10, unit=" s"),
    ]


def ended_as(message, row):
    _how, state, step, code = row
    log = list(message.log.values_list("step", "code"))
    return message.state == state and (step, code) in log
