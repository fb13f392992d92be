"""The admin shows nothing of a booking or of who asked for it, and links the history of every object."""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.urls import reverse

from bookings.models.equality import EqualityCount
from boroughs.models.bcus import BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact, Statement
from tests.support.factories import scheduled_booking
from tests.support.partners import make_partner
from tests.support.proposals import change_by_two

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
IDS = [model._meta.label for model in MODELS]
WITHOUT_A_PAGE_FOR_EACH = {EqualityCount}  # only the list, because a single row would show an exact count


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def booking(southwark, stranger, team):
    """A booking behind a walk, a ward, a borough, a BCU and officers."""
    ward = Ward.objects.create(borough=southwark, name="Rye Lane", gss="E05000001")
    booking = scheduled_booking(team, borough=southwark, ward=ward)
    BoroughCommandUnit.objects.filter(pk=southwark.bcu_id).update(nominated_inspector=stranger)
    Statement.objects.get_or_create(code="cameras", defaults={"text": "Some words."})
    EqualityCount.objects.create(month="2026-01-01", question="age", answer="25", count=20)
    make_partner(boroughs=[southwark], owner=stranger)
    HelpContact.objects.get_or_create(name="A helpline", number="0808 2000 247")
    return booking


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def pages_of(model):
    """Return the addresses of the list, of a search, and of all pages of each row."""
    found = [address(model, "changelist")]
    if admin.site._registry[model].search_fields:
        found += [f"{address(model, 'changelist')}?q={text}" for text in ("", "a")]
    for row in model._default_manager.all():
        found += [address(model, page, quote(row.pk)) for page in ("change", "history", "delete")]
    return found


@pytest.mark.parametrize("model", MODELS, ids=IDS)
def test_no_page_shows_anything_of_it(model, admin_client, booking):
    texts = [admin_client.get(page, follow=True).text for page in pages_of(model)]

    told = [booking.reference, booking.spoken_reference, str(booking.pk), str(booking.walk.pk)]
    personal = ["Maya", "maya@example.com", "900123", "Peckham", booking.walk.officers_phrase]
    assert len(texts) > 1
    assert not [word for word in told + personal for text in texts if word in text]


@pytest.mark.parametrize("model", [model for model in MODELS if model not in {Officer}], ids=str)
def test_deleting_many_rows_shows_no_reference(model, admin_client, booking):
    rows = [str(pk) for pk in model._default_manager.values_list("pk", flat=True)]
    selected = {"action": "delete_selected", "_selected_action": rows}

    page = admin_client.post(address(model, "changelist"), selected, follow=True)

    assert page.status_code == 200
    assert booking.spoken_reference not in page.text


# --- History ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [model for model in MODELS if model not in WITHOUT_A_PAGE_FOR_EACH], ids=str)
def test_every_object_links_its_history(model, admin_client, booking):
    row = admin.site._registry[model].get_queryset(admin_client.get("/admin/").wsgi_request).first()

    page = admin_client.get(address(model, "change", quote(row.pk)))
    history = admin_client.get(address(model, "history", quote(row.pk)))

    assert address(model, "history", quote(row.pk)) in page.text
    assert history.status_code == 200


def test_history_names_the_fields_and_no_value(admin_client, administrator, officer):
    page = address(Officer, "change", officer.pk)
    form = admin_client.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    admin_client.post(page, {**data, "name": "Another Name"})
    change_by_two(officer, email="other@example.com")

    history = admin_client.get(address(Officer, "history", officer.pk)).text.partition("<tbody>")[2]

    assert "Changed Name" in history
    assert "Changed Work email for proposal by “Anna Administrator”." in history
    assert administrator.name in history
    assert not [value for value in ("other@example.com", "Another Name") if value in history]
