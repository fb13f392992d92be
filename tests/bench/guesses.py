"""`python -m tests.bench.guesses`: half a million guesses in a day, and how many of them would be hashed.

It asks for the limits of each guess, at the moment when it would come, and counts them in memory as PostgreSQL does.
Nothing is hashed, and no page is asked for. tests/accounts/test_wrong_passwords.py counts fewer guesses in PostgreSQL.
"""

import datetime
import os
import random
from collections import Counter

GUESSES = int(os.environ.get("GUESSES", "500000"))
DAY = datetime.timedelta(days=1)
MIDNIGHT = datetime.datetime(2027, 1, 1, tzinfo=datetime.UTC)
SCENES = {
    "200 names from 1,000 networks": (200, 1_000),
    "one name, each time from another network": (1, GUESSES),
    "one network, each time another name": (GUESSES, 1),
}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "walkandtalk.settings")
    import django

    django.setup()
    for scene, (names, networks) in SCENES.items():
        counts = Counter()
        hashed = sum(is_hashed(guess, names, networks, counts) for guess in range(GUESSES))
        print(f"{hashed:>8} of {GUESSES} guesses would be hashed: {scene}", flush=True)


def is_hashed(guess, names, networks, counts):
    from django.http import HttpRequest

    from accounts.limits import window_start
    from accounts.password_tries.tries import try_to_sign_in

    chosen = random.Random(guess)  # the same in every run
    name = guess if names == GUESSES else chosen.randrange(names)
    network = guess if networks == GUESSES else chosen.randrange(networks)
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = f"10.{network >> 16}.{network >> 8 & 255}.{network & 255}"
    now = MIDNIGHT + DAY * guess / GUESSES
    limits = try_to_sign_in(request, f"name-{name}@example.com", None).limits
    keys = {(limit.key, window_start(limit.window, now)): limit for limit in limits}
    if any(counts[key] >= limit.limit for key, limit in keys.items()):
        return False
    counts.update(keys.keys())
    return True


if __name__ == "__main__":
    main()
