"""Statements about the use of a requester's information, which administrators maintain."""

import datetime
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from boroughs.models.texts import HelpContact, Statement
from boroughs.statements import statements
from tests.support.drafts_and_messages import make_complete_draft
from walkandtalk.lib.local_cache import local_cache


@pytest.fixture
def loaded(db):
    call_command("load_reference_data", stdout=StringIO())


def set_text(code, text):
    Statement.objects.filter(code=code).update(text=text)
    local_cache.clear()


def test_statements_are_complete_and_in_order(loaded):
    assert list(statements().texts) == ["crimes", "children", "cameras", "details", "complain", "uniform"]
    assert all(statements().texts.values())
    assert not Statement.objects.filter(owner="").exists()


def test_empty_table_gives_the_default_statements(db, django_assert_num_queries):
    with django_assert_num_queries(2):  # one for statements and one for help contacts, for both calls
        texts = [statements().texts, statements().texts]

    assert "must record" in texts[1]["crimes"]


def test_complaints_statement_uses_the_help_contacts_number(loaded):
    previous_text = statements().texts["complain"]
    HelpContact.objects.filter(purpose="complain").update(number="0800 000 000")
    local_cache.clear()

    after = statements().texts["complain"]

    assert "call 0800 085 0000." in previous_text
    assert after == previous_text.replace("0800 085 0000", "0800 000 000")


def test_load_reference_data_keeps_edited_statements_and_restores_missing_ones(loaded):
    Statement.objects.filter(code="uniform").delete()
    set_text("cameras", "")

    call_command("load_reference_data", stdout=StringIO())

    assert Statement.objects.get(code="uniform").text
    assert statements().texts["cameras"] == ""


@pytest.mark.parametrize("path", ["/request/area/", "/request/check/"])
def test_pages_show_statements_and_the_oldest_check(loaded, client, settings, path):
    _draft, client.cookies[settings.ANSWERS_COOKIE_NAME] = make_complete_draft()
    set_text("crimes", "They write down <i>all</i> crimes.")
    set_text("cameras", "")
    unchecked = client.get(path).text
    Statement.objects.update(checked_on=datetime.date(2026, 11, 20))
    Statement.objects.filter(code="uniform").update(checked_on=datetime.date(2026, 10, 2))
    local_cache.clear()

    page = client.get(path).text

    assert re.search(r"<li>\s*They write down &lt;i&gt;all&lt;/i&gt; crimes\.\s*</li>", page)
    assert "cameras" not in page
    assert "Last checked on Friday 2 October 2026" in page
    assert "Last checked" not in unchecked


def test_area_page_shows_the_uniform_statement(loaded, client):
    set_text("uniform", "They wear high-visibility jackets.")

    assert "They wear high-visibility jackets." in client.get("/areas/southwark/").text


def test_admin_can_change_statements_but_not_add_or_delete_them(loaded, client, administrator):
    client.force_login(administrator)
    row = Statement.objects.get(code="complain")
    change = reverse("admin:boroughs_statement_change", args=[row.pk])

    client.post(change, {"text": "Call 101.", "owner": "Conduct team"})

    row.refresh_from_db()
    assert (row.text, row.owner) == ("Call 101.", "Conduct team")
    assert client.get(reverse("admin:boroughs_statement_add")).status_code == 403
    assert client.get(reverse("admin:boroughs_statement_delete", args=[row.pk])).status_code == 403


def test_privacy_shows_the_statements(client, loaded):
    set_text("crimes", "They must write some crimes down.")
    Statement.objects.update(checked_on=datetime.date(2026, 12, 8))

    page = client.get("/privacy/").text

    assert "<li>They must write some crimes down.</li>" in page
    assert "Last checked on Tuesday 8 December 2026" in page
    assert "They’ll be in uniform" not in page
