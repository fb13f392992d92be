from django.urls import path

from boroughs import views

app_name = "boroughs"

urlpatterns = [
    path("attribution/", views.attribution, name="attribution"),
    path("safety/", views.safety, name="safety"),
    path("privacy/", views.privacy, name="privacy"),
]
