import Glibc
package import Images
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

    /// One that `fill` writes into a file without a name.
    package init(in scratch: Scratch, filledBy fill: (Int32) throws -> Void) throws {
        path = "what was saved"
        let file = try scratch.file()
        do { try fill(file) } catch {
            close(file)
            throw error
        }
        files = try ArchiveProblem.wrapping {
            .tar(try TarIndex(of: ReadableFile(owning: file, "what was saved")))
        }
    }

    /// The image in it, or the one of that name where it has several. What has manifests of its own
    /// is given as it is. For what has none, one is made, and layers that are not compressed are
    /// compressed into `scratch`, until `isUnwanted` says that nobody waits for it; but not those
    /// that `memory` has a name for which `known` finds in the registry.
    package func supply(
        named name: String? = nil, scratch: Scratch, memory: LayerMemory = LayerMemory(),
        known: ([Descriptor]) throws -> Set<Digest> = { _ in [] },
        unless isUnwanted: @escaping @Sendable () -> Bool = { false }
    ) throws -> ImageSupply {
        guard let saved = try ArchiveProblem.wrapping({ try saved(named: name) }) else {
            let layout = ImageLayout(files)
            return ImageSupply(try ArchiveProblem.wrapping { try layout.image(named: name) })
        }
        let remembered = memory.layers()
        var candidates: [Digest: Descriptor] = [:]
        for layer in saved.layers { candidates[layer.content] = remembered[layer.content] }
        let found = candidates.isEmpty ? [] : try known(Array(candidates.values))
        let press = LayerPress(scratch: scratch, memory: memory, isUnwanted: isUnwanted)
        let workshop = try LayerWorkshop(
            saved.layers, known: candidates.filter { found.contains($0.value.digest) }, press)
        return ImageSupply(saved, workshop)
    }

    /// Nothing where it is a layout.
    private func saved(named name: String?) throws -> SavedArchive? {
        // What has both is a layout, whose digests are known.
        if files.has("oci-layout"), files.has("index.json") { return nil }
        guard files.has("manifest.json") else {
            throw ArchiveProblem(
                "'\(path)' is neither an OCI layout nor an archive of 'docker save'",
                hint: "a layout has 'oci-layout' and 'index.json', a saved image 'manifest.json'")
        }
        return try SavedArchive(files, named: name)
    }
}
