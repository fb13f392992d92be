import pytest

from walkandtalk.lib.phone_links import link_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Dial 101 yourself.", ["tel:101"]),
        ("020 7946 0101, every day, 7am to 11pm", ["tel:02079460101"]),
        ("18001 020 7946 0101 in the Relay UK app", ["tel:1800102079460101"]),
        ("Call 999. In British Sign Language: 999bsl.co.uk.", ["tel:999"]),
        ("Call +44 20 7946 0101 or 0800 085 0000.", ["tel:+442079460101", "tel:08000850000"]),
        ("Officer 101AS, 8 December 2026, 60 minutes", []),
    ],
)
def test_numbers_become_links(text, numbers):
    html = link_numbers(text)

    assert [part.partition('"')[0] for part in html.split('href="')[1:]] == numbers


def test_text_is_escaped_and_links_stay_as_they_are():
    assert link_numbers("<b>101") == '&lt;b&gt;<a class="govuk-link number" href="tel:101">101</a>'
    link = link_numbers("020 7946 0101")
    assert link_numbers(link) == link
