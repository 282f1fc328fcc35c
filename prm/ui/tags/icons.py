"""`{% icon "deal" %}`: checked when the template loads, so that a misspelt icon never reaches a page."""

from django.template import Context, Library, Node, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs

from prm.ui import icons

register = Library()


class IconNode(Node):
    """An icon whose word may be a variable; only a literal one can be checked early."""

    def __init__(self, name: FilterExpression, options: dict[str, FilterExpression]) -> None:
        self.name = name
        self.options = options

    def render(self, context: Context) -> str:
        name = self.name.resolve(context)
        if not name:
            return ""
        options = {option: value.resolve(context) for option, value in self.options.items()}
        return icons.icon(str(name), bool(options.get("small")), str(options.get("label") or ""))


@register.tag
def icon(parser: Parser, token: Token) -> IconNode:
    """Draw an icon; `small=True` for 15 px, `label=` when no text stands beside it."""
    bits = token.split_contents()[1:]
    if not bits:
        raise TemplateSyntaxError("icon needs the name of an icon")
    name = parser.compile_filter(bits.pop(0))
    options = token_kwargs(bits, parser)
    if bits or not options.keys() <= {"small", "label"}:
        raise TemplateSyntaxError("icon takes a name, small= and label=")
    if isinstance(name.var, str) and not name.filters and name.var not in icons.ICONS:
        raise TemplateSyntaxError(f"There is no icon {name.var!r}; add it to prm/ui/icons.py")
    return IconNode(name, options)
