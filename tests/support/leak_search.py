"""A requester whose texts occur nowhere else, the steps of her journey, and a search for her texts."""

import base64
import re
import uuid
from datetime import time, timedelta

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

import feedback.jobs
from bookings.models.adjustments import Adjustment
from bookings.models.bookings import Booking
from bookings.models.events import Event, EventNote
from bookings.models.links import Link
from feedback.models.concerns import Concern
from feedback.models.events import ConcernEventTexts, FollowUpQuestion
from outbox.sending.delivery import deliver_due
from tests.support.drafts_and_messages import post_send_form
from tests.support.factories import PASSWORD
from tests.support.form_data import agreed_data, offer_data
from tests.support.staff_client import StaffClient
from walkandtalk.lib import london, tokens
from walks.models.walks import Walk

NAME = "Zsuzsanna Kanarienvogel"
EMAIL = "kanarie.4711@canary.example.com"
PHONE = "07700 900876"
PLACE = "Kanarienbrunnen, third bench"
ROUTE = "Along Pirol lane to the weathervane"
CANCELLED_PLACE = "Kormoran jetty, by the capstan"
OTHER_PLACE = "Kolkrabe arcade, under the clock"
DETAILS = "Quetzalcoatlus dialect, ground floor"
TIMES = "between vespers and compline"
PIN = "849302"
REQUESTER_MAP_POINT, OFFICERS_MAP_POINT = "51.47137,-0.06718", "51.47211,-0.06593"
MAP_COORDINATES = ["51.47137", "-0.06718", "51.47211", "-0.06593"]
WORRY = "Streetlamp number kvz-88 buzzes"
WORRY_PLACE = "Passage behind Kolibri bakery"
SAFE_PLACE = "Flamingo pharmacy doorway"
ARRANGED = "Axolotl telephone interpreter"
WORDS_OF_OURS = "Dear Zsuzsi, bring a torch"
NOTE_OF_OURS = "Rings after the Marabu lesson"
AGREED = "Kanarienlampe am Weg"
FOR_COLLEAGUES = "Kanarientaschenlampe mitbringen"
TO_THE_TEAM = "Zilpzalp says the gate is locked"
PERSONAL_DATA = [
    NAME,
    "Kanarienvogel",
    EMAIL,
    "canary.example.com",
    PHONE,
    "7700900876",
    PLACE,
    ROUTE,
    DETAILS,
    TIMES,
    PIN,
]
PERSONAL_DATA += [AGREED, FOR_COLLEAGUES, TO_THE_TEAM]
PERSONAL_DATA += [
    OTHER_PLACE,
    ARRANGED,
    WORRY,
    WORRY_PLACE,
    SAFE_PLACE,
    WORDS_OF_OURS,
    NOTE_OF_OURS,
    "SE15 4QL",
    *MAP_COORDINATES,
]
LINK = re.compile(r"https?://[^/\s]+(/(?:my-walk|tell-us|r)/([A-Za-z0-9_-]{43})/(?:tell/|better/)?)")
LINK_IN_MESSAGE = re.compile(r"https?://[^/\s]+(/(?:my-walk|r)/[A-Za-z0-9_-]{43}/\S*)")


class RecordingClient(StaffClient):
    """A browser that records every address it requests or is redirected to."""

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


def require_status(response, status=302):
    assert response.status_code == status, response.content.decode()
    return response


def request_walk(browser, channel):
    date = london.today().replace(day=1).fromordinal(london.today().toordinal() + 22)
    when = {"first_date_day": date.day, "first_date_month": date.month, "first_date_year": date.year}
    contact = {
        "name": NAME,
        "channel": channel,
        "email": EMAIL,
        "phone": PHONE,
        "phone_rules": ["text"],
        "phone_times": TIMES,
    }
    answers = {
        "": {"danger": "no"},
        "area/": {"place": "SE15 4QL"},
        "age/": {"adult": "yes"},
        "meeting-place/": {"how": "place", "place": PLACE, "map_point": REQUESTER_MAP_POINT},
        "when/": {**when, "first_start": "6:30pm"},
        "contact/": contact,
        "pin/": {"pin": PIN},
        "needs/": {"needs": ["interpreter"], "needs_details": DETAILS},
    }
    for page, answer in answers.items():
        require_status(browser.post(f"/request/{page}", answer))
    browser.post("/request/name/", {"name": NAME * 10})
    require_status(browser.post("/request/route/", {"route": ROUTE}))
    require_status(browser.post("/request/about/", {"about": ["people"]}))
    require_status(browser.post("/request/company/", {"companions": "2", "adults": "on"}))
    require_status(browser.post("/request/passing-on/", {"without_name": "yes"}))
    require_status(post_send_form(browser))
    require_status(browser.get("/request/sent/"), 200)
    return Booking.objects.get()


def request_another_place(browser, page):
    date = london.today() + timedelta(days=24)
    when = {"first_date_day": date.day, "first_date_month": date.month, "first_date_year": date.year}
    require_status(browser.post(f"{page}change/", {**when, "first_start": "6:30pm", "meeting_place": OTHER_PLACE}))


def find_link(message):
    return LINK.search(message.body).group(1)


def offer_and_accept_time(hers, theirs, page, booking, inspector):
    """Offer a time at the requester's own place, and accept it in the requester's browser."""
    require_status(theirs.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD}))
    offer = {**offer_data(days=10), "first_place": PLACE, "version": booking.version}
    require_status(theirs.post(f"/staff/bookings/{booking.pk}/offer/", offer))
    deliver_due(10)
    pick = str(booking.offers.get().pk)
    require_status(hers.post(f"{page}offer/", {"choice": pick, "of": pick}))
    deliver_due(10)
    booking.refresh_from_db()


def schedule_walk(browser, booking, inspector, team):
    date = london.local(booking.walk_needed_at)
    plan = {
        "time": "other",
        "date_day": date.day,
        "date_month": date.month,
        "date_year": date.year,
        "start": "6:30pm",
        **agreed_data(days=(date.date() - london.today()).days, start="6:30pm"),
        "minutes": "60",
        "meeting_place": PLACE,
        "map_coordinates": OFFICERS_MAP_POINT,
        "finish_place": "Back at the start",
        "duty_number": "020 7946 0101",
        "officers": [officer.pk for officer in team],
        "version": booking.version,
        "need_interpreter": "arranged",
        "how_interpreter": ARRANGED,
    }
    require_status(browser.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD}))
    require_status(browser.get(f"/staff/bookings/{booking.pk}/"), 200)
    require_status(browser.post(f"/staff/bookings/{booking.pk}/phone/"), 200)
    require_status(browser.post("/staff/bookings/find/", {"words": booking.spoken_reference}))
    require_status(browser.post("/staff/bookings/find/", {"words": NAME.split(maxsplit=1)[0]}))
    assert "First name" in require_status(browser.get("/staff/bookings/find/"), 200).text
    require_status(browser.post(f"/staff/bookings/{booking.pk}/take/", {"claimed_by_id": ""}))
    require_status(browser.post(f"/staff/bookings/{booking.pk}/note/", {"note": NOTE_OF_OURS}))
    require_status(browser.post(f"/staff/bookings/{booking.pk}/schedule/", {**plan, "minutes": "9"}), 422)
    require_status(browser.post(f"/staff/bookings/{booking.pk}/schedule/", plan))


def message_team(hers, theirs, page, booking):
    """Write to the team on the requester's page, too long at first, and read it as the inspector."""
    require_status(hers.post(f"{page}message/", {"words": TO_THE_TEAM * 20}), 422)
    require_status(hers.post(f"{page}message/", {"words": TO_THE_TEAM}))
    message = booking.team_messages.get()
    require_status(theirs.post(f"/staff/bookings/{booking.pk}/messages/{message.pk}/read/"))


def hold_walk(browser, officer):
    walk = Walk.objects.get()
    Walk.objects.update(start_at=timezone.now())
    require_status(browser.post("/staff/sign-in/", {"username": officer.email, "password": PASSWORD}))
    require_status(browser.get(f"/staff/walks/{walk.pk}/"), 200)
    require_status(browser.post(f"/staff/walks/{walk.pk}/start/"))
    require_status(browser.post(f"/staff/walks/{walk.pk}/end/"))
    note = {"submission": str(uuid.uuid4()), "booking": str(walk.bookings.get().pk), "agreed": AGREED}
    require_status(browser.post(f"/staff/walks/{walk.pk}/note/", {**note, "words": FOR_COLLEAGUES}))
    require_status(browser.get(f"/staff/walks/{walk.pk}/note/"), 200)


def report_concern(browser, address):
    answers = {"place_kinds": ["lighting"], "place": WORRY_PLACE, "text": WORRY, "safe_place": SAFE_PLACE}
    require_status(browser.post(address, {**answers, "submission": str(uuid.uuid4())}))
    browser.post(address, answers)


def answer_concern(browser, inspector):
    concern = Concern.objects.exclude(kind="").get()
    require_status(browser.post("/staff/sign-in/", {"username": inspector.email, "password": PASSWORD}))
    day = london.today() + timedelta(days=30)
    review = {"review_date_day": day.day, "review_date_month": day.month, "review_date_year": day.year}
    accept = {"outcome": "accept", "owner": inspector.pk, "version": 0, **review}
    require_status(browser.post(f"/staff/concerns/{concern.pk}/", accept))
    today = london.today()
    done_date = {"done_date_day": today.day, "done_date_month": today.month, "done_date_year": today.year}
    page = f"/staff/concerns/{concern.pk}/answer/"
    version = browser.get(page).context["form"]["version"].value()
    require_status(browser.post(page, {"outcome": "done", "words": WORDS_OF_OURS, "version": version, **done_date}))


def report_not_better(browser, mail):
    """Send the follow-up question, four weeks after the answer, and answer no."""
    noon = london.to_instant(london.today() + timedelta(weeks=4, days=1), time(12))
    feedback.jobs.send_follow_up_questions(noon)
    deliver_due(10)
    question = FollowUpQuestion.objects.get()
    require_status(browser.post(find_link(mail[-1]), {f"better_{question.pk.hex}": "no"}))


def read_stored_rows():
    """Yield every row of every table as text, and every session decoded."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row) for (row,) in cursor.fetchall())
    for session in Session.objects.all():
        yield "django_session", str(session.get_decoded())


def encode_in_every_way(text):
    """Yield the text in lower case, in hexadecimal, and in base64 for each possible offset."""
    raw = text.encode()
    yield text.lower()
    yield raw.hex()
    for padding in range(3):
        encoded = base64.b64encode(b"\0" * padding + raw).decode()
        certain_part = encoded[4 if padding else 0 : len(encoded) // 4 * 4 - 4].lower()
        if len(certain_part) >= 8:  # a random token may contain fewer letters by chance
            yield certain_part


def find_leaks(texts, secrets):
    """Return (place, secret) for each of these texts that contains one of these secrets, in any encoding."""
    encodings = {encoded: secret for secret in secrets for encoded in encode_in_every_way(secret)}
    return {
        (where, encodings[encoding])
        for where, text in texts
        for encoding in encodings
        if contains(text.lower(), encoding)
    }


def contains(text, encoded):
    """Find a PIN only as a separate number: six digits occur by chance in a random id or a fraction of a second."""
    if encoded.isdecimal() and len(encoded) < 8:
        return re.search(rf"(?<![\w.-]){encoded}(?![\w-])", text) is not None
    return encoded in text


def find_tokens(mail):
    """Return the tokens of all links in these messages."""
    return {token for message in mail for _path, token in LINK.findall(message.body)}


def read_decrypted_rows():
    """Yield each row of each model with its fields decrypted, as a person with all our keys would read it."""
    for model in apps.get_models():
        for row in model._default_manager.all():
            yield model._meta.label, " ".join(str(getattr(row, field.attname)) for field in model._meta.fields)


def count_kept_rows():
    """Count the rows that erasing must keep, by model. Links, adjustments and notes go, and history gains a line."""
    not_kept = (Adjustment, ConcernEventTexts, Event, EventNote, Link, Session)
    models = [model for model in apps.get_models() if model not in not_kept]
    return {model._meta.label: model._default_manager.count() for model in models}


def add_hashes(secrets):
    """Return the secrets, and the hashes that we store of the email address and the PIN."""
    return [*secrets, tokens.index_hmac(EMAIL), tokens.pin_hmac(Booking.objects.get().pk, PIN)]
