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

# Used on nearly every page. The first call of each would cost a visitor 5 to 20 ms.
PRELOADED_COMPONENTS = [
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

# Half of the templates' output is indentation.
BLANK_LINES = re.compile(r"\n\s+")


def html_attributes(attributes: Any = "") -> Markup:
    """Write attributes as the template macros/attributes.html does. An optional one without a value is left out."""
    if isinstance(attributes, str):
        return Markup(attributes)  # noqa: S704 - the template treats it as safe too
    pairs = attributes.items() if isinstance(attributes, Mapping) else ()
    return Markup("".join([_attribute(name, value) for name, value in pairs]))  # noqa: S704 - each one is escaped


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
    """Looks attributes up as dictionary keys first, because that is what templates nearly always need."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict:
            if attribute in obj:
                return obj[attribute]
            if not hasattr(dict, attribute):
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return a plain dictionary, because importing a template compares keys and a ChainMap is slow at that."""
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
# As a template this takes half of the time to render a text box.
environment.globals["html_attributes"] = html_attributes
# Indenting takes a third of the time for a long list of choices, and `BLANK_LINES` removes it all again.
environment.filters["indent"] = lambda html, *_width: html


# The number of cached components. The public questions need about fifty.
CACHE_SIZE = 500
_component_cache: dict[Any, SafeString] = {}


def component(name: str, /, **params: Any) -> SafeString:
    """Render a component: `component("warning-text", text="…")`. "warningText" means the same."""
    return _render(name, _plain(params))


def cached_component(name: str, /, **params: Any) -> SafeString:
    """Render a component once for all pages. Never pass anything personal, because the result stays in memory."""
    plain_params = _plain(params)
    key = name, _key(plain_params)
    html = _component_cache.get(key)
    if html is None:
        if len(_component_cache) >= CACHE_SIZE:
            _component_cache.clear()
        html = _component_cache[key] = _render(name, plain_params)
    return html


def _render(name: str, plain: dict[str, Any]) -> SafeString:
    html = _macro(re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower())(plain)
    return mark_safe(BLANK_LINES.sub("\n", html))  # noqa: S308


def _key(plain: Any) -> Any:
    """Return a cache key that includes types, so that safe HTML is never confused with equal plain text."""
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
    """Convert for Jinja: no lazy strings, no None, and no `html` that was not marked safe on purpose."""
    if isinstance(value, Mapping):
        return {k: _plain(v, key=k) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if key.lower().endswith("html"):
        return conditional_escape(value)
    return str(value) if isinstance(value, Promise) else value
