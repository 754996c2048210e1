/// A manifest of either kind, read from its bytes. What is sent on is always these bytes.
package enum Manifest: Hashable, Sendable {
    /// More than registries take.
    package static let longest = 4 << 20
    package static let mostReferences = 4_096

    case image(ImageManifest)
    case index(ImageIndex)

    /// `declared` is what whoever names it says that it is; it must not be something else itself.
    package init(
        parsing bytes: [UInt8], as declared: MediaType? = nil
    ) throws(ImageMistake) {
        let members = try Members(parsing: bytes, atMost: Self.longest, what: "the manifest")
        let version = try members.number("schemaVersion")
        guard version == 2 else {
            throw ImageMistake(
                "the manifest has schema version \(version.map(String.init) ?? "none")",
                hint: "only 2 is taken; push the image anew with a program of these days")
        }
        let own = try members.text("mediaType").map(MediaType.init)
        let declared = declared == .unknown ? nil : declared
        if let own, let declared, own != declared {
            throw ImageMistake(
                "the manifest is called '\(ImageMistake.shown(declared.description))' and calls "
                    + "itself '\(ImageMistake.shown(own.description))'",
                hint: "both have to say the same; make the image anew")
        }
        // Whoever reads it otherwise would see another image under the same digest.
        guard !members.has("manifests") || !members.has("layers") && !members.has("config") else {
            throw ImageMistake(
                "the manifest is an image and an index at once", hint: "make the image anew")
        }
        let type = own ?? declared ?? (members.has("manifests") ? .ociIndex : .ociManifest)
        if type.isIndex {
            self = .index(try ImageIndex(members, type))
        } else if type.isImage {
            self = .image(try ImageManifest(members, type))
        } else {
            throw ImageMistake(
                "'\(ImageMistake.shown(type.description))' is no manifest of an image",
                hint: "OCI's manifest and index and Docker's schema 2 are taken")
        }
    }

    package var mediaType: MediaType {
        switch self {
        case .image(let image): image.mediaType
        case .index(let index): index.mediaType
        }
    }

    /// What it tells about, if it is no image for itself: a signature, a list of materials.
    package var subject: Descriptor? {
        switch self {
        case .image(let image): image.subject
        case .index(let index): index.subject
        }
    }

    /// As it stands in a list of what tells about something. `descriptor` is its own.
    package func listed(as descriptor: Descriptor) -> Descriptor {
        var listed = Descriptor(mediaType, descriptor.digest, size: descriptor.size)
        switch self {
        case .image(let image):
            listed.artifactType = image.artifactType ?? image.config.mediaType.description
            listed.annotations = image.annotations
        case .index(let index):
            listed.artifactType = index.artifactType
            listed.annotations = index.annotations
        }
        return listed
    }
}
