"""The same runs with one protection taken out: each must find the harm that it is there to find."""

from tests.faults import kills
from tests.faults import message_order as order
from tests.faults.results import Result

ONE_BY_ONE = {"kills": 0, "seed": 7, "moods": ["451x1"], "senders": ["loop"]}
LEASE = 60  # the real one: a worker that comes back sooner finds nothing to take up


def require_failure(results, what):
    """The figure that has to be missed now."""
    found = max(figure.found for figure in results if figure.what == what)
    return Result(f"teeth: {results[0].run}", what, found, least=1)


def no_loop(rig, **options):
    lease, rig.lease = rig.lease, LEASE
    found = kills.run(rig, **options, senders=["worker"])
    rig.lease = lease
    return require_failure(found, "lost")


def no_reconciliation(rig, **options):
    return require_failure(kills.run(rig, **options, without=["reconciliation"]), "handed twice")


def no_lease(rig, **options):
    return require_failure(
        kills.run(rig, **options | {"kills": 1}, without=["reconciliation", "lease"]), "handed twice"
    )


def no_supersede(rig, *, sequences):
    waits, rig.waits = rig.waits, 1.0  # what was overtaken has to go longer than IN_HAND after it was
    found = order.run(rig, sequences=sequences, without=["supersede"], until="overtaken", **ONE_BY_ONE)
    rig.waits = waits
    return require_failure(found, "overtaken, and handed over afterwards")


def no_order(rig, *, sequences):
    found = order.run(rig, sequences=sequences, without=["order"], until="older_after_newer", **ONE_BY_ONE)
    return require_failure(found, "an older one after a newer one")


def run(rig, *, messages, kills_made, sequences):
    options = {"messages": messages, "kills": kills_made, "seed": 7}
    return [
        no_loop(rig, **options),
        no_reconciliation(rig, **options),
        no_lease(rig, **options),
        no_supersede(rig, sequences=sequences),
        no_order(rig, sequences=sequences),
    ]
