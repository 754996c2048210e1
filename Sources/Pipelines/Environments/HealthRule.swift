/// How an instance is known to be well.
package struct HealthRule: Hashable, Sendable, Codable {
    package enum Question: Hashable, Sendable, Codable {
        /// A GET is answered with one of the statuses; nobody follows a redirect.
        case http(path: String, host: String, least: Int, most: Int)
        /// Somebody takes connections at its port.
        case accepts
        /// Somebody's own commands end well.
        case command(script: String)
        /// It runs.
        case lives
    }

    package let question: Question
    @Written package var interval: Duration
    @Written package var timeout: Duration
    /// So many good answers in a row make it well, so many bad ones ill.
    package let rise: Int
    package let fall: Int

    package init(
        _ question: Question, interval: Duration = .seconds(2), timeout: Duration = .seconds(2),
        rise: Int = 1, fall: Int = 3
    ) {
        self.question = question
        _interval = Written(wrappedValue: interval)
        _timeout = Written(wrappedValue: timeout)
        self.rise = rise
        self.fall = fall
    }

    package static let accepts = HealthRule(.accepts)
    package static let lives = HealthRule(.lives)

    var needsPort: Bool {
        switch question {
        case .http, .accepts: true
        case .command, .lives: false
        }
    }
}

extension HealthRule {
    static let shape = Shape<HealthRule>.either(
        Shape<String>.healthPath.map { path in
            HealthRule(.http(path: path, host: "localhost", least: 200, most: 299))
        }, or: full)

    private static let full = Shape<HealthRule>.mapping(
        about: "how an instance is known to be well"
    ) { keys in
        let path = keys.optional("path", .healthPath, about: "what is asked for, by GET")
        let host = keys.optional("host", .hostName, about: "the name that it is asked by")
        let status = keys.optional("status", .statuses, about: "which answers are good")
        let command = keys.optional(
            "command", .command, about: "what ends well in its sandbox, for /bin/sh -eu")
        let interval = keys.optional("interval", .duration, about: "how often")
        let timeout = keys.optional("timeout", .duration, about: "how long an answer may take")
        let rise = keys.optional("rise", .whole(1...100), about: "good answers that make it well")
        let fall = keys.optional("fall", .whole(1...100), about: "bad answers that make it ill")
        if !keys.isDescribing, path != nil, command != nil {
            keys.findings.error(
                at: keys.keyPlace(of: "command"), "its health is asked by a path or by a command",
                hint: "keep one of them")
        }
        if !keys.isDescribing, !keys.has("path"), keys.has("host") || keys.has("status") {
            keys.findings.error(
                at: keys.place, "'host' and 'status' belong to a 'path'", hint: "add 'path'")
        }
        let question: Question =
            if let path {
                .http(
                    path: path, host: host ?? "localhost", least: status?.lowerBound ?? 200,
                    most: status?.upperBound ?? 299)
            } else if let command { .command(script: command) } else { .accepts }
        return HealthRule(
            question, interval: interval ?? .seconds(2), timeout: timeout ?? .seconds(2),
            rise: rise ?? 1, fall: fall ?? 3)
    }
}

extension Shape where Value == String {
    fileprivate static var healthPath: Shape {
        .text(
            "a path such as /healthz", schema: .pattern("^/[!-~]*$", example: "/healthz")
        ) { text throws(Mistake) in
            guard text.hasPrefix("/"), text.utf8.count <= 500,
                text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
            else {
                throw Mistake(
                    "'\(text)' is no path", hint: "write one such as /healthz, without spaces")
            }
            return text
        }
    }

    fileprivate static var hostName: Shape {
        .text("a host's name") { text throws(Mistake) in
            let isName = text.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                    || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || ".-:".utf8.contains(byte)
            }
            guard !text.isEmpty, text.utf8.count <= 253, isName else {
                throw Mistake("'\(text)' is no host's name", hint: "write one such as shop.example")
            }
            return text
        }
    }
}

extension Shape where Value == ClosedRange<Int> {
    fileprivate static var statuses: Shape {
        .text(
            "a status or a range of them",
            schema: .pattern("^[1-5][0-9]{2}(-[1-5][0-9]{2})?$", example: "200-399")
        ) { text throws(Mistake) in
            let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map {
                $0.utf8.count == 3 ? Int($0) ?? 0 : 0
            }
            guard (1...2).contains(numbers.count), let first = numbers.first,
                let last = numbers.last, 100 <= first, first <= last, last <= 599
            else {
                throw Mistake("'\(text)' is no status", hint: "write 200, or 200-399")
            }
            return first...last
        }
    }
}
