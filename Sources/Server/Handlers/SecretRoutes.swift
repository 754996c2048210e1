import Conductor
import Engine
import HTTP
import People
import Pipelines
import Vault

/// Secrets: they go in, and no answer has one in it.
enum SecretRoutes {
    static let all: [Route] = [
        Route(
            .get, ["api", "v1", "secrets"], .house(.administer),
            "List secrets: their names, versions and dates.", query: [.limit, .after],
            answers: [.json("Secrets.", secretView.page)], handle: list),
        Route(
            .put, ["api", "v1", "secrets", .parameter(.secret)], .house(.administer),
            "Give a secret a value: the bytes of the body, as they are.",
            body: BodyForm(
                types: ["application/octet-stream"], shape: .text, name: nil, isRequired: true,
                maximumBytes: Vault.maximumLength),
            answers: [.json("It is kept.", secretView)], handle: set),
        Route(
            .delete, ["api", "v1", "secrets", .parameter(.secret)], .house(.administer),
            "Remove a secret.", answers: [.nothing(204, "It is gone.")], handle: remove),
    ]

    private static func list(_ call: Call) throws(Problem) -> Deed {
        let limit = try call.limit()
        let after = try call.cursor(SecretName.init(_:))
        let vault = try vault(call)
        return .wait {
            let all = try vault.entries().filter { entry in after.map { $0 < entry.name } ?? true }
            let next = all.count > limit ? all[limit - 1].name.description : nil
            return .json(secretView.page, Page(items: Array(all.prefix(limit)), next: next))
        }
    }

    /// The vault first, then the record, which says only that it was done. A house that goes down
    /// between the two finds the difference when it starts.
    private static func set(_ call: Call) throws(Problem) -> Deed {
        let name = try call.path(\.secret)
        let vault = try vault(call)
        let value = call.request.body
        let by = call.person()
        let time = call.now.wall
        return .wait {
            let entry = try vault.set(name, to: value, at: time)
            let command = PeopleCommand.secretSet(name, version: entry.version)
            return .submit(Message(.people(command), by: by)) { _ in .json(secretView, entry) }
        }
    }

    private static func remove(_ call: Call) throws(Problem) -> Deed {
        let name = try call.path(\.secret)
        let vault = try vault(call)
        let by = call.person()
        return .wait {
            let version = try vault.remove(name)
            let command = PeopleCommand.secretRemoved(name, version: version)
            return .submit(Message(.people(command), by: by)) { _ in Response(204) }
        }
    }

    private static func vault(_ call: Call) throws(Problem) -> Vault {
        guard let vault = call.house.vault else {
            throw Problem(
                503, "secrets", "this server keeps no secrets",
                hint: "whoever hosts it finds the reason in its log")
        }
        return vault
    }
}

private let secretView = View<Vault.Entry>(
    "Secret", "What may be known of a secret.",
    [
        .text("name", "Its name.") { $0.name.description },
        .count("version", "How often it was set.") { $0.version },
        .time("set", "When it was set.") { Int($0.set) },
    ])
