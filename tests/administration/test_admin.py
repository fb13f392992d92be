import pytest
from django.contrib import admin
from django.urls import reverse

from administration.models import Proposal, ProposedChange
from administration.proposals.actions import agree
from boroughs.models.officers import Officer, Rank
from tests.support.factories import PASSWORD, OfficerFactory
from tests.support.people import make_administrator
from tests.support.query_counts import count_queries

LISTS = ["boroughs_officer", "boroughs_boroughcommandunit", "boroughs_borough", "boroughs_ward", "boroughs_helpcontact"]
NEW_OFFICER = {
    "email": "new@example.com",
    "name": "New Officer",
    "rank": Rank.PC,
    "shoulder_number": "44 as",
    "role": Officer.Role.OFFICER,
    "leads_walks": "on",
    "reason": "New to the team",
}


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("model", LISTS)
def test_admin_list_can_be_searched_and_filtered(admin_client, officer, model):
    page = admin_client.get(reverse(f"admin:{model}_changelist"), {"q": "a"})

    assert page.status_code == 200


def test_officer_is_added_at_once_and_leads_walks_when_another_administrator_agrees(admin_client, administrator, bcu):
    response = admin_client.post(reverse("people:add"), {**NEW_OFFICER, "bcu": bcu.pk})

    new, proposal = Officer.objects.get(email="new@example.com"), Proposal.objects.get()
    assert response["Location"] == reverse("proposals:proposal", args=[proposal.pk])
    assert (new.shoulder_number, new.leads_walks) == ("44AS", False)
    second = make_administrator()
    agree(proposal, by=second)
    new.refresh_from_db()
    assert (new.leads_walks, new.leads_walks_set_by, new.leads_walks_set_at is not None) == (True, second, True)


@pytest.mark.parametrize("role", ["inspector", "lead", "administrator", "auditor", "control_room"])
def test_nobody_else_exists_before_another_administrator_agrees(role, admin_client, bcu):
    form = {**NEW_OFFICER, "bcu": bcu.pk, "role": role, "leads_walks": ""}

    admin_client.post(reverse("people:add"), form)

    assert Proposal.objects.get().changes.get().after["role"] == role
    assert not Officer.objects.filter(email="new@example.com").exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"shoulder_number": "12345A"}, "Enter 1 to 4 digits and 1 or 2 letters"),
        ({"shoulder_number": "11as"}, "Another active officer already has this shoulder number."),
        ({"rank": Rank.INSPECTOR}, "Inspectors and above, and police staff, have no shoulder number."),
        ({"email": "OFFICER@example.com"}, "Another officer already signs in with this email address."),
        ({"bcu": ""}, "Select a BCU for an officer or inspector"),
    ],
)
def test_admin_explains_why_an_officer_is_refused(admin_client, officer, bcu, change, sentence):
    Officer.objects.filter(pk=officer.pk).update(email="officer@example.com")

    response = admin_client.post(reverse("people:add"), {**NEW_OFFICER, "bcu": bcu.pk, **change})

    assert sentence in response.content.decode()
    assert not Officer.objects.filter(email__iexact="new@example.com").exists()


def test_missing_bcu_is_said_once_beside_its_question(admin_client):
    page = admin_client.post(reverse("people:add"), NEW_OFFICER)

    assert page.context["form"].errors == {"bcu": ["Select a BCU for an officer or inspector"]}


@pytest.mark.parametrize(
    ("page", "is_active", "sentence"),
    [
        ("people:start_again", True, "They have no password or second factor to remove."),
        ("people:start_again", False, "This account is closed."),
        ("people:reopen", True, "This account isn’t closed."),
        ("people:powers", False, "This account is closed."),
        ("invitation:send_again", False, "This account is closed."),
    ],
)
def test_page_with_nothing_to_do_says_why_on_the_page_of_the_person(page, is_active, sentence, admin_client, officer):
    officer.set_unusable_password()
    officer.is_active = is_active
    officer.save()

    response = admin_client.get(reverse(page, args=[officer.pk]), follow=True)

    assert response.redirect_chain[-1][0] == reverse("admin:boroughs_officer_change", args=[officer.pk])
    assert sentence in response.text


def test_police_staff_have_no_title(officer):
    officer.rank, officer.shoulder_number, officer.name = Rank.STAFF, "", "Connie Control"

    assert (officer.display_name, officer.name_with_rank) == ("Connie Control", "Connie Control")


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
def test_numbers_of_a_team_are_tidied_and_words_refused(name, typed, kept, admin_client, bcu):
    page = reverse("teams:team", args=[bcu.pk])
    form = admin_client.get(page).context["form"]
    data = {key: form[key].value() for key in form.fields if form[key].value()}

    admin_client.post(page, {**data, name: typed, "reason": "New number"})

    proposed = [change.after for change in ProposedChange.objects.all()]
    assert proposed == ([] if kept is None else [{name: kept}])


def test_admin_warns_about_shoulder_letters_of_another_bcu(admin_client, bcu):
    form = {**NEW_OFFICER, "bcu": bcu.pk, "shoulder_number": "44CN", "leads_walks": ""}

    response = admin_client.post(reverse("people:add"), form, follow=True)

    assert "Check the shoulder number" in response.text
    assert Officer.objects.filter(shoulder_number="44CN").exists()


def test_admin_has_no_page_about_requesters():
    shown = {model._meta.label for model in admin.site._registry}

    assert shown == {
        *("boroughs.Officer", "boroughs.BoroughCommandUnit", "boroughs.Borough", "boroughs.Ward"),
        *("boroughs.HelpContact", "boroughs.Statement", "bookings.EqualityCount"),
    }


@pytest.mark.parametrize(
    "lookup",
    ["password__startswith", "access_version", "leads_walks_set_by__email", "last_login__gt", "name__startswith"],
)
def test_addresses_of_the_list_find_out_nothing_that_it_does_not_show(lookup, admin_client, officer):
    response = admin_client.get(reverse("admin:boroughs_officer_changelist"), {lookup: "1"})

    assert response.status_code == 400


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
