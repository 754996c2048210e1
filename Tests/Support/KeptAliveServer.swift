import Glibc
import Synchronization

/// A small application behind a balancer: it keeps its connections, and says in each answer who it
/// is. `/health` is well or not, `/long` sends half and waits to be released, bodies are counted.
package final class KeptAliveServer: Sendable {
    fileprivate final class Inside: Sendable {
        let name: String
        let listener: TestListener
        let release: TestBell
        let status = Atomic<Int>(200)
        let answered = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
        /// Those who are still there: a health check comes and goes fifty times a second.
        let peers = Mutex<[Int: (socket: TestSocket, thread: Beside<Void>)]>([:])

        init(_ name: String) throws {
            self.name = name
            listener = try TestListener()
            release = try TestBell()
        }
    }

    private let inside: Inside
    private let doorkeeper: Beside<Void>

    package init(_ name: String) throws {
        let inside = try Inside(name)
        self.inside = inside
        doorkeeper = try Beside {
            var number = 0
            while !inside.isOver.load(ordering: .relaxed) {
                guard let peer = try? inside.listener.next() else { continue }
                number += 1
                try inside.welcome(peer, number)
            }
        }
    }

    /// Ends at once, as a killed one would: whatever it has not answered fails.
    deinit {
        inside.isOver.store(true, ordering: .relaxed)
        _ = try? TestSocket(to: port)
        _ = try? doorkeeper.result()
        for (socket, thread) in inside.peers.withLock({ $0 }).values {
            shutdown(socket.descriptor, Int32(SHUT_RDWR))
            _ = try? thread.result()
        }
    }

    package var port: UInt16 { inside.listener.port }
    package var answered: Int { inside.answered.load(ordering: .relaxed) }

    /// What it answers to everything from now on, health checks included.
    package func answer(_ status: Int) { inside.status.store(status, ordering: .relaxed) }

    /// Lets one `/long` go on.
    package func release() { inside.release.ring() }
}

extension KeptAliveServer.Inside {
    fileprivate func welcome(_ peer: TestSocket, _ number: Int) throws {
        try peers.withLock { peers in
            let thread = try Beside<Void> {
                self.serve(peer)
                self.peers.withLock { $0[number] = nil }
            }
            peers[number] = (peer, thread)
        }
    }

    fileprivate func serve(_ peer: TestSocket) {
        var rest: [UInt8] = []
        while let head = takeHead(from: peer, &rest) {
            let words = head.split(separator: " ")
            guard words.count > 1 else { return }
            let length = head.split(separator: "\r\n").first {
                $0.lowercased().hasPrefix("content-length:")
            }.flatMap { Int($0.split(separator: " ").last ?? "") }
            var left = length ?? 0
            while left > 0 {
                if rest.isEmpty { rest = peer.receive() }
                if rest.isEmpty { return }
                let taken = min(left, rest.count)
                rest.removeFirst(taken)
                left -= taken
            }
            answer(peer, path: words[1], read: length ?? 0)
            if words[1] != "/health" { answered.add(1, ordering: .relaxed) }
        }
    }

    private func answer(_ peer: TestSocket, path: Substring, read: Int) {
        let status = status.load(ordering: .relaxed)
        let body = path == "/long" ? String(repeating: "x", count: 100_000) : "\(read)"
        peer.send(
            "HTTP/1.1 \(status) Answered\r\nX-Server: \(name)\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n")
        if path == "/long" {
            peer.send(body.utf8.prefix(50_000))
            _ = release.hear()
            peer.send(body.utf8.dropFirst(50_000))
        } else {
            peer.send(body)
        }
    }

    private func takeHead(from peer: TestSocket, _ rest: inout [UInt8]) -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let place = rest.firstRange(of: end) {
                let head = String(decoding: rest[..<place.lowerBound], as: UTF8.self)
                rest.removeSubrange(..<place.upperBound)
                return head
            }
            let piece = peer.receive(atMost: 1 << 14)
            if piece.isEmpty { return nil }
            rest += piece
        }
    }
}
