"""Jobs of the queue itself."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fugong.core.clock import real_now

_SILENT_SECONDS = 45


@app.periodic(cron="* * * * *")
@app.task(name="core.retry_stalled_jobs", queueing_lock="core.retry_stalled_jobs", pass_context=False)
async def retry_stalled_jobs(timestamp: int) -> None:
    """Give the jobs of a worker that was killed to another one. Every job is idempotent, so this is safe."""
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_SILENT_SECONDS):
        if job.id is not None:
            await manager.retry_job_by_id_async(job_id=job.id, retry_at=real_now())
