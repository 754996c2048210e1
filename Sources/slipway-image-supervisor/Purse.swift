import AWS
import Attempts
import Images

/// What the supervisor was handed for itself: the registry's own login, and the variables that
/// AWS's chain of credentials looks at.
struct Purse {
    /// As a secret holds it: `user:password`.
    let login: Login?
    let variables: [String: String]
    /// What must not be seen in a log.
    let secrets: [HandedSecret]

    private static let hidden: Set = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]

    init(_ access: [HandedSecret]) throws(Unshippable) {
        variables = access.reduce(into: [:]) { variables, handed in
            guard let name = handed.variable else { return }
            variables[name] = String(decoding: handed.value, as: UTF8.self)
        }
        let own = access.first { $0.variable == nil }
        let parts = own.map { secret in
            secret.value.split(separator: UInt8(ascii: ":"), maxSplits: 1)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        guard let parts else {
            login = nil
            secrets = access.filter { Self.hidden.contains($0.name) }
            return
        }
        guard parts.count == 2 else {
            throw Unshippable(
                "the registry's credential is no 'user:password'",
                hint: "store it so: slipway secrets set NAME, with the text 'user:password'")
        }
        login = Login(user: parts[0], password: parts[1])
        let password = HandedSecret(
            name: "registry password", value: Array(parts[1].utf8), variable: nil)
        secrets = access.filter { Self.hidden.contains($0.name) } + [password]
    }
}

/// Why an image is not pushed, for people.
struct Unshippable: Error, CustomStringConvertible {
    let problem: String
    let hint: String

    init(_ problem: String, hint: String) {
        self.problem = problem
        self.hint = hint
    }

    var description: String { "\(problem); \(hint)" }
}
