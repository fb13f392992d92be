"""Find and start Chromium, and list missing Debian packages for it and its fonts."""

import os
import shutil

import pytest

from tests.support.browser.fonts import FONTS, find_folder

COMMAND = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launch_chromium(playwright, font_configuration):
    if COMMAND is None:
        pytest.fail(
            "There is no Chromium. On Debian: apt-get install chromium-headless-shell; or pytest -m 'not browser'."
        )
    environment = os.environ | {"FONTCONFIG_FILE": str(font_configuration)}
    return playwright.chromium.launch(executable_path=COMMAND, args=QUIET, env=environment)


def missing_packages():
    fonts = [font.package for font in FONTS.values() if find_folder(font) is None]
    return fonts if COMMAND else ["chromium-headless-shell", *fonts]
