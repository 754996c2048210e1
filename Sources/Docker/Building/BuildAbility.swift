/// Whether an Engine can build images as they are built here: with BuildKit, over its socket.
package enum BuildAbility {
    /// The first version of the Engine's interface behind which BuildKit, as it is, has secrets.
    private static let api = "1.41"

    /// Why it cannot, and what to do; nothing where it can.
    package static func problem(with engine: EngineVersion) -> BuildProblem? {
        if let other = engine.components.first(where: { $0.lowercased().contains("podman") }) {
            return .unfit(
                "the \(other) has no BuildKit", hint: "build with buildah, or use a Docker Engine")
        }
        guard engine.system == "linux" else {
            return .unfit(
                "the Docker Engine builds images for '\(BuildText.visible(engine.system))' without "
                    + "BuildKit", hint: "use a Docker Engine on Linux")
        }
        guard !isOlder(engine.api, than: api) else {
            return .unfit(
                "the Docker Engine \(BuildText.visible(engine.version)) is too old to build images "
                    + "with BuildKit as it is asked here",
                hint: "use version 20.10 or a newer one: apt-get install docker.io")
        }
        return nil
    }

    private static func isOlder(_ version: String, than other: String) -> Bool {
        let numbers = [version, other].map { $0.split(separator: ".").map { Int($0) ?? 0 } }
        return numbers[0].lexicographicallyPrecedes(numbers[1])
    }
}
