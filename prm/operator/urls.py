"""Where the operator's pages are."""

from django.urls import path

from prm.operator import views

urlpatterns = [
    path("", views.health, name="operator"),
    path("mailbox/", views.mailbox, name="operator-mailbox"),
    path("mailbox/<uuid:pk>/", views.message, name="operator-message"),
    path("mailbox/<uuid:pk>/as-sent/", views.message_as_sent, name="operator-message-as-sent"),
    path("deliveries/", views.deliveries, name="operator-deliveries"),
    path("deliveries/retries/", views.retry_all, name="operator-retries"),
    path("deliveries/<uuid:tenant_id>/<uuid:pk>/retry/", views.retry, name="operator-retry"),
    path("jobs/", views.jobs, name="operator-jobs"),
]
