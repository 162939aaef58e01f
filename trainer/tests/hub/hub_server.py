"""A small server that speaks the part of the Hugging Face hub's HTTP interface that fetching needs."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 1024
"""From this many bytes on a file is a large one: its SHA-256 is told, and it is given out by another address."""


@dataclass
class FakeHub:
    """One repository at one commit, and what was asked of the server."""

    repository: str
    files: dict[str, bytes]
    commit: str = COMMIT
    older: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """The files of earlier commits, which the hub gives out for ever."""
    lies_about: str | None = None
    """A file that comes with other bytes than the listing promises."""
    stalls_after: dict[str, int] = field(default_factory=dict)
    """Files of which only so many bytes come; then the connection stays silent until `go_on` is set."""
    go_on: threading.Event = field(default_factory=threading.Event)
    gated: bool = False
    endpoint: str = ""
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and Range header of each request for a file."""

    def content(self, commit: str, name: str) -> bytes:
        return self.files[name] if commit == self.commit else self.older[commit][name]

    def info(self) -> dict[str, Any]:
        return {
            "id": self.repository,
            "sha": self.commit,
            "siblings": [self._sibling(name, content) for name, content in self.files.items()],
        }

    def _sibling(self, name: str, content: bytes) -> dict[str, Any]:
        # git's id of a blob is the SHA-1 of this header and the content.
        blob_id = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        entry: dict[str, Any] = {"rfilename": name, "size": len(content), "blobId": blob_id}
        if len(content) >= LARGE:
            sha256 = hashlib.sha256(content).hexdigest()
            entry["lfs"] = {"sha256": sha256, "size": len(content), "pointerSize": 130}
        return entry


@contextmanager
def serve(hub: FakeHub) -> Iterator[FakeHub]:
    """Run the hub on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            api = f"/api/models/{hub.repository}"
            if path in (api, f"{api}/revision/main", f"{api}/revision/{hub.commit}"):
                if hub.gated:
                    self._answer(403, b"{}", {"X-Error-Code": "GatedRepo"})
                else:
                    self._answer(200, json.dumps(hub.info()).encode(), {"Content-Type": "application/json"})
            elif path.startswith(f"{api}/revision/"):
                self._answer(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
            elif path.startswith(f"/{hub.repository}/resolve/"):
                self._file(*path.rsplit("/", 2)[1:])
            elif path.startswith("/cdn/"):
                self._bytes(*path.rsplit("/", 2)[1:])
            else:
                self._answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})

        def _file(self, commit: str, name: str) -> None:
            hub.requests.append((name, self.headers.get("Range")))
            if len(hub.content(commit, name)) >= LARGE:
                self._answer(302, b"", {"Location": f"{hub.endpoint}/cdn/{commit}/{name}"})
            else:
                self._bytes(commit, name)

        def _bytes(self, commit: str, name: str) -> None:
            content = hub.content(commit, name)
            if name == hub.lies_about:
                content = bytes(len(content))
            asked = self.headers.get("Range")
            start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
            end = hub.stalls_after.get(name, len(content))
            self.send_response(206 if asked else 200)
            self.send_header("Content-Length", str(len(content) - start))
            if asked:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.end_headers()
            self.wfile.write(content[start:end])
            if end < len(content):
                self.wfile.flush()
                hub.go_on.wait()
                self.close_connection = True

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """The test's own output stays readable."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
