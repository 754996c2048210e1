import Images
package import Threads

/// An image that is to be pushed, of which some may still be in the making: what is ready can be
/// sent meanwhile.
package final class ImageSupply: Sendable {
    private enum Origin: Sendable {
        case made(ImageContents)
        case saved(SavedArchive, LayerWorkshop)
    }

    private let origin: Origin
    private let first: [ImageBlob]

    package init(_ image: ImageContents) {
        origin = .made(image)
        // The largest first, so that none is left alone at the end.
        first = image.blobs.sorted { $0.size > $1.size }.map(image.blob)
    }

    init(_ archive: SavedArchive, _ workshop: LayerWorkshop) {
        origin = .saved(archive, workshop)
        first = [archive.config]
    }

    /// Rung when there is something new; nothing where all is ready from the beginning.
    package var bell: Bell? {
        if case .saved(_, let workshop) = origin { workshop.bell } else { nil }
    }

    /// How many blobs there will be, besides those that the registry has.
    package var count: Int {
        guard case .saved(_, let workshop) = origin else { return first.count }
        return first.count + workshop.count
    }

    /// What there is from the beginning.
    package var ready: [ImageBlob] { first }

    /// What has become ready since this was asked last; nothing once there will be no more.
    package func next() throws(ArchiveProblem) -> [ImageBlob]? {
        guard case .saved(_, let workshop) = origin else { return nil }
        return try workshop.next()
    }

    /// All of it, as soon as it is made.
    package func whole() throws(ArchiveProblem) -> ImageContents {
        switch origin {
        case .made(let image): image
        case .saved(let archive, let workshop): try archive.image(of: workshop.all())
        }
    }
}
