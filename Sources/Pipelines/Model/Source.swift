package import Images
import YAML

/// Where revisions come from.
package struct Source: Sendable, Hashable {
    package let written: Located<SourceName>
    package let origin: Origin

    package enum Origin: Sendable, Hashable {
        case git(GitOrigin)
        case image(ImageOrigin)
    }

    package init(name: Located<SourceName>, _ origin: Origin) {
        written = name
        self.origin = origin
    }
}

extension Source {
    package var name: SourceName { written.value }

    package var git: GitOrigin? { if case .git(let git) = origin { git } else { nil } }

    package var image: ImageOrigin? { if case .image(let image) = origin { image } else { nil } }

    /// Where it is, as the definition has it.
    package var address: String {
        switch origin {
        case .git(let git): git.address
        case .image(let image): image.description
        }
    }
}

/// Revisions are commits of a repository.
package struct GitOrigin: Sendable, Hashable {
    /// The address as git takes it, or a path on this machine.
    package let address: String
    package let branches: [Glob]
    package let tags: [Glob]
    /// A push counts only if it changes a file that these let through; empty if any file will do.
    package let paths: [Glob]
    /// The secret that opens it.
    package let credential: SecretName?

    package init(
        _ address: String, branches: [Glob] = [], tags: [Glob] = [], paths: [Glob] = [],
        credential: SecretName? = nil
    ) {
        self.address = address
        self.branches = branches
        self.tags = tags
        self.paths = paths
        self.credential = credential
    }
}

/// Revisions are what a tag in a registry stands for. Who opens the registry is its profile's word.
package struct ImageOrigin: Sendable, Hashable, CustomStringConvertible {
    package let repository: Repository
    package let tag: Tag

    package init(_ repository: Repository, _ tag: Tag) {
        self.repository = repository
        self.tag = tag
    }

    package var description: String { "\(repository):\(tag)" }
}
