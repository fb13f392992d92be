import pytest
from django.urls import reverse

from boroughs.models.officers import Officer, Rank
from tests.support.factories import PASSWORD, OfficerFactory, scheduled_booking
from tests.support.query_counts import count_queries

LISTS = ["boroughs_officer", "boroughs_boroughcommandunit", "boroughs_borough", "boroughs_ward", "boroughs_helpcontact"]
NEW_OFFICER = {
    "email": "new@example.com",
    "name": "New Officer",
    "rank": Rank.PC,
    "shoulder_number": "44 as",
    "role": Officer.Role.OFFICER,
    "leads_walks": "on",
    "is_active": "on",
}


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("model", [*LISTS, "bookings_booking", "walks_walk"])
def test_admin_list_can_be_searched_and_filtered(admin_client, officer, second_officer, model):
    scheduled_booking([officer, second_officer])

    page = admin_client.get(reverse(f"admin:{model}_changelist"), {"q": "" if model == "walks_walk" else "a"})

    assert page.status_code == 200


def test_admin_adds_an_officer_and_records_who_let_her_lead_walks(admin_client, administrator, bcu):
    response = admin_client.post(reverse("admin:boroughs_officer_add"), {**NEW_OFFICER, "bcu": bcu.pk})

    new = Officer.objects.get(email="new@example.com")
    assert response.status_code == 302
    assert new.shoulder_number == "44AS"
    assert (new.leads_walks_set_by, new.leads_walks_set_at is not None) == (administrator, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"shoulder_number": "12345A"}, "Enter 1 to 4 digits and 1 or 2 letters"),
        ({"shoulder_number": "11as"}, "Another active officer already has this shoulder number."),
        ({"rank": Rank.INSPECTOR}, "Inspectors and above have no shoulder number."),
        ({"email": "OFFICER@example.com"}, "Another officer already signs in with this email address."),
        ({"bcu": ""}, "An officer or inspector belongs to a BCU."),
    ],
)
def test_admin_explains_why_an_officer_is_refused(admin_client, officer, bcu, change, sentence):
    Officer.objects.filter(pk=officer.pk).update(email="officer@example.com")

    response = admin_client.post(reverse("admin:boroughs_officer_add"), {**NEW_OFFICER, "bcu": bcu.pk, **change})

    assert sentence in response.content.decode()
    assert not Officer.objects.filter(email__iexact="new@example.com").exists()


@pytest.mark.parametrize("name", ["duty_number", "text_number"])
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" (020) 7946-0199 ", "020 7946 0199"),
        ("+44 7700  900 456", "+44 7700 900 456"),
        ("ring us", None),
        ("12", None),
    ],
)
def test_admin_tidies_the_numbers_of_a_team_and_refuses_words(name, typed, kept, admin_client, bcu):
    page = reverse("admin:boroughs_boroughcommandunit_change", args=[bcu.pk])
    before = getattr(bcu, name)
    form = {key: value for key, value in admin_client.get(page).context["adminform"].form.initial.items() if value}
    inline = {"boroughs-TOTAL_FORMS": 0, "boroughs-INITIAL_FORMS": 0}

    response = admin_client.post(page, {**form, **inline, name: typed})

    bcu.refresh_from_db()
    assert response.status_code == (200 if kept is None else 302)
    assert getattr(bcu, name) == (before if kept is None else kept)


def test_admin_warns_about_shoulder_letters_of_another_bcu(admin_client, bcu):
    form = {**NEW_OFFICER, "bcu": bcu.pk, "shoulder_number": "44CN"}

    response = admin_client.post(reverse("admin:boroughs_officer_add"), form, follow=True)

    assert "Check the shoulder number" in response.content.decode()
    assert Officer.objects.filter(shoulder_number="44CN").exists()


def test_admin_shows_bookings_read_only_without_personal_details(admin_client, officer, second_officer):
    booking = scheduled_booking([officer, second_officer])

    pages = [
        admin_client.get(reverse("admin:bookings_booking_changelist")),
        admin_client.get(reverse("admin:bookings_booking_change", args=[booking.pk])),
        admin_client.get(reverse("admin:walks_walk_changelist")),
        admin_client.get(reverse("admin:walks_walk_change", args=[booking.walk.pk])),
    ]
    saved = admin_client.post(reverse("admin:bookings_booking_change", args=[booking.pk]), {"status": "declined"})

    text = "".join(page.content.decode() for page in pages)
    assert booking.spoken_reference in text
    for personal in ("Maya", "maya@example.com", "900123", "Peckham", "green lantern"):
        assert personal not in text
    assert saved.status_code == 403


@pytest.mark.parametrize("person", ["inspector", "officer", "lead", "auditor"])
def test_admin_is_for_administrators(client, request, person):
    client.force_login(request.getfixturevalue(person))

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_admin_uses_the_staff_sign_in_page(client):
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1][0] == f"{reverse('accounts:sign_in')}?next={reverse('admin:index')}"


def test_admin_officer_list_takes_no_more_queries_for_more_rows(admin_client, bcu):
    page = reverse("admin:boroughs_officer_changelist")
    OfficerFactory(bcu=bcu)
    query_count = count_queries(admin_client, page)
    OfficerFactory.create_batch(2, bcu=bcu)

    assert count_queries(admin_client, page) == query_count


def test_officer_changes_her_password(client, officer):
    client.force_login(officer)
    new = "quiet lanterns by the river"

    error_response = client.post(
        reverse("accounts:password"), {"old_password": "no", "new_password1": new, "new_password2": new}
    )
    right = client.post(
        reverse("accounts:password"), {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )

    officer.refresh_from_db()
    assert (error_response.status_code, right.status_code) == (200, 302)
    assert officer.check_password(new)


@pytest.mark.parametrize("is_active", [True, False])
def test_tick_for_those_who_come_back_is_explained_only_where_an_account_is_closed(is_active, admin_client, officer):
    Officer.objects.filter(pk=officer.pk).update(is_active=is_active)

    page = admin_client.get(reverse("admin:boroughs_officer_change", args=[officer.pk])).text

    assert ("Tick this if they come back." in page) is not is_active
    assert "Last signed in" in page
