"""Charts as inline SVG: what they draw, and what a page may contain."""

import re

import pytest

from walkandtalk.lib.charts import Target, bar, line_chart, sparkline

DRAWN = {
    "sparkline": sparkline([1, 2, None, 3, 4, 5, 6]),
    "line chart": line_chart([1, 2, None], ["Jan", "Feb", "Mar"], texts=["1", "2", "–"], target=Target(3, "Target 3")),
    "bar": bar(0.3),
}


@pytest.mark.parametrize("chart", DRAWN.values(), ids=DRAWN)
def test_chart_has_no_style_script_or_address_and_is_skipped_by_screen_readers(chart):
    assert 'aria-hidden="true"' in chart
    assert not re.search(r"style|<script|href|url\(|xmlns|fill=|stroke=", chart)


def test_no_line_leads_over_a_gap():
    values = [1, 2, None, 3, None, 5, 4]
    chart = sparkline([*values, 4])

    assert [points.count(",") for points in re.findall(r'points="([^"]*)"', chart)] == [2, 3]
    assert [points.count(",") for points in re.findall(r'points="([^"]*)"', line_chart(values, []))] == [2, 2]


def test_value_between_gaps_is_a_dot_on_a_chart_and_nothing_on_a_sparkline():
    values = [1, 2, None, 3, None, 5, 4, 4]

    assert [draw.count("<circle") for draw in (line_chart(values, []), sparkline(values))] == [2, 1]


def test_last_value_has_a_dot_only_if_it_is_known():
    known = [1, 2, 3, 4, 5, 6]

    assert ("<circle" in sparkline(known), "<circle" in sparkline([*known, None])) == (True, False)


def test_few_values_draw_no_sparkline():
    assert sparkline([1, None, 2, 3, 4, 5]) == ""
    assert sparkline([1, None, 2, 3, 4, 5, 6])


@pytest.mark.parametrize("values", [[], [None, None]])
def test_nothing_known_draws_no_line(values):
    assert sparkline(values) == ""
    assert "chart__line" not in line_chart(values, [])


def test_same_values_make_a_level_line():
    assert 'points="2.0,9.0 10.6,9.0 ' in sparkline([7] * 6)


def test_line_chart_names_the_ends_of_what_is_known_and_escapes_texts():
    chart = line_chart([None, 2, 3, None], ["<Jan>", "Feb", "Mar", "Apr"], texts=["-", "two", "<3", "-"])

    assert re.findall(r"<text[^>]*>([^<]*)</text>", chart) == ["two", "&lt;3", "&lt;Jan&gt;", "Apr"]


@pytest.mark.parametrize(("values", "is_bold"), [([1, 2, 3], True), ([1, 2, None], False)])
def test_last_known_value_is_bold_only_if_it_is_the_newest(values, is_bold):
    assert ("chart__value" in line_chart(values, ["Jan", "Mar"], texts=["1", "2", "3"])) == is_bold


@pytest.mark.parametrize(("share", "length"), [(0, "0"), (0.3, "30.0"), (1, "100"), (1.5, "100")])
def test_bar_is_as_long_as_the_share(share, length):
    assert f'class="chart__bar" width="{length}"' in bar(share)


def test_unknown_share_has_no_bar():
    assert bar(None) == ""
