import FoundationEssentials

/// The servers that somebody has logged in to, and the one that is asked if none is named.
package struct KnownServers: Hashable, Sendable {
    package struct Server: Hashable, Sendable {
        package let address: ServerAddress
        package let token: Token
        package let authorities: String?
        package let allowsPlainHTTP: Bool

        package init(
            _ address: ServerAddress, _ token: Token, authorities: String? = nil,
            allowsPlainHTTP: Bool = false
        ) {
            self.address = address
            self.token = token
            self.authorities = authorities
            self.allowsPlainHTTP = allowsPlainHTTP
        }
    }

    /// More than anybody has; a file with more is not ours.
    package static let most = 1_000

    /// In the order of their addresses.
    package private(set) var all: [Server] = []
    private var choice: ServerAddress?

    package init() {}

    package var chosen: Server? { choice.flatMap { self[$0] } }

    package subscript(address: ServerAddress) -> Server? {
        all.first { $0.address == address }
    }

    /// The server is known from now on, and asked if none is named.
    package mutating func add(_ server: Server) {
        all.removeAll { $0.address == server.address }
        all.append(server)
        all.sort { $0.address.description < $1.address.description }
        choice = server.address
    }

    /// False if it is not known.
    package mutating func choose(_ address: ServerAddress) -> Bool {
        guard self[address] != nil else { return false }
        choice = address
        return true
    }

    /// False if it was not known. Where another is left alone, that one is asked from now on.
    package mutating func remove(_ address: ServerAddress) -> Bool {
        let count = all.count
        all.removeAll { $0.address == address }
        if choice == address { choice = all.count == 1 ? all.first?.address : nil }
        return all.count < count
    }
}

extension KnownServers {
    private struct File: Codable {
        struct Entry: Codable {
            var url: String
            var token: String
            var ca: String?
            var allowPlainHTTP: Bool?
        }

        var chosen: String?
        var servers: [Entry]
    }

    package init(reading bytes: [UInt8]) throws(ClientError) {
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)),
            file.servers.count <= Self.most
        else {
            throw ClientError(
                .host, "it is not as `slipway login` writes it",
                hint: "remove it and log in again")
        }
        for entry in file.servers {
            add(
                Server(
                    try ServerAddress(parsing: entry.url), try Token(parsing: entry.token),
                    authorities: entry.ca, allowsPlainHTTP: entry.allowPlainHTTP == true))
        }
        let chosen = try? file.chosen.map { try ServerAddress(parsing: $0) }
        choice = chosen.flatMap { self[$0] }?.address
    }

    /// As the file holds it.
    package var bytes: [UInt8] {
        let entries = all.map { server in
            File.Entry(
                url: server.address.description, token: server.token.secret,
                ca: server.authorities, allowPlainHTTP: server.allowsPlainHTTP ? true : nil)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try? encoder.encode(File(chosen: choice?.description, servers: entries))
        return Array(data ?? Data()) + [UInt8(ascii: "\n")]
    }
}
