"""The admin shows, finds and confirms no reference of a restricted booking, and links the history of every object."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import quote
from django.urls import reverse

from bookings.models.bookings import Booking
from bookings.models.equality import EqualityCount
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact, Statement
from tests.support.factories import BookingFactory, scheduled_booking
from walks.models.walks import Walk

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
IDS = [model._meta.label for model in MODELS]
WITHOUT_A_PAGE_FOR_EACH = {EqualityCount}  # only the list, because a single row would show an exact count


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def restricted(southwark, stranger, team):
    """A restricted booking behind a walk, a ward, a borough, a BCU and officers."""
    ward = Ward.objects.create(borough=southwark, name="Rye Lane", gss="E05000001")
    booking = scheduled_booking(team, borough=southwark, ward=ward, nominated_inspector=stranger)
    BoroughCommandUnit.objects.filter(pk=southwark.bcu_id).update(nominated_inspector=stranger)
    Statement.objects.get_or_create(code="cameras", defaults={"text": "Some words."})
    EqualityCount.objects.create(month="2026-01-01", question="age", answer="25", count=20)
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
def test_no_page_shows_its_reference_or_leads_to_it(model, admin_client, restricted):
    texts = [admin_client.get(page, follow=True).text for page in pages_of(model)]

    told = [restricted.reference, restricted.spoken_reference, str(restricted.pk)]
    asked_for = f"“{restricted.pk}”"  # a page that says that there is no such booking repeats what was asked for
    assert len(texts) > 1
    assert not [word for word in told for text in texts if word in text.replace(asked_for, "")]


@pytest.mark.parametrize("model", [model for model in MODELS if model not in {Booking, Walk, Officer}], ids=str)
def test_deleting_many_rows_shows_no_reference(model, admin_client, restricted):
    rows = [str(pk) for pk in model._default_manager.values_list("pk", flat=True)]
    selected = {"action": "delete_selected", "_selected_action": rows}

    page = admin_client.post(address(model, "changelist"), selected, follow=True)

    assert page.status_code == 200
    assert restricted.spoken_reference not in page.text


@pytest.mark.parametrize("model", [Ward, Borough, BoroughCommandUnit], ids=str)
def test_delete_page_says_that_bookings_refer_to_a_row_and_names_none(model, admin_client, restricted):
    row = {Ward: restricted.ward, Borough: restricted.borough, BoroughCommandUnit: restricted.bcu}[model]

    page = admin_client.get(address(model, "delete", row.pk))
    pressed = admin_client.post(address(model, "delete", row.pk), {"post": "yes"})

    assert "<li>booking</li>" in page.text
    assert restricted.spoken_reference not in page.text + pressed.text
    assert model.objects.filter(pk=row.pk).exists()


def test_row_without_references_can_be_deleted(admin_client, restricted):
    ward = Ward.objects.create(borough=restricted.borough, name="Unused", gss="E05000002")

    page = admin_client.get(address(Ward, "delete", ward.pk))
    admin_client.post(address(Ward, "delete", ward.pk), {"post": "yes"})

    assert "Unused" in page.text
    assert not Ward.objects.filter(pk=ward.pk).exists()


@pytest.mark.parametrize("length", [1, 4, 13])
def test_search_cannot_tell_that_it_exists(length, admin_client, restricted):
    open_booking = BookingFactory(borough=restricted.borough)

    def found(booking):
        page = admin_client.get(address(Booking, "changelist"), {"q": booking.reference[:length]})
        return booking in page.context["cl"].result_list

    assert [found(open_booking), found(restricted)] == [True, False]


def test_counts_and_filters_leave_it_out(admin_client, restricted):
    page = admin_client.get(address(Booking, "changelist"), {"_facets": "True"})

    assert page.context["cl"].full_result_count == 0
    assert page.context["cl"].result_count == 0


@pytest.mark.parametrize("model", [Booking, Walk], ids=str)
def test_nobody_acts_on_bookings_and_walks_here_so_recent_actions_and_histories_name_none(
    model, admin_client, restricted
):
    row = model.objects.get()
    pages = [address(model, "add"), address(model, "change", row.pk), address(model, "delete", row.pk)]

    answers = [admin_client.post(page, {"status": "declined", "post": "yes"}).status_code for page in pages]

    assert set(answers) <= {302, 403}
    assert not LogEntry.objects.exists()
    assert restricted.spoken_reference not in admin_client.get(reverse("admin:index")).text


# --- History ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [model for model in MODELS if model not in WITHOUT_A_PAGE_FOR_EACH], ids=str)
def test_every_object_links_its_history(model, admin_client, restricted):
    if model is Booking:
        BookingFactory(borough=restricted.borough)
    row = admin.site._registry[model].get_queryset(admin_client.get("/admin/").wsgi_request).first()

    page = admin_client.get(address(model, "change", quote(row.pk)))
    history = admin_client.get(address(model, "history", quote(row.pk)))

    assert address(model, "history", quote(row.pk)) in page.text
    assert history.status_code == 200


def test_history_names_the_fields_and_no_value(admin_client, administrator, officer):
    page = address(Officer, "change", officer.pk)
    form = admin_client.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    admin_client.post(page, {**data, "name": "Another Name", "email": "other@example.com"})

    history = admin_client.get(address(Officer, "history", officer.pk)).text.partition("<tbody>")[2]

    assert "Changed Email address and Name" in history
    assert administrator.email in history
    assert not [value for value in ("other@example.com", "Another Name") if value in history]
