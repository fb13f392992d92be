"""A requester's own text must not appear in logs, addresses or stored rows, nor anywhere after erasure."""

import base64
import logging
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

import bookings.retention.jobs
import feedback.jobs
from bookings.models.bookings import Booking
from bookings.statuses import Channel, Status
from data_rights.erasure.jobs import erase_requested
from devtools.previews.sample_data import PreviewData
from devtools.previews.scenes import write_previews
from feedback.models.concerns import Concern
from feedback.reports.actions import send_report_invitation
from outbox.models import Message
from outbox.sending.delivery import deliver_due
from tests.support.leak_search import (
    AGREED,
    ARRANGED,
    CANCELLED_PLACE,
    DETAILS,
    EMAIL,
    FOR_COLLEAGUES,
    LINK_IN_MESSAGE,
    MAP_COORDINATES,
    NAME,
    NOTE_OF_OURS,
    OTHER_PLACE,
    PERSONAL_DATA,
    PHONE,
    PIN,
    PLACE,
    REQUESTER_MAP_POINT,
    ROUTE,
    SAFE_PLACE,
    TIMES,
    TO_THE_TEAM,
    WORDS_OF_OURS,
    WORRY,
    WORRY_PLACE,
    RecordingClient,
    add_hashes,
    answer_concern,
    count_kept_rows,
    find_leaks,
    find_link,
    find_tokens,
    hold_walk,
    message_team,
    offer_and_accept_time,
    read_decrypted_rows,
    read_stored_rows,
    report_concern,
    report_not_better,
    request_another_place,
    request_walk,
    require_status,
    schedule_walk,
)
from tests.support.place_reports import link_to, tell, the_contact
from walkandtalk.lib import tokens


@pytest.fixture(params=[Channel.FULL, Channel.DISCREET])
def journey(request, inspector, officer, second_officer, caplog, mailoutbox):
    """The whole journey, from the request through the walk to the answer to the requester's concern."""
    caplog.set_level(logging.DEBUG)
    requester_client, staff_client = RecordingClient(), RecordingClient()
    booking = request_walk(requester_client, request.param)
    deliver_due(10)
    page = find_link(mailoutbox[0])
    requester_client.post(page, {"pin": "111111"})
    requester_client.post(page, {"pin": PIN})
    requester_client.post(f"{page}confirm/")
    request_another_place(requester_client, page)
    booking.refresh_from_db()
    offer_and_accept_time(requester_client, staff_client, page, booking, inspector)
    schedule_walk(staff_client, booking, inspector, [officer, second_officer])
    deliver_due(10)
    require_status(requester_client.get(page), 200)
    require_status(requester_client.get(f"{page}map/"), 200)
    message_team(requester_client, staff_client, page, booking)
    hold_walk(RecordingClient(), officer)
    booking.refresh_from_db()
    send_report_invitation(booking, now=timezone.now())
    deliver_due(10)
    report_concern(requester_client, find_link(mailoutbox[-1]))
    answer_concern(staff_client, inspector)
    deliver_due(10)
    report_not_better(requester_client, mailoutbox)
    return {"hers": requester_client, "theirs": staff_client, "mail": mailoutbox, "tokens": find_tokens(mailoutbox)}


@pytest.mark.django_db(transaction=True)
def test_no_personal_data_in_database_logs_or_addresses(journey, caplog):
    addresses = [("address", address) for browser in ("hers", "theirs") for address in journey[browser].visited]
    logged = caplog.get_records("setup")
    records = [("log", f"{logging.Formatter().format(record)} {record.__dict__}") for record in logged]
    stored = list(read_stored_rows())

    assert Booking.objects.get().status == Status.COMPLETED
    assert Concern.objects.count() == 2
    assert Message.objects.filter(state="sent").count() == len(journey["mail"]) >= 5
    assert any(PLACE in message.body for message in journey["mail"])
    assert len(journey["tokens"]) >= 3
    assert len(stored) > 50
    assert records
    assert find_leaks(stored, [*PERSONAL_DATA, *journey["tokens"]]) == set()
    assert find_leaks(records, PERSONAL_DATA) == set()
    assert find_leaks(addresses, PERSONAL_DATA) == set()


@pytest.fixture
def canary_scene(southwark):
    """The sample requester, walk and concern, with texts that occur nowhere else."""
    scene = PreviewData()
    contact, walk, concern = scene.booking.contact, scene.walk, scene.concern
    contact.name, contact.email, contact.phone, contact.phone_rules = NAME, EMAIL, PHONE, ["call"]
    contact.meeting_place, contact.route, contact.needs_details, contact.phone_times = (
        OTHER_PLACE,
        ROUTE,
        DETAILS,
        TIMES,
    )
    contact.save()
    walk.meeting_place = PLACE
    walk.save()
    concern.place, concern.text = WORRY_PLACE, WORRY
    concern.save()
    return scene


@pytest.mark.django_db(transaction=True)
def test_no_personal_data_in_stored_or_logged_messages(canary_scene, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    stored, contents = [], {}
    with transaction.atomic(), connection.cursor() as cursor:
        for sample in write_previews(canary_scene):
            message = sample.message
            cursor.execute("SELECT t::text FROM outbox_message t WHERE id = %s", [message.pk])
            stored.append((sample.name, cursor.fetchone()[0]))
            contents[sample.name] = f"{message.text} {message.html}"
            by_itself = {"thread": f"sample:{message.pk}", "dedupe_key": f"sample:{message.pk}:{sample.name}"}
            Message.objects.filter(pk=message.pk).update(**by_itself, send_after=None, next_at=timezone.now())
    deliver_due(200)
    records = [("log", f"{logging.Formatter().format(record)} {record.__dict__}") for record in caplog.records]

    to_staff = [(name, text) for name, text in contents.items() if name.startswith(("account-", "officer-", "team-"))]
    hers_alone = [NAME, EMAIL, PHONE, ROUTE, DETAILS, TIMES, WORRY, WORRY_PLACE, OTHER_PLACE]
    assert len(mailoutbox) >= len(contents) > len(to_staff) > 20
    assert NAME in contents["scheduled"]
    assert PLACE in contents["scheduled"]
    assert find_leaks(stored, PERSONAL_DATA) == set()
    assert find_leaks(records, PERSONAL_DATA) == set()
    assert find_leaks(to_staff, hers_alone) == set()
    assert find_leaks([("subject", message.subject) for message in mailoutbox], PERSONAL_DATA) == set()


@pytest.mark.django_db(transaction=True)
def test_no_personal_data_can_be_decrypted_after_the_retention_period(journey):
    of_the_worry = [WORRY, WORRY_PLACE, SAFE_PLACE, WORDS_OF_OURS]
    contact = Booking.objects.get().contact
    contact.cancelled_meeting_place = CANCELLED_PLACE  # this journey leaves it empty: no walk went on without her
    contact.save()
    secrets = [CANCELLED_PLACE, *add_hashes([thing for thing in PERSONAL_DATA if thing not in (PIN, "SE15 4QL")])]
    at_first, previous_count = (
        {thing for _where, thing in find_leaks(read_decrypted_rows(), secrets)},
        count_kept_rows(),
    )
    now = timezone.now()

    bookings.retention.jobs.erase_due_bookings(now + timedelta(days=89))
    a_day_early = {thing for _where, thing in find_leaks(read_decrypted_rows(), secrets)}
    bookings.retention.jobs.erase_due_bookings(now + timedelta(days=90))
    feedback.jobs.erase_due_walk_notes(now + timedelta(days=90))
    feedback.jobs.erase_due_concerns(now + timedelta(days=90))
    of_the_booking = {thing for _where, thing in find_leaks(read_decrypted_rows(), secrets)}
    feedback.jobs.erase_due_concerns(now + timedelta(days=3 * 366))

    assert at_first == a_day_early
    assert {NAME, EMAIL, tokens.index_hmac(EMAIL), PHONE, PLACE, ROUTE} <= at_first
    assert {CANCELLED_PLACE, DETAILS, TIMES, ARRANGED, AGREED, FOR_COLLEAGUES, TO_THE_TEAM} <= at_first
    assert set(of_the_worry) <= at_first
    assert of_the_booking == set(of_the_worry)
    assert find_leaks(read_decrypted_rows(), secrets) == set()
    assert find_leaks(read_stored_rows(), [*secrets, *journey["tokens"]]) == set()
    assert count_kept_rows() == previous_count


def _prove(hers, page, mail):
    """Give the PIN, or open the link that works once, which a requester without a PIN gets instead."""
    response = hers.post(page, {"pin": PIN}, follow=True)
    if not response.redirect_chain:
        deliver_due(10)
        response = hers.post(LINK_IN_MESSAGE.search(mail[-1].body).group(1), follow=True)
    assert response.redirect_chain, response.text
    return response


@pytest.mark.django_db(transaction=True)
def test_no_personal_data_is_left_after_she_deletes_her_details(journey, caplog, settings, tmp_path):
    backend = "django.core.files.storage.FileSystemStorage"
    ledger = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "erasures": ledger}
    hers, booking = journey["hers"], Booking.objects.get()
    page = find_link(journey["mail"][0])
    contact = booking.contact
    contact.cancelled_meeting_place = CANCELLED_PLACE  # this journey leaves it empty: no walk went on without her
    contact.save()
    secrets = [CANCELLED_PLACE, *add_hashes([thing for thing in PERSONAL_DATA if thing not in (PIN, "SE15 4QL")])]
    copied = _prove(hers, f"{page}copy/", journey["mail"])
    file = hers.get(f"{copied.redirect_chain[-1][0].removesuffix('read/')}appointment.json")
    at_first, before = {thing for _where, thing in find_leaks(read_decrypted_rows(), secrets)}, count_kept_rows()

    _prove(hers, f"{page}delete/", journey["mail"])
    deliver_due(10)
    erase_requested(timezone.now() + timedelta(hours=25))

    logged = caplog.get_records("setup") + caplog.records
    records = [("log", f"{logging.Formatter().format(record)} {record.__dict__}") for record in logged]
    addresses = [("address", address) for address in hers.visited]
    written = [("ledger", path.read_text()) for path in tmp_path.iterdir()]
    after = count_kept_rows()
    for in_copy in (NAME, EMAIL, PHONE, ROUTE, DETAILS, TIMES, ARRANGED, AGREED, WORRY, WORRY_PLACE, WORDS_OF_OURS):
        assert in_copy in copied.text, in_copy
        assert in_copy in file.text, in_copy
    assert FOR_COLLEAGUES not in copied.text + file.text
    assert NOTE_OF_OURS not in copied.text + file.text
    assert len(at_first) >= 20
    assert find_leaks(read_decrypted_rows(), secrets) == set()
    assert find_leaks(read_stored_rows(), [*secrets, *journey["tokens"]]) == set()
    assert find_leaks(records, PERSONAL_DATA) == set()
    assert find_leaks(addresses, PERSONAL_DATA) == set()
    assert len(written) == 1
    assert find_leaks(written, [*PERSONAL_DATA, booking.reference]) == set()
    assert not any(str(booking.pk) in str(session.get_decoded()) for session in Session.objects.all())
    assert {name for name in before if after[name] < before[name]} <= {"bookings.Draft"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("channel", Channel)
def test_place_told_without_a_walk_leaks_nothing_and_is_gone_once_she_deletes_it(channel, southwark, caplog):
    caplog.set_level(logging.DEBUG)
    hers = RecordingClient()
    pin = "" if channel == Channel.FULL else PIN
    said = {"place": WORRY_PLACE, "text": WORRY, "map_point": REQUESTER_MAP_POINT, "email": EMAIL, "pin": pin}
    require_status(tell(hers, **said, channel=channel.value))
    contact = the_contact()
    page = f"/tell-us/yours/{link_to(contact)}/"
    require_status(hers.post(page, {"pin": PIN}) if pin else hers.post(f"{page}confirm/"))
    shown = require_status(hers.get(page), 200).text
    deliver_due(10)
    secrets = [WORRY, WORRY_PLACE, EMAIL, tokens.index_hmac(EMAIL), tokens.pin_hmac(contact.pk, PIN), *MAP_COORDINATES]
    typed = [*secrets[:3], PIN, *MAP_COORDINATES]
    stored = find_leaks(read_stored_rows(), typed)

    require_status(hers.post(f"{page}delete/"), 200)

    records = [("log", f"{logging.Formatter().format(record)} {record.__dict__}") for record in caplog.records]
    assert WORRY_PLACE in shown
    assert stored == set()
    assert find_leaks(records, typed) == set()
    assert find_leaks([("address", address) for address in hers.visited], typed) == set()
    assert find_leaks(read_decrypted_rows(), secrets) == set()
    assert Concern.objects.get().kind == "lighting"


@pytest.mark.parametrize("thing", [NAME, PIN, EMAIL])
def test_search_finds_plain_and_hexadecimal_text(thing):
    raw = thing.encode()
    for text in (f"a {thing.upper()} b", f"\\x00{raw.hex()}ff"):
        assert find_leaks([("here", text)], [thing]) == {("here", thing)}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_search_finds_base64(before):
    packed = base64.b64encode(f"{before}{EMAIL} and more".encode()).decode()

    assert find_leaks([("here", packed)], [EMAIL]) == {("here", EMAIL)}
