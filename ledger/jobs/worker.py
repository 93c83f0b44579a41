"""The worker: huey's threads, and a sweep each second that finds the jobs whose time has come.

The sweep is what makes a job certain: it finds rows that were just committed, rows whose retry is
due, and rows whose worker was killed, by whatever process they were written.
"""

import signal
import time
from typing import Any

import structlog
from huey.consumer import Consumer, Scheduler

from ledger import clock
from ledger.jobs.post import PostThread
from ledger.jobs.queue import make_huey
from ledger.jobs.rounds import Rounds
from ledger.jobs.runner import run
from ledger.jobs.vectors import VectorThread
from ledger.store import jobs as store
from ledger.web.context import Parts

THREADS = 4
_SWEEP_SECONDS = 1
# A message may be lost with its worker; a job that still waits is rung for again after this.
_RING_AGAIN_SECONDS = 15
_QUEUE_FULL = 200
_log = structlog.get_logger(__name__)


class Worker:
    """A consumer of jobs; `run` blocks until SIGTERM or SIGINT, and then lets jobs under way finish."""

    def __init__(self, parts: Parts, *, threads: int = THREADS) -> None:
        self._parts = parts
        self._huey = make_huey(parts.settings)
        self._task = self._huey.task(name="run-job")(self._run_job)
        self._rung: dict[str, float] = {}
        self._rounds = Rounds(parts)
        self.consumer = _Consumer(self, self._huey, threads)

    def run(self) -> None:
        """Work until told to stop."""
        # huey would listen for signals only after its threads have begun to work.
        self.consumer._set_signal_handlers()
        _log.info("worker started", threads=self.consumer.workers)
        vectors = VectorThread(self._parts) if self._parts.settings.matching_claims else None
        if vectors is not None:
            vectors.start()
        post = PostThread(self._parts)
        post.start()
        self.consumer.run()
        post.end()
        if vectors is not None:
            vectors.end()
        _log.info("worker stopped")

    def sweep(self) -> int:
        """Ring for every job that is due; gives how many. Ringing twice for one does no harm."""
        self._rounds.step()
        if self._huey.pending_count() >= _QUEUE_FULL:
            return 0
        with self._parts.database.read() as session:
            due = [job.id for job in store.due(session, clock.now())]
        now = time.monotonic()
        self._rung = {id: at for id, at in self._rung.items() if now - at < _RING_AGAIN_SECONDS}
        fresh = [id for id in due if id not in self._rung]
        for id in fresh:
            self._rung[id] = now
            self._task(id)
        return len(fresh)

    def _run_job(self, job_id: str) -> None:
        self._rung.pop(job_id, None)
        run(self._parts, job_id)


class _Sweeping(Scheduler):
    """huey's scheduler, which wakes each second anyway."""

    worker: Worker

    def loop(self, now: Any = None) -> None:
        try:
            self.worker.sweep()
        except Exception as error:  # noqa: BLE001  (the database may be away; the next sweep finds it back)
            _log.error("sweep failed", error=f"{type(error).__name__}: {error}")
        super().loop(now)


class _Consumer(Consumer):
    scheduler_class = _Sweeping

    def __init__(self, worker: Worker, huey: Any, threads: int) -> None:
        self._worker = worker
        super().__init__(
            huey,
            workers=threads,
            initial_delay=0.05,
            max_delay=0.5,
            backoff=1.3,
            scheduler_interval=_SWEEP_SECONDS,
            graceful_signal="TERM",
        )
        # Docker sends SIGTERM and a terminal SIGINT; both mean: finish what you are at, then go.
        self._signal_actions = {signal.SIGTERM: (False, True), signal.SIGINT: (False, True)}

    def _create_scheduler(self) -> Scheduler:
        scheduler = super()._create_scheduler()
        scheduler.worker = self._worker
        return scheduler
