/// What makes an instance of a service of an attempt: it goes on until it is stopped, and others
/// speak with it through a door.
package struct ServiceSpec: Hashable, Sendable {
    /// Where it listens in its own network; nothing for one that nobody speaks with.
    package var port: Int?
    /// The addresses of this machine that its door may have, the best first.
    package var addresses: [String]
    package var health: HealthCheck
    /// Whether the tree that it begins with is all that its workspace ever is.
    package var isReadOnly = false
    /// So much of its log is kept, the newest.
    package var logBytes = 64 << 20
    /// A named pipe: whoever reads it is told when the state has changed.
    package var bell: String

    package init(port: Int?, addresses: [String], health: HealthCheck, bell: String) {
        self.port = port
        self.addresses = addresses
        self.health = health
        self.bell = bell
    }
}

/// How one finds out whether an instance is well.
package struct HealthCheck: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Answers such a request with one of these statuses. Redirects are not followed.
        case http(path: String, host: String = "localhost", statuses: ClosedRange<Int> = 200...299)
        /// Takes connections at its port.
        case accepts
        /// A script for `/bin/sh -eu` in its sandbox, which ends with 0 where it is well.
        case command(String)
        /// Is there.
        case lives
    }

    package var kind: Kind
    package var intervalMilliseconds = 2_000
    package var timeoutMilliseconds = 2_000
    /// So many checks in a row have to pass before it is well,
    package var rise = 1
    /// and to fail before it is ill.
    package var fall = 3

    package init(_ kind: Kind) { self.kind = kind }
}

extension ServiceSpec {
    var fields: Fields {
        var fields = Fields()
        fields.add("port", port)
        for address in addresses { fields.add("address", address) }
        fields.add("health", health.fields)
        fields.add("read-only", isReadOnly ? 1 : 0)
        fields.add("log-bytes", logBytes)
        fields.add("bell", bell)
        return fields
    }

    init(_ fields: Fields) throws(FieldError) {
        guard let health = try fields.parts("health").first else {
            throw FieldError("'health' is missing")
        }
        self.init(
            port: try fields.numberIfThere("port"), addresses: fields.texts("address"),
            health: try HealthCheck(health), bell: try fields.text("bell"))
        isReadOnly = try fields.number("read-only") != 0
        logBytes = try fields.number("log-bytes")
    }
}

extension HealthCheck {
    fileprivate var fields: Fields {
        var fields = Fields()
        switch kind {
        case .http(let path, let host, let statuses):
            fields.add("kind", "http")
            fields.add("path", path)
            fields.add("host", host)
            fields.add("least", statuses.lowerBound)
            fields.add("most", statuses.upperBound)
        case .accepts: fields.add("kind", "accepts")
        case .command(let script):
            fields.add("kind", "command")
            fields.add("script", script)
        case .lives: fields.add("kind", "lives")
        }
        fields.add("interval", intervalMilliseconds)
        fields.add("timeout", timeoutMilliseconds)
        fields.add("rise", rise)
        fields.add("fall", fall)
        return fields
    }

    fileprivate init(_ fields: Fields) throws(FieldError) {
        switch try fields.text("kind") {
        case "http":
            let (least, most) = (try fields.number("least"), try fields.number("most"))
            guard least <= most else { throw FieldError("'least' is more than 'most'") }
            kind = .http(
                path: try fields.text("path"), host: try fields.text("host"),
                statuses: least...most)
        case "accepts": kind = .accepts
        case "command": kind = .command(try fields.text("script"))
        case "lives": kind = .lives
        case let other: throw FieldError("'\(other)' is no kind of health check")
        }
        intervalMilliseconds = try fields.number("interval")
        timeoutMilliseconds = try fields.number("timeout")
        rise = try fields.number("rise")
        fall = try fields.number("fall")
    }
}
