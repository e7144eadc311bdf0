"""The worker of ``quotum serve``: does the jobs, and takes up what a worker that died has left."""

from __future__ import annotations

import os
from threading import Event, Thread

LOOK_SECONDS = 10.0
STANDINGS_SECONDS = 2.0


def main() -> None:
    """Work until a signal ends it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quotum.web.site.settings")
    django.setup()
    from django.core.management import call_command

    stop = Event()
    Thread(target=_look_after_jobs, args=(stop,), daemon=True).start()
    Thread(target=_look_after_standings, args=(stop,), daemon=True).start()
    try:
        call_command("db_worker", interval=0.5, startup_delay=False)
    finally:
        stop.set()


def _look_after_jobs(stop: Event) -> None:
    """Look for lost jobs, and for the day's review, every some seconds."""
    import logging

    from django.db import Error, close_old_connections

    from quotum.web.services.handing_over import take_what_is_due
    from quotum.web.services.jobs import take_up_lost_jobs
    from quotum.web.services.reviews import review_of_the_day

    day = None
    while not stop.wait(LOOK_SECONDS):
        close_old_connections()
        try:
            day = take_what_is_due(day)
            take_up_lost_jobs()
            review_of_the_day()
        except Error:  # a busy or absent database: the next look may find it well
            logging.getLogger(__name__).warning("Jobs could not be looked for.", exc_info=True)


def _look_after_standings(stop: Event) -> None:
    """Keep the numbers of everybody's first page ready."""
    import logging

    from django.db import close_old_connections

    from quotum.web.services.standings import keep_standings_ready

    said = ""
    while not stop.wait(STANDINGS_SECONDS):
        close_old_connections()
        try:
            keep_standings_ready()
        except Exception as problem:  # whatever it is, jobs go on, and pages work standings out themselves
            if said != (said := repr(problem)):
                logging.getLogger(__name__).warning("Standings could not be worked out.", exc_info=True)


if __name__ == "__main__":
    main()
