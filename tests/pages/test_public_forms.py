"""Nonsense in any public form field causes no server error, is never run and is never partly saved."""

import itertools

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.support.addresses import RowWatch, every_address, rolled_back
from tests.support.hostile_text import SCRIPT, contains_script
from tests.support.markup import Markup
from tests.support.public_forms import public_forms
from walkandtalk.lib.govuk.forms import PageForm

pytestmark = pytest.mark.django_db

PUBLIC_FORMS = (
    *("bookings.request_form", "bookings.manage", "boroughs"),
    *("feedback.about_the_walk", "feedback.answers", "feedback.conduct", "feedback.place_reports", "feedback.reports"),
    "feedback.referrals",
    "data_rights",
    "figures.following",
)
OF_STAFF = (
    *("BoroughOrPostcodeForm", "LiftFreezeForm", "NoteAnswerForm", "ReferForm"),
    *("RecordConcernForm", "ResetPinForm", "WalkNoteForm", "OfficersForm"),
)
BASES = ("QuestionForm", "ButtonsForm", "ContactForm", "WhenForm", "ConcernForm", "InterruptingForm", "RobotTrap")
NAUGHTY = [
    "' OR 1=1; DROP TABLE bookings_booking; --",
    "{% load govuk %}{{ settings.SECRET_KEY }}${7*7}<%= 7*7 %>#{7*7}",
    "../../../../etc/passwd",
    "%s%s%n %(name)s {0} {name.__class__}",
    "a\r\nBcc: b@example.com\n\x0b\x1b[31m\u2028c\x85d",
    "\u202eמַאיָה\u2066 שלום \u200b\ufeff",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘ 👩🏽‍🦽🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "ﷺ" * 300,
    "NaN",
    "-1e309",
    "٢٠٢٧",
    "9" * 400,
    "x" * 20_000,
    "\t \u3000\u00a0",
    "None",
]
CHOSEN = [SCRIPT, "9" * 400, "E09000028"]  # for radio buttons, lists and hidden fields
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
SOMETIMES_VALID = st.sampled_from(
    ["0", "29", "2", "2027", "6:30pm", "yes", "no", "place", "full", "none", "E09000028", "402817", "١٢", ""]
)
COUNTED = ("accounts_ratecount", "bookings_wrongpin")  # refused attempts are counted too


def is_typed(page, name):
    boxes = [tag for tag in page.all("input", "textarea") if tag.attrs.get("name") == name]
    return any(tag.attrs.get("type", "text") not in ("radio", "checkbox", "hidden") for tag in boxes)


def test_public_forms_include_every_form_shown(world):
    shown_forms = set()
    for form in public_forms(world).values():
        with rolled_back():
            shown_forms.add(type(form.open(form.enter(world)).context["form"]).__qualname__)

    classes = {form_class for form_class in _subclasses(PageForm) if form_class.__module__.startswith(PUBLIC_FORMS)}
    assert shown_forms == {form_class.__qualname__ for form_class in classes} - {*OF_STAFF, *BASES}


def _subclasses(base):
    """Return all our subclasses of this class."""
    subclasses = {subclass for direct in base.__subclasses__() for subclass in {direct, *_subclasses(direct)}}
    return {
        subclass
        for subclass in subclasses
        if subclass.__module__.split(".")[0] in ("bookings", "boroughs", "data_rights", "feedback", "figures")
    }


def test_public_forms_include_every_address_with_a_field(world):
    client = world.enter("signed_out")
    public = [address for address in every_address() if not address.route.startswith(("staff/", "admin/"))]

    boxes = {world.path(address.name) for address in public if Markup(_text(world.ask(client, address.name))).fields}

    assert boxes - {form.path for form in public_forms(world).values()} == set()


def _text(response):
    return response.text if response.headers["Content-Type"].startswith("text/html") else ""


def test_valid_answers_are_accepted(world):
    """Without this the other tests would prove nothing, because a field is saved only if all others are valid."""
    refused = {}
    for name, form in public_forms(world).items():
        with rolled_back():
            client = form.enter(world)
            response = form.send(client, form.answers(Markup(form.open(client).text)), follow=True)
            if response.status_code != 200 or "error-summary" in response.text:
                refused[name] = response.status_code

    assert refused == {}


def test_every_field_takes_naughty_strings(world):
    turn, faults = itertools.count(), []
    for name, form in public_forms(world).items():
        with rolled_back():
            client = form.enter(world)
            page = Markup(form.open(client).text)
            right, watch = form.answers(page), RowWatch(ignoring=COUNTED)
            for box in page.fields:
                for text in strings_for(next(turn), typed=is_typed(page, box)):
                    with rolled_back():
                        response = form.send(client, {**right, box: text}, follow=True)
                        faults += _faults(response, watch, f"{name}: {box}={text[:30]!r}")

    assert faults == []


def strings_for(turn, *, typed):
    """Return a few strings for each field. All strings in all fields would take minutes."""
    return [SCRIPT, *NAUGHTY[turn % 8 :: 8]] if typed else CHOSEN[turn % 3 :: 3]


def _faults(response, watch, what):
    faults = [] if response.status_code in (200, 404, 409, 422, 429) else [f"{what} {response.status_code}"]
    faults += [f"{what} is run"] if contains_script(response) else []
    is_refused = response.status_code in (409, 422) and not response.redirect_chain
    return faults + ([f"{what} is partly saved"] if is_refused and watch.has_changed() else [])


@given(data=st.data())
@hypothesis_settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_form_accepts_any_text(data, world):
    forms = public_forms(world)
    form = forms[data.draw(st.sampled_from(sorted(forms)), label="form")]
    with rolled_back():
        client = form.enter(world)
        page = Markup(form.open(client).text)
        right, watch = form.answers(page), RowWatch(ignoring=COUNTED)
        given_ = {box: data.draw(st.one_of(TEXT, SOMETIMES_VALID), label=box) for box in page.fields}

        response = form.send(client, right | given_, follow=True)

        assert _faults(response, watch, form.path) == []
