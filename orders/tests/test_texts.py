"""The ten kinds and their installed texts, of all three apps."""

import importlib

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from notifications import registry, templating
from notifications.models import MessageTemplate

ENGLISH = {
    "delivery_reminder": "Your EarlyBird delivery scheduled for {{delivery_date}}",
    "delivery_confirmed": "✓ Delivery Confirmed for {{delivery_date}}",
    "payment_reminder": "Payment due: ₹{{amount}} for {{period}}",
    "payment_confirmation": "✓ Payment received! ₹{{amount}}",
    "subscription_confirmation": "✓ Subscription active: {{product}}",
    "order_confirmation": "Order #{{order_id}} confirmed",
    "pause_confirmation": "⏸️ Subscription paused until {{resume_date}}",
    "churn_risk": "❤️ We miss you! Resume for 25% OFF",
    "new_product": "🆕 {{product}} available from {{availability_date}}",
    "delivery_delayed": "⏰ Delivery ETA: {{eta_time}}",
}
VARIABLES = {
    "order_confirmation": "customer_name, order_id, delivery_date, total_amount",
    "subscription_confirmation": "customer_name, subscription_id, product, start_date",
    "pause_confirmation": "customer_name, resume_date",
    "churn_risk": "customer_name",
    "new_product": "customer_name, product, product_id, availability_date, price",
    "delivery_reminder": "customer_name, delivery_date, area",
    "delivery_confirmed": "customer_name, delivery_date, order_id",
    "delivery_delayed": "customer_name, eta_time, delivery_boy_phone",
    "payment_reminder": "customer_name, amount, period",
    "payment_confirmation": "customer_name, amount, month, payment_method",
}
KINDS = {code: registry.get(code) for code in ENGLISH}


def test_the_apps_own_the_ten_kinds():
    assert all(KINDS.values())


@pytest.mark.parametrize("code", ENGLISH)
def test_a_kind_has_the_variables_the_business_promised(code):
    assert ", ".join(variable.name for variable in KINDS[code].variables) == VARIABLES[code]


@pytest.mark.django_db
def test_the_installed_english_texts_are_the_given_ones():
    installed = MessageTemplate.objects.filter(language="en", kind__in=ENGLISH)
    assert dict(installed.values_list("kind", "content")) == ENGLISH


@pytest.mark.django_db
@pytest.mark.parametrize("code", ENGLISH)
def test_a_kind_is_installed_in_six_languages_with_a_first_version(code):
    installed = MessageTemplate.objects.filter(kind=code)
    assert {text.language for text in installed} == {"en", "hi", "kn", "ta", "te", "mr"}
    assert all(text.versions.get().content == text.content for text in installed)


@pytest.mark.parametrize("language", ["en", "hi", "kn", "ta", "te", "mr"])
@pytest.mark.parametrize("code", ENGLISH)
def test_a_text_renders_from_its_kinds_samples_and_uses_the_same_variables_in_every_language(code, language):
    kind = KINDS[code]
    samples = {variable.name: variable.sample for variable in kind.variables}
    assert templating.render(kind.texts[language], samples, kind.variable_kinds, language)
    assert templating.used(kind.texts[language]) == templating.used(ENGLISH[code])


@pytest.mark.django_db
def test_installing_again_keeps_what_staff_changed():
    text = MessageTemplate.objects.get(kind="order_confirmation", language="en")
    text.content = "Thanks! Order #{{order_id}} is on its way"
    text.save()
    MessageTemplate.objects.filter(kind="order_confirmation", language="ta").delete()
    migration = importlib.import_module("orders.migrations.0002_install_texts").Migration
    then = MigrationLoader(connection).project_state([("orders", "0002_install_texts")]).apps
    with connection.schema_editor(atomic=False) as editor:
        migration.operations[0].code(then, editor)
    text.refresh_from_db()
    assert (text.content, text.version) == ("Thanks! Order #{{order_id}} is on its way", 2)
    assert MessageTemplate.objects.filter(kind="order_confirmation", language="ta").count() == 1
