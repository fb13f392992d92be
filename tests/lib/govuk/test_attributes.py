"""Our fast `html_attributes` gives the same result as the official template, which took half the time of a page."""

from hypothesis import example, given
from hypothesis import strategies as st
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from walkandtalk.lib.govuk.macros import TEMPLATES, html_attributes

OFFICIAL = (
    Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=ChainableUndefined,
        loader=PrefixLoader({TEMPLATES: PackageLoader(TEMPLATES)}),
    )
    .get_template(f"{TEMPLATES}/macros/attributes.html")
    .module.govukAttributes
)

words = st.text("a<&\"'é ", max_size=4)
values = st.one_of(words, words.map(Markup), st.booleans(), st.none(), st.integers(0, 9), st.just(ChainableUndefined()))
optional = st.fixed_dictionaries({}, optional={"value": values, "optional": st.booleans()})
attributes = st.dictionaries(st.sampled_from(["id", "class", "aria-describedby", '"><b']), values | optional)


@given(attributes | words | st.none() | st.just(ChainableUndefined()))
@example({"id": {"optional": True}})
def test_html_attributes_are_those_of_the_official_template(given_attributes):
    assert html_attributes(given_attributes) == OFFICIAL(given_attributes).lstrip("\n")
