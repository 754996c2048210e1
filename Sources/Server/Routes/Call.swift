package import Engine
package import HTTP
import JSON
package import People
import Pipelines

/// A request that may be answered, with all that its handler may look at.
package struct Call: Sendable {
    static let standardPage = 50
    static let longestPage = 200

    package let request: Request
    let parameters: Parameters
    /// Nothing where anybody may ask and nobody said who they are.
    package let caller: Caller?
    package let state: EngineState
    package let now: Moment
    let house: Surroundings
    let clerks: Clerks
}

// What a path names.
extension Call {
    /// The route has it in its path, or this is our own mistake.
    func path<Value>(_ part: KeyPath<Parameters, Value?>) throws(Problem) -> Value {
        guard let value = parameters[keyPath: part] else {
            throw .defect("a part of the path was not read")
        }
        return value
    }

    func pipeline() throws(Problem) -> PipelineState {
        let name = try path(\.pipeline)
        guard let pipeline = state.pipelines[name] else { throw .missing("pipeline '\(name)'") }
        return pipeline
    }

    func executionID() throws(Problem) -> ExecutionID {
        ExecutionID(try path(\.pipeline), try path(\.number))
    }

    func attemptID() throws(Problem) -> AttemptID {
        let visit = Visit(try executionID(), try path(\.stage), try path(\.visit))
        return AttemptID(visit, try path(\.job), try path(\.attempt))
    }

    func mayLook(at pipeline: PipelineName?) -> Bool {
        guard let pipeline else { return caller?.maySomewhere(.look) ?? false }
        return caller?.may(.look, on: pipeline) ?? false
    }

    /// As the record names them, with the roles that they hold there at this moment.
    func person(at stage: StageName? = nil) -> Who {
        guard let caller else { return .person(Person("nobody")) }
        return .person(state.person(caller, at: stage, of: parameters.pipeline))
    }
}

// What a query asks.
extension Call {
    func query(_ name: String) throws(Problem) -> String? {
        let values = request.query.filter { $0.name == name }
        guard values.count <= 1 else {
            throw Problem(400, "query", "'\(name)' is there twice", hint: "give it once")
        }
        return values.first?.value
    }

    func whole(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = try query(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                400, "query", "'\(name)' is no number that can be used here",
                hint: "give a whole number of \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func truth(_ name: String) throws(Problem) -> Bool {
        switch try query(name) {
        case nil, "false": return false
        case "true", "": return true
        default:
            throw Problem(
                400, "query", "'\(name)' is no yes or no", hint: "write 'true' or 'false'")
        }
    }

    func limit() throws(Problem) -> Int {
        try whole("limit", 1...Self.longestPage) ?? Self.standardPage
    }

    /// What a cursor says; whoever makes one up is told so.
    func cursor<Value>(_ read: (String) -> Value?) throws(Problem) -> Value? {
        guard let text = try query("after") else { return nil }
        guard let value = read(text) else {
            throw Problem(
                400, "query", "'after' is no cursor of this list",
                hint: "give what the part before told as 'next'")
        }
        return value
    }
}

// What comes with it.
extension Call {
    /// A JSON object, read by the shape that also describes it.
    func body<Value>(_ shape: BodyShape<Value>) throws(Problem) -> Value {
        guard !request.body.isEmpty || shape.isRequired else { return try shape.read([]) }
        let json: JSON
        do throws(JSONMistake) {
            json = try JSON(parsing: request.body)
        } catch {
            throw Problem(
                400, "body", "the body is no JSON: \(error)", hint: "send one JSON object")
        }
        guard case .object(let members) = json else {
            throw Problem(400, "body", "the body is no JSON object", hint: "send '{…}'")
        }
        return try shape.read(members)
    }
}

/// How the JSON object of a request is read, and described.
struct BodyShape<Value>: Sendable {
    static var maximumBytes: Int { 64 << 10 }

    let name: String
    let about: String
    /// Whether it may be left out where all of its members may.
    let isRequired: Bool
    private let members: @Sendable (inout Members) -> Value?

    init(
        _ name: String, _ about: String, isRequired: Bool = true,
        _ members: @escaping @Sendable (inout Members) -> Value?
    ) {
        self.name = name
        self.about = about
        self.isRequired = isRequired
        self.members = members
    }

    func read(_ given: [JSON.Member]) throws(Problem) -> Value {
        var members = Members(given)
        let value = self.members(&members)
        members.refuseUnknown()
        guard let value, members.mistakes.isEmpty else {
            throw Problem(
                422, "body", members.mistakes.prefix(10).joined(separator: "; "),
                hint: "'/api/v1/openapi.json' describes it as '\(name)'")
        }
        return value
    }

    var form: BodyForm {
        var members = Members(nil)
        _ = self.members(&members)
        return BodyForm(
            types: ["application/json"], shape: members.shape(about), name: name,
            isRequired: isRequired, maximumBytes: Self.maximumBytes)
    }
}
