from django.urls import path

from administration.partners.views import ContactsPage

app_name = "partners"

urlpatterns = [
    path("partners/<uuid:pk>/contacts/", ContactsPage.as_view(), name="contacts"),
]
