from django.urls import path

from administration.account_closure.views import CloseAccountPage

app_name = "account_closure"

urlpatterns = [path("people/<int:pk>/close/", CloseAccountPage.as_view(), name="close")]
