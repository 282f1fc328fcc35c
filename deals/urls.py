"""Where deals are. An action is a noun below its thing, and a POST."""

from django.urls import path

from deals.views import actions, catalog, checks, decisions, drafts, inbox, likenesses, lists_kept, registrations

app_name = "deals"
urlpatterns = [
    path("deals/", registrations.listing, name="registrations"),
    path("deals/export/", registrations.export, name="registration-export"),
    path("deals/new/", drafts.new, name="registration-new"),
    path("deals/check/", checks.check, name="registration-check"),
    path("deals/to-decide/", inbox.inbox, name="inbox"),
    path("deals/to-decide/<uuid:pk>/", inbox.item, name="inbox-item"),
    path("deals/<uuid:pk>/", registrations.detail, name="registration"),
    path("deals/<uuid:pk>/form/", drafts.edit, name="registration-form"),
    path("deals/<uuid:pk>/draft/", drafts.draft, name="registration-draft"),
    path("deals/<uuid:pk>/deciders/", drafts.deciders, name="registration-deciders"),
    path("deals/<uuid:pk>/files/", drafts.files, name="registration-files"),
    path("deals/<uuid:pk>/answer/", actions.answer, name="registration-answer"),
    path("deals/<uuid:pk>/withdrawal/", actions.withdrawal, name="registration-withdrawal"),
    path("deals/<uuid:pk>/stage/", actions.stage, name="registration-stage"),
    path("deals/<uuid:pk>/win/", actions.win, name="registration-win"),
    path("deals/<uuid:pk>/loss/", actions.loss, name="registration-loss"),
    path("deals/<uuid:pk>/extension/", actions.extension, name="registration-extension"),
    path("deals/<uuid:pk>/release/", actions.release, name="registration-release"),
    path("deals/<uuid:pk>/approval/", decisions.approval, name="registration-approval"),
    path("deals/<uuid:pk>/rejection/", decisions.rejection, name="registration-rejection"),
    path("deals/<uuid:pk>/question/", decisions.question, name="registration-question"),
    path("deals/<uuid:pk>/undo/", decisions.undo, name="registration-undo"),
    path("deals/<uuid:pk>/likeness/<uuid:rival_pk>/", likenesses.verdict, name="likeness-verdict"),
    path("deals/<uuid:pk>/extension-decision/", decisions.extension, name="registration-extension-decision"),
    path("deals/<uuid:pk>/revocation/", decisions.revocation, name="registration-revocation"),
    path("lists/", lists_kept.index, name="lists"),
    path("lists/<uuid:pk>/", lists_kept.detail, name="list"),
    path("lists/<uuid:pk>/removal/", lists_kept.removal, name="list-removal"),
    path("catalog/", catalog.catalog, name="catalog"),
    path("catalog/families/new/", catalog.new_family, name="family-new"),
    path("catalog/families/<uuid:pk>/", catalog.family, name="family"),
    path("catalog/families/<uuid:pk>/products/new/", catalog.new_product, name="product-new"),
    path("catalog/products/<uuid:pk>/", catalog.product, name="product"),
]
