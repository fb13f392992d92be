"""What is wrong with an answer, whatever page it is: its headers, its cookies, its tags, its HTML."""

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
FOLLOWED = {"a", "area"}  # when somebody clicks; every other href is loaded by the browser itself
DATA = "application/ld+json"  # a script that is none: nothing in it is run
# Each of these names other elements of the page by their ids.
POINTS_AT = ("for", "aria-describedby", "aria-labelledby", "aria-controls")


def header_faults(answer):
    """Everything in which the headers and cookies of this answer, and the tags of its page, are not as all must be."""
    policy = {part.strip() for part in answer.headers.get("Content-Security-Policy", "").split(";")}
    wanted = {
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    wrong = [name for name, value in wanted.items() if answer.headers.get(name) != value]
    wrong += [] if policy == POLICY else [f"policy {policy ^ POLICY}"]
    wrong += [] if "camera=()" in answer.headers.get("Permissions-Policy", "") else ["Permissions-Policy"]
    wrong += [] if _must_not_be_stored(answer) or _is_the_same_for_everybody(answer) else ["may be stored"]
    return [*wrong, *_cookie_faults(answer), *tag_faults(answer.html)]


def _must_not_be_stored(answer):
    return "no-store" in answer.headers.get("Cache-Control", "")


def _is_the_same_for_everybody(answer):
    return answer.headers["Cache-Control"] == "public, max-age=300" and not answer.cookies


def _cookie_faults(answer):
    kept = [cookie for cookie in answer.cookies.values() if cookie.value]
    return [f"cookie {c.key}" for c in kept if not c["httponly"] or c["samesite"] != "Lax" or c["domain"]]


@cache
def tag_faults(html):
    """Everything in this page that our policy forbids, or that asks another host for something."""
    return [fault for tag in Markup(html).tags for fault in _faults_of_tag(tag)]


def _faults_of_tag(tag):
    is_script = tag.name == "script" and not tag.attrs.get("src") and tag.attrs.get("type") != DATA
    faults = [f"inline {tag.name}"] if tag.name == "style" or is_script else []
    faults += [f"{name}=" for name in tag.attrs if name == "style" or name.startswith("on")]
    faults += [address for address in tag.attrs.values() if address.strip().lower().startswith("javascript:")]
    return faults + _loaded_from_elsewhere(tag)


def _loaded_from_elsewhere(tag):
    """The addresses of this tag that a browser would ask another host for, unasked."""
    is_loaded = tag.name not in FOLLOWED and tag.attrs.get("rel") != "canonical"  # that is only said to search engines
    names = LOADED | ({"href"} if is_loaded else set())
    found = [tag.attrs[name] for name in names if name in tag.attrs]
    return [address for address in found if "//" in address or ":" in address]


class _Expressions(dict):
    """Regular expressions made once. tinyhtml5 2.1 means to keep them, but files each under another key."""

    def __missing__(self, key):
        characters, is_opposite = key
        listed = "".join(f"\\x{ord(character):02x}" for character in characters)
        self[key] = re.compile(f"[{listed}]+" if is_opposite else f"[^{listed}]+")
        return self[key]


inputstream.characters_until_regex = _Expressions()


@cache
def html_faults(html):
    """Everything that a browser would have to guess in this page, each id twice and each reference to no id."""
    parser = HTMLParser(namespace_html_elements=False)
    tags = list(parser.parse(html).iter())
    ids = [tag.get("id") for tag in tags if tag.get("id") is not None]
    wrong = [f"{code} at {position}" for position, code, _values in parser.errors]
    wrong += [f"id {name!r} {ids.count(name)} times" for name in sorted(set(ids)) if ids.count(name) > 1]
    pointed = {(name, target) for tag in tags for name in POINTS_AT for target in tag.get(name, "").split()}
    return wrong + [f"{name}={target!r} is nowhere" for name, target in sorted(pointed) if target not in ids]
