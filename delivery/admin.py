"""The deliveries of a day. They are made and cancelled with their orders."""

from datetime import timedelta

from django.contrib import admin

from delivery import actions
from delivery.models import Agent, Delivery
from notifications import clock
from orders.admin import KeptAdmin, each

LATER = timedelta(minutes=30)


@admin.register(Agent)
class AgentAdmin(admin.ModelAdmin):
    list_display = ("name", "phone")
    search_fields = ("name", "phone")
    autocomplete_fields = ("user",)


@admin.register(Delivery)
class DeliveryAdmin(KeptAdmin):
    list_display = ("order", "customer", "date", "area", "agent", "eta", "status", "delivered_at")
    list_filter = ("date", "status", "area", "agent")
    list_select_related = ("order__customer", "agent")
    search_fields = ("=order__id", "order__customer__name", "order__customer__phone", "area")
    date_hierarchy = "date"
    autocomplete_fields = ("agent",)
    readonly_fields = ("order", "customer", "date", "status", "delivered_at")
    actions = ("mark_delivered", "delay")

    def has_add_permission(self, request):
        return False

    @admin.display(ordering="order__customer__name")
    def customer(self, delivery):
        return delivery.order.customer

    def save_model(self, request, obj, form, change):
        """Only what was changed: a delivery marked delivered while this page was open stays delivered."""
        obj.save(update_fields=form.changed_data)

    @admin.action(description="Mark as delivered", permissions=("change",))
    def mark_delivered(self, request, queryset):
        each(self, request, queryset, actions.mark_delivered, "marked as delivered")

    @admin.action(description="Delay by 30 minutes", permissions=("change",))
    def delay(self, request, queryset):
        def later(delivery):
            known = delivery.eta or delivery.slot_ends_at
            actions.delay(delivery, max(known, clock.now()) + LATER)

        each(self, request, queryset, later, "delayed by 30 minutes")
