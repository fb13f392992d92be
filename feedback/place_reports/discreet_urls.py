"""The page of someone who told us about a place. On the neutral host it is under `/r/`."""

from django.urls import path

from feedback.place_reports import page_views

app_name = "tell_us"

urlpatterns = [
    path("find/", page_views.find, name="find"),
    path("yours/<str:token>/", page_views.page, name="page"),
    path("yours/<str:token>/confirm/", page_views.confirm, name="confirm"),
    path("yours/<str:token>/not-me/", page_views.not_mine, name="not_mine"),
    path("yours/<str:token>/better/", page_views.FollowUpPage.as_view(), name="follow_up"),
    path("yours/<str:token>/stop/", page_views.StopMessagesPage.as_view(), name="stop_messages"),
    path("yours/<str:token>/delete/", page_views.DeletePage.as_view(), name="delete"),
]
