from django.urls import path

from feedback.referrals import views

app_name = "referrals"

urlpatterns = [
    path("improvements/<uuid:pk>/refer/", views.ReferPage.as_view(), name="refer"),
    path("referrals/<uuid:pk>/answer/", views.NoteAnswerPage.as_view(), name="note_answer"),
    path("referrals/<uuid:pk>/ask-again/", views.AskAgainButton.as_view(), name="ask_again"),
]
