"""Reads a page of a PDF as a screen reader, an eye and a phone's camera do."""

import ctypes

import pypdfium2
import zxingcpp
from pypdfium2 import raw


class PdfPage:
    """The only page of a PDF."""

    def __init__(self, content):
        self.content = content
        self.document = pypdfium2.PdfDocument(content)
        (self.page,) = self.document
        self.text_page = self.page.get_textpage()

    @property
    def size_in_mm(self):
        return [round(points / 72 * 25.4) for points in self.page.get_size()]

    @property
    def words(self):
        return " ".join(self.text_page.get_text_bounded().split())

    def scan(self, *, grey=False):
        """Return what a phone reads from its QR codes."""
        picture = self.page.render(scale=2).to_pil()
        return [code.text for code in zxingcpp.read_barcodes(picture.convert("L") if grey else picture)]

    def boxes(self):
        """Return the box of each piece of text: left, bottom, right, top, in points."""
        return [self.text_page.get_rect(number) for number in range(self.text_page.count_rects())]

    def tags(self):
        """Return the tags in reading order, each with its text and its text alternative."""
        texts = self._texts_by_marked_content()
        tree = raw.FPDF_StructTree_GetForPage(self.page)
        try:
            roots = [
                raw.FPDF_StructTree_GetChildAtIndex(tree, number)
                for number in range(raw.FPDF_StructTree_CountChildren(tree))
            ]
            return [tag for root in roots for tag in _walk(root, texts)]
        finally:
            raw.FPDF_StructTree_Close(tree)

    def _texts_by_marked_content(self):
        texts = {}
        for item in self.page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
            number = raw.FPDFPageObj_GetMarkedContentID(item)
            text = _read(lambda *into, item=item: raw.FPDFTextObj_GetText(item, self.text_page, *into), raw.FPDF_WCHAR)
            texts[number] = texts.get(number, "") + text
        return texts


def _walk(element, texts):
    own = [
        raw.FPDF_StructElement_GetChildMarkedContentID(element, number)
        for number in range(raw.FPDF_StructElement_CountChildren(element))
    ]
    kind = _read(lambda *into: raw.FPDF_StructElement_GetType(element, *into))
    alternative = _read(lambda *into: raw.FPDF_StructElement_GetAltText(element, *into))
    yield kind, " ".join("".join(texts.get(number, "") for number in own).split()), alternative
    for number in range(raw.FPDF_StructElement_CountChildren(element)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, number):
            yield from _walk(child, texts)


def _read(function, kind=ctypes.c_char):
    """Return the UTF-16 text that a function of PDFium writes into a buffer, whose length it says first."""
    length = function(None, 0)
    if not length:
        return ""
    buffer = ctypes.create_string_buffer(length)
    function(ctypes.cast(buffer, ctypes.POINTER(kind)) if kind is not ctypes.c_char else buffer, length)
    return buffer.raw[:length].decode("utf-16-le").rstrip("\0")
