"""How often a wrong password may be tried, decided before any is hashed (docs/rules.md#wrong-passwords)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.limits import RateLimit
from accounts.models import RateCount
from accounts.password_tries.known_browsers import find_mark
from accounts.password_tries.lanes import KNOWN, STRANGERS, Lane, TooBusy, slow_down
from boroughs.models.officers import Officer
from walkandtalk.lib.network import client_address

QUARTER_OF_AN_HOUR = datetime.timedelta(minutes=15)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


class TooManyTries(Exception):
    """These limits allow no more tries until the moment `ends_at`."""

    def __init__(self, reached: list[RateLimit], *, ends_at: datetime.datetime, is_known: bool) -> None:
        super().__init__()
        self.reached = reached
        self.ends_at = ends_at
        self.is_known = is_known  # another browser would not help her


@dataclass(frozen=True)
class PasswordTry:
    """One password to check: what counts it if it is wrong, and where it waits for its turn."""

    limits: tuple[RateLimit, ...]
    lane: Lane


def try_to_sign_in(request: HttpRequest, name: str, account: Officer | None) -> PasswordTry:
    """Return what counts a password for this name. `account` is the one with this name, if there is one.

    A browser on which she has signed in before is counted by itself, so that nobody else can lock her out.
    """
    mark = find_mark(request, account)
    if mark is not None:
        most = settings.WRONG_PASSWORDS_PER_KNOWN_BROWSER
        limits = (
            RateLimit(f"passwords on {mark}", QUARTER_OF_AN_HOUR, most),
            RateLimit(f"passwords on {mark} in a day", DAY, settings.WRONG_PASSWORDS_PER_NAME_A_DAY),
        )
        return PasswordTry(limits, KNOWN)
    # The account's own spelling, because the database may know more spellings of one name than we do.
    folded = (account.email if account is not None else name).strip().upper()
    network = client_address(request)
    limits_of_strangers = (
        RateLimit(f"passwords of {folded} from {network}", QUARTER_OF_AN_HOUR, settings.WRONG_PASSWORDS_PER_PAIR),
        RateLimit(f"passwords from {network}", QUARTER_OF_AN_HOUR, settings.WRONG_PASSWORDS_PER_NETWORK),
        RateLimit(f"passwords of {folded}", HOUR, settings.WRONG_PASSWORDS_PER_NAME),
        RateLimit(f"passwords of {folded} in a day", DAY, settings.WRONG_PASSWORDS_PER_NAME_A_DAY),
    )
    return PasswordTry(limits_of_strangers, STRANGERS)


def try_while_signed_in(officer: Officer) -> PasswordTry:
    """Return what counts a password that someone who is signed in enters again. Only her own sessions can use it up."""
    most = settings.WRONG_PASSWORDS_PER_KNOWN_BROWSER
    return PasswordTry((RateLimit(f"passwords again of {officer.pk}", QUARTER_OF_AN_HOUR, most),), KNOWN)


@contextmanager
def count_if_wrong(password: PasswordTry) -> Iterator[None]:
    """Check the password in this block, if the limits allow one more. It was wrong if the block raises.

    It is counted before the check and given back if it was right, so that parallel tries get no extra one. Raise
    TooManyTries or TooBusy instead of checking.
    """
    now = timezone.now()
    _refuse_beyond(RateCount.objects.find_reached(password.limits, now=now), password.lane, now)
    with password.lane.hold_thread():
        _refuse_beyond(RateCount.objects.take(password.limits, now=now), password.lane, now)
        try:
            with password.lane.wait_for_turn():
                yield
        except TooBusy:
            RateCount.objects.give_back(password.limits, now=now)
            raise
    RateCount.objects.give_back(password.limits, now=now)


def _refuse_beyond(reached: list[RateLimit], lane: Lane, now: datetime.datetime) -> None:
    if reached:
        slow_down()
        ends_at = max(limit.window_end(now) for limit in reached)
        raise TooManyTries(reached, ends_at=ends_at, is_known=lane is KNOWN)
