import Engine
package import Pipelines
import Zones

/// What is to become of an image, texts filled in: where it comes from, what it is called, and
/// where it goes. How its registry is reached is for the runner to know.
package struct ImageOrder: Hashable, Sendable {
    /// Where in the workspace lies what it tells to those who come after.
    static let outputFolder = "image"

    package enum Content: Hashable, Sendable {
        case build(Build)
        /// A file or folder in the first input; all of it if nothing is said.
        case archive(path: String?)
    }

    package struct Build: Hashable, Sendable {
        package let folder: String?
        package let dockerfile: String
        package let target: String?
        package let arguments: [Setting]
        package let platforms: [String]
        package let cacheFrom: [String]
        package let cacheTo: String?
    }

    package struct Setting: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    package let content: Content
    package let labels: [Setting]
    package let repository: String
    package let tags: [String]
    package let container: String?
    package let failOn: Image.Severity?
    /// When what it is made of was committed, in seconds since 1970: the time that it bears, so
    /// that the same commit gives the same image.
    package let committedAt: Int?
    /// The line of development that it is of.
    package let line: String
}

extension ImageOrder {
    init(
        _ image: Image, of revision: Revision?, from address: String?, for line: String,
        _ fill: (Template) -> String
    ) {
        self.line = line
        content =
            switch image.content {
            case .archive(_, let path): .archive(path: path)
            case .build(let build): .build(Build(build, fill))
            }
        // The author's own words come last, and count.
        let own = image.labels.map { Setting(name: $0.name, value: fill($0.value)) }
        let known = Self.labels(of: revision, from: address).filter { label in
            !own.contains { $0.name == label.name }
        }
        labels = known + own
        repository = fill(image.repository)
        tags = image.tags.map(fill)
        container = image.container
        failOn = image.failOn
        committedAt = revision?.committedAt
    }

    /// In the words of the OCI's image format.
    private static func labels(of revision: Revision?, from address: String?) -> [Setting] {
        guard let revision else { return [] }
        let created = revision.committedAt.map { Timestamp.text(milliseconds: Int64($0) * 1_000) }
        // A path on this machine tells nobody else where it is from.
        let source = address.flatMap { $0.contains("://") || $0.contains("@") ? $0 : nil }
        return [("revision", revision.commit), ("source", source), ("created", created)]
            .compactMap { word, value in
                value.map { Setting(name: "org.opencontainers.image.\(word)", value: $0) }
            }
    }
}

extension ImageOrder.Build {
    fileprivate init(_ build: Image.Build, _ fill: (Template) -> String) {
        folder = build.folder
        dockerfile = build.dockerfile
        target = build.target
        arguments = build.arguments.map { .init(name: $0.name, value: fill($0.value)) }
        platforms = build.platforms
        cacheFrom = build.cacheFrom.map(fill)
        cacheTo = build.cacheTo.map(fill)
    }
}
