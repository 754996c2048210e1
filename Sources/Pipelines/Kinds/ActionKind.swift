/// One kind of work an action can do; the key that says so in YAML is the kind's `key`.
///
/// To add a kind: a file in this folder with a type that conforms, and its name in
/// `ActionKinds.all`. The reader, the schema, the help and the plan all learn of it from there.
package protocol ActionKind: Sendable {
    static var key: String { get }
    static var about: String { get }

    /// Keys of other kinds that mean something else beside this one's, where they hold a text.
    static var companions: Set<String> { get }

    /// Reads the kind's own key and those that belong beside it; nothing if a mistake was noted.
    static func read(_ keys: inout Keys) -> Self?

    /// What has to be at hand before an attempt can start.
    var needs: Needs { get }
    /// Artifacts it reads, in the order written, and those that it makes.
    var inputs: [Located<ArtifactName>] { get }
    var outputs: [Located<ArtifactName>] { get }
    /// The variables it sets, for `#{NAMESPACE.name}` further on.
    var exports: [VariableName] { get }
    /// The secrets that it is given.
    var secretNames: [SecretName] { get }
    /// What it may use at most.
    var limits: Limits { get }
    /// Every text in which `#{…}` is replaced before an attempt starts.
    var templates: [Template] { get }
    /// Retry where the author says nothing.
    var standardRetry: RetryPolicy { get }
    /// One line for `slipway plan`.
    var summary: String { get }
}

extension ActionKind {
    package static var companions: Set<String> { [] }
    package var inputs: [Located<ArtifactName>] { [] }
    package var outputs: [Located<ArtifactName>] { [] }
    package var exports: [VariableName] { [] }
    package var secretNames: [SecretName] { [] }
    package var limits: Limits { .none }
    package var templates: [Template] { [] }
    package var standardRetry: RetryPolicy { .standard }
}

/// What an action needs before it can start; the engine arranges it and knows nothing else of a
/// kind.
package enum Needs: Sendable, Hashable {
    /// A free place on a runner and, for what changes an environment, the environment's lock.
    case runner(RunnerName, environment: EnvironmentName?)
    /// The word of somebody who is entitled to give it.
    case people(ApprovalRule)
}
