from django.urls import path

from feedback.improvements import views

app_name = "improvements"

urlpatterns = [
    path("improvements/", views.improvements, name="list"),
    path("improvements/words/", views.words_to_approve, name="words_to_approve"),
    path("improvements/<uuid:pk>/", views.improvement_page, name="improvement"),
    path("improvements/<uuid:pk>/take/", views.TakeButton.as_view(), name="take"),
    path("improvements/<uuid:pk>/hand-over/", views.HandOverPage.as_view(), name="hand_over"),
    path("improvements/<uuid:pk>/change/", views.DetailsPage.as_view(), name="change"),
    path("improvements/<uuid:pk>/reopen/", views.ReopenPage.as_view(), name="reopen"),
    path("improvements/<uuid:pk>/public-words/", views.PublicWordsPage.as_view(), name="public_words"),
    path("improvements/<uuid:pk>/approve/", views.ApproveButton.as_view(), name="approve"),
]
