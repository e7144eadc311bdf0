"""Addresses of scores and of what they go by."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import appraising, scores

urlpatterns = [
    path("", scores.show, name="scores"),
    path("<int:score>/", scores.show_score, name="score"),
    path("<int:score>/chart/", scores.send_lines, name="score-chart"),
    path("<int:score>/lines/<int:place>/", scores.show_line, name="score-line"),
    path("<int:score>/object/", scores.object_to, name="score-object"),
    path("objections/<int:objection>/", scores.answer, name="objection-answer"),
    path("of/<uuid:appraisal>/chart/", scores.send_ranking, name="scores-chart"),
    path("of/<uuid:appraisal>/release/", scores.release, name="scores-release"),
    path("appraise/", appraising.appraise, name="appraise"),
    path("schemes/", appraising.list_schemes, name="schemes"),
    path("schemes/new/", appraising.edit_scheme, name="scheme-new"),
    path("schemes/<int:scheme>/", appraising.edit_scheme, name="scheme"),
]
