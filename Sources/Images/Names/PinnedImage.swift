/// An image that nobody can exchange for another: a repository, and the digest of what is meant in
/// it. It is written `registry.example.com/team/base@sha256:…`.
package struct PinnedImage: Hashable, Sendable, CustomStringConvertible {
    package let repository: Repository
    package let digest: Digest

    package init(_ repository: Repository, _ digest: Digest) {
        self.repository = repository
        self.digest = digest
    }

    package init(parsing text: String) throws(ImageMistake) {
        let reference = try Reference(parsing: text)
        guard let digest = reference.digest, reference.tag == nil else {
            throw ImageMistake(
                "'\(ImageMistake.shown(text))' names no image by its digest",
                hint: "write one such as 'registry.example.com/team/base@sha256:…'")
        }
        self.init(reference.repository, digest)
    }

    package var description: String { "\(repository)@\(digest)" }
}
