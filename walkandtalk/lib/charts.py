"""Small charts as inline SVG. Each is next to a number or a table that says the same, so screen readers skip it.

Colours and widths are classes in `frontend/src/own/_charts.scss`, because our content security policy stops styles in
pages. A value of None is a gap: nothing is drawn for it, and no line leads over it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

import svg
from django.utils.html import escape
from django.utils.safestring import SafeString

Values = Sequence[float | None]
Point = tuple[float, float]


@dataclass(frozen=True)
class Target:
    value: float
    text: str


@dataclass(frozen=True)
class Frame:
    """The part of a picture in which values are drawn: the lowest at the bottom, the highest at the top."""

    left: float
    right: float
    top: float
    bottom: float
    lowest: float
    highest: float

    def x(self, number: int, count: int) -> float:
        return round(self.left + (self.right - self.left) * number / max(count - 1, 1), 1)

    def y(self, value: float) -> float:
        if self.highest == self.lowest:
            return round((self.top + self.bottom) / 2, 1)
        return round(self.bottom - (self.bottom - self.top) * (value - self.lowest) / (self.highest - self.lowest), 1)

    def points(self, values: Values) -> list[Point | None]:
        return [None if value is None else (self.x(n, len(values)), self.y(value)) for n, value in enumerate(values)]


SPARKLINE_WIDTH, SPARKLINE_HEIGHT = 48, 18
LINE_WIDTH, LINE_HEIGHT = 300, 116
ROOM_FOR_TEXT = 64
"""To the right of a line, for “12 days”."""
BAR_WIDTH, BAR_HEIGHT = 100, 10
FEWEST_IN_SPARKLINE = 6
"""A sparkline of fewer values would be dots and dashes that show no change."""


def sparkline(values: Values) -> SafeString:
    """Draw a line as high as a line of text, on its own scale. A dot marks the last value.

    Draw nothing for a few values, and none for one between two gaps: no line leads to it.
    """
    known = [value for value in values if value is not None]
    if len(known) < FEWEST_IN_SPARKLINE:
        return SafeString("")
    frame = Frame(2, SPARKLINE_WIDTH - 3, 3, SPARKLINE_HEIGHT - 3, min(known), max(known))
    points = frame.points(values)
    elements = [*map(_line, _runs(points)), *_last_dot(points, 2.2)]
    return _draw("chart--sparkline", SPARKLINE_WIDTH, SPARKLINE_HEIGHT, elements)


def line_chart(
    values: Values, labels: Sequence[str], *, texts: Sequence[str] = (), target: Target | None = None
) -> SafeString:
    """Draw a line, on its own scale, with the first and the last label below it, and a dot for a value between gaps.

    `texts` are the values in words: the first and the last of those that are known are next to their points.
    """
    known = [value for value in values if value is not None]
    heights = [*known, target.value] if target else known
    frame = Frame(
        10, LINE_WIDTH - ROOM_FOR_TEXT, 20, LINE_HEIGHT - 40, min(heights, default=0), max(heights, default=0)
    )
    points = frame.points(values)
    elements = [
        _rule(frame, LINE_HEIGHT - 20, "chart__axis"),
        *(_target(frame, target) if target else ()),
        *map(_line, _runs(points)),
        *(_dot(point, 1) for point in _single(points)),
        *_last_dot(points, 3.5),
        *(_end_texts(points, texts) if texts else ()),
    ]
    if labels:
        elements += [
            _text(labels[0], frame.left, LINE_HEIGHT - 5),
            _text(labels[-1], frame.right, LINE_HEIGHT - 5, anchor="end"),
        ]
    return _draw("chart--line", LINE_WIDTH, LINE_HEIGHT, elements)


def bar(share: float | None) -> SafeString:
    """Draw a bar for a share from 0 to 1."""
    if share is None:
        return SafeString("")
    length = round(BAR_WIDTH * min(max(share, 0), 1), 1)
    track = svg.Rect(width=BAR_WIDTH, height=BAR_HEIGHT, class_=["chart__track"])
    filled = svg.Rect(width=length, height=BAR_HEIGHT, class_=["chart__bar"])
    return _draw("chart--bar", BAR_WIDTH, BAR_HEIGHT, [track, filled])


def _known(points: Sequence[Point | None]) -> Iterator[list[Point]]:
    """Yield the known points between the gaps."""
    for is_gap, run in groupby(points, key=lambda point: point is None):
        if not is_gap:
            yield [point for point in run if point is not None]


def _runs(points: Sequence[Point | None]) -> Iterator[list[Point]]:
    return (run for run in _known(points) if len(run) > 1)


def _single(points: Sequence[Point | None]) -> Iterator[Point]:
    return (run[0] for run in _known(points) if len(run) == 1)


def _line(run: Sequence[Point]) -> svg.Element:
    return svg.Polyline(points=[svg.Point(*point) for point in run], class_=["chart__line"])


def _last_dot(points: Sequence[Point | None], radius: float) -> Iterator[svg.Element]:
    if points and (last := points[-1]):
        yield _dot(last, radius)


def _dot(point: Point, radius: float) -> svg.Element:
    return svg.Circle(cx=point[0], cy=point[1], r=radius, class_=["chart__dot"])


def _rule(frame: Frame, y: float, name: str) -> svg.Element:
    return svg.Line(x1=frame.left, x2=frame.right, y1=y, y2=y, class_=[name])


def _target(frame: Frame, target: Target) -> Iterator[svg.Element]:
    """Yield the line of a target, and its words between the labels, where no value is drawn over them."""
    yield _rule(frame, frame.y(target.value), "chart__target")
    middle = (frame.left + frame.right) / 2
    yield _text(f"- - {target.text}", middle, LINE_HEIGHT - 5, anchor="middle")


def _end_texts(points: Sequence[Point | None], texts: Sequence[str]) -> Iterator[svg.Element]:
    known = [(point, text) for point, text in zip(points, texts, strict=True) if point]
    if len(known) > 1:
        (x, y), text = known[0]
        rises = known[1][0][1] < y
        yield _text(text, x, y + 14 if rises else y - 7)  # on the side to which the line doesn't go
    if known:
        (x, y), text = known[-1]
        yield _text(text, x + 7, y + 4, name="chart__value" if points[-1] else None)  # bold only if it's the newest


def _text(
    text: str, x: float, y: float, *, anchor: Literal["end", "middle"] | None = None, name: str | None = None
) -> svg.Element:
    # svg.py writes texts as they are.
    return svg.Text(
        text=escape(text),
        x=x,
        y=round(y, 1),
        text_anchor=anchor,
        class_=[name] if name else None,
    )


def _draw(name: str, width: int, height: int, elements: Sequence[svg.Element]) -> SafeString:
    picture = svg.SVG(
        xmlns=None,
        viewBox=svg.ViewBoxSpec(0, 0, width, height),
        width=width,
        height=height,
        class_=["chart", name],
        extra={"aria-hidden": "true", "focusable": "false"},
        elements=list(elements),
    )
    return SafeString(picture.as_str())
