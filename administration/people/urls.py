from django.urls import path

from administration.people.views import AddPersonPage, PowersPage, ReopenPage, StartAgainPage

app_name = "people"

urlpatterns = [
    path("people/add/", AddPersonPage.as_view(), name="add"),
    path("people/<int:pk>/powers/", PowersPage.as_view(), name="powers"),
    path("people/<int:pk>/reopen/", ReopenPage.as_view(), name="reopen"),
    path("people/<int:pk>/start-again/", StartAgainPage.as_view(), name="start_again"),
]
