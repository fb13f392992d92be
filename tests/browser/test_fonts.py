"""Chromium uses only the chosen font, so results of a run hold for that font."""

from tests.support.browser.fonts import fonts_in_use

FAMILIES = [
    "Helvetica Neue",
    "Helvetica",
    "Arial",
    "Liberation Sans",
    "DejaVu Sans",
    "sans-serif",
    "serif",
    "monospace",
]
STYLES = ["font-weight: normal", "font-weight: bold", "font-style: italic"]


def test_every_text_is_drawn_in_the_chosen_font(chromium, font):
    page = chromium.new_page()
    lines = [f"<p style='font-family: {family}; {style}'>Walk and Talk</p>" for family in FAMILIES for style in STYLES]
    page.set_content("".join(lines))

    used = [fonts_in_use(page, f"p:nth-of-type({number})") for number in range(1, len(lines) + 1)]

    page.close()
    assert used == [{font.family}] * len(lines)
