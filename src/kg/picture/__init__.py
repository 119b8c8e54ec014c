"""The graph as a picture: one page to look around in that fetches nothing, or a still for slides."""

from __future__ import annotations

from kg.picture.page import to_html
from kg.picture.still import to_image

__all__ = ["to_html", "to_image"]
