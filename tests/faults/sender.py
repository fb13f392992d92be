"""The worker or the loop as they are, or with one of their protections taken out: only here can that be done.

`python -m tests.faults.sender loop --lease=3 --without=supersede`
"""

import argparse
import logging
from datetime import timedelta

import django

PROTECTIONS = ("reconciliation", "lease", "supersede", "order")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", choices=["worker", "loop"])
    parser.add_argument("--lease", type=float, default=0.0, help="seconds; 0: as it is")
    parser.add_argument("--waits", type=float, default=1.0, help="how much of the waits between two tries")
    parser.add_argument("--without", action="append", choices=PROTECTIONS, default=[])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    django.setup()
    change_lease(options.lease)
    change_waits(options.waits)
    for name in options.without:
        globals()[f"without_{name}"]()
    if options.program == "loop":
        run_loop(options.threads)
    else:
        run_worker(options.threads)


def change_lease(seconds):
    from outbox.sending import claims

    if seconds:
        claims.LEASE = timedelta(seconds=seconds)


def change_waits(share):
    from outbox.sending import delivery

    delivery.RETRY_DELAYS = [wait * share for wait in delivery.RETRY_DELAYS]


def without_reconciliation():
    from django.conf import settings

    settings.EMAIL_RECONCILER = ""


def without_lease():
    """Whoever comes by takes the message, in hand or not, and nobody looks again before the content goes."""
    from outbox.sending import claims, delivery

    claims.LEASE = timedelta(0)
    delivery.renew_lease = lambda message: None


def without_supersede():
    """Newer news is written, and what it replaces is sent all the same."""
    from django.db.models import Q

    from outbox.models import Message, MessageQuerySet
    from outbox.sending import claims, delivery
    from outbox.statuses import State

    delivery.renew_lease = lambda message: None
    claims.expire_overdue = delivery.expire_overdue = lambda: None
    claimable = MessageQuerySet.claimable

    def all_of_them(self, now):
        overtaken = Q(state=State.SUPERSEDED, next_at__lte=now, attempts__lt=5)
        return (claimable(self, now) | Message.objects.filter(overtaken)).order_by("number")

    MessageQuerySet.claimable = all_of_them


def without_order():
    """Whatever is due goes, overtaken or not, and whether or not something older still waits in its thread."""
    from django.db.models import Q

    from outbox.models import MessageQuerySet
    from outbox.statuses import WAITING, State

    without_supersede()

    def any_due(self, now):
        return self.filter(Q(state__in=[*WAITING, State.SUPERSEDED]), next_at__lte=now, attempts__lt=5)

    MessageQuerySet.claimable = any_due


def run_loop(threads):
    from django.core.management import call_command

    call_command("run_outbox", "--interval=0.5", f"--senders={threads}")


def run_worker(threads):
    from walkandtalk.celery import app

    logging.getLogger("celery").setLevel(logging.INFO)
    options = [f"--concurrency={threads}", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    app.worker_main(["worker", *options])


if __name__ == "__main__":
    main()
