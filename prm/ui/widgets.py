"""Controls that Django does not have. Their markup is in `templates/components/widgets/`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _


class DateInput(forms.DateInput):
    """The browser's own date control, which wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own control for a time of day, which wants 24 hours whatever the language."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class _Hints:
    """Choices with a line of explanation below each."""

    template_name = "components/widgets/choices.html"

    def __init__(self, *args: Any, hints: Mapping[Any, Any] | None = None, columns: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = {str(value): hint for value, hint in (hints or {}).items()}
        self.columns = columns

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)  # type: ignore[misc]
        context["widget"]["columns"] = self.columns
        return context

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        return option | {"hint": self.hints.get(str(value), "")}


class ChoiceCards(_Hints, forms.RadioSelect):
    """One of up to five, as cards."""


class ChoiceCardsMultiple(_Hints, forms.CheckboxSelectMultiple):
    """Some of up to five, as cards."""


class Ticks(forms.CheckboxSelectMultiple):
    """Many short options in two columns."""

    template_name = "components/widgets/ticks.html"


class Ordered(forms.MultiWidget):
    """A few choices in an order: one list for each place, those that are not wanted stay empty."""

    template_name = "components/widgets/ordered.html"
    use_fieldset = True

    def __init__(self, choices: Sequence[tuple[str, Any]], attrs: dict[str, Any] | None = None) -> None:
        offered = [("", "–"), *choices]
        places = [
            forms.Select(
                choices=offered, attrs={"class": "input", "aria-label": format_lazy("{} {}", _("Place"), number)}
            )
            for number in range(1, len(choices) + 1)
        ]
        super().__init__(places, attrs)

    def decompress(self, value: Any) -> list[Any]:
        return list(value or ())


class Segments(forms.RadioSelect):
    """One of up to five short options side by side."""

    template_name = "components/widgets/segments.html"


class Switch(forms.CheckboxInput):
    """On or off at once."""

    template_name = "components/widgets/switch.html"


class AmountInput(forms.MultiWidget):
    """A currency and an amount in one control. Reading the amount is the field's work."""

    template_name = "components/widgets/amount.html"
    use_fieldset = False  # one label is enough: the currency names itself

    def __init__(self, currencies: list[tuple[str, str]], attrs: dict[str, Any] | None = None) -> None:
        amount = forms.TextInput(attrs={"class": "input num", "inputmode": "decimal", "autocomplete": "off"})
        currency = forms.Select(choices=currencies, attrs={"class": "input", "aria-label": _("Currency")})
        super().__init__({"currency": currency, "amount": amount}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """The two parts of money."""
        return [value.currency, value.amount] if value else [None, None]

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_1" if id_ else id_  # the amount is what the label names


class Combobox(forms.TextInput):
    """A search in many records: the server answers with options, the hidden value is the id.

    Without scripts it is a text input, and the form has to understand what was typed: the field's own
    `clean` gets `{"id": …, "text": …}`.
    """

    template_name = "components/widgets/combobox.html"

    def __init__(self, url: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url = url

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        given = value if isinstance(value, dict) else {"id": value or "", "text": value or ""}
        context["widget"] |= {"url": str(self.url), "chosen": given["id"], "text": given["text"]}
        return context

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str] | None:
        """What was chosen and what was typed; nothing when both are empty."""
        chosen, text = data.get(name, ""), data.get(f"{name}_text", "")
        return {"id": chosen, "text": text} if chosen or text else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data


class Suggest(forms.TextInput):
    """A line of text that offers what was written before; anything else can be written, too."""

    template_name = "components/widgets/suggest.html"

    def __init__(self, offered: Callable[[], Iterable[str]], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.offered = offered

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"{context['widget']['attrs'].get('id', name)}-offered"
        context["widget"]["offered"] = list(self.offered())
        return context


class SeveralFiles(forms.FileInput):
    """Files that come with the form itself. The value is the list of them."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"multiple": True} | (attrs or {}))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        sent = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return [*filter(None, sent)]


class FileDrop(forms.FileInput):
    """Files dropped or chosen, uploaded at once where scripts run; their ids come back as hidden inputs.

    The value is the list of uploaded ids; files chosen without scripts are in `request.FILES` under the same name.
    `describe` turns ids into entries for `components/file_row.html`.
    """

    template_name = "components/widgets/drop.html"
    allow_multiple_selected = True

    def __init__(
        self, upload_url: str = "", describe: Any = None, hint: str = "", attrs: dict[str, Any] | None = None
    ) -> None:
        super().__init__({"multiple": True} | (attrs or {}))
        self.upload_url, self.describe, self.hint = upload_url, describe, hint

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        ids = [str(item) for item in (value or []) if not hasattr(item, "read")]
        files = self.describe(ids) if self.describe and ids else []
        context["widget"] |= {"upload_url": str(self.upload_url), "files": files, "hint": self.hint}
        return context

    def format_value(self, value: Any) -> Any:
        return value

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """Ids of finished uploads, then files that came with the form itself."""
        ids = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        sent = files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])
        return [*filter(None, ids), *sent]  # browsers send an empty part for an empty file input

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and name not in files
