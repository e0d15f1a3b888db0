"""Points of growth -> an SVG that reads in light and dark. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .report import Point, thousands

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 610, 34, 270
MARKS = {"pages": "M-5 -5h10v10h-10z", "anchors": "M0 -6a6 6 0 1 0 .01 0z"}
"""A shape for each setting of permalinks, so that colour alone tells nothing."""

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #333 }
.axis, .grid { stroke: #333; fill: none } .grid { opacity: .2 }
.pages { stroke: #a33b00; fill: #a33b00 } .anchors { stroke: #0757a8; fill: #0757a8 }
polyline { fill: none !important; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #ddd } .axis, .grid { stroke: #ddd }
.pages { stroke: #ff9b63; fill: #ff9b63 } .anchors { stroke: #7ab8ff; fill: #7ab8ff }
}
"""


def svg(points: Sequence[Point]) -> str:
    """Time a comment (upwards, from 0) by the number of comments (to the right, by powers of ten).

    A level line is linear growth.
    """
    top = _round_up(max(point.per_comment * 1e6 for point in points))
    least, most = _powers(points)

    def x(comments: float) -> float:
        return LEFT + (math.log10(comments) - least) / (most - least) * (RIGHT - LEFT)

    def y(micros: float) -> float:
        return BOTTOM - micros / top * (BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' role="img" aria-labelledby="t">',
        '<title id="t">Microseconds a comment by number of comments; level is linear</title>',
        f"<style>{STYLE}</style>",
        f'<path class="axis" d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}"/>',
        f'<text x="4" y="{TOP - 14}">µs a comment</text>',
        f'<text x="{RIGHT}" y="{BOTTOM + 42}" text-anchor="end">comments</text>',
    ]
    for step in range(5):
        value = top * step / 4
        parts.append(f'<path class="grid" d="M{LEFT} {y(value):.1f}H{RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    for count in sorted({point.comments for point in points}):
        parts.append(
            f'<text x="{x(count):.1f}" y="{BOTTOM + 22}" text-anchor="middle">{thousands(count)}</text>'
        )
    for number, mode in enumerate(MARKS):
        line = sorted((p.comments, p.per_comment * 1e6) for p in points if p.mode == mode)
        if not line:
            continue
        places = [(x(count), y(micros)) for count, micros in line]
        parts.append(f'<polyline class="{mode}" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in places)}"/>')
        parts += [
            f'<path class="{mode}" transform="translate({a:.1f} {b:.1f})" d="{MARKS[mode]}"/>'
            for a, b in places
        ]
        parts.append(
            f'<path class="{mode}" transform="translate({190 + 200 * number} {TOP - 18})" d="{MARKS[mode]}"/>'
        )
        parts.append(f'<text x="{204 + 200 * number}" y="{TOP - 14}">permalinks = "{mode}"</text>')
    return "\n".join([*parts, "</svg>\n"])


def _powers(points: Sequence[Point]) -> tuple[float, float]:
    """The range of the numbers of comments as powers of ten, with some air at both ends."""
    powers = [math.log10(point.comments) for point in points]
    return min(powers) - 0.2, max(powers) + 0.2


def _round_up(value: float) -> float:
    """A round number at or above ``value``, that four divides well."""
    unit = 10.0 ** math.floor(math.log10(value))
    return next(unit * step for step in (1, 2, 4, 6, 8, 10) if unit * step >= value)
