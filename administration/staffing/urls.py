from django.urls import path

from administration.staffing.views import overview

app_name = "staffing"

urlpatterns = [path("staffing/", overview, name="overview")]
