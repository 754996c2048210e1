package import Pipelines

package enum NoticeSubject: Named { package static let word = "notification" }
package typealias NoticeName = Name<NoticeSubject>

/// Who is told of what.
package struct NoticeRule: Hashable, Sendable {
    package static let maximumRules = 20
    private static let maximumPatterns = 50

    package let name: NoticeName
    package let occasions: Set<Occasion>
    /// All pipelines if there are none.
    package let pipelines: [Glob]
    package let target: Target

    package enum Target: Hashable, Sendable {
        case webhook(url: String, secret: SecretName)
        /// A program with its arguments; no shell reads them.
        case command([String])
    }

    package init(
        _ name: NoticeName, on occasions: Set<Occasion>, pipelines: [Glob] = [], to target: Target
    ) {
        self.name = name
        self.occasions = occasions
        self.pipelines = pipelines
        self.target = target
    }
}

/// What somebody can be told of.
package enum Occasion: String, Hashable, Sendable, CaseIterable {
    case failed, succeeded
    /// It succeeded, and had failed the time before.
    case recovered
    case approval
}

extension NoticeRule {
    /// As the settings of a server have them: names, each with its rule.
    package static let shape = Shape<[(NoticeName, Body)]>.dictionary(
        keys: NoticeName.shape, values: body
    ).map { entries in entries.compactMap { name, body in body.rule(name) } }

    package struct Body: Sendable {
        fileprivate var occasions: [Occasion]?
        fileprivate var pipelines: [Glob]?
        fileprivate var target: Target?

        fileprivate func rule(_ name: NoticeName) -> NoticeRule? {
            guard let occasions, let target else { return nil }
            return NoticeRule(
                name, on: Set(occasions), pipelines: pipelines ?? [], to: target)
        }
    }

    private static let body = Shape<Body>.mapping(about: "who is told of what") { keys in
        var body = Body()
        body.occasions = keys.required("on", .oneOrMany(.word()), about: "what they are told of")
        body.pipelines = keys.optional(
            "pipelines", .oneOrMany(.glob), about: "patterns over names; all if left out")
        let url = keys.optional(
            "webhook", .webhookAddress, about: "an address that is told by POST")
        let secret = keys.optional(
            "secret", SecretName.shape, about: "the secret that signs what is sent there")
        let command = keys.optional(
            "command", .list(of: .word), about: "a program with its arguments; no shell reads them")
        if let count = body.pipelines?.count, count > maximumPatterns {
            keys.findings.error(
                at: keys.place(of: "pipelines"), "there are \(count) patterns",
                hint: "use \(maximumPatterns) or less; '*' stands for many names")
        }
        body.target = target(&keys, url, secret, command)
        return body
    }

    private static func target(
        _ keys: inout Keys, _ url: String?, _ secret: SecretName?, _ command: [String]?
    ) -> Target? {
        guard keys.has("webhook") != keys.has("command") else {
            keys.findings.error(
                at: keys.place,
                keys.has("webhook") ? "it has a 'webhook' and a 'command'" : "nobody is told",
                hint: "give either 'webhook:' with 'secret:', or 'command:'")
            return nil
        }
        if let command {
            guard command.first?.hasPrefix("/") == true else {
                keys.findings.error(
                    at: keys.place(of: "command"), "the program has no full path",
                    hint: "begin with the program, such as '/usr/local/bin/tell'")
                return nil
            }
            return .command(command)
        }
        if !keys.has("secret"), keys.has("webhook") {
            keys.findings.error(
                at: keys.place(of: "webhook"), "nothing signs what is sent",
                hint: "add 'secret:' with the name of a secret that the receiver knows too")
        }
        guard let url, let secret else { return nil }
        return .webhook(url: url, secret: secret)
    }
}

extension Shape where Value == String {
    fileprivate static var webhookAddress: Shape {
        .text("an address such as 'https://chat.example.com/hook'") { text throws(Mistake) in
            let isWeb = ["https://", "http://"].contains { text.hasPrefix($0) }
            guard isWeb, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), text.utf8.count <= 2_000
            else {
                throw Mistake(
                    "this is no address of a receiver",
                    hint: "write all of it: 'https://chat.example.com/hook'")
            }
            return text
        }
    }

    fileprivate static var word: Shape {
        .text("a program or an argument") { text throws(Mistake) in
            guard text.utf8.count <= 4_096, !text.utf8.contains(0) else {
                throw Mistake("it is too long, or has a NUL in it", hint: "use 4,096 bytes or less")
            }
            return text
        }
    }
}
