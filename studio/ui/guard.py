"""What stands before the page: which sites may ask, how often, and whose results are whose.

All are ASGI middlewares around Gradio's app, which knows by its cookie who is logged in.
"""

import json
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from studio.core.network import is_loopback

log = logging.getLogger("easel.guard")

LOGINS = 10  # tries a minute from one address
FILE_ROUTES = ("/gradio_api/file=", "/gradio_api/file/", "/file=")


def user_of(scope: Scope) -> str | None:
    """Who is logged in, by the cookie that Gradio gave."""
    app = scope.get("app")
    tokens: Mapping[str, str] = getattr(app, "tokens", {})
    cookies = Request(scope).cookies
    names = (f"access-token-{kind}{getattr(app, 'cookie_id', '')}" for kind in ("", "unsecure-"))
    return next((tokens[cookies[name]] for name in names if cookies.get(name) in tokens), None)


async def reply(send: Send, content: object, status: int = 200, **headers: str) -> None:
    body = json.dumps(content).encode()
    named = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    raw = [(key.replace("_", "-").encode(), value.encode()) for key, value in named.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


class SameOrigin:
    """Other sites' pages get no answer, but for `origins` such as "http://localhost:8000"; Gradio writes CORS headers.

    A studio for this computer alone answers to its own names only, so no foreign name can be pointed at it.
    """

    def __init__(self, app: ASGIApp, origins: Iterable[str] = (), local: bool = True) -> None:
        self.app, self.origins, self.local = app, {origin.rstrip("/") for origin in origins}, local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin, host = headers.get("origin"), headers.get("host", "")
        if self.local and not is_loopback(urlsplit(f"//{host}").hostname or ""):
            log.warning("refused the host %r", host)
            await reply(send, {"error": "This studio is for its own computer; open it as 127.0.0.1 or localhost."}, 403)
        elif origin and urlsplit(origin).netloc != host and origin not in self.origins:
            log.warning("refused the origin %r", origin)
            await reply(
                send, {"error": f"Pages of {origin} may not use this studio; start it with --allow-origin."}, 403
            )
        else:
            await self.app(scope, receive, send)


@dataclass
class Bucket:
    """A token bucket: `rate` a minute, as many at once."""

    rate: float
    left: float = 0.0
    when: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = self.rate

    def take(self, now: float) -> float:
        """0 when there was one, else the seconds until there will be."""
        self.left = min(self.rate, self.left + (now - self.when) * self.rate / 60)
        self.when = now
        if self.left < 1:
            return (1 - self.left) * 60 / self.rate
        self.left -= 1
        return 0.0


class RateLimit:
    """At most `rate` POST requests a minute from one user or address, and LOGINS tries of a password; 0: no limit."""

    def __init__(self, app: ASGIApp, rate: int) -> None:
        self.app, self.rate = app, rate
        self.buckets: dict[tuple[str, str], Bucket] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wait = self._wait(scope) if scope["type"] == "http" and scope["method"] == "POST" else 0.0
        if not wait:
            await self.app(scope, receive, send)
            return
        log.warning("too many requests from %s", scope.get("client"))
        seconds = str(int(wait) + 1)
        await reply(send, {"error": f"Too many requests; wait {seconds} s and try again."}, 429, retry_after=seconds)

    def _wait(self, scope: Scope) -> float:
        address = (scope.get("client") or ("",))[0]
        login = scope["path"].rstrip("/") == "/login"
        if not login and not self.rate:
            return 0.0
        key = ("login", address) if login else ("user", user_of(scope) or address)
        now = time.monotonic()
        if len(self.buckets) > 10_000:  # those untouched for a minute are full again
            self.buckets = {key: bucket for key, bucket in self.buckets.items() if now - bucket.when < 60}
        bucket = self.buckets.setdefault(key, Bucket(LOGINS if login else self.rate))
        return bucket.take(now)


class OwnFiles:
    """Of the folder `results`, whose first level names users, each gets only their own."""

    def __init__(self, app: ASGIApp, results: Path) -> None:
        self.app, self.results = app, results.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        owner = self.owner(scope["path"]) if scope["type"] == "http" else None
        if owner is None or owner == (user_of(scope) or NOBODY):
            await self.app(scope, receive, send)
            return
        log.warning("refused a file of %s to %s", owner, user_of(scope))
        await reply(send, {"error": "This file belongs to somebody else."}, 403)

    def owner(self, route: str) -> str | None:
        """Whose file a route asks for, None where it asks for none of `results`."""
        asked = next((route[len(start) :] for start in FILE_ROUTES if route.startswith(start)), None)
        if asked is None:
            return None
        try:
            return Path(unquote(asked)).resolve().relative_to(self.results).parts[0]
        except (ValueError, IndexError, OSError):
            return None


NOBODY = "_"  # the owner of results where nobody has to log in
