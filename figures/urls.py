from django.urls import path

from figures.at_a_glance import london_today
from figures.concerns.views import concern_figures
from figures.views import figures

app_name = "figures"

urlpatterns = [
    path("today/london/", london_today, name="london"),
    path("figures/", figures, name="figures"),
    path("concern-figures/", concern_figures, name="concerns"),
]
