"""Links that open a course: by the session, or signed for the Mini App, which opens them in a browser without it."""

import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from aiohttp import web

from web.app_keys import ENGINE, SECRET_KEY
from web.places import ROOT, is_in_mini_app

VALID = timedelta(hours=1)


def course_opener(request: web.Request, learner_id: int) -> Callable[[int], str]:
    """Return a function that returns the address by which a learner opens one of their courses."""
    if not is_in_mini_app(request):
        return lambda course_id: f"/courses/{course_id}/open"
    until = int((request.app[ENGINE].now() + VALID).timestamp())

    def signed(course_id: int) -> str:
        signature = _signature(request, learner_id, course_id, str(until))
        return f"{ROOT}/learners/{learner_id}/courses/{course_id}/open?until={until}&signature={signature}"

    return signed


def check_course_link(request: web.Request, learner_id: int, course_id: int) -> bool:
    """Return whether a signed link was made for this learner and course within the last hour."""
    until, given = request.query.get("until", ""), request.query.get("signature", "")
    expected = _signature(request, learner_id, course_id, until)
    is_ours = hmac.compare_digest(given.encode(errors="replace"), expected.encode())
    return is_ours and int(until) >= request.app[ENGINE].now().timestamp()


def _signature(request: web.Request, learner_id: int, course_id: int, until: str) -> str:
    signed = f"course link {learner_id} {course_id} {until}"
    return hmac.new(request.app[SECRET_KEY].encode(), signed.encode(errors="replace"), sha256).hexdigest()
