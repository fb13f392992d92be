"""Every address of Django admin: what an administrator gets, and that nobody else gets anything."""

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import SecurityEvent
from boroughs.models.bcus import Borough, BoroughCommandUnit, Ward
from boroughs.models.officers import Officer
from boroughs.models.texts import HelpContact, Statement
from partners.models.partners import Partner
from tests.support.addresses import fingerprint

pytestmark = pytest.mark.django_db

# For an administrator: GET, then POST of an empty form. A star means that rows changed. The forms that change
# something are in the access table, or in tests/administration/.
ADMIN_TABLE = """
app_list                                  200  200
autocomplete                              403  405
bookings_equalitycount_add                403  403
bookings_equalitycount_change             302  403
bookings_equalitycount_changelist         200  200
bookings_equalitycount_delete             403  403
bookings_equalitycount_history            302  302
boroughs_borough_add                      403  403
boroughs_borough_change                   200  403
boroughs_borough_changelist               200  200
boroughs_borough_delete                   403  403
boroughs_borough_history                  200  200
boroughs_boroughcommandunit_add           403  403
boroughs_boroughcommandunit_change        200  200
boroughs_boroughcommandunit_changelist    200  200
boroughs_boroughcommandunit_delete        403  403
boroughs_boroughcommandunit_history       200  200
boroughs_helpcontact_add                  200  200
boroughs_helpcontact_change               200  200
boroughs_helpcontact_changelist           200  200
boroughs_helpcontact_delete               200  200
boroughs_helpcontact_history              200  200
boroughs_officer_add                      302  302
boroughs_officer_change                   200  200
boroughs_officer_changelist               200  200
boroughs_officer_delete                   403  403
boroughs_officer_history                  200  200
boroughs_statement_add                    403  403
boroughs_statement_change                 200  302*
boroughs_statement_changelist             200  200
boroughs_statement_delete                 403  403
boroughs_statement_history                200  200
boroughs_ward_add                         403  403
boroughs_ward_change                      200  403
boroughs_ward_changelist                  200  200
boroughs_ward_delete                      403  403
boroughs_ward_history                     200  200
index                                     200  200
jsi18n                                    200  405
partners_partner_add                      200  200
partners_partner_change                   200  200
partners_partner_changelist               200  200
partners_partner_delete                   403  403
partners_partner_history                  200  200
password_change_done                      200  405
view_on_site                              404  404
"""
EXPECTED = {name: (get, post) for name, get, post in map(str.split, ADMIN_TABLE.strip().splitlines())}
OURS = {"login", "logout", "password_change"}
"""The access table has our own pages at these addresses."""
OTHERS = ["signed_out", "on_it", "not_on_it", "inspector", "stranger", "lead", "auditor", "control_room"]


def names():
    """Return the name of every address of the admin, but for those without one, which lead to another address."""
    found = [name for pattern in admin.site.urls[0] for name in _names(pattern)]
    return sorted({name for name in found if name} - OURS)


def _names(pattern):
    if isinstance(pattern, URLPattern):
        return [pattern.name]
    return [name for each in pattern.url_patterns for name in _names(each)] if isinstance(pattern, URLResolver) else []


def path(name, world):
    if name == "app_list":
        return reverse("admin:app_list", args=["boroughs"])
    if name == "view_on_site":
        return "/admin/r/1/1/"
    model, page = name.rpartition("_")[0], name.rpartition("_")[2]
    if page not in ("change", "delete", "history"):
        return reverse(f"admin:{name}")
    rows = {
        "boroughs_officer": world.people["not_on_it"],
        "boroughs_boroughcommandunit": BoroughCommandUnit.objects.first(),
        "boroughs_borough": Borough.objects.first(),
        "boroughs_ward": Ward.objects.get_or_create(
            gss="E05000999", defaults={"name": "A Ward", "borough": Borough.objects.first()}
        )[0],
        "boroughs_helpcontact": HelpContact.objects.get_or_create(name="Our line", number="020 7946 0000")[0],
        "partners_partner": Partner.objects.order_by("name").first(),
        "boroughs_statement": Statement.objects.get_or_create(code=Statement.Code.CAMERAS)[0],
    }
    return reverse(f"admin:{name}", args=[rows[model].pk if model in rows else 1])


def test_every_address_of_the_admin_is_in_the_table():
    assert sorted(EXPECTED) == names()


def test_administrator_gets_what_the_table_says(world):
    client = world.enter("administrator")
    paths = {name: path(name, world) for name in names()}

    answers = {}
    for name, address in paths.items():
        before = fingerprint()
        get, post = client.get(address), client.post(address)
        changed = "*" if _without_security_log(fingerprint()) != _without_security_log(before) else ""
        answers[name] = (str(get.status_code), f"{post.status_code}{changed}")

    assert answers == EXPECTED


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_gets_anything(who, world):
    client = world.enter(who)
    paths = [path(name, world) for name in names()]
    before = fingerprint()

    answers = {(client.get(each).status_code, client.post(each).status_code) for each in paths}

    assert answers == {(302, 302)}
    assert fingerprint() == before


@pytest.mark.parametrize("who", ["signed_out", "inspector", "auditor"])
def test_they_are_led_to_the_sign_in_page_and_no_further(who, world):
    client = world.enter(who)

    page = client.get(reverse("admin:boroughs_officer_changelist"), follow=True)

    assert page.status_code == (200 if who == "signed_out" else 403)
    assert Officer.objects.first().email not in page.text


def _without_security_log(rows):
    return {**rows, SecurityEvent._meta.db_table: ""}
