"""The charts of 总览: pygal's SVG without its script and comments, its style apart, as the page's policy needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from lxml import etree
from markupsafe import Markup
from pygal.style import Style

RED, AMBER, GREY, BLUE, LIGHT, GREEN = "#b3261e", "#d9822b", "#8a949e", "#1f4e8c", "#8fb3dc", "#3c7d5a"
_SVG = "{http://www.w3.org/2000/svg}"
_FONT = "inherit"
_LOWEST_TOLD = 0.07
"""Share of the tallest stack below which the figures of two pieces would lie on one another."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: its picture, and the style that belongs to it alone."""

    svg: Markup
    style: str


def bars(
    name: str, labels: Sequence[str], series: Mapping[str, Sequence[int]], colours: Sequence[str], *,
    stacked: bool = False,
) -> Drawing:  # fmt: skip
    """Upright bars, one group per label; `name` tells the chart from the others of the page."""
    style = Style(
        background="transparent", plot_background="transparent", opacity="1", opacity_hover="0.8",
        font_family=_FONT, label_font_size=13, major_label_font_size=13, value_font_size=12, legend_font_size=13,
        no_data_font_size=16, foreground="#454f5b", foreground_strong="#212b36", foreground_subtle="#c4cdd5",
        guide_stroke_color="#e3e8ee", major_guide_stroke_color="#e3e8ee", guide_stroke_dasharray="none",
        major_guide_stroke_dasharray="none", colors=tuple(colours),
        value_colors=tuple("#ffffff" if stacked else "#212b36" for _ in series),
    )  # fmt: skip
    kind = pygal.StackedBar if stacked else pygal.Bar
    chart = kind(
        style=style, js=(), width=640, height=300, margin=8, spacing=12, print_values=True, print_zeroes=False,
        print_values_position="center" if stacked else "top", show_legend=len(series) > 1, legend_at_bottom=True,
        legend_at_bottom_columns=len(series), legend_box_size=12, truncate_label=-1, truncate_legend=-1, min_scale=2,
        max_scale=6, no_data_text="没有数据", formatter=_whole, rounded_bars=1, include_x_axis=True,
    )  # fmt: skip
    chart.uuid = name  # a random one would make the page another one every time
    chart.x_labels = list(labels)
    tallest = max((sum(counts) for counts in zip(*series.values(), strict=True)), default=0)
    for title, counts in series.items():
        chart.add(title, [_piece(count, tallest) for count in counts] if stacked else list(counts))
    return _drawing(chart.render())


def _piece(count: int, tallest: int) -> dict[str, Any] | None:
    """A piece of a stack, with its count where the piece is as high as the figure."""
    if not count:
        return None
    label = str(count) if count >= tallest * _LOWEST_TOLD else ""
    return {"value": count, "formatter": lambda _: label}


def _whole(value: float) -> str:
    """Counts have no decimals, and half a finding no mark on the axis."""
    return f"{value:.0f}" if value == int(value) else ""


def _drawing(svg: bytes) -> Drawing:
    root = etree.fromstring(svg, etree.XMLParser(remove_comments=True, resolve_entities=False))
    styles = list(root.iter(f"{_SVG}style"))
    text = "\n".join(style.text or "" for style in styles)
    for element in [*styles, *root.iter(f"{_SVG}script"), *root.iter(f"{_SVG}desc")]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for element in root.iter():
        element.attrib.pop("style", "")
    return Drawing(Markup(etree.tostring(root, encoding="unicode")), text)
