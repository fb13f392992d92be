"""Run the worker or the loop, if asked without some of its protections. Nothing else can switch them off.

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
    parser.add_argument("--lease", type=float, default=0.0, help="seconds; 0 keeps the normal lease")
    parser.add_argument("--waits", type=float, default=1.0, help="factor for the delays between attempts")
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
    """Any sender may claim a message that another is sending, and does not check again before the content."""
    from outbox.sending import claims, delivery

    claims.LEASE = timedelta(0)
    delivery.renew_lease = lambda message: None


def without_supersede():
    """Superseded messages are sent all the same."""
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
    """Any due message is sent, even if it is superseded or an older one in its thread is waiting."""
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
