"""Addresses of the workspace: numbers of a version, their reasons, versions compared."""

from __future__ import annotations

from django.urls import path

from quotum.web.pages import reasons, workbooks, workspace

urlpatterns = [
    path("compare/", reasons.compare, name="compare"),
    path("<uuid:plan>/explain/", reasons.explain, name="explain"),
    path("<uuid:plan>/workbook/", workbooks.download, name="workbook"),
    path("<uuid:plan>/workbook/bring/", workbooks.bring, name="workbook_upload"),
    path("<uuid:plan>/workspace/", workspace.show_workspace, name="workspace"),
    path("<uuid:plan>/workspace/cells/", workspace.send_cells, name="workspace_cells"),
    path("<uuid:plan>/workspace/rows/", workspace.send_rows, name="workspace_rows"),
    path("<uuid:plan>/workspace/preview/", workspace.preview, name="workspace_preview"),
    path("<uuid:plan>/workspace/apply/", workspace.apply, name="workspace_apply"),
    path("<uuid:plan>/workspace/undo/", workspace.undo, name="workspace_undo"),
    path("<uuid:plan>/workspace/redo/", workspace.redo, name="workspace_redo"),
    path("<uuid:plan>/workspace/form/", workspace.work_by_form, name="workspace_form"),
    path("<uuid:plan>/workspace/hold/", workspace.hold, name="workspace_hold"),
    path("<uuid:plan>/workspace/comment/", workspace.comment, name="workspace_comment"),
    path("<uuid:plan>/workspace/finish/", workspace.finish, name="workspace_finish"),
]
