from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.base import NodeList, Parser, Token
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..adapters import form_component
from ..forms import PageForm
from ..layout import Question
from ..macros import component

register = template.Library()


@register.simple_tag
def govuk(name: str, **params: Any) -> SafeString:
    """Render any component by its name: `{% govuk "summaryList" rows=rows %}`."""
    return component(name, **params)


@register.inclusion_tag("govuk/form.html", takes_context=True)
def page_form(context: Context, form: PageForm) -> dict[str, Any]:
    """Render a form with its questions and its button. It posts to its own page."""
    style = {"classes": form.button_classes, "preventDoubleClick": True}
    button = form_component(form, "button", text=form.button, **style) if form.button else ""
    return {"form": form, "questions": form.render_questions(context), "button": button}


@register.simple_tag(takes_context=True)
def form_questions(context: Context, form: PageForm) -> SafeString:
    """Render the questions of a form, for a page that has buttons of its own."""
    return form.render_questions(context)


@register.simple_tag(takes_context=True)
def question(context: Context, field: BoundField, *, optional: bool | None = None) -> SafeString:
    """Render a field outside a layout: `{% question form.reason %}`."""
    return Question(field.name, optional=optional).render(field.form, context)


@register.simple_tag
def back_link(href: str, text: str = "") -> SafeString:
    """Show a way back above the main content, in a landmark of its own so that no link is outside all of them."""
    return format_html(
        '<nav aria-label="{}"><a href="{}" class="govuk-back-link">{}</a></nav>', _("Back"), href, text or _("Back")
    )


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> SafeString:
    """Render a block again, because the title is also the h1."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    with context.push():
        html: SafeString = block.nodelist.render(context)
    return html


@register.tag
def render_once(parser: Parser, token: Token) -> "RenderOnceNode":
    """`{% render_once %}…{% endrender_once %}`: render what every page repeats only once. It sees no variables."""
    nodelist = parser.parse(["endrender_once"])
    parser.delete_first_token()
    return RenderOnceNode(nodelist)


class RenderOnceNode(template.Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.by_language: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        language = get_language()
        html = self.by_language.get(language)
        if html is None:  # an empty context, so that nothing from one visitor can reach the next
            html = self.by_language[language] = self.nodelist.render(context.new())
        return html
