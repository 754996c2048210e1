extension Image {
    /// From a Dockerfile.
    package struct Build: Hashable, Sendable {
        package let context: Located<ArtifactName>
        /// The part of the context that the Dockerfile sees; all of it if nothing is said.
        package let folder: String?
        /// From the top of that folder.
        package let dockerfile: String
        package let target: String?
        package let arguments: [Run.Setting]
        package let secrets: [SecretName]
        package let platforms: [String]
        package let cacheFrom: [Template]
        package let cacheTo: Template?
        package let network: Network?

        var templates: [Template] {
            arguments.map(\.value) + cacheFrom + [cacheTo].compactMap(\.self)
        }

        /// Those that nothing but a build has.
        static let keys = [
            "folder", "dockerfile", "target", "args", "secrets", "platforms", "cache-from",
            "cache-to", "network",
        ]

        static func read(_ keys: inout Keys) -> Build? {
            let context = keys.optional(
                "context", ArtifactName.shape.located,
                about: "the source or artifact to build from")
            let folder = keys.optional(
                "folder", .path, about: "the part of the context that is built")
            let dockerfile = keys.optional(
                "dockerfile", .path, about: "the Dockerfile in that folder")
            let target = keys.optional("target", .string, about: "the stage of the Dockerfile")
            let arguments = keys.optional(
                "args", .dictionary(keys: .environmentName, values: .template),
                about: "build arguments")
            let secrets = keys.optional(
                "secrets", .oneOrMany(SecretName.shape.mentioned(as: .secret)),
                about: "secrets for the build")
            let platforms = keys.optional(
                "platforms", .oneOrMany(.platform), about: "what it is built for")
            let cacheFrom = keys.optional(
                "cache-from", .oneOrMany(.template), about: "images to take layers from")
            let cacheTo = keys.optional("cache-to", .template, about: "where layers are kept")
            let network = keys.optional(
                "network", Shape<Network>.word("network"), about: "what its commands can reach")
            guard let context else { return nil }
            return Build(
                context: context, folder: folder, dockerfile: dockerfile ?? "Dockerfile",
                target: target, arguments: (arguments ?? []).map { .init(name: $0.0, value: $0.1) },
                secrets: secrets ?? [], platforms: platforms ?? [], cacheFrom: cacheFrom ?? [],
                cacheTo: cacheTo, network: network)
        }
    }
}

extension Shape where Value == String {
    fileprivate static var platform: Shape {
        .text("a platform such as 'linux/amd64'") { text throws(Mistake) in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard 2...3 ~= parts.count, !parts.contains("") else {
                throw Mistake("'\(text)' is no platform", hint: "write one such as 'linux/amd64'")
            }
            return text
        }
    }
}
