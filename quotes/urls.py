"""Where price lists and quotes are. An action is a noun below its thing, and a POST."""

from django.urls import path

from quotes.views import editor, price_lists, quotes, terms

app_name = "quotes"
urlpatterns = [
    path("quotes/", quotes.listing, name="quotes"),
    path("quotes/export/", quotes.export, name="quote-export"),
    path("quotes/new/", editor.new, name="quote-new"),
    path("quotes/of-registration/<uuid:pk>/", quotes.of_registration, name="quotes-of-registration"),
    path("quotes/<uuid:pk>/", quotes.detail, name="quote"),
    path("quotes/<uuid:pk>/form/", editor.edit, name="quote-form"),
    path("quotes/<uuid:pk>/draft/", editor.draft, name="quote-draft"),
    path("quotes/<uuid:pk>/totals/", editor.totals, name="quote-totals"),
    path("quotes/<uuid:pk>/rows/", editor.lines, name="quote-rows"),
    path("quotes/<uuid:pk>/products/", editor.products, name="quote-products"),
    path("quotes/<uuid:pk>/prices/", editor.new_prices, name="quote-prices"),
    path("quotes/<uuid:pk>/discard/", editor.discard, name="quote-discard"),
    path("quotes/<uuid:pk>/lines/<uuid:line>/", quotes.line, name="quote-line"),
    path("quotes/terms/", terms.terms, name="terms"),
    path("quotes/terms/draft/", terms.draft, name="terms-draft"),
    path("quotes/terms/publication/", terms.publication, name="terms-publication"),
    path("quotes/terms/discard/", terms.discard, name="terms-discard"),
    path("price-lists/", price_lists.listing, name="price-lists"),
    path("price-lists/new/", price_lists.new, name="price-list-new"),
    path("price-lists/<uuid:pk>/", price_lists.detail, name="price-list"),
    path("price-lists/<uuid:pk>/form/", price_lists.edit, name="price-list-form"),
    path("price-lists/<uuid:pk>/draft/", price_lists.draft, name="price-list-draft"),
    path("price-lists/versions/<uuid:pk>/", price_lists.version, name="price-version"),
    path("price-lists/versions/<uuid:pk>/import/", price_lists.prices_from_text, name="price-version-import"),
    path("price-lists/versions/<uuid:pk>/export/", price_lists.export, name="price-version-export"),
    path("price-lists/versions/<uuid:pk>/publication/", price_lists.publication, name="price-version-publication"),
    path("price-lists/versions/<uuid:pk>/discard/", price_lists.discard, name="price-version-discard"),
]
