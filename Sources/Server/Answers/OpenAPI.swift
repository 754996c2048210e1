import HTTP
package import JSON
import People

/// The document that describes the API, made from the routes.
package enum OpenAPI {
    package static let text = document.pretty

    package static var document: JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Slipway", "version": "1",
                "description":
                    "What can be asked of a Slipway server. Whoever asks shows a bearer token.",
            ],
            "security": [["token": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
                "schemas": .object(schemas),
            ],
        ]
    }

    private static var paths: [JSON.Member] {
        var order: [String] = []
        var operations: [String: [JSON.Member]] = [:]
        for route in Routes.all {
            if operations[route.template] == nil { order.append(route.template) }
            operations[route.template, default: []].append(
                .init(route.method.rawValue.lowercased(), operation(route)))
        }
        return order.map { .init($0, .object(operations[$0] ?? [])) }
    }

    private static func operation(_ route: Route) -> JSON {
        var members: [JSON.Member] = [
            .init("operationId", .string(route.identifier)), .init("summary", .string(route.about)),
        ]
        if let permission = route.access.permission {
            members.append(.init("description", .string("It takes the role \(permission.role).")))
        }
        switch route.access {
        case .anybody: members.append(.init("security", []))
        case .ownRule: members.append(.init("security", [[:], ["token": []]]))
        case .anyToken, .house, .pipeline, .environment, .somewhere: break
        }
        let parameters =
            route.parameters.map { parameter in
                self.parameter(parameter.rawValue, "path", parameter.about, parameter.shape, true)
            }
            + route.query.map { parameter($0.name, "query", $0.about, $0.shape, false) }
            + (route.isStart ? [idempotencyKey] : [])
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body = route.body { members.append(.init("requestBody", self.body(body))) }
        members.append(.init("responses", .object(responses(route))))
        return .object(members)
    }

    private static let idempotencyKey = parameter(
        "Idempotency-Key", "header", "The same key and body are answered the same, and done once.",
        .text(atMost: IdempotencyKey.longest, atLeast: 1), false)

    private static func parameter(
        _ name: String, _ place: String, _ about: String, _ shape: JSONShape, _ isRequired: Bool
    ) -> JSON {
        [
            "name": .string(name), "in": .string(place), "required": .bool(isRequired),
            "description": .string(about), "schema": shape.json,
        ]
    }

    private static func body(_ form: BodyForm) -> JSON {
        let shape = form.name.map { JSONShape.named($0) } ?? form.shape
        return [
            "required": .bool(form.isRequired),
            "content": .object(form.types.map { .init($0, ["schema": shape.json]) }),
        ]
    }

    private static func responses(_ route: Route) -> [JSON.Member] {
        var byStatus: [(Int, [JSON.Member])] = route.answers.map { answer in
            var members: [JSON.Member] = [.init("description", .string(answer.about))]
            if let type = answer.type {
                // What is no JSON is bytes, whatever somebody would read in them.
                let form: JSON =
                    answer.shape.map { ["schema": JSONShape.named($0.name).json] } ?? [:]
                let types =
                    type == "text/plain" && route.streams ? [type, "text/event-stream"] : [type]
                members.append(
                    .init(
                        "content", .object(types.map { .init($0, form) })))
            }
            return (answer.status, members)
        }
        for status in route.problems {
            byStatus.append(
                (
                    status,
                    [
                        .init("description", "A problem."),
                        .init(
                            "content",
                            [
                                "application/problem+json": [
                                    "schema": JSONShape.named("Problem").json
                                ]
                            ]),
                    ]
                ))
        }
        return byStatus.sorted { $0.0 < $1.0 }.map { .init("\($0.0)", .object($0.1)) }
    }

    /// Every shape that an answer speaks of, and those that they speak of, as often as they do.
    package static var mentioned: [NamedShape] {
        var mentioned: [NamedShape] = []
        var open = [Problem.view.named] + Routes.all.flatMap { $0.answers.compactMap(\.shape) }
        while let shape = open.popLast() {
            mentioned.append(shape)
            open += shape.parts
        }
        return mentioned
    }

    /// Each once, by name.
    private static var shapes: [NamedShape] {
        let byName = Dictionary(mentioned.map { ($0.name, $0) }) { first, _ in first }
        return byName.values.sorted { $0.name < $1.name }
    }

    private static var schemas: [JSON.Member] {
        var members = shapes.map { JSON.Member($0.name, $0.shape.json) }
        var seen = Set(members.map(\.key))
        for body in Routes.all.compactMap(\.body) {
            guard let name = body.name, seen.insert(name).inserted else { continue }
            members.append(.init(name, body.shape.json))
        }
        return members.sorted { $0.key < $1.key }
    }
}

extension Route {
    /// Such as `getPipelinesExecutions`.
    package var identifier: String {
        let words = path.dropFirst(path.first == "api" ? 2 : 0).map { segment in
            switch segment {
            case .word(let word): word.split(separator: ".").map(\.capitalized).joined()
            case .parameter(let parameter): "By" + parameter.rawValue[...].capitalized
            }
        }
        return method.rawValue.lowercased() + words.joined()
    }

    /// Whoever repeats it by mistake would have it done twice. What strangers send is never told
    /// again: the answer to one must not become another's.
    var isStart: Bool { method == .post && !isShownOnce && access != .anybody }

    /// Its answer is not kept, not even to be told again.
    private var isShownOnce: Bool { path.last == "tokens" }

    var streams: Bool { query.contains { $0.name == "follow" } }

    /// With which statuses it may be refused.
    var problems: [Int] {
        var statuses: Set<Int> = [429, 500, 503]
        if access != .anybody { statuses.insert(401) }
        if access.permission != nil { statuses.insert(403) }
        if !parameters.isEmpty || query.contains(where: { $0.name == "pipeline" }) {
            statuses.insert(404)
        }
        if !query.isEmpty || path.count > 2 { statuses.insert(400) }
        if body != nil { statuses.formUnion([400, 409, 413, 415, 422]) }
        if method != .get || query.contains(where: { $0.name == "after" }) {
            statuses.insert(409)
        }
        return statuses.subtracting(answers.map(\.status)).sorted()
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
