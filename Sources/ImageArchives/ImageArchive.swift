import Images
import Tar

/// A finished image in a file or a folder: an OCI layout, or what `docker save` writes. Nothing of
/// it is unpacked.
package struct ImageArchive: Sendable {
    private let files: ArchiveFiles
    private let path: String

    package init(_ path: String) throws(ArchiveProblem) {
        self.path = path
        files = try ArchiveProblem.wrapping { try ArchiveFiles.at(path) }
    }

    /// The image in it, or the one of that name where it has several. What has manifests of its own
    /// is given as it is; for what has none, one is made, and layers that are not compressed are
    /// compressed into `scratch`, until `isUnwanted` says that nobody waits for it.
    package func image(
        named name: String? = nil, scratch: Scratch,
        unless isUnwanted: @escaping @Sendable () -> Bool = { false }
    ) throws(ArchiveProblem) -> ImageContents {
        try ArchiveProblem.wrapping {
            // What has both is a layout, whose digests are known.
            if files.has("oci-layout"), files.has("index.json") {
                return try ImageLayout(files).image(named: name)
            }
            guard files.has("manifest.json") else {
                throw ArchiveProblem(
                    "'\(path)' is neither an OCI layout nor an archive of 'docker save'",
                    hint: "a layout has 'oci-layout' and 'index.json', a saved image "
                        + "'manifest.json'")
            }
            return try SavedArchive(files).image(
                named: name, scratch: scratch, unless: isUnwanted)
        }
    }
}
