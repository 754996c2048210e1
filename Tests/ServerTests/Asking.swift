import Engine
import FoundationEssentials
import Glibc
import HTTP
import JSON
import Server
import Synchronization
import Testing

/// Waits for the one answer to a request.
private struct Waiter: Answering {
    let continuation: CheckedContinuation<Response, Never>

    func answer(_ response: Response) { continuation.resume(returning: response) }
}

extension API {
    func answer(_ request: Request) async -> Response {
        let response = await withCheckedContinuation { continuation in
            answer(request, Waiter(continuation: continuation))
        }
        Answers.keep(response, to: request)
        return response
    }
}

extension API {
    func answerAdmitted(_ request: Request) async -> Response {
        await withCheckedContinuation { continuation in
            answerAdmitted(request, Waiter(continuation: continuation))
        }
    }
}

extension Scene {
    /// `path` as people write it, with its query.
    func ask(
        _ method: Request.Method = .get, _ path: String, as token: String? = nil,
        json: String? = nil, body: [UInt8] = [], type: String? = nil, _ headers: Headers = [:]
    ) async -> Response {
        var all = headers
        if let token { all.add("Authorization", "Bearer \(token)") }
        if let type = type ?? json.map({ _ in "application/json" }) {
            all.add("Content-Type", type)
        }
        return await api.answer(
            .at(path, method, headers: all, body: json.map { Array($0.utf8) } ?? body))
    }

    func read(_ path: String, as token: String) async throws -> JSON {
        let response = await ask(.get, path, as: token)
        #expect(response.status == 200, "\(path): \(response.text)")
        return try response.json
    }
}

extension Request {
    static func at(
        _ path: String, _ method: Method = .get, headers: Headers = [:], body: [UInt8] = []
    ) -> Request {
        let parts = path.split(separator: "?", maxSplits: 1)
        let query = parts.dropFirst().first.map { query in
            query.split(separator: "&").map { word in
                let words = word.split(separator: "=", maxSplits: 1).map(String.init)
                return Field(words[0], words.dropFirst().first ?? "")
            }
        }
        return Request(
            method, (parts.first ?? "").split(separator: "/").map(String.init),
            query: query ?? [], headers: headers, body: body)
    }
}

extension Response {
    var bytes: [UInt8] { if case .bytes(let bytes) = body { bytes } else { [] } }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSON { get throws { try JSON(parsing: bytes) } }
    var stream: (any ByteStream)? { if case .stream(let stream) = body { stream } else { nil } }
}

extension JSON {
    subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else {
            return nil
        }
        return elements[index]
    }

    var elements: [JSON] { if case .array(let elements) = self { elements } else { [] } }
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var int: Int? { if case .int(let number) = self { number } else { nil } }
}

/// Listens to a stream as a server does, and as a client remembers it.
final class Listener: Sendable {
    private let stream: any ByteStream
    private let heard = Mutex<[UInt8]>([])
    private let wakes: AsyncStream<Void>

    init(_ stream: any ByteStream) {
        self.stream = stream
        let (wakes, continuation) = AsyncStream<Void>.makeStream(
            bufferingPolicy: .bufferingNewest(1))
        self.wakes = wakes
        stream.begin { continuation.yield() }
    }

    /// Reads until there is enough; nothing more comes after `end`.
    @discardableResult
    func read(upTo count: Int = 4_096, until isEnough: (String) -> Bool) async -> String {
        if isEnough(text) { return text }
        for await _ in wakes {
            // A server asks until there is nothing more for now.
            if drain(count) || isEnough(text) { return text }
        }
        return text
    }

    /// Whether that was the end.
    private func drain(_ count: Int) -> Bool {
        while true {
            switch stream.next(atMost: count) {
            case .bytes(let bytes): heard.withLock { $0 += bytes }
            case .later: return false
            case .end: return true
            }
        }
    }

    /// All of it, whatever it is.
    func bytes() async -> [UInt8] {
        for await _ in wakes where drain(65_536) { break }
        return heard.withLock { $0 }
    }

    var text: String { String(decoding: heard.withLock { $0 }, as: UTF8.self) }

    func leave() { stream.end() }
}

/// A server-sent event, as a client takes it apart.
struct Heard: Hashable {
    var id: Int?
    var event = ""
    var data = ""

    static func all(in text: String) -> [Heard] {
        text.split(separator: "\n\n").compactMap { block in
            var heard = Heard()
            for line in block.split(separator: "\n") {
                let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { continue }
                let value = String(parts[1].drop { $0 == " " })
                switch parts[0] {
                case "id": heard.id = Int(value)
                case "event": heard.event = value
                case "data": heard.data = value
                default: continue
                }
            }
            return heard.event.isEmpty ? nil : heard
        }
    }
}

/// Where `scripts/check-api` finds what was answered, to hold it against the schemas.
enum Answers {
    private static let file = Mutex<AnswersFile?>(
        unsafe getenv("SLIPWAY_API_ANSWERS").map { unsafe AnswersFile(String(cString: $0)) })

    static func keep(_ response: Response, to request: Request) {
        guard case .found(let route, _) = Router(Routes.all).way(for: request.method, request.path)
        else { return }
        let body: JSON = (try? response.json) ?? .null
        let line: JSON = [
            "method": .string(route.method.rawValue.lowercased()),
            "path": .string(route.template), "status": .int(response.status),
            "type": .string(response.headers["Content-Type"] ?? ""), "body": body,
        ]
        file.withLock { $0?.write(line.text + "\n") }
    }

    struct AnswersFile: Sendable {
        private let descriptor: Int32

        init(_ path: String) {
            descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        }

        func write(_ text: String) {
            let bytes = Array(text.utf8)
            _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
        }
    }
}
