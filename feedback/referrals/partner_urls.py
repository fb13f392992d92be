"""The public pages for partners. Their links are in emails, so the addresses stay (docs/rules.md#public-addresses)."""

from django.urls import path

from feedback.referrals import partner_views as views

app_name = "partner_answers"

urlpatterns = [
    path("<str:token>/", views.PartnerAnswerPage.as_view(), name="answer"),
    path("<str:token>/thanks/", views.thanks, name="thanks"),
    path("<str:token>/new-link/", views.new_link, name="new_link"),
]
