"""Where messages are looked at while they are designed: the embedded stack alone has these."""

from django.urls import path

from feedback.views import samples

urlpatterns = [
    path("", samples.message_samples, name="dev-samples"),
    path("<slug:name>/", samples.message_sample, name="dev-sample"),
    path("<slug:name>/html/", samples.message_sample_html, name="dev-sample-html"),
]
