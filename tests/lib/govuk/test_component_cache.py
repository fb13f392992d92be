"""Components that are rendered once and cached for everyone, and those that never are."""

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import trans_real

from bookings.request_form.forms.basics import NameForm
from walkandtalk.lib.govuk import macros
from walkandtalk.lib.govuk.forms import PageForm
from walkandtalk.lib.govuk.layout import AnswerButtons, Fold, Group, Layout, Question
from walkandtalk.lib.govuk.macros import cached_component, component
from walkandtalk.lib.london import today


class BlankForm(PageForm):
    is_cacheable = True

    name = forms.CharField(label="Name")


class GroupedForm(BlankForm):
    sure = forms.ChoiceField(label="Sure?", choices=[("yes", "Yes")])

    def question(self):
        return Layout(Group("Who", Fold("More", Question("name"), fields=("name",))), AnswerButtons("sure"))


def render(form):
    return Template("{% load govuk %}{% page_form form %}").render(Context({"form": form}))


def test_cached_component_equals_the_component():
    params = {"text": "Continue", "classes": "govuk-button--secondary"}

    components = [cached_component("button", **params) for _time in range(2)]

    assert components == [component("button", **params)] * 2


def test_cached_component_tells_safe_html_from_plain_text():
    safe = cached_component("hint", text=mark_safe("<b>x</b>"))
    words = cached_component("hint", text="<b>x</b>")

    assert "<b>x</b>" in safe
    assert "<b>x</b>" not in words


def test_cached_component_tells_true_from_one():
    params = {"id": "a", "name": "a", "label": {"text": "A"}}

    components = [cached_component("input", **params, value=value) for value in (1, True)]

    assert components == [component("input", **params, value=value) for value in (1, True)]


def test_component_cache_stays_within_its_size(monkeypatch):
    monkeypatch.setattr(macros, "CACHE_SIZE", 3)
    monkeypatch.setattr(macros, "_component_cache", {})

    for number in range(10):
        cached_component("button", text=str(number))

    assert len(macros._component_cache) <= 3


@pytest.mark.parametrize("form", [BlankForm, GroupedForm])
def test_blank_form_is_cached(form, monkeypatch):
    page = render(form())
    monkeypatch.setattr(macros, "_render", None)  # nothing is rendered again

    assert render(form()) == page


def test_answers_are_never_cached(monkeypatch):
    monkeypatch.setattr(macros, "_component_cache", {})

    for form in (
        BlankForm({"name": "Maya"}),
        BlankForm(initial={"name": "Maya"}),
        GroupedForm(initial={"name": "Maya"}),
        NameForm({"name": "Maya"}, answers={}, today=today()),
        NameForm(answers={"name": {"name": "Maya"}}, today=today()),
    ):
        assert "Maya" in render(form)

    assert macros._component_cache == {}


def test_form_is_cached_only_if_it_says_so(monkeypatch):
    monkeypatch.setattr(macros, "_component_cache", {})

    class StaffForm(PageForm):
        name = forms.CharField(label="Did you speak to Maya?")

    assert "Maya" in render(StaffForm())
    assert macros._component_cache == {}


def test_render_once_has_no_access_to_the_page():
    page = Template("{% load govuk %}{% render_once %}Hello {{ name }}{% endrender_once %}")

    texts = [page.render(Context({"name": name})) for name in ("Maya", "Zoe")]

    assert texts == ["Hello ", "Hello "]


def test_render_once_renders_for_each_language(monkeypatch):
    monkeypatch.setattr(translation, "_trans", trans_real)  # as with USE_I18N, which Django reads only once
    page = Template(
        "{% load govuk i18n %}{% render_once %}{% get_current_language as here %}{{ here }}{% endrender_once %}"
    )

    texts = []
    for language in ("en-gb", "fr", "en-gb"):
        with translation.override(language):
            texts.append(page.render(Context()))

    assert texts == ["en-gb", "fr", "en-gb"]
