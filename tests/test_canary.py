"""A woman whose words are like no others goes the whole way, and then we look for them where they must not be."""

import base64
import io
import logging
import re
import uuid
from datetime import time, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.urls import path
from django.utils import timezone

import bookings.jobs
import feedback.jobs
from bookings.models import Arrangement, Booking, Event, Link, Walk
from bookings.statuses import Channel, Status
from feedback.actions import invite_to_tell_us
from feedback.models import BetterQuestion, Concern, ConcernEvent
from feedback.samples import Scene, written
from feedback.statuses import State
from outbox.delivery import deliver_due
from outbox.models import Message
from tests.support.drafts_and_messages import press_send
from tests.support.factories import PASSWORD
from tests.support.form_data import offer_data
from walkandtalk.lib import london, tokens
from walkandtalk.lib.network import HideTokens

NAME = "Zsuzsanna Kanarienvogel"
EMAIL = "kanarie.4711@canary.example.com"
PHONE = "07700 900876"
PLACE = "Kanarienbrunnen, third bench"
ROUTE = "Along Pirol lane to the weathervane"
CALLED_OFF = "Kormoran jetty, by the capstan"
OTHER_PLACE = "Kolkrabe arcade, under the clock"
DETAILS = "Quetzalcoatlus dialect, ground floor"
TIMES = "between vespers and compline"
PIN = "849302"
SPOT, SPOT_OF_OURS = "51.47137,-0.06718", "51.47211,-0.06593"
SPOTS = ["51.47137", "-0.06718", "51.47211", "-0.06593"]
WORRY = "Streetlamp number kvz-88 buzzes"
WORRY_PLACE = "Passage behind Kolibri bakery"
GOOD_SPOT = "Flamingo pharmacy doorway"
ARRANGED = "Axolotl telephone interpreter"
WORDS_OF_OURS = "Dear Zsuzsi, bring a torch"
NOTE_OF_OURS = "Rings after the Marabu lesson"
AGREED = "Kanarienlampe am Weg"
FOR_COLLEAGUES = "Kanarientaschenlampe mitbringen"
HERS = [NAME, "Kanarienvogel", EMAIL, "canary.example.com", PHONE, "7700900876", PLACE, ROUTE, DETAILS, TIMES, PIN]
HERS += [AGREED, FOR_COLLEAGUES]
HERS += [OTHER_PLACE, ARRANGED, WORRY, WORRY_PLACE, GOOD_SPOT, WORDS_OF_OURS, NOTE_OF_OURS, "SE15 4QL", *SPOTS]
LINK = re.compile(r"https?://[^/\s]+(/(?:my-walk|tell-us|r)/([A-Za-z0-9_-]{43})/(?:tell/|better/)?)")


class Traveller(Client):
    """A browser that remembers every address it asked for and was sent to."""

    def __init__(self):
        super().__init__()
        self.visited = []

    def request(self, **request):
        if request["PATH_INFO"].startswith("/r/"):
            request["HTTP_HOST"] = settings.DISCREET_HOST
        response = super().request(**request)
        self.visited += [
            f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}",
            response.headers.get("Location", ""),
        ]
        return response


def sure(response, status=302):
    assert response.status_code == status, response.content.decode()
    return response


def asks_for_a_walk(browser, channel):
    date = london.today().replace(day=1).fromordinal(london.today().toordinal() + 22)
    when = {"first_date_day": date.day, "first_date_month": date.month, "first_date_year": date.year}
    contact = {"channel": channel, "email": EMAIL, "phone": PHONE, "phone_rules": ["text"], "phone_times": TIMES}
    answers = {
        "": {"danger": "no"},
        "age/": {"adult": "yes"},
        "area/": {"how": "postcode", "postcode": "SE15 4QL"},
        "meeting-place/": {"how": "place", "place": PLACE, "pin": SPOT},
        "when/": {**when, "first_start": "6:30pm"},
        "name/": {"name": NAME},
        "contact/": contact,
        "pin/": {"pin": PIN},
        "needs/": {"needs": ["interpreter"], "needs_details": DETAILS},
    }
    for page, answer in answers.items():
        sure(browser.post(f"/request/{page}", answer))
    browser.post("/request/name/", {"name": NAME * 10})
    sure(browser.post("/request/route/", {"route": ROUTE}))
    sure(browser.post("/request/about/", {"about": ["people"]}))
    sure(browser.post("/request/company/", {"companions": "2", "adults": "on"}))
    sure(browser.post("/request/passing-on/", {"without_name": "yes"}))
    sure(press_send(browser))
    sure(browser.get("/request/sent/"), 200)
    return Booking.objects.get()


def asks_for_another_place(browser, page):
    date = london.today() + timedelta(days=24)
    when = {"first_date_day": date.day, "first_date_month": date.month, "first_date_year": date.year}
    sure(browser.post(f"{page}change/", {**when, "first_start": "6:30pm", "meeting_place": OTHER_PLACE}))


def link_in(message):
    return LINK.search(message.body).group(1)


def is_offered_a_time(hers, theirs, page, booking, inspector):
    """At a place that says where she goes; she says yes."""
    sure(theirs.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD}))
    offer = {**offer_data(days=10), "first_place": PLACE, "version": booking.version}
    sure(theirs.post(f"/staff/bookings/{booking.pk}/offer/", offer))
    deliver_due(10)
    pick = str(booking.offers.get().pk)
    sure(hers.post(f"{page}offer/", {"pick": pick, "of": pick}))
    deliver_due(10)
    booking.refresh_from_db()


def is_scheduled(browser, booking, inspector, team):
    date = london.local(booking.needed_at)
    plan = {
        "date_day": date.day,
        "date_month": date.month,
        "date_year": date.year,
        "start": "6:30pm",
        "minutes": "60",
        "meeting_place": PLACE,
        "pin": SPOT_OF_OURS,
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
        "officers": [officer.pk for officer in team],
        "version": booking.version,
        "need_interpreter": "arranged",
        "how_interpreter": ARRANGED,
    }
    sure(browser.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD}))
    sure(browser.get(f"/staff/bookings/{booking.pk}/"), 200)
    sure(browser.post(f"/staff/bookings/{booking.pk}/phone/"), 200)
    sure(browser.post("/staff/bookings/find/", {"reference": booking.spoken_reference}))
    sure(browser.post(f"/staff/bookings/{booking.pk}/take/", {"had_by": ""}))
    sure(browser.post(f"/staff/bookings/{booking.pk}/note/", {"note": NOTE_OF_OURS}))
    sure(browser.post(f"/staff/bookings/{booking.pk}/schedule/", {**plan, "minutes": "9"}), 422)
    sure(browser.post(f"/staff/bookings/{booking.pk}/schedule/", plan))


def is_walked(browser, officer):
    walk = Walk.objects.get()
    Walk.objects.update(start_at=timezone.now())
    sure(browser.post("/staff/sign-in/", {"username": officer.email, "password": PASSWORD}))
    sure(browser.get(f"/staff/walks/{walk.pk}/"), 200)
    sure(browser.post(f"/staff/walks/{walk.pk}/start/"))
    sure(browser.post(f"/staff/walks/{walk.pk}/end/"))
    note = {"submission": str(uuid.uuid4()), "booking": str(walk.bookings.get().pk), "agreed": AGREED}
    sure(browser.post(f"/staff/walks/{walk.pk}/note/", {**note, "words": FOR_COLLEAGUES}))
    sure(browser.get(f"/staff/walks/{walk.pk}/note/"), 200)


def tells_us(browser, address):
    said = {"place_kinds": ["lighting"], "place": WORRY_PLACE, "text": WORRY, "good_spot": GOOD_SPOT}
    sure(browser.post(address, {**said, "submission": str(uuid.uuid4())}))
    browser.post(address, said)


def is_answered(browser, inspector):
    concern = Concern.objects.exclude(kind="").get()
    sure(browser.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD}))
    day = london.today() + timedelta(days=30)
    review = {"review_date_day": day.day, "review_date_month": day.month, "review_date_year": day.year}
    sure(browser.post(f"/staff/concerns/{concern.pk}/", {"outcome": "accept", "owner": inspector.pk, **review}))
    today = london.today()
    done = {"done_date_day": today.day, "done_date_month": today.month, "done_date_year": today.year}
    page = f"/staff/concerns/{concern.pk}/answer/"
    chapter = browser.get(page).context["form"]["chapter"].value()
    sure(browser.post(page, {"outcome": "done", "words": WORDS_OF_OURS, "chapter": chapter, **done}))


def says_that_it_is_not_better(browser, mail):
    """Four weeks later, at noon."""
    noon = london.to_instant(london.today(), time(12))
    ConcernEvent.objects.filter(to_state=State.RESOLVED).update(at=noon - timedelta(weeks=4))
    feedback.jobs.ask_whether_better(noon)
    deliver_due(10)
    question = BetterQuestion.objects.get()
    sure(browser.post(link_in(mail[-1]), {f"better_{question.pk.hex}": "no"}))


def everything_stored():
    """Every column of every row of every table as text, and what sessions hold under their packing."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row) for (row,) in cursor.fetchall())
    for session in Session.objects.all():
        yield "django_session", str(session.get_decoded())


def shapes(text):
    """How the text might be written down: as it is, or in hexadecimal or base64 digits wherever it begins."""
    raw = text.encode()
    yield text.lower()
    yield raw.hex()
    for padding in range(3):
        encoded = base64.b64encode(b"\0" * padding + raw).decode()
        sure_part = encoded[4 if padding else 0 : len(encoded) // 4 * 4 - 4].lower()
        if len(sure_part) >= 8:  # fewer letters stand in some random token by chance
            yield sure_part


def found(texts, things):
    wanted = {shape: thing for thing in things for shape in shapes(thing)}
    return {(where, wanted[shape]) for where, text in texts for shape in wanted if holds(text.lower(), shape)}


def holds(text, shape):
    """Six digits stand by chance in some random id or fraction of a second, so a PIN has to stand alone."""
    if shape.isdecimal() and len(shape) < 8:
        return re.search(rf"(?<![\w.-]){shape}(?![\w-])", text) is not None
    return shape in text


@pytest.fixture(params=[Channel.FULL, Channel.DISCREET])
def journey(request, inspector, officer, second_officer, caplog, mailoutbox):
    """The whole way: she asks, they schedule, they walk, she tells us, we answer."""
    caplog.set_level(logging.DEBUG)
    hers, theirs = Traveller(), Traveller()
    booking = asks_for_a_walk(hers, request.param)
    deliver_due(10)
    page = link_in(mailoutbox[0])
    hers.post(page, {"pin": "111111"})
    hers.post(page, {"pin": PIN})
    hers.post(f"{page}confirm/")
    asks_for_another_place(hers, page)
    booking.refresh_from_db()
    is_offered_a_time(hers, theirs, page, booking, inspector)
    is_scheduled(theirs, booking, inspector, [officer, second_officer])
    deliver_due(10)
    sure(hers.get(page), 200)
    sure(hers.get(f"{page}map/"), 200)
    is_walked(Traveller(), officer)
    booking.refresh_from_db()
    invite_to_tell_us(booking, now=timezone.now())
    deliver_due(10)
    tells_us(hers, link_in(mailoutbox[-1]))
    is_answered(theirs, inspector)
    deliver_due(10)
    says_that_it_is_not_better(hers, mailoutbox)
    return {"hers": hers, "theirs": theirs, "mail": mailoutbox, "tokens": tokens_in(mailoutbox)}


def tokens_in(mail):
    return {token for message in mail for _path, token in LINK.findall(message.body)}


@pytest.mark.django_db(transaction=True)
def test_nothing_of_hers_can_be_read_in_database_logs_or_addresses(journey, caplog):
    addresses = [("address", address) for browser in ("hers", "theirs") for address in journey[browser].visited]
    logged = caplog.get_records("setup")
    records = [("log", f"{logging.Formatter().format(record)} {record.__dict__}") for record in logged]
    stored = list(everything_stored())

    assert Booking.objects.get().status == Status.COMPLETED
    assert Concern.objects.count() == 2
    assert Message.objects.filter(state="sent").count() == len(journey["mail"]) >= 5
    assert any(PLACE in message.body for message in journey["mail"])
    assert len(journey["tokens"]) >= 3
    assert len(stored) > 50
    assert records
    assert found(stored, [*HERS, *journey["tokens"]]) == set()
    assert found(records, HERS) == set()
    assert found(addresses, HERS) == set()


@pytest.fixture
def canary_scene(southwark):
    """The woman, her walk and her worry of the samples, in words like no others."""
    scene = Scene()
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
def test_no_kind_of_message_can_be_read_where_it_is_stored_or_logged(canary_scene, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    stored, said = [], {}
    with transaction.atomic(), connection.cursor() as cursor:
        for sample in written(canary_scene):
            message = sample.message
            cursor.execute("SELECT t::text FROM outbox_message t WHERE id = %s", [message.pk])
            stored.append((sample.name, cursor.fetchone()[0]))
            said[sample.name] = f"{message.text} {message.html}"
            by_itself = {"thread": f"sample:{message.pk}", "dedupe_key": f"sample:{message.pk}:{sample.name}"}
            Message.objects.filter(pk=message.pk).update(**by_itself, send_after=None, next_at=timezone.now())
    deliver_due(200)
    records = [("log", f"{logging.Formatter().format(record)} {record.__dict__}") for record in caplog.records]

    to_staff = [(name, text) for name, text in said.items() if name.startswith(("officer-", "team-"))]
    hers_alone = [NAME, EMAIL, PHONE, ROUTE, DETAILS, TIMES, WORRY, WORRY_PLACE, OTHER_PLACE]
    assert len(mailoutbox) >= len(said) > len(to_staff) > 20
    assert NAME in said["scheduled"]
    assert PLACE in said["scheduled"]
    assert found(stored, HERS) == set()
    assert found(records, HERS) == set()
    assert found(to_staff, hers_alone) == set()
    assert found([("subject", message.subject) for message in mailoutbox], HERS) == set()


def everything_readable():
    """The same for somebody who has all our keys: each field of each row, opened."""
    for model in apps.get_models():
        for row in model._default_manager.all():
            yield model._meta.label, " ".join(str(getattr(row, field.attname)) for field in model._meta.fields)


def counts():
    """How many rows there are of what is to stay: history grows by a line, links and arrangements go."""
    kept = [model for model in apps.get_models() if model not in (Arrangement, Event, Link, Session)]
    return {model._meta.label: model._default_manager.count() for model in kept}


def known(things):
    """What the things are among what we have keys for, besides as they are."""
    return [*things, tokens.index_hmac(EMAIL), tokens.pin_hmac(Booking.objects.get().pk, PIN)]


@pytest.mark.django_db(transaction=True)
def test_nothing_of_hers_can_be_opened_once_its_time_is_over(journey):
    of_the_worry = [WORRY, WORRY_PLACE, GOOD_SPOT, WORDS_OF_OURS]
    contact = Booking.objects.get().contact
    contact.called_off_place = CALLED_OFF  # she was on no walk that went on without her
    contact.save()
    secrets = [CALLED_OFF, *known([thing for thing in HERS if thing not in (PIN, "SE15 4QL")])]
    at_first, before = {thing for _where, thing in found(everything_readable(), secrets)}, counts()
    now = timezone.now()

    bookings.jobs.forget_contacts(now + timedelta(days=89))
    a_day_early = {thing for _where, thing in found(everything_readable(), secrets)}
    bookings.jobs.forget_contacts(now + timedelta(days=90))
    feedback.jobs.forget_walk_notes(now + timedelta(days=90))
    feedback.jobs.forget_concerns(now + timedelta(days=90))
    of_the_booking = {thing for _where, thing in found(everything_readable(), secrets)}
    feedback.jobs.forget_concerns(now + timedelta(days=3 * 366))

    assert at_first == a_day_early
    assert {NAME, EMAIL, tokens.index_hmac(EMAIL), PHONE, PLACE, ROUTE} <= at_first
    assert {CALLED_OFF, DETAILS, TIMES, ARRANGED, AGREED, FOR_COLLEAGUES, *of_the_worry} <= at_first
    assert of_the_booking == set(of_the_worry)
    assert found(everything_readable(), secrets) == set()
    assert found(everything_stored(), [*secrets, *journey["tokens"]]) == set()
    assert counts() == before


@pytest.mark.parametrize("thing", [NAME, PIN, EMAIL])
def test_what_could_be_read_would_be_found(thing):
    raw = thing.encode()
    for text in (f"a {thing.upper()} b", f"\\x00{raw.hex()}ff"):
        assert found([("here", text)], [thing]) == {("here", thing)}


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_what_could_be_unpacked_would_be_found(before):
    packed = base64.b64encode(f"{before}{EMAIL} and more".encode()).decode()

    assert found([("here", packed)], [EMAIL]) == {("here", EMAIL)}


# --- The tokens of her links in the log ------------------------------------------------------------------------------


@pytest.fixture
def log():
    """What the log of the service itself comes to, through the handler that settings give it."""
    handler = next(
        each for each in logging.getLogger().handlers if any(isinstance(f, HideTokens) for f in each.filters)
    )
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@login_not_required
def fails(request, token):
    raise RuntimeError(f"cannot open {request.path}")


urlpatterns = [path("my-walk/<str:token>/", fails)]
handler500 = "django.views.defaults.server_error"


@pytest.mark.parametrize(
    "address",
    ["/my-walk/{}/nowhere/", "/my-walk/{}", "/my-walk/{}./", "/tell-us/{})/", "/r/{}/", "/nowhere/{}?a=b", "/{},x"],
)
def test_log_of_a_page_that_is_not_there_holds_no_token(address, client, db, log):
    token = tokens.new_token()

    client.get(address.format(token), follow=True)

    assert "Not Found: " in log.getvalue()
    assert token not in log.getvalue()


def test_log_of_a_page_that_fails_holds_no_token(client, db, log, settings):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    token = tokens.new_token()

    response = client.get(f"/my-walk/{token}/")

    assert response.status_code == 500
    assert "cannot open /my-walk/…/" in log.getvalue()
    assert token not in log.getvalue()
    assert token not in response.text


def test_log_of_a_form_refused_holds_no_token(db, log):
    token = tokens.new_token()

    Client(enforce_csrf_checks=True).post(f"/my-walk/{token}/confirm/")

    assert "Forbidden" in log.getvalue()
    assert token not in log.getvalue()
