from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..layout import Question
from ..macros import component

register = template.Library()


@register.simple_tag
def govuk(name: str, **params: Any) -> SafeString:
    """Any component by its name: `{% govuk "summaryList" rows=rows %}`."""
    return component(name, **params)


@register.simple_tag(takes_context=True)
def question(context: Context, field: BoundField) -> SafeString:
    """A field outside any layout: `{% question form.reason %}`."""
    return Question(field.name).render(field.form, context)


@register.simple_tag
def back_link(href: str, text: str = "") -> SafeString:
    return component("back-link", href=href, text=text or _("Back"))


@register.simple_tag(takes_context=True)
def repeat_block(context: Context, name: str) -> SafeString:
    """A block once more: what stands in the title is also the h1."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    with context.push():
        html: SafeString = block.nodelist.render(context)
    return html
