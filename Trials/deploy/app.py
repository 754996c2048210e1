"""What is deployed: answers, counts what is sent to it, streams slowly, and echoes on websockets.

Its version is in the file 'version'; a word in the file 'fault' makes it a bad one.
"""
import asyncio, base64, hashlib, os, sys

VERSION = open("version").read().strip()
FAULT = open("fault").read().strip() if os.path.exists("fault") else ""
WHO = f"{VERSION} {os.environ.get('SLIPWAY_INSTANCE', '-')}"
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
hoard, asked = [], 0


def answer(body, status="200 OK", more=""):
    return (f"HTTP/1.1 {status}\r\nX-Who: {WHO}\r\nContent-Length: {len(body)}\r\n{more}\r\n").encode() + body


async def websocket(head, reader, writer):
    key = next(l.split(":", 1)[1].strip() for l in head.split("\r\n") if l.lower().startswith("sec-websocket-key:"))
    accept = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
    writer.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
    while True:  # frames of the client: a byte of kind, a masked length below 126
        first = await reader.readexactly(2)
        size = first[1] & 127
        mask = await reader.readexactly(4)
        data = bytes(b ^ mask[i % 4] for i, b in enumerate(await reader.readexactly(size)))
        if first[0] & 15 == 8:
            writer.write(bytes([136, len(data)]) + data)
            await writer.drain()
            return
        writer.write(bytes([129, len(data)]) + data)
        await writer.drain()


async def serve(reader, writer):
    global asked
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            length = next((int(l.split(":")[1]) for l in head.split("\r\n") if l.lower().startswith("content-length:")), 0)
            if "upgrade: websocket" in head.lower():
                return await websocket(head, reader, writer)
            got = 0
            while got < length:
                got += len(await reader.read(min(65536, length - got))) or sys.exit("cut short")
            if path == "/health":
                if FAULT == "unwell":
                    writer.write(answer(b"not ready", "503 Unwell"))
                elif FAULT == "redirects":
                    writer.write(answer(b"", "302 Found", "Location: /login\r\n"))
                else:
                    writer.write(answer(b"well"))
            elif path == "/long":
                writer.write(f"HTTP/1.1 200 OK\r\nX-Who: {WHO}\r\nContent-Length: 100000\r\n\r\n".encode())
                for _ in range(20):
                    writer.write(b"x" * 5000)
                    await writer.drain()
                    await asyncio.sleep(0.05)
            else:
                asked += 1
                if FAULT == "slow":
                    await asyncio.sleep(2)
                if FAULT == "twentieth" and asked % 20 == 0:
                    writer.write(answer(b"oh", "500 Oh"))
                else:
                    writer.write(answer(f"{WHO} {got}\n".encode()))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    port = int(os.environ["PORT"]) + (1 if FAULT == "wrong-port" else 0)
    print(f"{VERSION} listens on {port}", flush=True)
    if FAULT == "deaf":
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if FAULT in ("dies", "leaks"):
        async def end():
            await asyncio.sleep(2)
            print("cannot open the database", flush=True)
            if FAULT == "dies":
                os._exit(3)
            while True:
                hoard.append(bytearray(8 << 20))
                await asyncio.sleep(0.01)
        asyncio.get_running_loop().create_task(end())
    if FAULT == "never":
        print("waits for a license", flush=True)
        return await asyncio.sleep(3600)
    server = await asyncio.start_server(serve, "0.0.0.0", port, backlog=512)
    async with server:
        await server.serve_forever()


asyncio.run(main())
