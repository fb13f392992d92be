"""Join pictures in one labelled sheet. Chromium lays it out and takes the picture, so no imaging library is needed."""

from base64 import b64decode, b64encode

COLUMN = 240
COLUMNS = 6
GAP = 16
QUALITY = 55
SHEET = """<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><title>Contact sheet</title><style>
body {{ margin: {gap}px; columns: {columns}; column-gap: {gap}px; background: #8d9799; }}
body {{ font: bold 14px Helvetica, Arial; }}
figure {{ margin: 0 0 {gap}px; break-inside: avoid; }}
img {{ display: block; width: {column}px; margin-top: 4px; }}
</style><body>{figures}</body></html>"""


def write_contact_sheet(chromium, path, pictures):
    """Save the PNG of each label, in columns, as one WebP picture. Equal pictures are shown once."""
    labels = {}
    for label, png in pictures.items():
        labels.setdefault(png, []).append(label)
    figures = "".join(
        f'<figure>{", ".join(names)}<img alt="" src="data:image/png;base64,{b64encode(png).decode()}"></figure>'
        for png, names in labels.items()
    )
    width = COLUMNS * (COLUMN + GAP) + GAP
    page = chromium.new_page(viewport={"width": width, "height": 400})
    page.set_content(SHEET.format(figures=figures, columns=COLUMNS, column=COLUMN, gap=GAP))
    page.evaluate("Promise.all([...document.images].map(image => image.decode()))")
    options = {"format": "webp", "quality": QUALITY, "captureBeyondViewport": True}
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", {**options, "clip": clip})
    path.write_bytes(b64decode(shot["data"]))
    page.close()
