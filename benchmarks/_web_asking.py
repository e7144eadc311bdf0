"""Asks a server for one page over some connections, as fast as it answers: raw sockets, so that it costs little."""

from __future__ import annotations

import asyncio
import json
import sys
import time


class Connection(asyncio.Protocol):
    """One kept-alive connection: the next request goes out when the answer is whole."""

    def __init__(self, request: bytes, until: float, seconds: list[float], wrong: list[str]) -> None:
        self.request, self.until, self.seconds, self.wrong = request, until, seconds, wrong
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.begun = 0.0
        self.left = -1  # bytes of the body still to come; -1: the head is not whole
        self.head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first request."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        """Count what comes; a whole answer is timed and followed by the next request."""
        if self.left < 0:
            self.head += data
            at = self.head.find(b"\r\n\r\n")
            if at < 0:
                return
            head = self.head[:at].lower()
            if not head.startswith(b"http/1.1 200"):
                self.wrong.append(self.head[:200].decode(errors="replace"))
            self.left = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]) - (len(self.head) - at - 4)
        else:
            self.left -= len(data)
        if self.left <= 0:
            now = time.perf_counter()
            self.seconds.append(now - self.begun)
            if now < self.until:
                self._ask()
            else:
                self.transport.close()

    def connection_lost(self, problem: Exception | None) -> None:  # noqa: ARG002
        """End; a server that hangs up early is told of by too few answers."""
        if time.perf_counter() < self.until:
            self.wrong.append("hung up")
        self.over.set_result(None)

    def _ask(self) -> None:
        self.head, self.left, self.begun = b"", -1, time.perf_counter()
        self.transport.write(self.request)


async def ask(port: int, path: str, cookies: str, connections: int, seconds: float) -> dict[str, float | int | str]:
    """Return requests a second, the middle and the 95th percentile in milliseconds, and this process's own seconds."""
    lines = (f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Cookie: {cookies}", "Accept-Language: en", "", "")
    request = "\r\n".join(lines).encode()
    took: list[float] = []
    wrong: list[str] = []
    loop = asyncio.get_running_loop()
    begun, worked = time.perf_counter(), time.process_time()
    made = [await loop.create_connection(lambda: Connection(request, begun + seconds, took, wrong), "127.0.0.1", port)
            for _ in range(connections)]  # fmt: skip
    await asyncio.gather(*(connection.over for _, connection in made))
    whole = time.perf_counter() - begun
    took.sort()
    return {
        "answers": len(took), "a_second": len(took) / whole, "seconds": whole, "own_cpu": time.process_time() - worked,
        "p50": took[len(took) // 2] * 1e3, "p95": took[round(len(took) * 0.95) - 1] * 1e3, "most": took[-1] * 1e3,
        "wrong": len(wrong), "first_wrong": wrong[0] if wrong else "",
    }  # fmt: skip


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps(asyncio.run(ask(**given))))
