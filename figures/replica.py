"""Counting on the read replica, if the service has one (docs/scale.md#a-read-replica)."""

import datetime
import logging
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import Error, connections
from django.utils import timezone

from outbox.models import Heartbeat
from walkandtalk.lib.database.replica import REPLICA, reading_from_replica

MOST_LAG = datetime.timedelta(minutes=1)
"""An older replica counts nothing. The loop's heartbeat is written every few seconds, so its copy tells the age."""

logger = logging.getLogger(__name__)
Counted = TypeVar("Counted")


def count_on_replica(count: Callable[[], Counted]) -> Counted:
    """Return what `count` returns, reading from the replica. Without one, or if it is down or late, read as usual.

    Nothing that decides who sees what may be read here, nor what was written a moment ago.
    """
    if REPLICA not in settings.DATABASES:
        return count()
    try:
        with reading_from_replica():
            if _is_current(timezone.now()):
                return count()
        logger.warning("The replica is more than %s behind; counting on the primary", MOST_LAG)
    except Error as error:
        logger.warning("The replica failed (%s); counting on the primary", type(error).__name__)
    finally:
        connections[REPLICA].close()
    return count()


def _is_current(now: datetime.datetime) -> bool:
    return Heartbeat.objects.filter(at__gt=now - MOST_LAG).exists()
