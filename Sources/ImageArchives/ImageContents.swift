package import Images
package import Tar

/// An image that can be pushed: its manifests, byte for byte, and where its blobs are.
package struct ImageContents: Sendable {
    package struct Document: Hashable, Sendable {
        package let descriptor: Descriptor
        package let bytes: [UInt8]
        package let manifest: Manifest

        init(_ bytes: [UInt8], _ manifest: Manifest) {
            self.bytes = bytes
            self.manifest = manifest
            descriptor = Descriptor(manifest.mediaType, Digest(of: bytes), size: bytes.count)
        }
    }

    /// What names the image; it is the last of `manifests`.
    package let root: Document
    /// Each before what refers to it.
    package let manifests: [Document]
    /// What tells about these, such as signatures and lists of materials, after what it is about.
    package let tellers: [Document]
    /// All that the manifests refer to, each once, without what a registry need not have.
    package let blobs: [Descriptor]
    /// Blobs that the registry was found to have, and that are not here.
    package let present: [Descriptor]
    private let finding: @Sendable (Digest) throws -> FilePlace

    init(
        root: Document, below: [Document], tellers: [Document] = [], blobs: [Descriptor],
        elsewhere present: [Descriptor] = [],
        finding: @escaping @Sendable (Digest) throws -> FilePlace
    ) {
        self.root = root
        manifests = below + [root]
        self.tellers = tellers
        self.blobs = blobs
        self.present = present
        self.finding = finding
    }

    package var digest: Digest { root.descriptor.digest }
    /// Of all blobs, wherever they are.
    package var size: Int { (blobs + present).reduce(0) { $0 + $1.size } }

    /// What runs somewhere: the image itself, or each that an index has for a platform.
    package var images: [Digest] {
        let listed = manifests.flatMap { document -> [Descriptor] in
            if case .index(let index) = document.manifest { index.manifests } else { [] }
        }
        let images = listed.filter(\.isForPlatform).map(\.digest)
        return images.isEmpty ? [digest] : images
    }

    package func blob(_ descriptor: Descriptor) -> ImageBlob {
        ImageBlob(descriptor, isSure: false) { [finding] in try finding(descriptor.digest) }
    }

    package func place(_ blob: Descriptor) throws(ArchiveProblem) -> FilePlace {
        try self.blob(blob).place()
    }

    /// What the image says of itself; nothing of an index, which has several to say.
    package func config() throws(ArchiveProblem) -> ImageConfig? {
        try ArchiveProblem.wrapping {
            guard case .image(let image) = root.manifest else { return nil }
            return try ImageConfig(
                parsing: place(image.config).bytes(atMost: ImageConfig.longest))
        }
    }
}
