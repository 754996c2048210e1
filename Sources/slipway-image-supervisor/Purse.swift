import AWS
import Attempts
import Images

/// What the supervisor was handed for itself: logins of registries, and the variables that AWS's
/// chain of credentials looks at.
struct Purse {
    /// What that of the registry that is pushed to is handed over as.
    private static let own = "registry"

    /// By the names under which they were handed over.
    let logins: [String: Login]
    let variables: [String: String]
    /// What must not be seen in a log.
    let secrets: [HandedSecret]

    private static let hidden: Set = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]

    init(_ access: [HandedSecret]) throws(Unshippable) {
        var (logins, variables): ([String: Login], [String: String]) = ([:], [:])
        var secrets: [HandedSecret] = []
        for handed in access {
            if let name = handed.variable {
                variables[name] = String(decoding: handed.value, as: UTF8.self)
                if Self.hidden.contains(handed.name) { secrets.append(handed) }
                continue
            }
            guard let login = Login(written: handed.value),
                let colon = handed.value.firstIndex(of: UInt8(ascii: ":"))
            else {
                throw Unshippable(
                    "the registry's credential is no 'user:password'",
                    hint: "store it so: slipway secrets set NAME, with the text 'user:password'")
            }
            logins[handed.name] = login
            let password = HandedSecret(
                name: "registry password", value: Array(handed.value[(colon + 1)...]),
                variable: nil)
            if !secrets.contains(password) { secrets.append(password) }
        }
        (self.logins, self.variables, self.secrets) = (logins, variables, secrets)
    }

    /// To the registry that is pushed to.
    var login: Login? { logins[Self.own] }
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
