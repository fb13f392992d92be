"""How often a wrong password may be tried, decided before any is hashed (docs/rules.md#wrong-passwords)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from accounts.limits import RateLimit
from accounts.models import RateCount
from accounts.password_tries.known_browsers import find_mark
from accounts.password_tries.lanes import KNOWN, STRANGERS, Lane, TooBusy, slow_down
from boroughs.models.officers import Officer
from walkandtalk.lib.network import client_address, provider_network

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


@dataclass(frozen=True, kw_only=True)
class PasswordTry:
    """One password to check: what counts it, and where it waits for its turn.

    A try that waits for a thread holds it for its network, or for the person who is signed in.
    """

    limits: tuple[RateLimit, ...]  # of wrong ones
    lane: Lane
    account: str
    holder: str
    is_known: bool = True
    used_up: tuple[RateLimit, ...] = ()  # those of a known browser, which is now treated as any other

    @property
    def counted(self) -> tuple[RateLimit, ...]:
        """Return what counts it before it is checked: the limits of wrong ones, and that of all checks."""
        return (*self.limits, _limit_of_checks(self.lane, self.account))


def try_to_sign_in(request: HttpRequest, name: str, account: Officer | None) -> PasswordTry:
    """Return what counts a password for this name. `account` is the one with this name, if there is one.

    A browser on which she has signed in before is counted by itself, so that nobody else can lock her out. When it has
    used up its tries, it has those of any other browser.
    """
    network = client_address(request)
    holder, mark = provider_network(network), find_mark(request, account)
    used_up: tuple[RateLimit, ...] = ()
    if mark is not None and account is not None:
        known = PasswordTry(limits=_limits_of_mark(mark), lane=KNOWN, account=str(account.pk), holder=holder)
        used_up = tuple(RateCount.objects.find_reached(known.counted, now=timezone.now()))
        if not used_up:
            return known
    # The account's own spelling, because the database may know more spellings of one name than we do.
    folded = (account.email if account is not None else name).strip().upper()
    return PasswordTry(
        limits=(*_limits_of_name(folded, network), *_limits_of_network(network)),
        lane=STRANGERS,
        account=folded,
        holder=holder,
        is_known=mark is not None,
        used_up=used_up,
    )


def try_while_signed_in(officer: Officer) -> PasswordTry:
    """Return what counts a password that someone who is signed in enters again. Only her own sessions can use it up."""
    most = settings.WRONG_PASSWORDS_PER_KNOWN_BROWSER
    limit = RateLimit(f"passwords again of {officer.pk}", QUARTER_OF_AN_HOUR, most)
    return PasswordTry(limits=(limit,), lane=KNOWN, account=str(officer.pk), holder=_signed_in(officer))


@contextmanager
def count_if_wrong(password: PasswordTry) -> Iterator[None]:
    """Check the password in this block, if the limits allow one more. It was wrong if the block raises ValidationError.

    It is counted before the check and given back if it was not wrong, so that parallel tries get no extra one. Raise
    TooManyTries or TooBusy instead of checking.
    """
    now = timezone.now()
    try:
        _refuse_beyond(RateCount.objects.find_reached(password.counted, now=now), password, now)
        with password.lane.hold_thread(password.holder):
            _refuse_beyond(RateCount.objects.take(password.counted, now=now), password, now)
            with _given_back_unless_wrong(password, now), password.lane.wait_for_turn(password.account):
                yield
    except (TooManyTries, TooBusy):
        slow_down()  # here, because nothing is held any more
        raise


@contextmanager
def hash_in_turn(officer: Officer) -> Iterator[None]:
    """Hash the new password of someone who is signed in, in this block. Raise TooBusy instead."""
    with KNOWN.hold_thread(_signed_in(officer)), KNOWN.wait_for_turn(str(officer.pk)):
        yield


@contextmanager
def _given_back_unless_wrong(password: PasswordTry, now: datetime.datetime) -> Iterator[None]:
    """Give back what this block has counted. An error of the database, for example, says nothing of the password."""
    given_back = password.limits
    try:
        yield
    except ValidationError:
        given_back = ()
        raise
    except TooBusy:
        given_back = password.counted
        raise
    finally:
        RateCount.objects.give_back(given_back, now=now)


def _refuse_beyond(reached: list[RateLimit], password: PasswordTry, now: datetime.datetime) -> None:
    """Raise TooManyTries if a limit is reached. A known browser that has used up its tries may go on with either."""
    if reached:
        ways = [reached, password.used_up] if password.used_up else [reached]
        ends_at = min(max(limit.window_end(now) for limit in way) for way in ways)
        raise TooManyTries(reached, ends_at=ends_at, is_known=password.is_known)


def _limits_of_mark(mark: str) -> tuple[RateLimit, ...]:
    return (
        RateLimit(f"passwords on {mark}", QUARTER_OF_AN_HOUR, settings.WRONG_PASSWORDS_PER_KNOWN_BROWSER),
        RateLimit(f"passwords on {mark} in a day", DAY, settings.WRONG_PASSWORDS_PER_NAME_A_DAY),
    )


def _limits_of_name(name: str, network: str) -> tuple[RateLimit, ...]:
    return (
        RateLimit(f"passwords of {name} from {network}", QUARTER_OF_AN_HOUR, settings.WRONG_PASSWORDS_PER_PAIR),
        RateLimit(f"passwords of {name}", HOUR, settings.WRONG_PASSWORDS_PER_NAME),
        RateLimit(f"passwords of {name} in a day", DAY, settings.WRONG_PASSWORDS_PER_NAME_A_DAY),
    )


def _limits_of_network(network: str) -> tuple[RateLimit, ...]:
    most, most_of_all = settings.WRONG_PASSWORDS_PER_NETWORK, settings.WRONG_PASSWORDS_PER_IPV6_SITE
    limit = RateLimit(f"passwords from {network}", QUARTER_OF_AN_HOUR, most, is_shared=True)
    provider = provider_network(network)
    if provider == network:
        return (limit,)
    return limit, RateLimit(f"passwords from {provider}", QUARTER_OF_AN_HOUR, most_of_all, is_shared=True)


def _limit_of_checks(lane: Lane, account: str) -> RateLimit:
    """Return the limit of all checks, right or wrong. Each lane has its own, so that strangers use up none of hers."""
    most = settings.PASSWORD_CHECKS_PER_ACCOUNT
    return RateLimit(f"checks of {account} among {lane.name}", QUARTER_OF_AN_HOUR, most)


def _signed_in(officer: Officer) -> str:
    return f"person {officer.pk}"
