from django.urls import path

from figures.at_a_glance import london_today
from figures.concerns.views import concern_figures
from figures.improvements.views import improvements_done
from figures.views import figures, figures_csv
from figures.walk_answers.views import walk_answers

app_name = "figures"

urlpatterns = [
    path("today/london/", london_today, name="london"),
    path("figures/", figures, name="figures"),
    path("figures.csv", figures_csv, name="csv"),
    path("figures/improvements/", improvements_done, name="improvements"),
    path("figures/walks/", walk_answers, name="walk_answers"),
    path("concern-figures/", concern_figures, name="concerns"),
]
