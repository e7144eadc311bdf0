"""Which step splits what: before `along` one way down to the rows, after it cuts of rows or of other cuts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quotum.engine.basics.issues import Issue
from quotum.engine.decomposition.bases import OF_MARKET, OF_PEOPLE
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, PlanSettings, Step


@dataclass(frozen=True, slots=True)
class StepOrder:
    """The steps in the order they run; every ``of`` is filled: a cut's names the along step, or another cut."""

    before: tuple[AcrossStep, ...]
    along: AlongStep
    after: tuple[AcrossStep, ...]

    @property
    def dimensions(self) -> list[str]:
        """Return the dimensions that are split, each once, in the order of the steps."""
        return list(dict.fromkeys(step.across for step in (*self.before, *self.after)))

    def of_measure(self, measure: str) -> StepOrder:
        """Return the steps that split a measure: a step that names others is left out, with the cuts below it."""
        before = tuple(step for step in self.before if not step.measures or measure in step.measures)
        after: list[AcrossStep] = []
        for step in self.after:
            if (not step.measures or measure in step.measures) and (
                step.of == self.along.name or step.of in {cut.name for cut in after}
            ):
                after.append(step)
        return replace(self, before=before, after=tuple(after))

    def keys_of_cut(self, step: AcrossStep) -> list[str]:
        """Return the dimensions from the row down to the cut, its own last."""
        above = [cut for cut in self.after if cut.name == step.of]
        return [*(self.keys_of_cut(above[0]) if above else []), step.across]


def order_steps(settings: PlanSettings, company: Company) -> tuple[StepOrder, list[Issue]]:
    """Return the steps in order, and an issue for each that does not fit to the others."""
    steps = settings.steps or _usual_steps(company)
    at = next((i for i, step in enumerate(steps) if isinstance(step, AlongStep)), len(steps))
    before = tuple(step for step in steps[:at] if isinstance(step, AcrossStep))
    along = steps[at] if at < len(steps) else AlongStep("calendar")
    assert isinstance(along, AlongStep)
    row_step = before[-1].name if before else ""
    issues = [
        Issue(rule="step_not_in_line", table="plan", column=step.name, value=step.of, details=(("before", above),))
        for step, above in zip(before[1:], (step.name for step in before), strict=False)
        if step.of not in ("", above)
    ]
    after: list[AcrossStep] = []
    last = along.name
    for step in steps[at + 1 :]:
        if not isinstance(step, AcrossStep):
            continue
        of = step.of or last
        of = along.name if of == row_step else of
        if of != along.name and of not in {cut.name for cut in after}:
            issues.append(
                Issue(
                    rule="step_of_no_row",
                    table="plan",
                    column=step.name,
                    value=of,
                    details=(("rows", row_step or along.name),),
                )
            )
        after.append(replace(step, of=of))
        last = step.name
    order = StepOrder(before, along, tuple(after))
    return order, issues + _check_dimensions(order) + _check_bases(order)


def _usual_steps(company: Company) -> tuple[Step, ...]:
    """Return what most companies want when plan.toml names no steps: unit, person, calendar, customer, product."""
    steps: list[Step] = [AcrossStep("unit", "unit"), AcrossStep("person", "person"), AlongStep("calendar")]
    if company["customers"].height:
        steps.append(AcrossStep("customer", "customer", of="calendar"))
    if company["products"].height:
        steps.append(AcrossStep("product", "product", of="calendar"))
    return tuple(steps)


def _check_dimensions(order: StepOrder) -> list[Issue]:
    """Find dimensions that are split twice on one way down."""
    issues = []
    above = [step.across for step in order.before]
    ways = [(step, [*above[:i], step.across]) for i, step in enumerate(order.before)]
    if not {step.of for step in order.after} - {order.along.name, *(step.name for step in order.after)}:
        ways += [(step, [*above, *order.keys_of_cut(step)]) for step in order.after]
    for step, way in ways:
        if way.count(step.across) > 1:
            issues.append(Issue(rule="dimension_twice", table="plan", column=step.name, value=step.across))
    return issues


def _check_bases(order: StepOrder) -> list[Issue]:
    """Find bases that say nothing about the dimension they are to split."""
    issues = []
    for step in (*order.before, *order.after):
        for basis in dict.fromkeys([*(basis for basis, _ in step.basis), step.fallback]):
            if (basis in OF_PEOPLE and step.across not in ("unit", "person")) or (
                basis in OF_MARKET and step.across not in ("area", "category")
            ):
                fits = "unit, person" if basis in OF_PEOPLE else "area, category"
                issues.append(
                    Issue(
                        rule="basis_not_for_dimension",
                        table="plan",
                        column=step.name,
                        value=basis,
                        details=(("across", step.across), ("fits", fits)),
                    )
                )
            if basis == "potential" and step.across in ("product", "category"):
                issues.append(
                    Issue(
                        rule="basis_not_for_dimension",
                        table="plan",
                        column=step.name,
                        value=basis,
                        details=(("across", step.across), ("fits", "unit, person, area, channel, class, customer")),
                    )
                )
    return issues
