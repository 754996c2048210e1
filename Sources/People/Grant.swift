package import Pipelines

/// A role, and where it is held.
package struct Grant: Hashable, Sendable, Codable, CustomStringConvertible {
    package let role: Role
    /// Patterns over the names of pipelines; all of them, and the house itself, if there are none.
    package let pipelines: [Glob]
    /// Patterns over the names of environments; all of them if there are none.
    package let environments: [Glob]

    package init(_ role: Role, pipelines: [Glob] = [], environments: [Glob] = []) {
        self.role = role
        self.pipelines = pipelines
        self.environments = environments
    }

    /// It is held everywhere, so it is one over the house itself too.
    package var isUnlimited: Bool { pipelines.isEmpty && environments.isEmpty }

    /// Whether something may be done to a pipeline, or to the house as a whole, that reaches these
    /// environments.
    ///
    /// Whoever is limited to some environments may look at all that their pipelines do, and may
    /// start them: what goes on from there is stopped by gates. A release is more than that, so it
    /// has to reach an environment, and only such as are theirs.
    package func covers(
        _ permission: Permission, on pipeline: PipelineName?,
        reaching reached: [EnvironmentName] = []
    ) -> Bool {
        guard role >= permission.role else { return false }
        guard let pipeline else { return isUnlimited }
        guard pipelines.admit(pipeline.description) else { return false }
        guard !environments.isEmpty, permission != .look else { return true }
        let isRelease = permission > .run
        return (!isRelease || !reached.isEmpty)
            && reached.allSatisfy { environments.admit($0.description) }
    }

    package var description: String {
        var text = role.rawValue
        if !pipelines.isEmpty { text += " of " + Self.list(pipelines) }
        if !environments.isEmpty { text += " in " + Self.list(environments) }
        return text
    }

    private static func list(_ globs: [Glob]) -> String {
        globs.map(\.text).joined(separator: ", ")
    }
}
