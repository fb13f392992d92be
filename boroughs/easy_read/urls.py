from django.urls import path

from boroughs.easy_read import views
from boroughs.easy_read.pages import PAGES

app_name = "easy_read"

urlpatterns = [
    path("", views.index, name="index"),
    *(path(f"{slug}/", views.page, {"slug": slug}, name=slug) for slug in PAGES),
    *(path(f"{slug}/easy-read.pdf", views.document, {"slug": slug}, name=f"{slug}-document") for slug in PAGES),
]
