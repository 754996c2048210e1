package import Images

/// What becomes one image in a registry: an archive as it is, or what was built for each of several
/// platforms, under one index.
package struct ImageParts: Sendable {
    /// Those that were built for, if anybody has said.
    private let platforms: [Platform]
    private let archives: [ImageArchive]
    private let name: String?

    /// The image in an archive, or the one of that name where it has several.
    package init(_ archive: ImageArchive, named name: String? = nil) {
        platforms = []
        archives = [archive]
        self.name = name
    }

    /// Of each platform an archive with the one image that was built for it. Where there is but
    /// one, that is the image.
    package init(built archives: [(Platform, ImageArchive)]) {
        platforms = archives.map(\.0)
        self.archives = archives.map(\.1)
        name = nil
    }

    /// For what has no manifest, one is made, and layers that are not compressed are compressed
    /// into `scratch`, until `isUnwanted` says that nobody waits for it; but not those that
    /// `memory` has a name for which `known` finds in the registry.
    package func supply(
        scratch: Scratch, memory: LayerMemory = LayerMemory(),
        known: ([Descriptor]) throws -> Set<Digest> = { _ in [] },
        unless isUnwanted: @escaping @Sendable () -> Bool = { false }
    ) throws -> ImageSupply {
        let contents = try archives.map { try $0.content(named: name) }
        for (platform, content) in zip(platforms, contents) {
            try Self.check(content, isFor: platform)
        }
        let layers = contents.flatMap(\.layers)
        guard !layers.isEmpty else { return ImageSupply(contents) }
        let remembered = memory.layers()
        var candidates: [Digest: Descriptor] = [:]
        for layer in layers { candidates[layer.content] = remembered[layer.content] }
        let found = candidates.isEmpty ? [] : try known(Array(candidates.values))
        let press = LayerPress(scratch: scratch, memory: memory, isUnwanted: isUnwanted)
        let workshop = try LayerWorkshop(
            layers, known: candidates.filter { found.contains($0.value.digest) }, press)
        return ImageSupply(contents, workshop, remembered: Array(candidates.values))
    }

    /// Who pulls for a platform gets what the index says is for it, and nobody looks again.
    private static func check(
        _ content: ImageArchive.Content, isFor platform: Platform
    ) throws(ArchiveProblem) {
        let own: [Platform] =
            switch content {
            case .made(let image): try image.platforms()
            case .saved(let saved): [saved.platform].compactMap(\.self)
            }
        guard own.contains(where: { $0.usual == platform.usual }) else {
            let words = own.map { "\($0)" }.joined(separator: ", ")
            throw ArchiveProblem(
                "what was built for \(platform) is an image for \(own.isEmpty ? "none" : words)",
                hint: "begin its Dockerfile with an image that there is for \(platform)")
        }
    }
}
