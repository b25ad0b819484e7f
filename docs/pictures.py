"""Make the pictures of the documents from the commands that the documents print.

``python docs/pictures.py`` runs the tutorial *Reading the report* in a temporary folder and takes
each picture from the page that it makes; it needs Chromium. ``--outdir`` puts them elsewhere.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image  # matplotlib brings it

DOCS = Path(__file__).parent
TUTORIAL = DOCS / "tutorials" / "reading-the-report.md"
IMAGES = DOCS / "images"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
MARGIN = 16
COLOURS = 96


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the page, the heading of the section, and the size of the window."""

    name: str
    page: str
    heading: str | None = None
    width: int = 1100
    height: int = 5000


SHOTS = (
    Shot("report", "report/report.html", width=1280, height=1000),
    Shot("report-biomarkers", "report/report.html", "biomarkers"),
    Shot("report-tiers", "report/report.html", "tiers"),
    Shot("report-variants", "report/report.html", "passed"),
    Shot("report-copy-number", "report/report.html", "copy-number"),
    Shot("report-looked-for", "report/report.html", "negatives"),
    Shot("report-limits", "report/report.html", "limits"),
    Shot("report-purity", "report/report.html", "purity-full", height=1800),
    Shot("report-tmb", "report/report.html", "tmb-full"),
    Shot("report-msi", "report/report.html", "msi-full", height=1000),
    Shot("report-quality", "report/report.html", "quality-full"),
    Shot("report-amended", "amended/report.html", "amendment"),
    Shot("report-swedish", "rapport.html", "biomarkers"),
)


def main() -> int:
    """Run the tutorial and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--outdir", type=Path, default=IMAGES)
    outdir = parser.parse_args().outdir
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        print("no Chromium is installed (Debian: apt install chromium)", file=sys.stderr)
        return 2
    outdir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        (folder / "example_data").symlink_to(DOCS.parent / "example_data")
        for command in commands(TUTORIAL.read_text(encoding="utf-8")):
            subprocess.run(["bash", "-c", command], cwd=folder, check=True, capture_output=True)
        for shot in SHOTS:
            take(shot, folder, outdir / f"{shot.name}.png", chromium)
            print(outdir / f"{shot.name}.png")
    return 0


def commands(text: str) -> list[str]:
    """Return the commands that a tutorial prints: lines that begin with a dollar sign."""
    return [line[2:] for line in text.splitlines() if line.startswith("$ ")]


def take(shot: Shot, folder: Path, path: Path, chromium: str) -> None:
    """Write one picture, cut to what is drawn."""
    html = (folder / shot.page).read_text(encoding="utf-8")
    if shot.heading is not None:
        if f'id="{shot.heading}"' not in html:
            raise SystemExit(f"{shot.page} has no heading {shot.heading}")
        html = html.replace("</head>", f"<style>{alone(shot.heading)}</style></head>")
    page = folder / "shot.html"
    page.write_text(html, encoding="utf-8")
    raw = folder / "shot.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    options += [f"--window-size={shot.width},{shot.height}", f"--screenshot={raw}"]
    options += [f"--user-data-dir={folder / 'browser'}", page.as_uri()]
    subprocess.run([chromium, *options], check=True, capture_output=True, env=os.environ)
    with Image.open(raw) as picture:
        drawn = Image.fromarray(cut(np.asarray(picture.convert("RGB"))))
    drawn.quantize(COLOURS).save(path, optimize=True)


def alone(heading: str) -> str:
    """Return a style that shows one section only."""
    outside = ("main > section", ".sheet > *", ".two > section")
    hidden = ", ".join(f"{name}:not(:has(#{heading}))" for name in outside)
    return f"header, {hidden} {{ display: none }} main, section {{ border: 0 }}"


def cut(pixels: np.ndarray) -> np.ndarray:
    """Return a picture without the empty rows below what is drawn."""
    drawn = np.flatnonzero((pixels != pixels[-1, -1]).any(axis=(1, 2)))
    last = pixels.shape[0] if drawn.size == 0 else int(drawn[-1]) + MARGIN
    first = 0 if drawn.size == 0 else max(0, int(drawn[0]) - MARGIN)
    return np.ascontiguousarray(pixels[first:last])


if __name__ == "__main__":
    raise SystemExit(main())
