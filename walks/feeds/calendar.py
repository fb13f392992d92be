"""An officer's walks as a calendar feed (RFC 5545), which calendars fetch regularly.

Other people may see a calendar, so it holds only the times and a link to a page that asks the officer to sign in.
"""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone

from walkandtalk.lib import london
from walkandtalk.lib.icalendar_zone import LONDON_ZONE
from walks import links
from walks.models.walks import Walk, WalkQuerySet
from walks.statuses import WalkStatus

FEED_DAYS_BACK, FEED_DAYS_AHEAD = datetime.timedelta(days=7), datetime.timedelta(days=120)
MOST = 1000


def build_feed(walks: WalkQuerySet, *, now: datetime.datetime) -> bytes:
    """Return these walks from a week ago to 120 days ahead. Leave out cancelled walks, so that calendars drop them."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Walk and Talk//EN")
    calendar.add("x-wr-calname", "Walks")
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(Timezone.from_ical(LONDON_ZONE))
    recent_and_upcoming = walks.filter(start_at__gte=now - FEED_DAYS_BACK, start_at__lt=now + FEED_DAYS_AHEAD).exclude(
        status=WalkStatus.CANCELLED
    )
    # Fetch only the columns that the feed shows.
    columns = ("start_at", "minutes", "version", "bcu", "nominated_inspector")
    rows = recent_and_upcoming.only(*columns).order_by("start_at", "pk")
    for walk in rows[:MOST]:
        calendar.add_component(_event(walk))
    content: bytes = calendar.to_ical()
    return content


def _event(walk: Walk) -> Event:
    event = Event()
    event.add("uid", f"{walk.pk}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", walk.version)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", london.for_calendar(walk.start_at))
    event.add("dtend", london.for_calendar(walk.end_at))
    event.add("summary", "Walk")
    event.add("url", links.staff_walk_url(walk))
    event.add("class", "PRIVATE")
    return event
