"""The installation's own pages: sign-in, all portals of a person, the operator's pages, health."""


urlpatterns = []
