"""Many people: several processes give the same, and what is finished when it stops is taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest
from visit_worlds import WAY, crew, scene, town, visits

from quotum.adapters.computing import count_kept, run_kept
from quotum.engine.action_plan.visit_plan import Planner, make_visit_plan
from quotum.engine.action_plan.visit_tasks import list_tasks

CALLS: list[int] = []


def double(number: int) -> dict[str, list[tuple[object, ...]]]:
    CALLS.append(number)
    if number == 55 and len(CALLS) < 80:
        raise KeyboardInterrupt
    return {"numbers": [(number, 2 * number, None, 0.5)]}


def test_an_interrupt_keeps_what_is_finished_and_a_second_run_takes_it_up(tmp_path: Path):
    CALLS.clear()
    with pytest.raises(KeyboardInterrupt):
        list(run_kept(double, range(70), tmp_path))
    assert count_kept(tmp_path) == 2  # forty of them
    done = len(CALLS)
    told: list[int] = []
    CALLS.extend([0] * 80)
    results = list(run_kept(double, range(70), tmp_path, progress=told.append))
    assert len(CALLS) - 80 - done == 30
    assert [result["numbers"][0][1] for result in results] == [2 * number for number in range(70)]
    assert told == [20, 40, 60, 70]


def test_other_tasks_are_not_taken_for_the_same(tmp_path: Path):
    CALLS[:] = [0] * 100
    first, second = (list(run_kept(double, tasks, tmp_path)) for tasks in (range(3), range(1, 4)))
    assert first != second


@pytest.mark.slow
def test_processes_give_the_same_as_one(tmp_path: Path):
    seen = scene(crew(town(1)), visits())
    tasks = list(list_tasks(seen)) * 21
    plan = Planner(seen.settings, WAY)
    assert list(run_kept(plan, tasks, tmp_path, processes=2)) == list(run_kept(plan, tasks, None))


def test_results_on_disk_are_those_of_memory(tmp_path: Path):
    seen = scene(crew(town(6)), visits())
    first, second = (
        make_visit_plan(seen, WAY, lambda plan, tasks: run_kept(plan, tasks, tmp_path)) for _ in range(2)
    )
    direct = make_visit_plan(seen, WAY)
    assert all(first[name].equals(direct[name]) and second[name].equals(direct[name]) for name in direct.tables)
