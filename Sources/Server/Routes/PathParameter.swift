import Deployment
package import Engine
import People
package import Pipelines
import Webhooks

/// What can stand in a path in the place of a word.
package enum PathParameter: String, Hashable, Sendable, CaseIterable {
    case pipeline, number, stage, visit, job, attempt, approval, runner, token, secret, person,
        badge, source, forge, environment, instance

    var template: String { self == .badge ? "{badge}.svg" : "{\(rawValue)}" }

    var about: String {
        switch self {
        case .pipeline: "The name of a pipeline."
        case .number: "The number of an execution of this pipeline."
        case .stage: "The name of a stage."
        case .visit: "How often the execution had come to this stage: 1 the first time."
        case .job:
            "The name of an action; `@before-1` for the check of the first gate before, "
                + "`@after-traffic-NAME` for that hook of an action that deploys."
        case .attempt: "The number of the attempt at this action."
        case .approval: "The `id` that the list of approvals shows."
        case .runner: "The name of a runner."
        case .token: "The `id` that the list of tokens shows."
        case .secret: "The name of a secret."
        case .person: "The name of a person."
        case .badge: "The name of a pipeline."
        case .source: "The name that the settings give to what forges tell of."
        case .forge: "What kind of forge it is."
        case .environment: "The name of an environment."
        case .instance: "What an instance is called in its environment."
        }
    }

    var shape: JSONShape {
        let name = "^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$"
        return switch self {
        case .pipeline, .badge: .pattern(name, example: "shop")
        case .stage: .pattern(name, example: "build")
        case .runner: .pattern(name, example: "process")
        case .secret: .pattern(name, example: "registry-password")
        case .person: .pattern(name, example: "ada")
        case .source: .pattern(name, example: "shop")
        case .forge: .words(Forge.allCases.map(\.rawValue))
        case .environment: .pattern(name, example: "production")
        case .instance: .pattern("^i[0-9]{1,9}$", example: "i12")
        case .number, .visit, .attempt: .whole(1...Int(Int32.max))
        case .job:
            .pattern("^([A-Za-z0-9]|@(before|after|test)-)[A-Za-z0-9._@-]*$", example: "unit")
        case .approval: .pattern("^[A-Za-z0-9._@~-]+$", example: "shop~42~prod~1~@before-1")
        case .token: .pattern("^[0-9a-f]{12}$", example: "0123456789ab")
        }
    }
}

/// What a path has in it, each read into what it is.
package struct Parameters: Hashable, Sendable {
    package private(set) var pipeline: PipelineName?
    private(set) var number: Int?
    package private(set) var stage: StageName?
    private(set) var visit: Int?
    private(set) var job: Job?
    private(set) var attempt: Int?
    private(set) var approval: ApprovalID?
    private(set) var runner: RunnerName?
    private(set) var token: TokenID?
    private(set) var secret: SecretName?
    private(set) var person: PersonName?
    private(set) var source: SourceName?
    private(set) var forge: Forge?
    package private(set) var environment: EnvironmentName?
    private(set) var instance: InstanceID?

    init() {}

    /// False if there can be no such thing.
    mutating func take(_ text: String, as parameter: PathParameter) -> Bool {
        switch parameter {
        case .pipeline: set(\.pipeline, PipelineName(text))
        case .badge:
            set(\.pipeline, text.hasSuffix(".svg") ? PipelineName(String(text.dropLast(4))) : nil)
        case .number: set(\.number, Self.counted(text))
        case .stage: set(\.stage, StageName(text))
        case .visit: set(\.visit, Self.counted(text))
        case .job: set(\.job, Job(word: text))
        case .attempt: set(\.attempt, Self.counted(text))
        case .approval: setApproval(ApprovalID(address: text))
        case .runner: set(\.runner, RunnerName(text))
        case .token: set(\.token, TokenID(text))
        case .secret: set(\.secret, SecretName(text))
        case .person: set(\.person, PersonName(text))
        case .source: set(\.source, SourceName(text))
        case .forge: set(\.forge, Forge(rawValue: text))
        case .environment: set(\.environment, EnvironmentName(text))
        case .instance: set(\.instance, InstanceID(text))
        }
    }

    private mutating func set<Value>(
        _ path: WritableKeyPath<Self, Value?>, _ value: Value?
    ) -> Bool {
        self[keyPath: path] = value
        return value != nil
    }

    /// The pipeline that the environment in the path belongs to.
    mutating func own(_ owner: PipelineName?) { pipeline = owner }

    /// An approval's address says which pipeline and stage it belongs to.
    private mutating func setApproval(_ id: ApprovalID?) -> Bool {
        approval = id
        pipeline = id?.visit.execution.pipeline
        stage = id?.visit.stage
        return id != nil
    }

    /// Written in one way only, so that a thing has one address.
    static func counted(_ text: String) -> Int? {
        guard let number = Int(text), 1...Int(Int32.max) ~= number, String(number) == text else {
            return nil
        }
        return number
    }
}

// How approvals are written where only letters of a path may stand.
extension ApprovalID {
    package init?(address text: String) {
        let parts = text.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 || parts.count == 6, let pipeline = PipelineName(parts[0]),
            let number = Parameters.counted(parts[1]), let stage = StageName(parts[2]),
            let count = Parameters.counted(parts[3]), let job = Job(word: parts[4])
        else { return nil }
        let visit = Visit(ExecutionID(pipeline, number), stage, count)
        switch job {
        case .check(let side, let index) where parts.count == 5:
            self = .gate(GateID(visit, side, index))
        case .action where parts.count == 6:
            guard let attempt = Parameters.counted(parts[5]) else { return nil }
            self = .attempt(AttemptID(visit, job, attempt))
        default: return nil
        }
    }

    package var address: String {
        let start = "\(visit.execution.pipeline)~\(visit.execution.number)~\(visit.stage)"
        switch self {
        case .gate(let gate):
            return "\(start)~\(visit.number)~\(Job.check(gate.side, gate.index).word)"
        case .attempt(let attempt):
            return "\(start)~\(visit.number)~\(attempt.job.word)~\(attempt.number)"
        }
    }
}

extension ApprovalID {
    /// As the record's own tables write it: `shop/42/prod:1 before gate 1`, `shop/42/prod:1/ask#1`.
    init?(written text: String) {
        let words = text.split(separator: " ").map(String.init)
        let parts = (words.first ?? "").split(separator: "/").map(String.init)
        guard 3...4 ~= parts.count, let colon = parts[2].lastIndex(of: ":") else { return nil }
        let visit = "\(parts[2][..<colon])~\(parts[2][parts[2].index(after: colon)...])"
        let start = "\(parts[0])~\(parts[1])~\(visit)"
        if parts.count == 3, words.count == 4 {
            self.init(address: "\(start)~@\(words[1])-\(words[3])")
        } else {
            guard parts.count == 4, let hash = parts[3].lastIndex(of: "#") else { return nil }
            let number = parts[3][parts[3].index(after: hash)...]
            self.init(address: "\(start)~\(parts[3][..<hash])~\(number)")
        }
    }
}
