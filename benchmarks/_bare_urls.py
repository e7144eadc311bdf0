"""The product's addresses and two views that do next to nothing: a session check, one query, a hundred rows."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from quotum.web.records.models import Customer

TEMPLATE = engines["django"].from_string(
    "<!doctype html><title>Customers</title><table>{% for row in rows %}<tr><td>{{ row.pk }}</td><td>{{ row.name }}"
    "</td><td>{{ row.city }}</td><td>{{ row.phone }}</td></tr>{% endfor %}</table>"
)


@login_required
def show_rows(_: HttpRequest) -> HttpResponse:
    """Show a hundred customers as a plain table, without the frame of the pages."""
    return HttpResponse(TEMPLATE.render({"rows": Customer.objects.order_by("pk")[:100]}, request=None))


@login_required
def send_rows(_: HttpRequest) -> HttpResponse:
    """Send the same as JSON, without a template or records."""
    rows = Customer.objects.order_by("pk").values_list("pk", "name", "city", "phone")
    return JsonResponse({"rows": list(rows[:100])})


urlpatterns = [
    path("bare/", show_rows),
    path("bare.json", send_rows),
    path("", include("quotum.web.site.urls")),
]
