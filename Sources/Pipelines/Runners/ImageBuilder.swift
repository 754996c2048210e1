/// Who builds an image where neither a pipeline nor whoever hosts the house has said so: what there
/// is.
package enum ImageBuilder: Hashable, Sendable {
    case engine
    /// In the sandbox of an action.
    case buildah

    /// Nothing where there is nobody. An Engine comes first: it has a cache and several users.
    package static func chosen(hasEngine: Bool, hasBuildah: Bool) -> ImageBuilder? {
        if hasEngine { return .engine }
        return hasBuildah ? .buildah : nil
    }
}
