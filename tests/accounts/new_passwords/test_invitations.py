"""Someone new gets a link at their work address, chooses a password that only they know, and is signed in."""

import datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import PasswordLink, SecurityEvent
from accounts.models import SecurityEventKind as Kind
from accounts.new_passwords.actions import ACCEPTED, invite
from boroughs.models.officers import Officer, Rank
from tests.support.factories import PASSWORD, OfficerFactory
from tests.support.password_links import CHOOSE, CHOSEN, choose, link_to, messages_to, send_invitation, send_reset
from tests.support.proposals import change_by_two
from walkandtalk.lib.errors import TransitionNotAllowed

pytestmark = pytest.mark.django_db

Role = Officer.Role


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client


def add(client, bcu):
    form = {"email": "new@example.com", "name": "Nia New", "rank": Rank.PC, "role": Role.OFFICER, "bcu": bcu.pk}
    response = client.post(reverse("people:add"), form, follow=True)
    return Officer.objects.get(email="new@example.com"), response


def save(client, person, **changes):
    page = reverse("admin:boroughs_officer_change", args=[person.pk])
    form = client.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    assert client.post(page, {**data, **changes}).status_code == 302
    person.refresh_from_db()


def kinds():
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", "officer", "subject"))


def test_someone_new_gets_an_invitation_and_has_no_password(admin_client, administrator, bcu):
    new, response = add(admin_client, bcu)

    (message,) = messages_to(new)
    assert not new.has_usable_password()
    assert (message.kind, message.recipient) == ("account_invited", "new@example.com")
    assert message.expires_at == PasswordLink.objects.get().expires_at
    assert kinds() == [(kind, administrator.pk, new.pk) for kind in (Kind.ACCOUNT_CREATED, Kind.INVITED)]
    assert "An invitation is on its way to new@example.com" in response.text


def test_admin_asks_for_no_password_and_shows_none(admin_client, officer):
    pages = [
        admin_client.get(reverse("people:add")).text,
        admin_client.get(reverse("admin:boroughs_officer_change", args=[officer.pk])).text,
    ]
    set_by_administrator = admin_client.get(f"/admin/boroughs/officer/{officer.pk}/password/", follow=True)
    guessed = admin_client.get(reverse("admin:boroughs_officer_changelist"), {"password__startswith": "pbkdf2"})

    assert [page for page in pages if 'type="password"' in page or officer.password in page] == []
    assert 'type="password"' not in set_by_administrator.text
    assert guessed.status_code == 400


def test_person_chooses_a_password_and_is_signed_in(client, administrator, officer):
    link = send_invitation(officer, by=administrator)

    asked = client.get(link, follow=True)
    chosen = choose(client)

    officer.refresh_from_db()
    assert asked.redirect_chain == [(CHOOSE, 302)]
    assert officer.display_name in asked.text
    assert (chosen.status_code, chosen.url) == (302, "/staff/")
    assert client.get("/staff/walks/").status_code == 200
    assert officer.check_password(CHOSEN)
    assert kinds()[1:] == [(Kind.PASSWORD_CHOSEN, officer.pk, officer.pk), (Kind.SIGNED_IN, officer.pk, None)]
    assert [message.kind for message in messages_to(officer)] == ["account_invited", "account_password_set"]


def test_password_that_is_easy_to_guess_or_mistyped_is_refused_and_the_link_still_works(client, administrator, officer):
    client.get(send_invitation(officer, by=administrator))

    refused = [choose(client, "olive officer 11as"), choose(client, CHOSEN, again="another"), choose(client, "")]

    assert [page.status_code for page in refused] == [422, 422, 422]
    assert "Choose other words" in refused[0].text
    assert "The two were not the same" in refused[1].text
    assert choose(client).status_code == 302


@pytest.mark.parametrize(("hours", "works"), [(71.9, True), (72.1, False)])
def test_invitation_works_for_72_hours(hours, works, client, administrator, officer):
    link = send_invitation(officer, by=administrator)

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=hours)):
        assert client.get(link).status_code == (302 if works else 404)


def test_administrator_sends_it_again_and_the_earlier_link_ends(admin_client, administrator, officer):
    earlier = send_invitation(officer, by=administrator)
    page = reverse("invitation:send_again", args=[officer.pk])

    shown = admin_client.get(page)
    only_looked = link_to(officer)
    sent = admin_client.post(page)

    assert "Its link works until" in shown.text
    assert only_looked == earlier
    assert sent.url == reverse("admin:boroughs_officer_change", args=[officer.pk])
    assert [admin_client.get(link).status_code for link in (earlier, link_to(officer))] == [404, 302]
    assert messages_to(officer)[0].state == "superseded"


@pytest.mark.parametrize("change", [{"email": "other@example.com"}, {"role": Role.INSPECTOR}])
def test_new_address_or_role_ends_the_link_and_sends_another(change, admin_client, administrator, officer):
    earlier = send_invitation(officer, by=administrator)

    change_by_two(officer, **change)

    assert [admin_client.get(link).status_code for link in (earlier, link_to(officer))] == [404, 302]
    assert messages_to(officer)[-1].recipient == officer.email


def test_change_of_anything_else_sends_nothing(admin_client, administrator, officer):
    link = send_invitation(officer, by=administrator)

    save(admin_client, officer, languages="Bengali")

    assert (len(messages_to(officer)), admin_client.get(link).status_code) == (1, 302)


def test_nobody_with_a_password_is_invited(admin_client, administrator, officer):
    page = reverse("invitation:send_again", args=[officer.pk])
    with pytest.raises(TransitionNotAllowed):
        invite(officer, by=administrator)

    shown, pressed = admin_client.get(page), admin_client.post(page)

    assert (shown.status_code, pressed.status_code) == (302, 409)
    assert ACCEPTED in pressed.text
    assert messages_to(officer) == []


def test_closing_the_account_ends_the_link_and_stops_the_message(admin_client, administrator, officer):
    link = send_invitation(officer, by=administrator)

    admin_client.post(reverse("account_closure:close", args=[officer.pk]), {"has_rung": "on"})

    assert admin_client.get(link).status_code == 404
    assert messages_to(officer)[0].state == "superseded"


def test_person_who_missed_the_invitation_can_ask_for_a_link_themselves(client, administrator, officer):
    invitation = send_invitation(officer, by=administrator)

    reset = send_reset(officer)
    before = [message.state for message in messages_to(officer)], client.get(invitation).status_code
    client.get(reset)
    chosen = choose(client)

    assert before == (["pending", "pending"], 302)
    assert chosen.url == "/staff/sign-in/"
    assert client.get(invitation).status_code == 404
    assert [message.state for message in messages_to(officer)] == ["superseded", "superseded", "pending"]


def test_account_made_by_an_invitation_signs_in_later_with_the_chosen_password(client, administrator, officer):
    client.get(send_invitation(officer, by=administrator))
    choose(client)
    client.post("/staff/sign-out/")

    for password, status in ((PASSWORD, 200), (CHOSEN, 302)):
        assert client.post("/staff/sign-in/", {"username": officer.email, "password": password}).status_code == status


def test_invitation_signs_out_a_colleague_on_the_same_computer(client, administrator, officer, bcu):
    client.force_login(OfficerFactory(bcu=bcu))
    client.get(send_invitation(officer, by=administrator))

    choose(client)

    assert client.get("/staff/").wsgi_request.user == officer


def test_changepassword_is_refused_and_says_what_to_do(officer):
    with pytest.raises(CommandError, match="Forgotten your password"):
        call_command("changepassword", officer.email)
