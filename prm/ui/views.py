"""The vendor's style sheet and the pages that say why nothing else can be shown."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from prm.ui.brand import brand_of

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_NOW = "no-cache"


@require_GET
def brand_sheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The colours of this vendor. An address of an earlier sheet answers with today's, and is not kept."""
    brand = brand_of(getattr(request, "profile", None))
    response = HttpResponse(brand.sheet, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_GOOD if digest == brand.digest else FOR_NOW
    return response
