"""Where the rules of a vendor are."""

from django.urls import path

from prm.policies.screens import drafts, views

urlpatterns = [
    path("rules/", views.index, name="rules"),
    path("rules/<str:area>/", views.detail, name="rule-area"),
    path("rules/<str:area>/versions/<int:number>/", views.version, name="rule-version"),
    path("rules/<str:area>/versions/<int:number>/draft/", views.go_back, name="rule-version-draft"),
    path("rules/<str:area>/versions/<int:number>/recall/", views.recall, name="rule-version-recall"),
    path("rules/<str:area>/comparison/", views.comparison, name="rule-comparison"),
    path("rules/<str:area>/draft/", drafts.draft, name="rule-draft"),
    path("rules/<str:area>/draft/following/", drafts.following, name="rule-following"),
    path("rules/<str:area>/draft/terms/", drafts.terms, name="rule-terms"),
    path("rules/<str:area>/draft/rules/", drafts.new, name="rule-new"),
    path("rules/<str:area>/draft/rules/<str:key>/", drafts.rule, name="rule"),
    path("rules/<str:area>/draft/rules/<str:key>/order/", drafts.arrange, name="rule-order"),
    path("rules/<str:area>/draft/restoration/", drafts.restore, name="rule-restoration"),
    path("rules/<str:area>/draft/publication/", drafts.publication, name="rule-publication"),
    path("rules/<str:area>/draft/discard/", drafts.discard, name="rule-discard"),
]
