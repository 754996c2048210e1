import Images
import Tar

/// An OCI layout: blobs by their digests, and an index of what they are.
struct ImageLayout {
    private static let deepest = 4
    /// Of all manifests together, because they are held.
    private static let mostManifestBytes = 16 << 20

    private let files: ArchiveFiles

    init(_ files: ArchiveFiles) { self.files = files }

    func image(named name: String?) throws -> ImageContents {
        let bytes = try files.place("index.json").bytes(atMost: Manifest.longest)
        guard case .index(let index) = try Manifest(parsing: bytes, as: .ociIndex) else {
            throw ArchiveProblem("'index.json' is no index", hint: "make the layout anew")
        }
        var gathering = Gathering()
        let chosen = try index.chosen(name)
        try gather(chosen, into: &gathering, depth: 0)
        let root = gathering.documents.removeLast()
        let files = files
        return ImageContents(root: root, below: gathering.documents, blobs: gathering.blobs) {
            try files.place("blobs/sha256/\($0.hex)")
        }
    }

    private struct Gathering {
        var documents: [ImageContents.Document] = []
        var blobs: [Descriptor] = []
        var seen: Set<Digest> = []
        var size = 0
    }

    private func gather(
        _ descriptor: Descriptor, into gathering: inout Gathering, depth: Int
    ) throws {
        guard gathering.seen.insert(descriptor.digest).inserted else { return }
        let bytes = try document(descriptor)
        gathering.size += bytes.count
        guard depth < Self.deepest, gathering.size <= Self.mostManifestBytes else {
            throw ArchiveProblem(
                "the layout's manifests lie too deep or are too many",
                hint: "at most \(Self.deepest) levels and \(Self.mostManifestBytes) bytes are read")
        }
        let manifest = try Manifest(parsing: bytes, as: descriptor.mediaType)
        switch manifest {
        case .index(let index):
            for inner in index.manifests {
                try gather(inner, into: &gathering, depth: depth + 1)
            }
        case .image(let image):
            for blob in [image.config] + image.layers
            where !isElsewhere(blob) && gathering.seen.insert(blob.digest).inserted {
                gathering.blobs.append(blob)
            }
        }
        gathering.documents.append(.init(bytes, manifest.mediaType))
    }

    private func isElsewhere(_ blob: Descriptor) -> Bool {
        (blob.mediaType.isForeign || blob.hasAddresses)
            && !files.has("blobs/sha256/\(blob.digest.hex)")
    }

    private func document(_ descriptor: Descriptor) throws -> [UInt8] {
        let place = try files.place("blobs/sha256/\(descriptor.digest.hex)")
        let bytes = try place.bytes(atMost: Manifest.longest)
        let digest = Digest(of: bytes)
        guard digest == descriptor.digest, bytes.count == descriptor.size else {
            throw ArchiveProblem(
                "manifest \(descriptor.digest) has other content: \(digest), \(bytes.count) bytes",
                hint: "make the layout anew; it is damaged")
        }
        return bytes
    }
}
