"""The official component templates, called from Python."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from jinja2 import (
    ChainableUndefined,
    ChoiceLoader,
    DictLoader,
    Environment,
    PackageLoader,
    PrefixLoader,
    Undefined,
)
from markupsafe import Markup, escape

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Text = str | _StrPromise
else:
    Text = str  # or a lazy translation, which reads as one

# In use on nearly every page. The first call of each would cost a visitor 5 to 20 ms.
PRELOADED_COMPONENTS = [
    "back-link",
    "button",
    "checkboxes",
    "date-input",
    "error-summary",
    "fieldset",
    "input",
    "radios",
    "textarea",
]

TEMPLATES = "govuk_frontend_jinja"

# Half of what the templates give is indentation.
BLANK_LINES = re.compile(r"\s*\n\s*")


def html_attributes(attributes: Any = "") -> Markup:
    """As the template macros/attributes.html writes them: one that is optional is left out where there is no value."""
    if isinstance(attributes, str):
        return Markup(attributes)  # noqa: S704 - the template says the same of it
    given = attributes.items() if isinstance(attributes, Mapping) else ()
    return Markup("".join([_attribute(name, value) for name, value in given]))  # noqa: S704 - each of them is escaped


def _attribute(name: str, value: Any) -> str:
    if isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, Mapping):
        is_optional, value = value.get("optional") is True, value.get("value", Undefined())
        if is_optional and value is True:
            return f" {escape(name)}"
        if is_optional and (value is None or value is False or isinstance(value, Undefined)):
            return ""
    return f' {escape(name)}="{escape(value)}"'


class ComponentEnvironment(Environment):
    """What the templates ask for is nearly always a key of a dictionary, and often not there."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict:
            if attribute in obj:
                return obj[attribute]
            if not hasattr(dict, attribute):
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One dictionary: whatever imports a template compares the keys of both, and a ChainMap is slow at it."""
        return {**self.globals, **(d or {})}


environment = ComponentEnvironment(
    autoescape=True,
    auto_reload=False,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=ChainableUndefined,
    loader=ChoiceLoader(
        [
            DictLoader({f"{TEMPLATES}/macros/attributes.html": "{% set govukAttributes = html_attributes %}"}),
            PrefixLoader({TEMPLATES: PackageLoader(TEMPLATES)}),
        ]
    ),
)
# Half of the work of a box to write in, where it is a template.
environment.globals["html_attributes"] = html_attributes
# A third of the work of a long list of choices, and `BLANK_LINES` takes all of it away again.
environment.filters["indent"] = lambda html, *_width: html


# What is drawn once and kept; the public questions need about fifty of these.
CACHE_SIZE = 500
_component_cache: dict[Any, SafeString] = {}


def component(name: str, /, **params: Any) -> SafeString:
    """The HTML of one component: `component("warning-text", text="…")`. "warningText" means the same."""
    return _render(name, _plain(params))


def cached_component(name: str, /, **params: Any) -> SafeString:
    """The same, drawn once for all pages that show it. Only for what holds nothing of anybody: it stays in memory."""
    plain = _plain(params)
    key = name, _key(plain)
    html = _component_cache.get(key)
    if html is None:
        if len(_component_cache) >= CACHE_SIZE:
            _component_cache.clear()
        html = _component_cache[key] = _render(name, plain)
    return html


def _render(name: str, plain: dict[str, Any]) -> SafeString:
    html = _macro(re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower())(plain)
    return mark_safe(BLANK_LINES.sub("\n", html))  # noqa: S308


def _key(plain: Any) -> Any:
    """The same for the same parameters. The type counts: HTML made safe must never be taken for equal words."""
    if isinstance(plain, dict):
        return tuple((name, _key(value)) for name, value in plain.items())
    if isinstance(plain, list):
        return tuple(map(_key, plain))
    return type(plain), plain


def warm() -> None:
    for name in PRELOADED_COMPONENTS:
        component(name, text="", items=[], rows=[], errorList=[])


@cache
def _macro(name: str) -> Callable[[dict[str, Any]], str]:
    module = environment.get_template(f"{TEMPLATES}/components/{name}/macro.html").module
    macro: Callable[[dict[str, Any]], str] = getattr(module, "govuk" + name.title().replace("-", ""))
    return macro


def _plain(value: Any, *, key: str = "") -> Any:
    """What Jinja expects: no lazy strings, no None, and no `html` that was not made safe on purpose."""
    if isinstance(value, Mapping):
        return {k: _plain(v, key=k) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if key.lower().endswith("html"):
        return conditional_escape(value)
    return str(value) if isinstance(value, Promise) else value
