"""Files for programs of others. They are the same for everyone, so that any site may read them."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from figures.models.snapshots import Snapshot
from figures.open_data import csvw, figure_files, improvement_files, openapi_description
from figures.open_data.publication import LICENCE, file_address
from figures.periods import Quarter
from walkandtalk.lib.caching import public_page

View = Callable[..., HttpResponse]


def open_file(view: View) -> View:
    """Let scripts of any site read this file, which depends on no cookie. Any method but GET and HEAD is a 405.

    It is exempt from the form token, without which a POST would be a 403 and seem to be a matter of permission.
    """

    @csrf_exempt
    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = require_safe(public_page(view))(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return opened


@login_not_required
@open_file
def figures_csv(request: HttpRequest) -> HttpResponse:
    content = figure_files.figures_csv(_snapshots(), figure_files.area_names())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8; header=present")
    metadata = f'<{file_address("figures_metadata")}>; rel="describedby"; type="application/csvm+json"'
    response["Link"] = f'{metadata}, <{LICENCE}>; rel="license"'
    return response


@login_not_required
@open_file
def figures_metadata(request: HttpRequest) -> HttpResponse:
    return _json(csvw.figures_metadata(), content_type="application/csvm+json")


@login_not_required
@open_file
def figures_json(request: HttpRequest) -> HttpResponse:
    return _json(figure_files.all_figures(_snapshots(), figure_files.area_names()))


@login_not_required
@open_file
def quarter_json(request: HttpRequest, quarter: str) -> HttpResponse:
    parsed = Quarter.parse(quarter)
    snapshot = Snapshot.objects.of(parsed).first() if parsed else None
    if snapshot is None:
        raise Http404
    return _json(figure_files.figures_of_quarter(snapshot, figure_files.area_names()))


@login_not_required
@open_file
def improvements_json(request: HttpRequest) -> HttpResponse:
    return _json(improvement_files.improvements_document(improvement_files.published_improvements()))


@login_not_required
@open_file
def improvements_feed(request: HttpRequest) -> HttpResponse:
    feed = improvement_files.improvements_feed(improvement_files.published_improvements())
    return HttpResponse(feed, content_type=Atom1Feed.content_type)


@login_not_required
@open_file
def openapi(request: HttpRequest) -> HttpResponse:
    return _json(openapi_description.openapi())


def _snapshots() -> list[Snapshot]:
    """Return the oldest first, so that a new quarter goes to the end of the file."""
    return list(Snapshot.objects.order_by("first_day"))


def _json(document: dict[str, Any], content_type: str = "application/json") -> HttpResponse:
    return HttpResponse(json.dumps(document, ensure_ascii=False), content_type=content_type)
