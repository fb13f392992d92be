"""The one font that Chromium uses in a run, so that a page is equally wide on every machine.

`BROWSER_FONT=wide make test` chooses another of `FONTS`. The wide one is for readers with dyslexia.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

FONT_FOLDERS = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]


@dataclass(frozen=True)
class Font:
    family: str
    file: str
    package: str  # the Debian package


FONTS = {
    "liberation": Font("Liberation Sans", "LiberationSans-Regular.ttf", "fonts-liberation"),
    "dejavu": Font("DejaVu Sans", "DejaVuSans.ttf", "fonts-dejavu-core"),
    "wide": Font("OpenDyslexic", "OpenDyslexic-Regular.otf", "fonts-opendyslexic"),
}


def chosen_font():
    name = os.environ.get("BROWSER_FONT") or "liberation"
    if name not in FONTS:
        pytest.fail(f"There is no font for BROWSER_FONT={name}. Choose one of {', '.join(FONTS)}.")
    return FONTS[name]


def find_folder(font):
    """Return the folder where the font is installed, or None."""
    folders = (file.parent for folder in FONT_FOLDERS for file in folder.rglob(font.file))
    return next(folders, None)


def write_font_configuration(font, folder):
    """Write a fontconfig file that answers every request with this family, and return its path."""
    if (fonts := find_folder(font)) is None:
        pytest.fail(f"The font {font.family} is missing. On Debian: apt-get install {font.package}.")
    path = folder / "fonts.conf"
    path.write_text(
        f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{folder / "cache"}</cachedir>
  <match target="pattern">
    <edit name="family" mode="assign" binding="strong"><string>{font.family}</string></edit>
  </match>
</fontconfig>
"""
    )
    return path


def fonts_in_use(page, selector):
    """Return the font families that Chromium used for this element's text."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    session.detach()
    return {font["familyName"] for font in fonts}
