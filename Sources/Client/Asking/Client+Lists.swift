import FoundationEssentials
import Glibc
package import HTTP
package import JSON

extension Client {
    /// What the server hands out at once.
    private static let pageLength = 200

    /// One value, and the line that programs are shown of it.
    package func get<Value: Decodable & Sendable>(
        _ type: Value.Type, _ path: String...
    ) throws(ClientError) -> Told<Value> {
        try told(type, ServerCall(.get, path: path))
    }

    package func told<Value: Decodable & Sendable>(
        _ type: Value.Type, _ call: ServerCall
    ) throws(ClientError) -> Told<Value> {
        let answer = try ask(call)
        return Told(
            value: try answer.read(type, from: address), line: JSONLines.line(answer.body))
    }

    /// The first items of a list, at most this many.
    package func list<Item: Decodable & Sendable>(
        _ type: Item.Type, _ path: String..., atMost most: Int = 10_000
    ) throws(ClientError) -> Listing<Item> {
        try list(type, path: path, atMost: most)
    }

    /// One that is short comes at once, and takes no limit.
    package func list<Item: Decodable & Sendable>(
        _ type: Item.Type, path: [String], after: String? = nil, isPaged: Bool = true,
        atMost most: Int = 10_000
    ) throws(ClientError) -> Listing<Item> {
        var items: [Item] = []
        var lines: [String] = []
        var next = after
        repeat {
            var call = ServerCall(.get, path: path)
            let limit = min(Self.pageLength, most - items.count)
            if isPaged { call.query.append(.init("limit", "\(limit)")) }
            if let next { call.query.append(.init("after", next)) }
            let answer = try ask(call)
            let page = try answer.read(Page<Item>.self, from: address)
            items += page.items
            lines += JSONLines.items(of: answer.body)
            // A page of nothing that leads to another would never end.
            next = page.items.isEmpty ? nil : page.next
        } while next != nil && items.count < most
        return Listing(
            items: Array(items.prefix(most)), lines: Array(lines.prefix(most)),
            hasMore: next != nil || items.count > most)
    }

    /// Asks for something to be done. With a key, asking again does nothing twice.
    @discardableResult
    package func send(
        _ method: Request.Method, _ path: [String], _ body: JSON? = nil, key: String? = nil
    ) throws(ClientError) -> ServerAnswer {
        var call = ServerCall(method, path: path)
        call.body = body.map { .init("application/json", Array($0.text.utf8)) }
        if let key { call.headers.append(.init("Idempotency-Key", key)) }
        return try ask(call)
    }

    /// A key that nobody has used before.
    package static func newKey() -> String { UUID().uuidString.lowercased() }
}
