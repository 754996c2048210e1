package import HTTP
import JSON
package import People

/// One thing that can be asked of the server. The router, the authorisation, the OpenAPI document
/// and the table for people are all made from these, so that none of them can drift.
package struct Route: Sendable {
    package let method: Request.Method
    package let path: [Segment]
    package let access: Access
    /// What it does, in a line.
    package let about: String
    let query: [QueryParameter]
    let body: BodyForm?
    let answers: [AnswerForm]
    let handle: @Sendable (Call) throws(Problem) -> Deed

    init(
        _ method: Request.Method, _ path: [Segment], _ access: Access, _ about: String,
        query: [QueryParameter] = [], body: BodyForm? = nil, answers: [AnswerForm],
        handle: @escaping @Sendable (Call) throws(Problem) -> Deed
    ) {
        self.method = method
        self.path = path
        self.access = access
        self.about = about
        self.query = query
        self.body = body
        self.answers = answers
        self.handle = handle
    }

    /// A part of a path: a word, or what stands for it.
    package enum Segment: Hashable, Sendable, ExpressibleByStringLiteral {
        case word(String)
        case parameter(PathParameter)

        package init(stringLiteral word: String) { self = .word(word) }

        static let pipeline = Self.parameter(.pipeline)
        static let number = Self.parameter(.number)
        static let stage = Self.parameter(.stage)
    }

    /// Who may ask for it. There is no way to leave this out.
    package enum Access: Hashable, Sendable {
        case anybody
        /// Whoever has a valid token, whatever it is good for.
        case anyToken
        /// The permission in the pipeline, and at what the stage in the path reaches.
        case pipeline(Permission)
        /// The permission in the pipeline that deploys to the environment in the path, and there.
        case environment(Permission)
        /// The permission over the house as a whole.
        case house(Permission)
        /// The permission somewhere: what is shown is then what they may see.
        case somewhere(Permission)
        /// The handler decides: a badge may be for anybody.
        case ownRule(Permission)

        package var permission: Permission? {
            switch self {
            case .anybody, .anyToken: nil
            case .pipeline(let permission), .environment(let permission),
                .house(let permission), .somewhere(let permission), .ownRule(let permission):
                permission
            }
        }
    }

    /// As OpenAPI writes it: `/api/v1/pipelines/{pipeline}`.
    package var template: String {
        "/"
            + path.map { segment in
                switch segment {
                case .word(let word): word
                case .parameter(let parameter): parameter.template
                }
            }.joined(separator: "/")
    }

    var parameters: [PathParameter] {
        path.compactMap { if case .parameter(let parameter) = $0 { parameter } else { nil } }
    }
}

struct QueryParameter: Sendable {
    let name: String
    let about: String
    let shape: JSONShape

    static let limit = Self(
        name: "limit", about: "How many at most; 50 if it is left out.",
        shape: .whole(1...Call.longestPage))
    static let after = Self(
        name: "after", about: "The cursor that the part before gave as `next`.",
        shape: .text(atMost: 400))
}

/// What a request brings along.
struct BodyForm: Sendable {
    let types: [String]
    let shape: JSONShape
    let name: String?
    let isRequired: Bool
    let maximumBytes: Int

    /// Whatever whoever sends it calls it.
    static let anyType = "*/*"
}

/// One way in which it is answered when it is done.
struct AnswerForm: Sendable {
    let status: Int
    let about: String
    let type: String?
    let shape: NamedShape?

    static func json<Subject>(
        _ about: String, _ view: View<Subject>, status: Int = 200
    ) -> Self {
        Self(status: status, about: about, type: "application/json", shape: view.named)
    }

    static func bytes(_ about: String, _ type: String, status: Int = 200) -> Self {
        Self(status: status, about: about, type: type, shape: nil)
    }

    static func problem(_ status: Int, _ about: String) -> Self {
        Self(
            status: status, about: about, type: "application/problem+json",
            shape: Problem.view.named)
    }

    static func nothing(_ status: Int, _ about: String) -> Self {
        Self(status: status, about: about, type: nil, shape: nil)
    }
}
