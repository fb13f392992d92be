from django.urls import path

from figures.views import figures

app_name = "figures"

urlpatterns = [
    path("figures/", figures, name="figures"),
]
