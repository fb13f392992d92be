"""The walks on the evening list, which officers get each afternoon."""

import datetime

from walkandtalk.lib import london
from walks.models.walks import Walk, WalkQuerySet
from walks.statuses import WalkStatus

EVENING_LIST_FROM = datetime.time(15)


def walks_for_evening_list(now: datetime.datetime) -> WalkQuerySet:
    """From 3pm on, return the walks that begin before 3pm tomorrow; earlier in the day, return none."""
    today = london.local(now).date()
    if now < london.to_instant(today, EVENING_LIST_FROM):
        return Walk.objects.none()
    until = london.to_instant(today + datetime.timedelta(days=1), EVENING_LIST_FROM)
    return Walk.objects.filter(status=WalkStatus.SCHEDULED, start_at__gt=now, start_at__lt=until)
