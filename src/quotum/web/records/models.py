"""All models, gathered for Django; each subject has a file of its own."""

from quotum.web.records.accounts import ApiToken, IdempotentAnswer, Post, User, WelcomeLink
from quotum.web.records.changes import Change
from quotum.web.records.company import Area, Category, Customer, Event, Move, Ownership, Person, Product, Unit
from quotum.web.records.day import AgendaItem, CalendarFeed, Contact, LogEntry, OpenItem, Remark
from quotum.web.records.jobs import Job, Upload
from quotum.web.records.plans import Approval, Challenge, Comment, Edit, FactTable, PlanVersion, ReviewResult, Setup
from quotum.web.records.scores import Appraisal, Objection, Scheme, Score

__all__ = [
    "AgendaItem", "ApiToken", "Appraisal", "Approval", "Area", "CalendarFeed", "Category", "Challenge", "Change",
    "Comment", "Contact", "Customer", "Edit", "Event", "FactTable", "IdempotentAnswer", "Job", "LogEntry", "Move",
    "Objection", "OpenItem", "Ownership", "Person", "PlanVersion", "Post", "Product", "Remark", "ReviewResult",
    "Scheme", "Score", "Setup", "Unit", "Upload", "User", "WelcomeLink",
]  # fmt: skip
