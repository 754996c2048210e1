/// An image that is built, or taken from an archive, and pushed to a registry.
package struct Image: ActionKind {
    package static let key = "image"
    package static let about = "builds an image and pushes it to a registry"

    package let content: Content
    package let labels: [Label]
    package let repository: Template
    package let tags: [Template]
    /// What the image is called in `imagedefinitions.json`; by its repository if nothing is said.
    package let container: String?
    /// The artifact with `imageDetail.json` and `imagedefinitions.json`.
    package let output: Located<ArtifactName>?
    /// Findings of the registry's scan from here on make the action fail.
    package let failOn: Severity?
    package let limits: Limits
    package let runner: RunnerName

    /// Where it comes from.
    package enum Content: Hashable, Sendable {
        case build(Build)
        /// An OCI layout or what `docker save` writes, pushed as it is: a file or folder in an
        /// artifact.
        case archive(Located<ArtifactName>, path: String?)
    }

    package struct Label: Hashable, Sendable {
        package let name: String
        package let value: Template
    }

    /// How bad a finding is, the worst last.
    package enum Severity: String, Sendable, CaseIterable {
        case informational, low, medium, high, critical
    }

    package var inputs: [Located<ArtifactName>] {
        switch content {
        case .build(let build): [build.context]
        case .archive(let name, _): [name]
        }
    }
    package var outputs: [Located<ArtifactName>] { [output].compactMap(\.self) }
    package var exports: [VariableName] { ["digest", "uri", "tags"].compactMap(VariableName.init) }
    package var needs: Needs { .runner(runner, environment: nil) }
    package var secretNames: [SecretName] {
        if case .build(let build) = content { build.secrets } else { [] }
    }
    package var templates: [Template] {
        var templates = [repository] + tags + labels.map(\.value)
        if case .build(let build) = content { templates += build.templates }
        return templates
    }
    package var summary: String { "push to \(repository.text)" }

    package static func read(_ keys: inout Keys) -> Image? {
        keys.required(key, shape, about: about)
    }
}

extension Image {
    fileprivate static let shape = Shape<Image>.mapping(about: "an image and where it goes") {
        keys in
        let content = Content.read(&keys)
        let labels = keys.optional(
            "labels", .dictionary(keys: .string, values: .template), about: "labels of the image")
        let repository = keys.required("repository", .template, about: "where it is pushed")
        let tags = keys.optional("tags", .oneOrMany(.template), about: "what it is called there")
        let container = keys.optional(
            "container", .string, about: "what 'imagedefinitions.json' calls it")
        let output = keys.optional(
            "output", ArtifactName.shape.located,
            about: "the artifact with 'imageDetail.json' and 'imagedefinitions.json'")
        let failOn = keys.optional(
            "fail-on", Shape<Severity>.word("severity"),
            about: "the registry's scan finds something as bad as this: the action fails")
        let limits = keys.optional("limits", Limits.shape, about: "what it may use at most")
        let runner = keys.optional(
            "runner", RunnerName.shape.mentioned(as: .runner), about: "where it is built")
        guard let repository, let content else { return nil }
        return Image(
            content: content, labels: (labels ?? []).map { Label(name: $0.0, value: $0.1) },
            repository: repository, tags: tags ?? [], container: container, output: output,
            failOn: failOn, limits: limits ?? .none,
            runner: runner ?? content.standardRunner)
    }
}

extension Image.Content {
    /// An engine is needed to build, and for nothing else.
    fileprivate var standardRunner: RunnerName {
        if case .build = self { .docker } else { Run.standardRunner }
    }

    fileprivate static func read(_ keys: inout Keys) -> Image.Content? {
        let archive = keys.optional(
            "archive", ArtifactName.shape.located,
            about: "the artifact with an OCI layout or docker archive to push as it is")
        let path = keys.optional(
            "path", .path, about: "the file or folder in the archive's artifact")
        let build = Image.Build.read(&keys)
        if !keys.isDescribing, keys.has("context") == keys.has("archive") {
            keys.findings.error(
                at: keys.place, "an image comes from either a 'context' or an 'archive'",
                hint: "name the source to build from as 'context', or a finished image as 'archive'"
            )
        } else if keys.has("archive") {
            for key in Image.Build.keys where keys.has(key) {
                keys.findings.error(
                    at: keys.keyPlace(of: key), "an image that is there already has no '\(key)'",
                    hint: "remove it, or build the image from a 'context'")
            }
        } else if keys.has("path") {
            keys.findings.error(
                at: keys.keyPlace(of: "path"), "only an 'archive' has a 'path'",
                hint: "say 'folder' for the part of the context that is built")
        }
        return build.map { .build($0) } ?? archive.map { .archive($0, path: path) }
    }
}
