"""Metrics of the response target, for all of London: one team's numbers may be small."""

from collections.abc import Iterator

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bookings.models.bookings import Booking
from figures.counting import answers_due_now
from figures.models.tallies import StoredTally

DAYS = "28"


class ResponseTargetsCollector(Collector):
    """Answers that are due now, by an index, and the share in time as a job has counted it."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        due = answers_due_now(Booking.objects.all(), timezone.now())
        tally = StoredTally.objects.filter(period=DAYS, bcu=None).first()
        yield _gauge("walkandtalk_answers_late", "Requests whose answer is late", sum(late for late, _ in due.values()))
        yield _gauge(
            "walkandtalk_answers_at_risk",
            "Requests to be answered within a working day",
            sum(n for _, n in due.values()),
        )
        if tally is not None:
            yield _gauge("walkandtalk_answers_due_28_days", "Answers that were due in the last 28 days", tally.due)
            yield _gauge("walkandtalk_answers_in_time_28_days", "Those that were in time", tally.in_time)


def _gauge(name: str, words: str, value: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
