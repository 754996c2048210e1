package import Images

/// What happens during a push, for a log.
package enum PushEvent: Hashable, Sendable {
    /// What is to be done at most, as far as is known: layers may still be in the making.
    case begun(blobs: Int, bytes: Int?)
    case blob(Descriptor, BlobPush.Outcome)
    /// So much is sent; skipped is what need not be.
    case progress(sent: Int, skipped: Int, of: Int?)
    case delayed(milliseconds: Int, because: String)
    case manifest(Digest, wasThere: Bool)
    /// So many manifests are found by whoever looks what tells about another: under a tag, where
    /// the registry cannot be asked for them.
    case listed(Int, about: Digest, under: Tag?)
    /// What the tag was before is told if that was something else.
    case tag(Tag, wasThere: Bool, insteadOf: Digest?)
}

/// What is there when a push has ended.
package struct PushedImage: Hashable, Sendable {
    package let repository: Repository
    package let digest: Digest
    /// Of what runs somewhere: of the image, or of each that the index has for a platform.
    package let images: [Digest]
    package let mediaType: MediaType
    package let tags: [Tag]
    /// Of blobs, in bytes.
    package let sent: Int
    package let mounted: Int
    package let skipped: Int

    /// What deployments name: the digest, never a tag.
    package var reference: Reference { Reference(repository, digest: digest) }
}
