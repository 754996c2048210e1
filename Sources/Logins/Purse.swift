package import Attempts
package import Images

/// What the supervisor was handed for itself: logins of registries, and the variables that AWS's
/// chain of credentials looks at.
package struct Purse {
    /// What that of the registry of an image itself is handed over as.
    private static let own = "registry"

    /// By the names under which they were handed over.
    package let logins: [String: Login]
    package let variables: [String: String]
    /// What must not be seen in a log.
    package let secrets: [HandedSecret]

    private static let hidden: Set = ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]

    package init(_ access: [HandedSecret]) throws(NoLogin) {
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
                throw NoLogin(
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

    /// To the registry that is pushed to, or pulled from.
    package var login: Login? { logins[Self.own] }
}
