"""Sphinx configuration."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tumorkit import __version__

project = "tumorkit"
author = "the tumorkit authors"
copyright = "2026, the tumorkit authors"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "description"
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
html_theme_options = {
    "description": "Profile a tumour: one install, one command, offline.",
    "fixed_sidebar": True,
    "page_width": "1100px",
}
html_title = f"tumorkit {__version__}"
html_copy_source = False
