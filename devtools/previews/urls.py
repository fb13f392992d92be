"""Where messages are looked at while they are designed: the embedded stack alone has these."""

from django.urls import path

from devtools.previews import views

urlpatterns = [
    path("", views.message_samples, name="dev-samples"),
    path("<slug:name>/", views.message_sample, name="dev-sample"),
    path("<slug:name>/html/", views.message_sample_html, name="dev-sample-html"),
]
