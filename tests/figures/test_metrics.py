from datetime import timedelta

import pytest
from django.utils import timezone

from figures.metrics import ResponseTargetsCollector
from figures.tallies.jobs import count_figures
from tests.support.factories import BookingFactory


@pytest.mark.django_db
def test_metrics_of_the_response_target_are_totals_of_london(southwark, camden, django_assert_max_num_queries):
    now = timezone.now()
    for borough in (southwark, camden):
        late = BookingFactory(borough=borough, answer_due_at=now - timedelta(hours=1))
        late.response_target.first_answer_due_at = now - timedelta(hours=1)
        late.response_target.save()
    BookingFactory(borough=camden, answer_due_at=now + timedelta(minutes=1))
    BookingFactory(borough=camden, answer_due_at=now + timedelta(days=20))
    count_figures(now)

    with django_assert_max_num_queries(2):
        families = list(ResponseTargetsCollector().collect())

    assert [(sample.name, sample.labels, sample.value) for family in families for sample in family.samples] == [
        ("walkandtalk_answers_late", {}, 2),
        ("walkandtalk_answers_at_risk", {}, 1),
        ("walkandtalk_answers_due_28_days", {}, 2),
        ("walkandtalk_answers_in_time_28_days", {}, 0),
    ]
