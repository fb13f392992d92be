from django.urls import path

from administration.proposals.views import ProposalPage, RefusePage, proposal_list

app_name = "proposals"

urlpatterns = [
    path("proposals/", proposal_list, name="list"),
    path("proposals/<uuid:pk>/", ProposalPage.as_view(), name="proposal"),
    path("proposals/<uuid:pk>/refuse/", RefusePage.as_view(), name="refuse"),
]
