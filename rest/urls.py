from django.urls import path

from rest import sign_in
from rest.documentation import DocsView, SchemaView

urlpatterns = [
    path("api/auth/sign-in", sign_in.SignIn.as_view()),
    path("api/auth/sign-out", sign_in.SignOut.as_view()),
    path("api/auth/sign-out-everywhere", sign_in.SignOutEverywhere.as_view()),
    path("api/auth/me", sign_in.Me.as_view()),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/docs", DocsView.as_view()),
]
