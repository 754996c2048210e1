import Images

extension ImageContents {
    /// One image for several platforms, of an image for each. What is an index already is left out,
    /// and what it lists is listed instead, with all that it says of it.
    init(joining images: [ImageContents]) throws(ArchiveProblem) {
        var (entries, below): ([ImageIndex.Entry], [Document]) = ([], [])
        var found: [Digest: ImageBlob] = [:]
        for image in images {
            let listed = image.listed()
            if let listed { entries += listed } else { entries.append(.init(try image.entry())) }
            below += listed == nil ? image.manifests : image.manifests.dropLast()
            for blob in image.blobs { found[blob.digest] = image.blob(blob) }
        }
        let index = ImageIndex(.ociIndex, of: entries)
        self.init(
            root: Document(index.bytes, .index(index)),
            below: Self.each(below, by: \.descriptor.digest),
            tellers: Self.each(images.flatMap(\.tellers), by: \.descriptor.digest),
            blobs: Self.each(images.flatMap(\.blobs), by: \.digest),
            elsewhere: Self.each(images.flatMap(\.present), by: \.digest).filter {
                found[$0.digest] == nil
            }
        ) { [found] digest in
            guard let blob = found[digest] else {
                throw ArchiveProblem("there is no blob \(digest)", hint: "build it anew")
            }
            return try blob.place()
        }
    }

    /// What it is for: one platform, or those that an index lists.
    func platforms() throws(ArchiveProblem) -> [Platform] {
        if let listed = listed() { return listed.compactMap(\.descriptor.platform) }
        return try [config()?.platform].compactMap(\.self)
    }

    /// What an index lists; nothing where it is none.
    private func listed() -> [ImageIndex.Entry]? {
        if case .index(let index) = root.manifest { index.entries } else { nil }
    }

    private func entry() throws(ArchiveProblem) -> Descriptor {
        var entry = root.descriptor
        entry.platform = try platforms().first
        return entry
    }

    private static func each<Part>(_ parts: [Part], by name: (Part) -> Digest) -> [Part] {
        var seen: Set<Digest> = []
        return parts.filter { seen.insert(name($0)).inserted }
    }
}
