"""Faults of any page: in its headers, cookies, tags and HTML."""

import re
from functools import cache

from tinyhtml5 import inputstream
from tinyhtml5.parser import HTMLParser

from tests.support.markup import Markup

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
}
LOADED = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping"}
FOLLOWED = {"a", "area"}  # only on a click; the browser loads every other href itself
DATA = "application/ld+json"  # a script element with data only, which is never run
# Attributes that refer to other elements by id.
POINTS_AT = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


def header_faults(response):
    """Return everything that is wrong with the headers, cookies and tags of this response."""
    policy = {part.strip() for part in response.headers.get("Content-Security-Policy", "").split(";")}
    expected = {
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    errors = [name for name, value in expected.items() if response.headers.get(name) != value]
    errors += [] if policy == POLICY else [f"policy {policy ^ POLICY}"]
    errors += [] if "camera=()" in response.headers.get("Permissions-Policy", "") else ["Permissions-Policy"]
    errors += [] if _must_not_be_stored(response) or _is_the_same_for_everybody(response) else ["may be stored"]
    return [*errors, *_cookie_faults(response), *tag_faults(response.html)]


def _must_not_be_stored(response):
    return "no-store" in response.headers.get("Cache-Control", "")


def _is_the_same_for_everybody(response):
    """Return whether one copy does for all: it does not even say that it varies by cookie."""
    kept = response.headers["Cache-Control"] == "public, max-age=300, s-maxage=10"
    return kept and not response.cookies and "Cookie" not in response.headers.get("Vary", "")


def _cookie_faults(response):
    cookies = [cookie for cookie in response.cookies.values() if cookie.value]
    return [
        f"cookie {c.key}" for c in cookies if not c["httponly"] or c["samesite"] not in ("Lax", "Strict") or c["domain"]
    ]


@cache
def tag_faults(html):
    """Return everything in this page that our policy forbids, or that loads from another host."""
    return [fault for tag in Markup(html).tags for fault in _faults_of_tag(tag)]


def _faults_of_tag(tag):
    is_script = tag.name == "script" and not tag.attrs.get("src") and tag.attrs.get("type") != DATA
    faults = [f"inline {tag.name}"] if tag.name == "style" or is_script else []
    faults += [f"{name}=" for name in tag.attrs if name == "style" or name.startswith("on")]
    faults += [address for address in tag.attrs.values() if address.strip().lower().startswith("javascript:")]
    return faults + _loaded_from_elsewhere(tag)


def _loaded_from_elsewhere(tag):
    """Return the addresses on other hosts that this tag makes a browser load."""
    is_loaded = tag.name not in FOLLOWED and tag.attrs.get("rel") != "canonical"  # only for search engines
    names = LOADED | ({"href"} if is_loaded else set())
    addresses = [tag.attrs[name] for name in names if name in tag.attrs]
    return [address for address in addresses if "//" in address or ":" in address]


class _Expressions(dict):
    """Compiled regular expressions. The cache of tinyhtml5 2.1 uses the wrong key, so it finds none of them again."""

    def __missing__(self, key):
        characters, is_opposite = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        self[key] = re.compile(f"[{listed}]+" if is_opposite else f"[^{listed}]+")
        return self[key]


inputstream.characters_until_regex = _Expressions()


@cache
def html_faults(html):
    """Return parse errors, duplicate ids and references to missing ids."""
    parser = HTMLParser(namespace_html_elements=False)
    tags = list(parser.parse(html).iter())
    ids = [tag.get("id") for tag in tags if tag.get("id") is not None]
    errors = [f"{code} at {position}" for position, code, _values in parser.errors]
    errors += [f"id {name!r} {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1]
    pointed = {(name, target) for tag in tags for name in POINTS_AT for target in tag.get(name, "").split()}
    return errors + [f"{name}={target!r} is nowhere" for name, target in sorted(pointed) if target not in ids]
