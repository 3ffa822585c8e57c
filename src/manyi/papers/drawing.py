"""Charts drawn: a Vega-Lite description in, SVG or PNG out. The only module that loads the drawing engine."""

from __future__ import annotations

import vl_convert

from manyi.library import FONTS
from manyi.papers.blocks import Spec

_VEGA_LITE = "5.21"

vl_convert.register_font_directory(str(FONTS))


def svg(spec: Spec) -> str:
    """The chart as SVG; its words stay text, set in the bundled face. Nothing is fetched from anywhere."""
    return str(vl_convert.vegalite_to_svg(spec, vl_version=_VEGA_LITE, allowed_base_urls=[]))


def png(drawn: str) -> bytes:
    """A drawn SVG as PNG, fine enough for print."""
    return bytes(vl_convert.svg_to_png(drawn, scale=2.5))
