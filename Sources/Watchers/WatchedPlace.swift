package import Git
package import Pipelines

/// What is looked at once, however many sources come from there.
package enum WatchedPlace: Hashable, Sendable, CustomStringConvertible {
    case git(RemoteAddress)
    case image(ImageOrigin)

    init(_ source: Source) throws(GitError) {
        switch source.origin {
        case .git(let git): self = .git(try RemoteAddress(parsing: git.address))
        case .image(let image): self = .image(image)
        }
    }

    /// One for all that mean the same place.
    package var description: String {
        switch self {
        case .git(let address): "\(address)"
        case .image(let image): "\(image)"
        }
    }

    /// The folder of this machine that it is.
    var folder: String? {
        if case .git(let address) = self, address.way == .folder { address.path } else { nil }
    }

    var isImage: Bool { if case .image = self { true } else { false } }
}
