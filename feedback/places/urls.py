from django.urls import path

from feedback.places import views

app_name = "places"

urlpatterns = [
    path("places/", views.repeated_places, name="list"),
    path("places/<uuid:pk>/", views.place_page, name="place"),
]
