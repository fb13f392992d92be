"""Equality answers are counted by month and cannot be traced to anyone."""

import datetime

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.drafts import Draft
from bookings.models.equality import EQUALITY, EqualityCount, answers_to
from bookings.request_form import actions
from tests.support.drafts_and_messages import make_complete_draft, post_send_form
from walkandtalk.lib import london

EQUALITY_PAGE, SENT = "/request/equality/", "/request/sent/"
GIVEN = {"age": "25_34", "religion": "not_said", "gender": ""}


@pytest.fixture
def woman(client, southwark):
    """A client that has sent its request."""
    _draft, client.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft()
    post_send_form(client)
    return client


def counts():
    return list(EqualityCount.objects.order_by("question").values_list("month", "question", "answer", "count"))


def test_equality_questions_are_offered_and_optional(woman):
    sent_page, page = woman.get(SENT).text, woman.get(EQUALITY_PAGE).text
    response = woman.post(EQUALITY_PAGE, {})

    assert f'href="{EQUALITY_PAGE}"' in sent_page
    assert page.count("Prefer not to say") == len(EQUALITY) == 7
    assert response["Location"] == SENT
    assert counts() == []


def test_equality_answers_are_counted_once_for_each_draft(woman):
    for _press in range(3):
        assert woman.post(EQUALITY_PAGE, GIVEN)["Location"] == SENT

    month = london.today().replace(day=1)
    assert counts() == [(month, "age", "25_34", 1), (month, "religion", "not_said", 1)]
    assert woman.get(EQUALITY_PAGE)["Location"] == SENT
    assert "Thank you for answering" in woman.get(SENT).text


def test_equality_answers_add_up(db):
    for _each in range(3):
        draft, _cookie = make_complete_draft()
        actions.count_equality(draft, answers={"age": "75"}, today=datetime.date(2026, 11, 30))

    assert counts() == [(datetime.date(2026, 11, 1), "age", "75", 3)]


def test_equality_count_stores_neither_person_nor_day():
    fields = {field.name for field in EqualityCount._meta.get_fields()}
    related = [field for field in apps.get_model("bookings.EqualityCount")._meta.get_fields() if field.is_relation]

    assert fields == {"id", "month", "question", "answer", "count"}
    assert related == []


def test_equality_page_without_a_sent_request_redirects(client, southwark):
    draft, client.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft()

    early = client.post(EQUALITY_PAGE, GIVEN)
    Draft.objects.all().delete()
    late = client.post(EQUALITY_PAGE, GIVEN)

    assert (early["Location"], late["Location"]) == (SENT, SENT)
    assert counts() == []
    assert not Booking.objects.filter(draft_uuid=draft.pk).exists()


@pytest.mark.parametrize("odd", ["x" * 10_000, "<script>", "1' OR 1=1 --", "👩🏽‍🦽"])
def test_unknown_equality_answer_is_refused_and_not_counted(woman, odd):
    response = woman.post(EQUALITY_PAGE, {"age": odd})

    assert response.status_code == 422
    assert "<script>" not in response.text.replace('<script src="/static', "").replace("<script type", "")
    assert counts() == []


def test_equality_codes_fit_their_columns():
    longest = max(len(code) for name in EQUALITY for code in [name, *dict(answers_to(name))])

    assert longest <= 16


@pytest.mark.parametrize(
    ("count", "shown"), [(1, "fewer than 10"), (9, "fewer than 10"), (12, "about 10"), (13, "about 15")]
)
def test_administrators_see_only_rounded_counts_of_whole_months(client, administrator, count, shown):
    client.force_login(administrator)
    this_month = london.today().replace(day=1)
    last_month = (this_month - datetime.timedelta(days=1)).replace(day=1)
    row = EqualityCount.objects.create(month=last_month, question="age", answer="75", count=count)
    EqualityCount.objects.create(month=this_month, question="age", answer="18_24", count=40)

    page = client.get(reverse("admin:bookings_equalitycount_changelist"))

    assert f'<td class="field-shown">{shown}</td>' in page.text
    assert "75 or over" in page.text
    assert "18 to 24" not in page.text
    assert client.get(reverse("admin:bookings_equalitycount_change", args=[row.pk])).status_code == 403
