"""The tags and filters of the design system; built into every template. See docs/components.md."""

from django.template import Library

from prm.ui.tags import assets, blocks, collections, decisions, forms, icons, listings, parts, values

register = Library()

for module in (assets, values, icons, parts, blocks, collections, decisions, listings, forms):
    register.tags.update(module.register.tags)
    register.filters.update(module.register.filters)
