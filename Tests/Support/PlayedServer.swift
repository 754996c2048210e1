import Glibc
import Synchronization

/// An HTTP server on this machine that a test plays: each connection brings one request, and the
/// play answers it on a thread of its own.
package final class PlayedServer: Sendable {
    package struct Asked: Sendable {
        /// `GET /api/v1/pipelines?limit=200`
        package let line: String
        package let headers: [String: String]
        package let body: String

        /// Without what is asked for after `?`.
        package var place: String { String(line.prefix { $0 != "?" }) }
    }

    package typealias Play = @Sendable (Asked, TestSocket) -> Void

    /// What its threads know. They must not hold the server, or it would never end.
    private final class Stage: Sendable {
        let listener: TestListener
        let play: Play
        let asked = Mutex<[Asked]>([])
        let players = Mutex<[Beside<Void>]>([])
        let isOver = Mutex(false)

        init(_ play: @escaping Play) throws {
            listener = try TestListener()
            self.play = play
        }
    }

    private let stage: Stage
    private let doorkeeper: Beside<Void>

    package init(_ play: @escaping Play) throws {
        let stage = try Stage(play)
        self.stage = stage
        doorkeeper = try Beside {
            while !stage.isOver.withLock({ $0 }) {
                guard let peer = try? stage.listener.next() else { continue }
                do {
                    let player = try Beside<Void> {
                        guard let asked = Asked(from: peer) else { return }
                        stage.asked.withLock { $0.append(asked) }
                        stage.play(asked, peer)
                        peer.finish()
                    }
                    stage.players.withLock { $0.append(player) }
                } catch { peer.answer(503, "text/plain", "\(error)") }
            }
        }
    }

    /// A server that knows these places, such as `GET /api/v1/me`, and what it answers there.
    package convenience init(_ answers: [String: String]) throws {
        try self.init { asked, peer in
            if let answer = answers[asked.place] {
                peer.answer(json: answer)
            } else {
                peer.answer(
                    404, "application/problem+json",
                    "{\"detail\":\"there is no such thing\",\"hint\":\"check its name\"}")
            }
        }
    }

    deinit {
        stage.isOver.withLock { $0 = true }
        // Wakes whoever waits at the door.
        _ = try? TestSocket(to: stage.listener.port)
        _ = try? doorkeeper.result()
        for player in stage.players.withLock({ $0 }) { _ = try? player.result() }
    }

    package var url: String { "http://127.0.0.1:\(stage.listener.port)" }

    /// All requests so far.
    package var asked: [Asked] { stage.asked.withLock { $0 } }
}

extension PlayedServer.Asked {
    fileprivate init?(from peer: TestSocket) {
        var received = ""
        while !received.contains("\r\n\r\n") {
            let piece = peer.receive()
            if piece.isEmpty { return nil }
            received += String(decoding: piece, as: UTF8.self)
        }
        guard let end = received.firstRange(of: "\r\n\r\n") else { return nil }
        var lines = received[..<end.lowerBound].split(separator: "\r\n").map(String.init)
        let first = lines.removeFirst()
        line = first.split(separator: " ").dropLast().joined(separator: " ")
        headers = lines.reduce(into: [:]) { headers, line in
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] =
                parts.count == 2 ? parts[1].drop { $0 == " " } + "" : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        var body = String(received[end.upperBound...])
        while body.utf8.count < length {
            let piece = peer.receive()
            if piece.isEmpty { return nil }
            body += String(decoding: piece, as: UTF8.self)
        }
        self.body = body
    }
}

extension TestSocket {
    package func answer(
        _ status: Int = 200, _ type: String = "text/plain", headers: [String: String] = [:],
        _ body: String
    ) {
        let more = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        send(
            "HTTP/1.1 \(status) Played\r\nContent-Type: \(type)\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\(more)\r\n\(body)")
    }

    package func answer(json: String) { answer(200, "application/json", json) }

    /// The beginning of an answer that lasts.
    package func beginEvents() {
        send(
            "HTTP/1.1 200 Played\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
    }

    /// Until whoever asked has left.
    package func awaitLeaving() { while !receive().isEmpty {} }
}
