"""`rotate_keys`: everything made with an older key is made again, while people use the service (docs/keys.md)."""

import base64

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.second_factor.adapters import SecondFactorAdapter
from administration.models import ProposedChange
from administration.proposals.values import seal
from bookings.models.bookings import Booking
from bookings.models.contacts import BookingContact
from bookings.models.links import Link
from bookings.models.search_keys import have_name, have_place, name_keys
from feedback.models.contacts import ReportContact
from tests.support.concurrency import run_concurrently
from tests.support.encryption_keys import make_field_key
from tests.support.factories import BookingFactory
from walkandtalk.lib import tokens
from walkandtalk.lib.database.append_only import logs
from walkandtalk.lib.encryption import current_header
from walkandtalk.lib.keys.columns import tables
from walkandtalk.lib.keys.index_keys import current_key
from walkandtalk.lib.keys.rotation import Progress, rotate
from walkandtalk.lib.rows import save_changes

pytestmark = pytest.mark.django_db
PIN = "000042"  # found soon


@pytest.fixture(autouse=True)
def older_keys(settings):
    settings.FIELD_KEYS, settings.INDEX_KEY = [make_field_key("older-key")], "an-older-key"


def add_new_keys(settings):
    """Put new keys first. Return what every trace of the older ones in the database would contain."""
    traces = [current_header().hex(), base64.b64encode(current_header()).decode(), current_key().mark]
    settings.FIELD_KEYS = [make_field_key("new-key"), *settings.FIELD_KEYS]
    settings.INDEX_KEY = f"a-new-key,{settings.INDEX_KEY}"
    return traces


def remove_older_keys(settings):
    settings.FIELD_KEYS, settings.INDEX_KEY = settings.FIELD_KEYS[:1], settings.INDEX_KEY.split(",")[0]


def rotate_keys(*arguments, capsys=None):
    call_command("rotate_keys", *arguments)
    return capsys.readouterr().out if capsys else ""


def contacts():
    return next(table for table in tables() if table.model is BookingContact)


def columns_with(traces):
    """Return each column of the database in whose text one of these is."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT DISTINCT part.key FROM "{table}" AS held, json_each_text(row_to_json(held)) AS part '
                "WHERE part.value LIKE ANY(%s)",
                [[f"%{trace}%" for trace in traces]],
            )
            found |= {f"{table}.{name}" for (name,) in cursor.fetchall()}
    return found


def test_nothing_of_the_older_keys_is_left(settings, request, officer, capsys):
    world = request.getfixturevalue("world")
    adapter = SecondFactorAdapter()
    factor = Authenticator.objects.create(user=officer, type="totp", data={"secret": adapter.encrypt("ABC")})
    ProposedChange.objects.update(after={"api_key": seal("of the borough")})
    BookingContact.objects.exclude(pin_hmac="").update(pin_hmac="")
    ReportContact.objects.exclude(pin_hmac="").delete()
    contact = Booking.objects.filter(contact__name__isnull=False).latest("asked_at").contact
    save_changes(contact, pin_hmac=tokens.pin_hmac(contact.pk, PIN))
    traces = add_new_keys(settings)
    assert len(columns_with(traces)) > 30

    said = rotate_keys(capsys=capsys)

    one_way = {
        "accounts_ratecount.key_hash",
        "accounts_passwordlink.token_hmac",
        "figures_followedarea.token_hmac",
    }
    assert columns_with(traces) - one_way == {"bookings_bookingcontact.older_email_hmac"}
    assert "Nothing is left under older-key. You may now remove it" in said
    remove_older_keys(settings)
    rotate_keys()
    assert columns_with(traces) <= one_way
    assert adapter.decrypt(Authenticator.objects.get(pk=factor.pk).data["secret"]) == "ABC"
    assert tokens.pin_matches(contact.pk, PIN, BookingContact.objects.get(pk=contact.pk).pin_hmac)
    assert all(contact.name_keys == name_keys(contact.name) for contact in BookingContact.objects.all())
    for table in tables():
        for row in table.model._base_manager.all():
            assert [getattr(row, field.attname) for field in table.fields]  # every text can be read
    assert world


def test_no_log_is_encrypted():
    """Because nobody could encrypt its rows again."""
    assert {table.name for table in tables()} & {log.table for log in logs()} == set()


def test_an_address_is_the_same_with_either_key(settings, southwark, inspector):
    old = BookingFactory(borough=southwark, contact__email="maya@example.com")
    add_new_keys(settings)
    new = BookingFactory(borough=southwark, contact__email="maya@example.com")
    other = BookingFactory(borough=southwark, contact__email="ines@example.com")
    counts = lambda: {  # noqa: E731
        row.pk: row.request_count for row in Booking.objects.with_request_counts(inspector, new.asked_at)
    }

    expected = {old.pk: 2, new.pk: 2, other.pk: 1}
    assert counts() == expected

    list(rotate(contacts()))
    assert counts() == expected
    assert {*BookingContact.objects.values_list("email_hmac", flat=True)} == {
        tokens.index_hmac("maya@example.com"),
        tokens.index_hmac("ines@example.com"),
    }


def test_a_name_and_a_place_are_found_with_either_key(settings, southwark):
    BookingFactory(borough=southwark, contact__name="Maya", contact__meeting_place="Rye Lane")
    add_new_keys(settings)
    BookingFactory(borough=southwark, contact__name="Maya", contact__meeting_place="Rye Lane")

    assert Booking.objects.filter(have_name("maya")).count() == 2
    assert Booking.objects.filter(have_place("rye lane")).count() == 2


def test_links_to_earlier_addresses_confirm_nothing(settings, southwark):
    booking = BookingFactory(borough=southwark, contact__email="maya@example.com")
    links = {
        email: Link.objects.create_token(booking, Link.Purpose.PAGE, expires_at=booking.asked_at, email=email)
        for email in ("maya@example.com", "typo@example.com")
    }
    add_new_keys(settings)

    rotate_keys()

    hashes = [Link.objects.get(token_hash=tokens.token_hash(token)).email_hmac for token in links.values()]
    assert hashes[0] == tokens.index_hmac("maya@example.com")
    assert hashes[1].startswith(current_key().mark)
    assert hashes[1] not in {hashes[0], tokens.index_hmac("typo@example.com")}


def test_check_says_what_is_left_and_changes_nothing(settings, southwark, capsys):
    contact = BookingFactory(borough=southwark).contact
    save_changes(contact, unsafe_email_hmac=tokens.index_hmac("earlier@example.com"))
    traces = add_new_keys(settings)

    said = rotate_keys("--check", capsys=capsys)

    assert "Keep older-key: " in said
    assert "bookings_bookingcontact.name 1," in said
    assert "bookings_bookingcontact.name" in columns_with(traces)
    rotate_keys()
    capsys.readouterr()
    assert f"Keep {traces[-1]}: 1 values are left. bookings_bookingcontact.unsafe_email_hmac 1" in rotate_keys(
        "--check", capsys=capsys
    )


def test_a_value_whose_key_is_gone_is_an_error(settings, southwark):
    BookingFactory(borough=southwark)
    settings.FIELD_KEYS = [make_field_key("new-key")]

    with pytest.raises(CommandError, match="encrypted with a key that isn’t here"):
        rotate_keys()


@pytest.mark.django_db(transaction=True)
def test_a_row_in_use_is_left_for_the_next_round(settings, southwark):
    held, _free = BookingFactory(borough=southwark), BookingFactory(borough=southwark)
    add_new_keys(settings)
    with transaction.atomic():
        (row,) = BookingContact.objects.select_for_update().filter(pk=held.pk)
        (progress,) = run_concurrently(lambda: sum(rotate(contacts()), Progress()))
        save_changes(row, name="What she wrote meanwhile")

    assert (progress.written, progress.held_by_others) == (1, 1)
    assert sum(rotate(contacts()), Progress()).written == 1
    remove_older_keys(settings)
    contact = BookingContact.objects.get(pk=held.pk)
    assert (contact.name, contact.email_hmac) == ("What she wrote meanwhile", tokens.index_hmac(contact.email))
