"""Work of the day for programs: a contact is logged as its own person does it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Router, Schema, Status
from pydantic import AwareDatetime

from quotum.web.api.answers import ERRORS, Refusal
from quotum.web.api.doors import Caller, allow, write_once
from quotum.web.services.day import Contact, log_contact, require_day_of_work

router = Router(tags=["days"])


class LogIn(Schema):
    """What came of a call, a visit or another job: of an entry of the agenda, with a customer, or as the note says."""

    kind: Literal["call", "visit", "appointment", "job"]
    result: str = Field(max_length=40)
    item: Annotated[int, Field(ge=1, le=2**62)] | None = None
    customer: str = Field("", max_length=120)
    at: AwareDatetime | None = None
    minutes: Annotated[int, Field(ge=0, le=1439)] | None = None
    inbound: bool = False
    cold: bool = False
    next_step: str = Field("", max_length=200)
    next_date: date | None = None
    promised: bool = False
    demand: str = Field("", max_length=200)
    price: str = Field("", max_length=100)
    competitor: str = Field("", max_length=200)
    note: str = Field("", max_length=4000)


class LogOut(Schema):
    """A line of the log."""

    id: int
    person: str = Field(alias="person_id")
    customer: str | None = Field(None, alias="customer_id")
    item: int | None = Field(None, alias="item_id")
    at: datetime
    kind: str
    result: str
    minutes: int | None


@router.post("/log", response={201: LogOut, **ERRORS}, summary="Log a contact of one's own")
def write_log(request: Caller, told: LogIn) -> Status[Any]:
    """Log a contact; a next step with a date becomes an open item. Takes an idempotency key."""
    allow(request, "log_work")
    if told.next_step and told.next_date is None:
        raise Refusal(422, "refused", "A next step has a date.")
    if told.at is not None:
        require_day_of_work(told.at.date())

    def log() -> tuple[int, Any]:
        values = told.dict(exclude={"item", "customer", "at"})
        entry = log_contact(request.user, "", Contact(**values), item=told.item, customer=told.customer, at=told.at)
        return 201, LogOut.from_orm(entry).dict(by_alias=True)

    return write_once(request, log)
