from django.http import HttpResponse
from django.middleware.csrf import get_token

from walkandtalk.lib.caching import public_page


def test_public_page_with_a_csrf_token_is_not_cached(rf):
    page = public_page(lambda request: HttpResponse(get_token(request)))

    response = page(rf.get("/"))

    assert response["Cache-Control"] == "no-store, private"


def test_public_page_with_an_error_status_is_not_cached(rf):
    page = public_page(lambda request: HttpResponse(status=422))

    assert page(rf.get("/"))["Cache-Control"] == "no-store, private"
