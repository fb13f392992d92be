import pytest
from django.contrib import admin
from django.urls import reverse

from administration.models import Proposal, ProposedChange
from administration.people.actions import change_details
from administration.proposals.actions import Change, agree, propose
from boroughs.models.officers import Officer, Rank
from outbox.models import Message
from tests.support.factories import PASSWORD, OfficerFactory, scheduled_booking
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
        *("boroughs.HelpContact", "boroughs.Statement", "bookings.EqualityCount", "partners.Partner"),
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


# --- Addresses of lists -----------------------------------------------------------------------------------------------


def lookups(model):
    """Yield an address of a list for each field and each relation of the model, from both sides."""
    for field in model._meta.get_fields(include_hidden=True):
        name = field.name
        yield from (f"{name}__isnull", name, f"{name}__lte", f"{name}__bcu", f"{name}__pk__in")


@pytest.mark.parametrize("model", sorted(admin.site._registry, key=str), ids=str)
def test_address_of_a_list_asks_for_nothing_but_its_filters(model, admin_client, booked):
    page = reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist")
    own = [str(name) for name in admin.site._registry[model].list_filter]
    foreign = [lookup for lookup in lookups(model) if not any(lookup.split("__")[0] == name for name in own)]

    answers = {lookup: admin_client.get(page, {lookup: "1"}).status_code for lookup in foreign}

    assert len(answers) > 5
    assert {lookup: status for lookup, status in answers.items() if status != 400} == {}


@pytest.mark.parametrize("lookup", ["borough__bookings__isnull", "borough__bcu__bookings", "borough__bcu__walks__lte"])
def test_filter_leads_to_no_booking_either(lookup, admin_client, booked):
    assert admin_client.get(reverse("admin:boroughs_ward_changelist"), {lookup: "0"}).status_code == 400


@pytest.fixture
def booked(team, southwark):
    return scheduled_booking(team, borough=southwark)


def test_names_and_addresses_of_places_are_no_fields_of_a_form(admin_client, bcu, southwark):
    for row in (bcu, southwark):
        page = reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk])
        names = set(admin_client.get(page).context["adminform"].form.fields)
        assert not names & {"name", "slug", "code", "gss", "force", "bcu"}


# --- Names ------------------------------------------------------------------------------------------------------------


def test_another_name_is_told_to_the_person_and_the_team_with_the_one_before(admin_client, officer):
    page = reverse("admin:boroughs_officer_change", args=[officer.pk])

    admin_client.post(page, {"name": "Grace Good", "rank": "pc", "shoulder_number": "77AS"})

    told = {message.recipient: message.text for message in Message.objects.all()}
    assert set(told) == {officer.email, officer.bcu.inbox}
    assert [("PC Olive Officer, 11AS" in text, "PC Grace Good, 77AS" in text) for text in told.values()] == [
        (True, True),
        (True, True),
    ]


@pytest.mark.parametrize(
    ("typed", "status", "kept"), [(" 78 as", 302, "78AS"), ("77as", 200, "11AS"), ("12345A", 200, "11AS")]
)
def test_shoulder_number_is_tidied_and_one_in_use_is_refused(typed, status, kept, admin_client, officer):
    OfficerFactory(bcu=officer.bcu, shoulder_number="77AS")
    page = reverse("admin:boroughs_officer_change", args=[officer.pk])

    answer = admin_client.post(page, {"name": officer.name, "rank": "pc", "shoulder_number": typed})

    officer.refresh_from_db()
    assert (answer.status_code, officer.shoulder_number) == (status, kept)


def test_closed_account_is_shown_and_not_changed(admin_client, officer):
    Officer.objects.filter(pk=officer.pk).update(is_active=False)
    page = reverse("admin:boroughs_officer_change", args=[officer.pk])

    shown, posted = admin_client.get(page), admin_client.post(page, {"name": "Grace Good", "rank": "pc"})

    officer.refresh_from_db()
    assert (shown.status_code, posted.status_code, officer.name) == (200, 403, "Olive Officer")
    assert "Let them sign in again" in shown.text


def test_page_of_a_person_and_of_a_team_leads_to_what_waits(admin_client, administrator, officer, bcu):
    kinds = ProposedChange.Kind
    changes = [Change(kind=kinds.ACCOUNT, subject=officer, after={"role": "inspector"})]
    changes += [Change(kind=kinds.TEAM, subject=bcu, after={"inbox": "new@example.com"})]
    proposal = propose(changes, by=administrator, reason="The team was merged")
    names = {"boroughs_officer": officer, "boroughs_boroughcommandunit": bcu}
    pages = [reverse(f"admin:{name}_change", args=[row.pk]) for name, row in names.items()]

    assert {reverse("proposals:proposal", args=[proposal.pk]) in admin_client.get(page).text for page in pages} == {
        True
    }


def test_agreement_page_says_that_the_name_changed_lately(client, administrator, officer):
    change_details(officer, {"name": "Grace Good"}, by=administrator)
    change = Change(kind=ProposedChange.Kind.ACCOUNT, subject=officer, after={"role": "inspector"})
    proposal = propose([change], by=administrator, reason="Promoted")
    client.force_login(make_administrator())

    text = client.get(reverse("proposals:proposal", args=[proposal.pk])).text

    assert "Their name, rank or number was changed by Anna Administrator" in text
    assert officer.email in text
