"""The style sheet and the script of every page."""

from django.template import Library
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from prm.ui.bundles import files_of

register = Library()


@register.simple_tag
def style_sheets() -> SafeString:
    """Links to our style sheet."""
    return format_html_join(
        "\n  ", '<link rel="stylesheet" href="{}">', ((static(name),) for name in files_of("portal.css"))
    )


@register.simple_tag
def scripts() -> SafeString:
    """Our scripts; deferred, so that they run in order once the page is read."""
    return format_html_join(
        "\n  ", '<script src="{}" defer></script>', ((static(name),) for name in files_of("portal.js"))
    )
