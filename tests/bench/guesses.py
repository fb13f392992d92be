"""`python -m tests.bench.guesses`: half a million guesses in a day, and how many of them would be hashed.

It asks the limits directly, at the moments when the guesses would come. Nothing is hashed, and no page is asked for.
"""

import datetime
import os
import random
import sys
import time

from tests.support.stack import Stack

GUESSES = int(os.environ.get("GUESSES", "500000"))
DAY = datetime.timedelta(days=1)
NAMES, NETWORKS = 200, 1_000
SCENES = {
    f"{NAMES} names from {NETWORKS} networks": (NAMES, NETWORKS),
    "one name, each time from another network": (1, None),
    "one network, each time another name": (None, 1),
}


def main():
    with Stack() as stack:
        for name in ("beat", "worker", "loop", "web"):
            stack.hold(name)
        os.environ |= stack.environment() | {"DJANGO_SETTINGS_MODULE": "walkandtalk.settings"}
        import django

        django.setup()
        for number, (scene, (names, networks)) in enumerate(SCENES.items()):
            # Each on a day of its own, so that they share no counts.
            start = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC) + number * DAY
            show(scene, names, networks, start)


def show(scene, names, networks, start):
    began = time.monotonic()
    hashed = sum(is_hashed(guess, names, networks, start) for guess in range(GUESSES))
    took = time.monotonic() - began
    print(f"{hashed:>8} of {GUESSES} would be hashed: {scene} ({took / GUESSES * 1000:.2f} ms a guess)", flush=True)


def is_hashed(guess, names, networks, start):
    from django.test import RequestFactory

    from accounts.models import RateCount
    from accounts.password_tries.tries import try_to_sign_in

    chosen = random.Random(guess)  # the same in every run
    name = chosen.randrange(names) if names else guess
    network = chosen.randrange(networks) if networks else guess
    now = start + DAY * guess / GUESSES
    request = RequestFactory().get("/", REMOTE_ADDR=f"10.{network >> 16}.{network >> 8 & 255}.{network & 255}")
    limits = try_to_sign_in(request, f"name-{name}@example.com", None).limits
    return not (RateCount.objects.find_reached(limits, now=now) or RateCount.objects.take(limits, now=now))


if __name__ == "__main__":
    sys.exit(main())
