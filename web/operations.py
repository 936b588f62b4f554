"""Health checks and metrics for the operator's monitoring."""

import asyncio
import hmac
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from core.engine import Engine
from core.errors import Cause, DatabaseUnavailable
from core.fair_queue import Lane
from core.security_log import SecurityEvent
from core.services import delivery_pause, inbox, limits, mail_outbox, monitoring, outbox, queues
from core.services.monitoring import Trouble
from web.app_keys import ENGINE, SETTINGS
from web.host import is_from_this_machine, names_loopback
from web.security_events import report

ANSWER_WITHIN = 3.0  # seconds
FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
FRESH = timedelta(seconds=90)  # several polls
TOKEN_REFUSED = "Telegram refuses the token: is BOT_TOKEN right, and not revoked?"  # noqa: S105 - a sentence
OTHER_POLLER = "another program polls with this BOT_TOKEN"
CLOCK_DIFFERS = "ok, but the clock of the bot's machine differs from Telegram's; set it right"

REGISTRY = web.AppKey("registry", CollectorRegistry)
REQUESTS = web.AppKey("requests", Histogram)
SIGN_UPS = web.AppKey("sign_ups", Counter)
LEFT_OUT = web.AppKey("left_out", Gauge)
OUTBOX = web.AppKey("outbox", Gauge)
UPDATES = web.AppKey("updates", Gauge)
OLDEST = web.AppKey("oldest", Gauge)
POLL_AGE = web.AppKey("poll_age", Gauge)
PASSWORDS = web.AppKey("passwords", Gauge)
MAILS = web.AppKey("mails", Gauge)
DELIVERY_PAUSED = web.AppKey("delivery_paused", Gauge)


def add_metrics(app: web.Application) -> None:
    """Add the application's own metrics. No label ever contains a token or personal data."""
    app[REGISTRY] = registry = CollectorRegistry()
    labels = ["method", "route", "status"]
    app[REQUESTS] = Histogram("gangway_requests_seconds", "Requests (499: hung up)", labels, registry=registry)
    app[SIGN_UPS] = Counter("gangway_sign_ups", "Posted sign-up forms by outcome", ["outcome"], registry=registry)
    app[OUTBOX] = Gauge("gangway_outbox_messages", "Messages of the outbox by state", ["state"], registry=registry)
    app[MAILS] = Gauge("gangway_mail_messages", "E-mail messages by state", ["state"], registry=registry)
    app[UPDATES] = Gauge("gangway_updates", "Received updates by state", ["state"], registry=registry)
    oldest = "How long the oldest undone work has waited, by queue"
    app[OLDEST] = Gauge("gangway_oldest_work_seconds", oldest, ["queue"], registry=registry)
    app[PASSWORDS] = Gauge("gangway_passwords_waiting", "Waiting to be hashed, by lane", ["lane"], registry=registry)
    app[LEFT_OUT] = Gauge("gangway_left_out", "Left out because of a limit, since ever", ["what"], registry=registry)
    app[POLL_AGE] = Gauge("gangway_telegram_poll_age_seconds", "Since the last answered poll", registry=registry)
    app[DELIVERY_PAUSED] = Gauge(
        "gangway_delivery_paused", "1 while digests and notices wait, because the bot reaches nobody", registry=registry
    )


async def alive(_request: web.Request) -> web.Response:
    """Answer 200 as long as the process runs."""
    return web.Response(text="ok\n")


async def ready(request: web.Request) -> web.Response:
    """Answer 200 if the database can be written, Telegram was polled recently and messages are delivered, else 503.

    The operator also reads which of these is missing.
    """
    state = await _state(request.app[ENGINE])
    is_ready = set(state.values()) <= {"ok", CLOCK_DIFFERS}
    details = state if _is_for_operator(request) else {}
    return web.json_response({"ready": is_ready, **details}, status=200 if is_ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Return the metrics in Prometheus' format, to the operator only.

    While the database can't be reached, those that come from it are missing or NaN.
    """
    if not _is_for_operator(request):
        report(request, SecurityEvent.PERMISSION_REFUSED)
        raise web.HTTPNotFound
    engine = request.app[ENGINE]
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            await _measure(request.app, engine)
    except (DatabaseUnavailable, TimeoutError):
        for gauge in (request.app[OUTBOX], request.app[MAILS], request.app[UPDATES], request.app[OLDEST]):
            gauge.clear()
        for gauge in (request.app[POLL_AGE], request.app[DELIVERY_PAUSED]):
            gauge.set(float("nan"))
    for lane in Lane:
        request.app[PASSWORDS].labels(lane).set(engine.passwords.waiting(lane))
    body = generate_latest(request.app[REGISTRY])
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})


async def _measure(app: web.Application, engine: Engine) -> None:
    """Set the metrics that come from the database. Raises DatabaseUnavailable."""
    messages, updates = await engine.read(outbox.counts), await engine.read(inbox.counts)
    ages = await engine.read(queues.ages, engine.now())
    left_out = await engine.read(limits.left_out)
    last_poll, paused_since = await engine.read(monitoring.last_poll), await engine.read(delivery_pause.paused_since)
    seconds = {str(queue): age.total_seconds() for queue, age in ages.items()}
    _set_each(app[OUTBOX], messages)
    _set_each(app[MAILS], await engine.read(mail_outbox.counts))
    _set_each(app[UPDATES], updates)
    _set_each(app[OLDEST], seconds)
    _set_each(app[LEFT_OUT], left_out)
    app[DELIVERY_PAUSED].set(paused_since is not None)
    app[POLL_AGE].set((engine.now() - last_poll).total_seconds() if last_poll else float("inf"))


def _set_each(gauge: Gauge, values: Mapping[str, float]) -> None:
    """Set a metric for each label, and drop it for those that there are no more: counts have no zeros."""
    gauge.clear()
    for label, value in values.items():
        gauge.labels(label).set(value)


async def _state(engine: Engine) -> dict[str, str]:
    """Return what is the matter with each part, "ok" if nothing is."""
    cause: Cause | None = Cause.NO_ANSWER
    with suppress(DatabaseUnavailable, TimeoutError):
        async with asyncio.timeout(ANSWER_WITHIN):
            cause = await engine.why_unavailable()
            last_poll, troubles = await engine.read(monitoring.last_poll), await engine.read(monitoring.troubles)
            paused_since = await engine.read(delivery_pause.paused_since)
            telegram, delivery = _telegram(last_poll, troubles, engine.now()), _delivery(paused_since)
            return {"database": str(cause or "ok"), "telegram": telegram, "delivery": delivery}
    unknown = dict.fromkeys(("telegram", "delivery"), "unknown, while the database can't be used")
    return {"database": str(cause or Cause.NO_ANSWER), **unknown}


def _is_for_operator(request: web.Request) -> bool:
    """Whether the request shows METRICS_TOKEN, or comes from this machine, and not through a proxy on it."""
    token = request.app[SETTINGS].metrics_token
    shown = request.headers.get("Authorization", "").encode(errors="replace")
    if token and hmac.compare_digest(shown, f"Bearer {token.get_secret_value()}".encode()):
        return True
    is_forwarded = any(name in request.headers for name in FORWARDING)
    return is_from_this_machine(request) and names_loopback(request) and not is_forwarded


def _delivery(paused_since: datetime | None) -> str:
    if paused_since is None:
        return "ok"
    return f"paused since {paused_since:%Y-%m-%d %H:%M} UTC: the bot reaches nobody; is it the right BOT_TOKEN?"


def _telegram(last_poll: datetime | None, troubles: Collection[Trouble], now: datetime) -> str:
    for trouble, sentence in ((Trouble.TOKEN_REFUSED, TOKEN_REFUSED), (Trouble.OTHER_POLLER, OTHER_POLLER)):
        if trouble in troubles:
            return sentence
    if last_poll is None:
        return "no successful poll yet"
    if abs(now - last_poll) > FRESH:  # one in the future is from before the clock was set back
        return f"no successful poll for {int((now - last_poll).total_seconds())} seconds"
    return CLOCK_DIFFERS if Trouble.CLOCK_DIFFERS in troubles else "ok"
