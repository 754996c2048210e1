package import Deployment
package import Instances
package import Pipelines

/// Instances of artifacts, each in a sandbox like an action's.
package struct SandboxRecipe: Recipe {
    private let profile: RunnerProfile
    private let tree: (String) throws -> String
    private let secret: (SecretName) -> [UInt8]?

    /// `profile` is the machine's own: what actions get and may ask for there holds for instances.
    /// `tree` is where the files of an artifact lie, by its digest.
    package init(
        _ profile: RunnerProfile, tree: @escaping (String) throws -> String,
        secret: @escaping (SecretName) -> [UInt8]?
    ) {
        self.profile = profile
        self.tree = tree
        self.secret = secret
    }

    package func makes(_ release: Release) -> Bool { release.image == nil }

    package func spec(
        _ name: InstanceName, _ work: Workload, of release: Release
    ) throws -> InstanceSpec {
        guard let script = work.script else {
            throw Unlaunchable(
                "nothing says what to run: an artifact has no program of its own; add 'run' to "
                    + "the service")
        }
        var spec = InstanceSpec(name, command: script)
        spec.tree = try tree(release.version)
        spec.secrets = try work.handed(secret)
        try spec.allow(work, profile)
        return spec
    }
}
