"""Form pages: escaping, error links, titles and status codes."""

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from tests.support.markup import Markup
from walkandtalk.lib.govuk.forms import ClockTimeField, PageForm, ThreePartDateField
from walkandtalk.lib.govuk.layout import Group, Layout, Question
from walkandtalk.lib.govuk.pages import render_form, summary_row

CSRF_TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+(?=")', re.ASCII)
NASTY = '"><script>alert(1)</script>'


class EveryKind(PageForm):
    text = forms.CharField(label="Text")
    email = forms.EmailField(label="Email")
    phone = forms.CharField(label="Phone", widget=forms.TelInput)
    secret = forms.CharField(label="Password", widget=forms.PasswordInput)
    minutes = forms.IntegerField(label="Minutes")
    story = forms.CharField(label="Story", widget=forms.Textarea, max_length=12)
    one = forms.ChoiceField(label="One", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    listed = forms.ChoiceField(label="Listed", choices=[("", "Choose"), ("a", "A")])
    many = forms.MultipleChoiceField(label="Many", choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label="Agreed")
    day = ThreePartDateField(label="Day")
    start = ClockTimeField(label="Start")

    def question(self):
        return Layout(
            *(Question(name) for name in ("text", "email", "phone", "secret", "minutes", "listed", "many", "agreed")),
            Question("one", reveal={"b": Question("story")}),
            Group("When", Question("day"), Question("start")),
        )


class Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.by_id, self.tags = {}, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if "id" in (found := dict(attrs)):
            assert found["id"] not in self.by_id, f"duplicate id {found['id']}"
            self.by_id[found["id"]] = tag


def render(rf, form, template="form_page.html", **context):
    return render_form(rf.get("/"), template, form, **context).content.decode()


def test_render_form_escapes_answers_and_form_texts(rf):
    class Nasty(PageForm):
        text = forms.CharField(label=NASTY, help_text=NASTY, widget=forms.Textarea)
        one = forms.ChoiceField(label=NASTY, choices=[(NASTY, NASTY)], widget=forms.RadioSelect)
        day = ThreePartDateField(label="Day", subject=NASTY)

        def clean_text(self):
            raise forms.ValidationError(self.cleaned_data["text"])

    form = Nasty(QueryDict(mutable=True) | {"text": NASTY, "one": NASTY, "day_day": NASTY})
    form.button = NASTY

    html = render(rf, form)

    assert html.count("&lt;script&gt;") > 8
    assert "<script>alert" not in html


def test_component_escapes_html_that_is_not_marked_safe():
    page = Template('{% load govuk %}{% govuk "insetText" html=typed %}')

    html = page.render(Context({"typed": NASTY}))

    assert "<script>" not in html


def test_summary_row_escapes_each_line():
    row = summary_row("Places", [NASTY, "Park"])

    assert row["value"]["html"].endswith("&lt;/script&gt;<br>Park")


def test_render_form_links_each_error_to_an_existing_input(rf):
    form = EveryKind(QueryDict(""))

    html = render(rf, form)

    links = re.findall(r'<li>\s*<a href="#([^"]+)"', html)
    elements = Elements(html).by_id
    assert links == [
        *("id_text", "id_email", "id_phone", "id_secret", "id_minutes", "id_story", "id_one", "id_listed"),
        *("id_many", "id_agreed", "id_day_day", "id_start"),
    ]
    assert {elements[link] for link in links} <= {"input", "select", "textarea"}


def test_render_form_shows_the_same_error_in_both_places(rf):
    html = render(rf, EveryKind(QueryDict("start=7")))

    assert html.count("Start must say am or pm, like 6:30pm") == 2


def test_render_form_describes_each_invalid_input(rf):
    html = render(rf, EveryKind(QueryDict("")))

    described = set(" ".join(re.findall(r'aria-describedby="([^"]+)"', html)).split())
    assert len(described) == 12
    assert described <= set(Elements(html).by_id)


@pytest.mark.parametrize("template", ["form_page.html", "staff/form_page.html", "discreet/form_page.html"])
def test_render_form_shows_errors_in_title_and_status(rf, template):
    class Named(PageForm):
        name = forms.CharField(label="What should we call you?")

        def question(self):
            return Question("name", heading=True)

    fine = render_form(rf.get("/"), template, Named())
    invalid = render_form(rf.get("/"), template, Named({"name": ""}))
    conflict = render_form(rf.get("/"), template, Named({"name": ""}), status=409)

    assert [fine.status_code, invalid.status_code, conflict.status_code] == [200, 422, 409]
    assert Markup(fine.text).title.startswith("What should we call you?")
    assert Markup(invalid.text).title.startswith("Error: What should we call you?")
    assert fine.content.decode().count("<h1") == 1


def test_discreet_page_has_no_revealing_word(rf):
    class Pin(PageForm):
        pin = forms.CharField(label="PIN")

    page = render(rf, Pin(), "discreet/form_page.html")
    html = CSRF_TOKEN.sub("", page).lower()  # its letters are random, and may be those of a word

    assert CSRF_TOKEN.search(page)
    assert not [word for word in ("walk", "police", "officer", "bcu", "met ", "women") if word in html]


def test_textarea_keeps_line_breaks_inside_a_group(rf):
    html = render(rf, EveryKind(QueryDict("one=b&story=one%0D%0A%0D%0A  two")))

    assert ">one&#10;&#10;  two</textarea>" in html


def test_page_never_prints_maxlength_or_required(rf):
    html = render(rf, EveryKind())

    assert "maxlength" not in html
    assert " required" not in html


def test_password_is_never_sent_back(rf):
    html = render(rf, EveryKind(QueryDict("secret=hunter2hunter2")))

    assert "hunter2" not in html
