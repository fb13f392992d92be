"""Typed text keeps its characters in the text and the HTML of a message."""

from collections.abc import Sequence
from html import escape as html_escape

import pytest
from django.utils.functional import lazystr
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from tests.support.hostile_markdown import HOSTILE
from walkandtalk.lib.markdown.escaping import escape, escape_values
from walkandtalk.lib.markdown.parsing import parse, to_html
from walkandtalk.lib.markdown.to_text import to_text
from walkandtalk.lib.plain_text import one_line

MARKUP = st.text(alphabet="[]()<>!#*_`~-+=|\\&;{}%.:/1a \n\t\r\u2028\x07“é")


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_comes_out_as_it_was_typed(text):
    tokens = parse(escape(text))

    assert to_text(tokens) == f"{one_line(text)}\n"
    assert to_html(tokens) == f"<p>{html_escape(one_line(text), quote=False)}</p>\n".replace('"', "&quot;")


@given(typed=st.text() | MARKUP)
def test_no_text_is_markup(typed):
    source = f"**Name:** {escape(typed)}\n**{escape(typed)}.** After\n- {escape(typed)}x"

    line = one_line(typed)
    assert to_text(parse(source)) == "\n\n".join(
        [f"Name: {line}\n{line}. After".replace(": \n", ":\n"), f"- {line}x\n"]
    )


@given(typed=st.text() | MARKUP)
def test_no_text_breaks_out_of_a_label(typed):
    source = f"[Open {escape(typed)}x](<https://walk.example.com/>)"

    assert to_text(parse(source)) == f"Open {one_line(typed)}x: https://walk.example.com/\n"


def test_escape_values_escapes_every_value_a_template_can_reach():
    values = {"name": "*", "lines": ["_", ("#",)], "row": {"of": lazystr("<")}, "n": 3, "yes": True, "no": None}

    escaped = escape_values(values)

    assert escaped == {"name": r"\*", "lines": [r"\_", [r"\#"]], "row": {"of": r"\<"}, "n": 3, "yes": True, "no": None}
    assert isinstance(escaped["name"], SafeString)


def test_escape_values_refuses_unknown_types():
    class Hidden(Sequence):
        def __len__(self):
            return 1

        def __getitem__(self, index):
            return "*"

    with pytest.raises(TypeError, match="Hidden"):
        escape_values({"name": Hidden()})
