"""Wrong tries of second factors, which django-allauth counts. Signing in and confirming have a count each.

Otherwise someone at an unlocked computer could block its owner from signing in anywhere.
"""

import datetime
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from django.http import HttpRequest
from django.utils import timezone

from accounts.limits import RateLimit
from accounts.models import RateCount
from accounts.models import SecurityEventKind as Kind
from accounts.security_log import record_refusal_once
from boroughs.models.officers import Officer

ACTION = "login_failed"
QUARTER_OF_AN_HOUR = datetime.timedelta(minutes=15)
DAY = datetime.timedelta(days=1)
MOST_FORGOTTEN_A_DAY = 3


def count_confirmation(officer: Officer) -> Callable[[], None]:
    """Count a try of someone who is signed in, and return what forgets all tries. Raise ValidationError if too many."""
    key = f"confirmation of {officer.pk}"
    if not ratelimit.consume(context.request, action=ACTION, key=key):
        raise get_adapter().validation_error("rate_limited")
    return lambda: ratelimit.clear(context.request, action=ACTION, key=key)


def refuse_confirmation(officer: Officer) -> None:
    """Log, once in a quarter of an hour, that someone in this person's session has made too many wrong tries."""
    limit = RateLimit(f"confirmations of {officer.pk}", QUARTER_OF_AN_HOUR, 1)
    record_refusal_once(Kind.SIGN_IN_REFUSED, [limit], officer=officer, subject=officer, change="confirmation")


def forget_wrong_second_steps(officer: Officer) -> None:
    """Give the second step all its tries again, because whoever used them up doesn't know the new password.

    Do so three times in a day. Otherwise someone in an open session could guess for ever, by changing the password
    whenever the tries are used up.
    """
    limit = RateLimit(f"second steps forgotten of {officer.pk}", DAY, MOST_FORGOTTEN_A_DAY)
    if not RateCount.objects.take([limit], now=timezone.now()):
        no_request = HttpRequest()  # only limits by network would look at it
        ratelimit.clear(no_request, action=ACTION, key=f"mfa-auth-user-{officer.pk}")  # as check_rate_limit has it
