"""Addresses of the message previews, for people who design messages. Only the embedded stack has them."""

from django.urls import path

from devtools.previews import views

urlpatterns = [
    path("", views.message_previews, name="dev-previews"),
    path("<slug:name>/", views.message_preview, name="dev-preview"),
    path("<slug:name>/html/", views.message_preview_html, name="dev-preview-html"),
]
