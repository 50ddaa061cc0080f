"""Forms in Polaris elements: which element a widget becomes, and what is written on it."""

import pytest
from django import forms

from shopify_app.dashboard.polaris import ELEMENTS, MoneyInput, PolarisForm, SwitchInput


class Sample(PolarisForm):
    name = forms.CharField(label="Name", max_length=20, help_text="What it's called", widget=forms.TextInput)
    points = forms.IntegerField(min_value=1, widget=forms.NumberInput(attrs={"suffix": "points", "onclick": "no"}))
    price = forms.DecimalField(required=False, widget=MoneyInput(attrs={"currencyCode": "USD"}))
    born = forms.DateField(required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    secret = forms.CharField(required=False, widget=forms.PasswordInput)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], required=False)
    on = forms.BooleanField(required=False, widget=SwitchInput)


def html(form: forms.Form, name: str) -> str:
    return str(form[name].as_field_group()).strip()


class TestAField:
    def test_becomes_its_element_with_label_and_details(self):
        assert html(Sample(), "name") == (
            '<s-text-field name="name" label="Name" details="What it&#x27;s called" value="" maxlength="20" required></s-text-field>'
        )

    def test_writes_only_what_the_element_knows(self):
        written = html(Sample(), "points")
        assert 'suffix="points"' in written
        assert 'min="1"' in written
        assert "onclick" not in written
        assert "aria-" not in written

    def test_keeps_what_was_typed_and_says_what_is_wrong(self):
        form = Sample({"name": "x", "points": "many", "kind": "b", "on": "on"})
        assert 'error="Enter a whole number."' in html(form, "points")
        assert 'value="many"' in html(form, "points")
        assert '<s-choice value="b" selected>B</s-choice>' in html(form, "kind")
        assert " checked" in html(form, "on")

    def test_escapes_everything(self):
        assert "<script>" not in html(Sample({"name": '"><script>'}), "name")

    def test_never_writes_a_password_back(self):
        assert "hunter2" not in html(Sample({"secret": "hunter2"}), "secret")

    def test_a_choice_list_is_never_required(self):
        assert "required" not in html(Sample(), "kind")

    def test_of_several_choices_says_so(self):
        assert html(Sample(), "many").startswith('<s-choice-list name="many" label="Many" multiple')

    @pytest.mark.parametrize("widget", [widget for widget in ELEMENTS if widget is not forms.FileInput])
    def test_of_every_known_widget_can_be_drawn(self, widget):
        field = forms.ChoiceField(choices=[("a", "A")], widget=widget)
        form = type("One", (PolarisForm,), {"it": field})()
        assert html(form, "it").startswith(f"<{ELEMENTS[widget]} ")

    def test_of_an_unknown_widget_fails_loudly(self):
        class Strange(forms.Widget):
            template_name = "django/forms/widgets/text.html"

        form = type("One", (PolarisForm,), {"it": forms.CharField(widget=Strange)})()
        with pytest.raises(LookupError, match="Strange"):
            html(form, "it")
