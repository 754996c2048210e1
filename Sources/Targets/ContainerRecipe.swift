package import Attempts
package import Deployment
package import Instances
package import Pipelines

/// Instances of images, each in a container of a Docker Engine of this machine.
package struct ContainerRecipe: Recipe {
    /// How the registry of an image is reached, and what is handed over for that.
    package typealias Way = (String) throws -> (RegistrySpec, [HandedSecret])

    private let profile: RunnerProfile
    private let engine: DockerProfile
    private let house: String
    private let way: Way
    private let secret: (SecretName) -> [UInt8]?

    /// Nothing if the profile is not that of a Docker Engine. `house` is its folder, by which it
    /// finds what is its own there.
    package init?(
        _ profile: RunnerProfile, house: String, way: @escaping Way,
        secret: @escaping (SecretName) -> [UInt8]?
    ) {
        guard let engine = profile.kind.docker else { return nil }
        self.profile = profile
        self.engine = engine
        self.house = house
        self.way = way
        self.secret = secret
    }

    package func makes(_ release: Release) -> Bool { release.image != nil }

    package func spec(
        _ name: InstanceName, _ work: Workload, of release: Release
    ) throws -> InstanceSpec {
        guard let image = release.image else { throw Unlaunchable("this is no image") }
        var spec = InstanceSpec(name, command: work.script)
        var container = ContainerSpec(
            socket: engine.socket, image: try allowed(image),
            // What a digest names does not change, so there is nothing to look for anew.
            pull: engine.pull == .never ? .never : .missing, house: house)
        if let at = image.firstIndex(of: "@") {
            let (registry, handed) = try way(String(image[..<at]))
            container.registry = registry
            spec.access = handed
        }
        spec.container = container
        spec.secrets = try work.handed(secret)
        try spec.allow(work, profile)
        return spec
    }

    private func allowed(_ image: String) throws -> String {
        do throws(RunnerRefusal) {
            if image.contains("@") { return try engine.image(asked: image, of: profile.name) }
            try engine.check(image, of: profile.name)
            return image
        } catch {
            throw Unlaunchable(error.description)
        }
    }
}
