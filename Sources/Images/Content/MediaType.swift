/// What a piece of an image is, by the name that registries know it by.
package struct MediaType: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ text: String) { description = text }

    package static let ociManifest = Self("application/vnd.oci.image.manifest.v1+json")
    package static let ociIndex = Self("application/vnd.oci.image.index.v1+json")
    package static let ociConfig = Self("application/vnd.oci.image.config.v1+json")
    package static let ociLayer = Self("application/vnd.oci.image.layer.v1.tar+gzip")
    package static let dockerManifest = Self(
        "application/vnd.docker.distribution.manifest.v2+json")
    package static let dockerList = Self(
        "application/vnd.docker.distribution.manifest.list.v2+json")
    package static let dockerConfig = Self("application/vnd.docker.container.image.v1+json")
    package static let dockerLayer = Self("application/vnd.docker.image.rootfs.diff.tar.gzip")
    /// What whoever wrote it did not name.
    package static let unknown = Self("application/octet-stream")

    /// All that a manifest can be, in the order in which they are welcome.
    package static let manifests = [ociIndex, dockerList, ociManifest, dockerManifest]

    package var isIndex: Bool { self == .ociIndex || self == .dockerList }
    package var isImage: Bool { self == .ociManifest || self == .dockerManifest }

    /// A layer that is fetched from elsewhere and that registries need not have.
    package var isForeign: Bool {
        description.contains(".nondistributable.")
            || description == "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    }
}
