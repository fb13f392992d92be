from django.urls import path

from administration.bulk.views import ClosePage, LeadWalksPage, MovePage, StopLeadingWalksPage

app_name = "bulk"

urlpatterns = [
    path("people/move/", MovePage.as_view(), name="move"),
    path("people/close/", ClosePage.as_view(), name="close"),
    path("people/lead-walks/", LeadWalksPage.as_view(), name="lead_walks"),
    path("people/stop-leading-walks/", StopLeadingWalksPage.as_view(), name="stop_leading_walks"),
]
