"""Repeat runs without one protection. Each must then find the harm that it looks for."""

from tests.faults import kills, message_order
from tests.faults.results import Result

ONE_BY_ONE = {"kills": 0, "seed": 7, "moods": ["451x1"], "senders": ["loop"]}
LEASE = 60  # the normal lease: a worker that restarts sooner cannot claim the message


def require_failure(results, what):
    """Return a result that is met only if this figure breaks its promise."""
    highest = max(figure.found for figure in results if figure.what == what)
    return Result(f"harm found: {results[0].run}", what, highest, least=1)


def no_loop(rig, **options):
    lease, rig.lease = rig.lease, LEASE
    counts = kills.run(rig, **options, senders=["worker"])
    rig.lease = lease
    return require_failure(counts, "lost")


def no_reconciliation(rig, **options):
    return require_failure(kills.run(rig, **options, without=["reconciliation"]), "sent twice")


def no_lease(rig, **options):
    return require_failure(kills.run(rig, **options | {"kills": 1}, without=["reconciliation", "lease"]), "sent twice")


def no_supersede(rig, *, sequences):
    waits, rig.waits = rig.waits, 1.0  # a superseded message must be sent more than IN_HAND later
    counts = message_order.run(rig, sequences=sequences, without=["supersede"], until="overtaken", **ONE_BY_ONE)
    rig.waits = waits
    return require_failure(counts, "superseded and sent all the same")


def no_order(rig, *, sequences):
    counts = message_order.run(rig, sequences=sequences, without=["order"], until="older_after_newer", **ONE_BY_ONE)
    return require_failure(counts, "older message after a newer one")


def run(rig, *, messages, kills_made, sequences):
    options = {"messages": messages, "kills": kills_made, "seed": 7}
    return [
        no_loop(rig, **options),
        no_reconciliation(rig, **options),
        no_lease(rig, **options),
        no_supersede(rig, sequences=sequences),
        no_order(rig, sequences=sequences),
    ]
