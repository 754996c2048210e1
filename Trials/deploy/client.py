"""Clients of all manners: short requests on connections that are kept, slow uploads, long downloads,
websockets. Each thing that was begun and did not come back whole and well has failed.

client.py HOST:PORT SECONDS [--clients N]   or until its standard input ends, if SECONDS is 0
prints one JSON object: asked and failed by manner, what failed, and latencies as [time, seconds, who].
"""
import asyncio, base64, json, os, sys, time

host, port = sys.argv[1].split(":")
seconds = float(sys.argv[2])
clients = int(sys.argv[4]) if len(sys.argv) > 4 else 4
asked, failed, words, latencies = {}, {}, [], []
over = asyncio.Event()


def note(manner, problem=None):
    asked[manner] = asked.get(manner, 0) + 1
    if problem:
        failed[manner] = failed.get(manner, 0) + 1
        words.append(f"{time.time():.3f} {manner}: {problem}")


async def head(reader):
    text = (await reader.readuntil(b"\r\n\r\n")).decode()
    status = int(text.split(" ", 2)[1])
    fields = {l.split(":")[0].lower(): l.split(":", 1)[1].strip() for l in text.split("\r\n")[1:] if ":" in l}
    return status, fields


async def short():
    """One after the other on one connection, for as long as the other side keeps it."""
    reader = writer = None
    while not over.is_set():
        begun = time.time()
        try:
            if writer is None:
                reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET / HTTP/1.1\r\nHost: shop\r\n\r\n")
            status, fields = await head(reader)
            body = await reader.readexactly(int(fields["content-length"]))
            note("short", None if status == 200 else f"status {status}")
            latencies.append((round(begun, 3), round(time.time() - begun, 5), body.decode()[:20].split(" ")[0]))
            if fields.get("connection") == "close":
                writer.close()
                writer = None
        except Exception as error:
            note("short", repr(error))
            if writer:
                writer.close()
            writer = None
        await asyncio.sleep(0.002)


async def upload():
    while not over.is_set():
        try:
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"POST /up HTTP/1.1\r\nHost: shop\r\nContent-Length: 100000\r\n\r\n")
            for _ in range(20):
                writer.write(b"u" * 5000)
                await writer.drain()
                await asyncio.sleep(0.05)
            status, fields = await head(reader)
            body = await reader.readexactly(int(fields["content-length"]))
            note("upload", None if status == 200 and body.split()[-1] == b"100000" else f"{status} {body}")
            writer.close()
        except Exception as error:
            note("upload", repr(error))


async def download():
    while not over.is_set():
        try:
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET /long HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")
            status, _ = await head(reader)
            body = await reader.read()
            while piece := await reader.read(65536):
                body += piece
            note("download", None if status == 200 and len(body) == 100000 else f"{status}, {len(body)} bytes")
            writer.close()
        except Exception as error:
            note("download", repr(error))


async def websocket():
    while not over.is_set():
        try:
            reader, writer = await asyncio.open_connection(host, int(port))
            key = base64.b64encode(os.urandom(16)).decode()
            writer.write(
                "GET /ws HTTP/1.1\r\nHost: shop\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
            status, _ = await head(reader)
            problem = None if status == 101 else f"status {status}"
            for number in range(20):
                data = b"hello %d" % number
                writer.write(bytes([129, 128 | len(data), 0, 0, 0, 0]) + data)
                got = await reader.readexactly(2 + len(data))
                if got[2:] != data:
                    problem = f"{got}"
                await asyncio.sleep(0.05)
            writer.write(bytes([136, 128, 0, 0, 0, 0]))
            note("websocket", problem)
            writer.close()
        except Exception as error:
            note("websocket", repr(error))


async def main():
    work = [asyncio.ensure_future(f()) for f in [short] * clients + [upload, download, websocket]]
    print("begun", file=sys.stderr, flush=True)
    if seconds:
        await asyncio.sleep(seconds)
    else:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    over.set()
    await asyncio.wait(work, timeout=60)
    json.dump({"asked": asked, "failed": failed, "words": words[:50], "latencies": latencies}, sys.stdout)


asyncio.run(main())
