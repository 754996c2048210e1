import Glibc
import Synchronization

/// Stands between a client and a real registry, and misbehaves where the real one does not: each
/// request comes on a connection of its own, and the test says what happens to it.
package final class FaultyProxy: Sendable {
    package struct Asked: Sendable {
        package let method: String
        package let target: String
        package let headers: [String: String]
        /// Which one of all it is.
        package let number: Int

        package var length: Int { headers["content-length"].flatMap { Int($0) } ?? 0 }
        /// It brings some of a blob.
        package var isUpload: Bool {
            target.contains("/blobs/uploads/") && ["PUT", "PATCH"].contains(method) && length > 0
        }
    }

    package enum Fate: Sendable {
        case pass
        /// The connection ends after so many bytes of its body, of which the registry gets all or
        /// none.
        case cut(after: Int, passingOn: Bool)
        /// Taken, and never answered.
        case silence
        case answer(Int, [String: String], String)
        /// The registry's answer, with another digest.
        case lie
    }

    private struct Stage: Sendable {
        let listener: TestListener
        let registry: UInt16
        let fate: @Sendable (Asked) -> Fate
        let passed: @Sendable (Asked) -> Void
    }

    private final class State: Sendable {
        let asked = Mutex<[Asked]>([])
        let players = Mutex<[Beside<Void>]>([])
        let isOver = Mutex(false)
    }

    private let stage: Stage
    private let state = State()
    private let doorkeeper: Beside<Void>

    /// In front of a registry at `127.0.0.1:PORT`, or of nothing. `fate` may wait; `passed` is told
    /// of what the registry has answered.
    package init(
        before registry: String, passed: @escaping @Sendable (Asked) -> Void = { _ in },
        _ fate: @escaping @Sendable (Asked) -> Fate
    ) throws {
        let port = registry.split(separator: ":").last.flatMap { UInt16($0) } ?? 1
        let stage = Stage(
            listener: try TestListener(), registry: port, fate: fate, passed: passed)
        self.stage = stage
        doorkeeper = try Beside { [state] in
            while !state.isOver.withLock({ $0 }) {
                guard let peer = try? stage.listener.next() else { continue }
                let player = try Beside<Void> { try Self.play(stage, state, peer) }
                state.players.withLock { $0.append(player) }
            }
        }
    }

    deinit {
        state.isOver.withLock { $0 = true }
        _ = try? TestSocket(to: stage.listener.port)
        _ = try? doorkeeper.result()
        for player in state.players.withLock({ $0 }) { _ = try? player.result() }
    }

    package var host: String { "127.0.0.1:\(stage.listener.port)" }
    package var asked: [Asked] { state.asked.withLock { $0 } }

    private static func play(_ stage: Stage, _ state: State, _ peer: TestSocket) throws {
        guard let (head, rest) = readHead(peer) else { return }
        let asked = state.asked.withLock { all in
            let asked = Asked(head, number: all.count)
            all.append(asked)
            return asked
        }
        switch stage.fate(asked) {
        case .pass: try passOn(stage, asked, head, rest, peer)
        case .lie:
            try passOn(stage, asked, head, rest, peer) { answer in
                let digest = "sha256:" + String(repeating: "0", count: 64)
                return answer.split(separator: "\r\n", omittingEmptySubsequences: false).map {
                    $0.lowercased().hasPrefix("docker-content-digest:")
                        ? "Docker-Content-Digest: \(digest)" : String($0)
                }.joined(separator: "\r\n")
            }
        case .answer(let status, let headers, let body):
            let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            peer.send(
                "HTTP/1.1 \(status) Played\r\nConnection: close\r\n"
                    + "Content-Length: \(asked.method == "HEAD" ? 0 : body.utf8.count)\r\n"
                    + "\(lines)\r\n\(asked.method == "HEAD" ? "" : body)")
            peer.finish()
            // Whoever is still sending would otherwise lose the answer.
            while !peer.receive().isEmpty {}
        case .silence: while !peer.receive().isEmpty {}
        case .cut(let end, let isPassingOn):
            let most = min(end, asked.length)
            var taken = rest
            while taken.count < most {
                let piece = peer.receive()
                if piece.isEmpty { break }
                taken += piece
            }
            guard isPassingOn else { return }
            let registry = try TestSocket(to: stage.registry)
            registry.send(closing(head))
            registry.send(taken.prefix(most))
            registry.finish()
            // It has understood that there will be no more of it.
            while !registry.receive().isEmpty {}
        }
    }

    private static func passOn(
        _ stage: Stage, _ asked: Asked, _ head: String, _ rest: [UInt8], _ peer: TestSocket,
        changing change: (String) -> String = { $0 }
    ) throws {
        let registry = try TestSocket(to: stage.registry)
        registry.send(closing(head))
        registry.send(rest)
        var sent = rest.count
        while sent < asked.length {
            let piece = peer.receive(atMost: 1 << 18)
            if piece.isEmpty { return }
            registry.send(piece)
            sent += piece.count
        }
        guard let (answer, body) = readHead(registry) else { return }
        peer.send(change(answer))
        peer.send(body)
        while true {
            let piece = registry.receive(atMost: 1 << 18)
            if piece.isEmpty { break }
            peer.send(piece)
        }
        peer.finish()
        stage.passed(asked)
    }

    private static func closing(_ head: String) -> String {
        // A line break is one letter.
        String(head.dropLast()) + "Connection: close\r\n\r\n"
    }

    /// The lines to the empty one, and what has come beyond it.
    private static func readHead(_ peer: TestSocket) -> (String, [UInt8])? {
        var received: [UInt8] = []
        while true {
            let piece = peer.receive()
            if piece.isEmpty { return nil }
            received += piece
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                return (
                    String(decoding: received[..<end.upperBound], as: UTF8.self),
                    Array(received[end.upperBound...])
                )
            }
        }
    }
}

extension FaultyProxy.Asked {
    fileprivate init(_ head: String, number: Int) {
        let lines = head.split(separator: "\r\n").map(String.init)
        let words = (lines.first ?? "").split(separator: " ").map(String.init)
        method = words.first ?? ""
        target = words.count > 1 ? words[1] : ""
        headers = lines.dropFirst().reduce(into: [:]) { headers, line in
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] =
                parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        }
        self.number = number
    }
}
