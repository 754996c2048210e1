import HTTP
import People

/// The routes as a table for people, in Markdown.
package enum RouteTable {
    package static var text: String {
        "| what | who | what it does |\n| --- | --- | --- |\n"
            + Routes.all.map { route in
                "| `\(route.method.rawValue) \(route.template)` | \(route.access.words) "
                    + "| \(route.about) |\n"
            }.joined()
    }
}

extension Route.Access {
    fileprivate var words: String {
        switch self {
        case .anybody: "anybody"
        case .anyToken: "any token"
        case .pipeline(let permission), .environment(let permission): permission.role.rawValue
        case .somewhere(let permission): "\(permission.role.rawValue) of anything"
        case .house(let permission): "\(permission.role.rawValue) of all"
        case .ownRule(let permission): "\(permission.role.rawValue), or anybody"
        }
    }
}
