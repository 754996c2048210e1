import Glibc
package import Images
import JSON
package import SmallFiles

/// An OCI layout of one image that is put together in a folder: blobs under their digests, and an
/// index that names the one that all others belong to. It has no name: who reads layouts looks for
/// names only among what is of the OCI's own kind, and images of Docker's kind are as good.
package struct LayoutFolder {
    package let path: String

    /// The folder must not be there yet.
    package init(making path: String) throws(FileProblem) {
        self.path = path
        for folder in [path, "\(path)/blobs", "\(path)/blobs/sha256"] {
            guard unsafe mkdir(folder, 0o755) == 0 else { throw .last }
        }
    }

    package func place(of digest: Digest) -> String { "\(path)/blobs/sha256/\(digest.hex)" }

    package func has(_ digest: Digest) -> Bool { unsafe access(place(of: digest), F_OK) == 0 }

    package func add(_ bytes: [UInt8], _ digest: Digest) throws(FileProblem) {
        guard !has(digest) else { return }
        try SmallFile.make(place(of: digest), of: bytes, mode: 0o644)
    }

    /// Nothing is added any more; `root` is the manifest that the image is called by.
    package func finish(_ root: Descriptor) throws(FileProblem) {
        let index: JSON = ["schemaVersion": 2, "manifests": [root.json]]
        try SmallFile.make("\(path)/index.json", of: Array(index.text.utf8), mode: 0o644)
        try SmallFile.make(
            "\(path)/oci-layout", of: Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8), mode: 0o644)
    }
}
