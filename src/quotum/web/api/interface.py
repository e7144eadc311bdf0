"""The interface as a whole; its description for programs is at ``/api/openapi.json``."""

from __future__ import annotations

from ninja import NinjaAPI

import quotum
from quotum.web.api import approvals, changes, company, days, drafts, plans, scores, uploads
from quotum.web.api.answers import answer_errors
from quotum.web.api.doors import Bearer

api = NinjaAPI(
    title="quotum", version=quotum.__version__, auth=Bearer(), docs_url=None, urls_namespace="api",
    description="Targets, plans and work of a sales team. Amounts are whole numbers of the smallest unit.",
)  # fmt: skip
answer_errors(api)
for _room in (company, days, plans, drafts, approvals, uploads, scores, changes):
    api.add_router("", _room.router)
