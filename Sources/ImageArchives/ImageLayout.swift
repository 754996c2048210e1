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
        let telling = try telling(in: index)
        let tellers = Set(telling.map(\.descriptor.digest))
        // What tells about nothing that is here is an image for whoever made the layout.
        let choice = try index.chosen(
            name, besides: tellers.count < Set(index.manifests.map(\.digest)).count ? tellers : [])
        var gathering = Gathering()
        let root: Document
        switch choice {
        case .image(let image): root = try gather(image, into: &gathering, depth: 0)
        case .platforms(let chosen):
            for image in chosen.manifests { try gather(image, into: &gathering, depth: 1) }
            root = Document(chosen == index ? bytes : chosen.bytes, .index(chosen))
            gathering.documents.append(root)
        }
        let below = gathering.documents.dropLast()
        let told = try gather(telling.filter { $0 != root }, into: &gathering, isNamed: name != nil)
        let files = files
        return ImageContents(
            root: root, below: Array(below), tellers: told, blobs: gathering.blobs
        ) { try files.place("blobs/sha256/\($0.hex)") }
    }

    /// What of a layout's index is there for something else.
    private func telling(in index: ImageIndex) throws -> [Document] {
        guard index.manifests.count > 1 else { return [] }
        var (telling, size): ([Document], Int) = ([], 0)
        for entry in index.manifests {
            let document = try document(entry)
            size += document.bytes.count
            guard size <= Self.mostManifestBytes else { throw Self.tooMany }
            if document.manifest.subject != nil { telling.append(document) }
        }
        return telling
    }

    /// What tells about the image, also through another that does.
    private func gather(
        _ telling: [Document], into gathering: inout Gathering, isNamed: Bool
    ) throws -> [Document] {
        let count = gathering.documents.count
        var left = telling
        while let next = left.firstIndex(where: { document in
            document.manifest.subject.map { gathering.seen.contains($0.digest) } ?? false
        }) {
            try gather(left.remove(at: next).descriptor, into: &gathering, depth: 0)
        }
        // In a layout of several images they are about another.
        guard isNamed || left.isEmpty else { throw Self.homeless(left[0]) }
        return Array(gathering.documents[count...])
    }

    private static let tooMany = ArchiveProblem(
        "the layout's manifests lie too deep or are too many",
        hint: "at most \(deepest) levels and \(mostManifestBytes) bytes are read")

    private static func homeless(_ document: Document) -> ArchiveProblem {
        let subject = document.manifest.subject.map { "\($0.digest)" } ?? "nothing"
        return ArchiveProblem(
            "manifest \(document.descriptor.digest) of the layout tells about \(subject), which is "
                + "not in it", hint: "write both into the layout, or leave it out")
    }

    private typealias Document = ImageContents.Document

    private struct Gathering {
        var documents: [Document] = []
        var blobs: [Descriptor] = []
        var seen: Set<Digest> = []
        var size = 0
    }

    @discardableResult private func gather(
        _ descriptor: Descriptor, into gathering: inout Gathering, depth: Int
    ) throws -> Document {
        let document = try document(descriptor)
        guard gathering.seen.insert(descriptor.digest).inserted else { return document }
        gathering.size += document.bytes.count
        guard depth < Self.deepest, gathering.size <= Self.mostManifestBytes else {
            throw Self.tooMany
        }
        switch document.manifest {
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
        gathering.documents.append(document)
        return document
    }

    private func isElsewhere(_ blob: Descriptor) -> Bool {
        (blob.mediaType.isForeign || blob.hasAddresses)
            && !files.has("blobs/sha256/\(blob.digest.hex)")
    }

    private func document(_ descriptor: Descriptor) throws -> Document {
        let place = try files.place("blobs/sha256/\(descriptor.digest.hex)")
        let bytes = try place.bytes(atMost: Manifest.longest)
        let digest = Digest(of: bytes)
        guard digest == descriptor.digest, bytes.count == descriptor.size else {
            throw ArchiveProblem(
                "manifest \(descriptor.digest) has other content: \(digest), \(bytes.count) bytes",
                hint: "make the layout anew; it is damaged")
        }
        return Document(bytes, try Manifest(parsing: bytes, as: descriptor.mediaType))
    }
}
