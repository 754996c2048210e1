package import Images
package import Threads

/// An image that is to be pushed, of which some may still be in the making: what is ready can be
/// sent meanwhile.
package final class ImageSupply: Sendable {
    private let parts: [ImageArchive.Content]
    private let workshop: LayerWorkshop?
    private let first: [ImageBlob]
    /// Blobs that there may be, as far as that is known before they are made.
    package let expected: Set<Digest>

    init(
        _ parts: [ImageArchive.Content], _ workshop: LayerWorkshop? = nil,
        remembered: [Descriptor] = []
    ) {
        self.parts = parts
        self.workshop = workshop
        var seen: Set<Digest> = []
        let blobs = parts.flatMap { part in
            switch part {
            case .made(let image): image.blobs.map(image.blob)
            case .saved(let archive): [archive.config]
            }
        }
        // The largest first, so that none is left alone at the end.
        first = blobs.filter { seen.insert($0.descriptor.digest).inserted }
            .sorted { $0.descriptor.size > $1.descriptor.size }
        expected = Set(first.map(\.descriptor.digest) + remembered.map(\.digest))
    }

    /// Rung when there is something new; nothing where all is ready from the beginning.
    package var bell: Bell? { workshop?.bell }

    /// How many blobs there will be, besides those that the registry has.
    package var count: Int { first.count + (workshop?.count ?? 0) }

    /// What there is from the beginning.
    package var ready: [ImageBlob] { first }

    /// What has become ready since this was asked last; nothing once there will be no more.
    package func next() throws(ArchiveProblem) -> [ImageBlob]? { try workshop?.next() }

    /// All of it, as soon as it is made.
    package func whole() throws(ArchiveProblem) -> ImageContents {
        let layers = try workshop?.all() ?? [:]
        let isIndexed = parts.count > 1
        let images = parts.map { part in
            switch part {
            case .made(let image): image
            case .saved(let archive): archive.image(of: layers, in: isIndexed ? .oci : .docker)
            }
        }
        guard !isIndexed, let only = images.first else { return try ImageContents(joining: images) }
        return only
    }
}
