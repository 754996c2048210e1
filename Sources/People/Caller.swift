package import Pipelines

package enum PersonSubject: Named { package static let word = "person" }

/// The name that somebody is known by for good; a program that asks has one as well.
package typealias PersonName = Name<PersonSubject>

/// Whoever asks for something, after they have shown who they are.
package struct Caller: Hashable, Sendable {
    package let name: PersonName
    package let grants: [Grant]
    /// What they showed.
    package let token: TokenID

    package init(_ name: PersonName, grants: [Grant], token: TokenID) {
        self.name = name
        self.grants = grants
        self.token = token
    }

    /// Whether they may do something to a pipeline that reaches these environments; without a
    /// pipeline, to the house as a whole.
    package func may(
        _ permission: Permission, on pipeline: PipelineName?,
        reaching environments: [EnvironmentName] = []
    ) -> Bool {
        grants.contains { $0.covers(permission, on: pipeline, reaching: environments) }
    }

    /// Whether there may be anything that they may do this to. A list is for whoever may look at
    /// some of it, and shows them that.
    package func maySomewhere(_ permission: Permission) -> Bool {
        grants.contains { $0.role >= permission.role }
    }

    /// The roles that they hold in a pipeline at these environments, as a gate can name them. Who
    /// holds one holds all below it.
    package func roles(
        on pipeline: PipelineName, reaching environments: [EnvironmentName] = []
    ) -> [String] {
        Role.allCases.filter { role in
            grants.contains { grant in
                grant.role >= role && grant.pipelines.admit(pipeline.description)
                    && environments.allSatisfy { grant.environments.admit($0.description) }
            }
        }.flatMap(\.words)
    }
}
