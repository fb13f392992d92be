import pytest
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


@pytest.mark.parametrize(("has_token", "encoding"), [(False, "gzip"), (True, None)])
def test_only_a_page_without_a_secret_is_compressed(rf, has_token, encoding):
    page = public_page(lambda request: HttpResponse("x" * 1000 + (get_token(request) if has_token else "")))

    response = page(rf.get("/", headers={"accept-encoding": "gzip"}))

    assert response.headers.get("Content-Encoding") == encoding


def test_compressed_page_that_has_not_changed_is_a_304(rf):
    page = public_page(lambda request: HttpResponse("x" * 1000))
    first = page(rf.get("/", headers={"accept-encoding": "gzip"}))

    again = page(rf.get("/", headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]}))

    assert again.status_code == 304
