/// An image that is built, or taken from an archive, and pushed to a registry.
package struct Image: ActionKind {
    package static let key = "image"
    package static let about = "builds an image and pushes it to a registry"

    package let context: Located<ArtifactName>?
    package let dockerfile: String
    package let target: String?
    package let arguments: [Run.Setting]
    package let secrets: [SecretName]
    package var secretNames: [SecretName] { secrets }
    package let labels: [(String, Template)]
    package let platforms: [String]
    package let cacheFrom: [Template]
    package let cacheTo: Template?
    package let archive: Located<ArtifactName>?
    package let repository: Template
    package let tags: [Template]
    package let builder: Builder

    package enum Builder: String, Sendable, CaseIterable {
        case auto, docker, buildah
    }

    package var inputs: [Located<ArtifactName>] { [context, archive].compactMap(\.self) }
    package var exports: [VariableName] { ["digest", "uri", "tags"].compactMap(VariableName.init) }
    package var needs: Needs {
        .runner(Run.standardRunner, environment: nil)
    }
    package var templates: [Template] {
        [repository] + tags + arguments.map(\.value) + labels.map(\.1) + cacheFrom
            + [cacheTo].compactMap(\.self)
    }
    package var summary: String { "push to \(repository.text)" }

    package static func read(_ keys: inout Keys) -> Image? {
        keys.required(key, shape, about: about)
    }
}

extension Image {
    fileprivate static let shape = Shape<Image>.mapping(about: "an image and where it goes") {
        keys in
        let artifact = ArtifactName.shape.located
        let context = keys.optional(
            "context", artifact, about: "the source or artifact to build from")
        let archive = keys.optional(
            "archive", artifact, about: "an OCI layout or docker archive to push as it is")
        let dockerfile = keys.optional("dockerfile", .path, about: "the Dockerfile in the context")
        let target = keys.optional("target", .string, about: "the stage of the Dockerfile")
        let arguments = keys.optional(
            "args", .dictionary(keys: .environmentName, values: .template), about: "build arguments"
        )
        let secrets = keys.optional(
            "secrets", .oneOrMany(SecretName.shape.mentioned(as: .secret)),
            about: "secrets for the build")
        let labels = keys.optional(
            "labels", .dictionary(keys: .string, values: .template), about: "labels of the image")
        let platforms = keys.optional(
            "platforms", .oneOrMany(.platform), about: "what it is built for")
        let cacheFrom = keys.optional(
            "cache-from", .oneOrMany(.template), about: "images to take layers from")
        let cacheTo = keys.optional("cache-to", .template, about: "where layers are kept")
        let repository = keys.required("repository", .template, about: "where it is pushed")
        let tags = keys.optional("tags", .oneOrMany(.template), about: "what it is called there")
        let builder = keys.optional(
            "builder", Shape<Builder>.word("builder"), about: "what builds it")
        if !keys.isDescribing, (context == nil) == (archive == nil),
            keys.has("context") == keys.has("archive")
        {
            keys.findings.error(
                at: keys.place, "an image comes from either a 'context' or an 'archive'",
                hint: "name the source to build from as 'context', or a finished image as 'archive'"
            )
        }
        guard let repository else { return nil }
        return Image(
            context: context, dockerfile: dockerfile ?? "Dockerfile", target: target,
            arguments: (arguments ?? []).map { .init(name: $0.0, value: $0.1) },
            secrets: secrets ?? [], labels: labels ?? [], platforms: platforms ?? [],
            cacheFrom: cacheFrom ?? [], cacheTo: cacheTo, archive: archive, repository: repository,
            tags: tags ?? [], builder: builder ?? .auto)
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
