from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boroughs.easy_read.films import film_of
from boroughs.easy_read.lines import Line
from boroughs.easy_read.pages import PAGES
from boroughs.easy_read.sheets import sheets_of
from boroughs.public_pages.areas import short_address
from walkandtalk.lib.caching import public_page


@login_not_required
@require_safe
@public_page
def index(request: HttpRequest) -> HttpResponse:
    context = {
        "lines": [
            Line("easy-read", _("**Easy Read** means short words and pictures.")),
            Line("hard-words", _("Hard words are in **bold**. We say what they mean.")),
            Line("read-together", _("You can read this with someone you trust.")),
        ],
        "pages": PAGES.values(),
        "canonical": _public_url("index"),
    }
    return render(request, "boroughs/easy_read/index.html", context)


@login_not_required
@require_safe
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    sections = PAGES[slug].sections
    context = {
        "page": PAGES[slug],
        "sections": sections,
        "sheets": len(sheets_of(sections)),
        "film": film_of(slug),
        "others": [page for page in PAGES.values() if page.slug != slug],
        "canonical": _public_url(slug),
    }
    return render(request, "boroughs/easy_read/page.html", context)


@login_not_required
@require_safe
@public_page
def document(request: HttpRequest, slug: str) -> HttpResponse:
    from boroughs.easy_read.document import render_document  # imported here, because few processes make one

    content = render_document(PAGES[slug], short_address(_public_url(slug)))
    headers = {"Content-Disposition": f'inline; filename="easy-read-{slug}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _public_url(name: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(f'easy_read:{name}')}"
