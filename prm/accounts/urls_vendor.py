"""People and settings of one vendor's portal."""

from django.urls import path

from prm.accounts.views import invitations, people, vendors

urlpatterns = [
    path("people/", people.index, name="people"),
    path("people/invitations/new/", people.invite, name="invitation-new"),
    path("people/invitations/<uuid:pk>/sending/", people.resend, name="invitation-sending"),
    path("people/invitations/<uuid:pk>/withdrawal/", people.withdraw, name="invitation-withdrawal"),
    path("people/<uuid:pk>/role/", people.role, name="member-role"),
    path("people/<uuid:pk>/suspension/", people.suspend, name="member-suspension"),
    path("people/<uuid:pk>/restoration/", people.restore, name="member-restoration"),
    path("invitations/<str:secret>/", invitations.accept, name="invitation"),
    path("roles/", vendors.roles, name="roles"),
    path("brand/", vendors.brand, name="brand"),
]
