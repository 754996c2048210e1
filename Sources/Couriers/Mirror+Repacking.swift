package import Git
import Glibc

extension Mirror {
    /// The ends of a pack's files. What has no index is not there for anybody, so that goes first.
    private static let ends = [".idx", ".rev", ".bitmap", ".pack"]

    /// Puts all packs into one, with what the refs need and these commits; the rest is gone. Nobody
    /// may fetch meanwhile; whoever reads may go on, and if somebody does at the end, nothing is
    /// taken away this time.
    ///
    /// Whenever it is cut short, all that was there is still there: the old packs go when the new
    /// one is safe on the disk. `step` hears of each step before the next.
    package static func repack(
        _ path: String, keeping commits: [ObjectID], notice: @escaping () -> Void = {},
        step: (_ number: Int) throws(GitError) -> Void = { _ throws(GitError) in }
    ) throws(GitError) {
        let packs = "\(path)/objects/pack"
        let folder = try OpenFolder.open(packs)
        let old = try stems(in: folder)
        let made = try MirrorLock.reading(path) { () throws(GitError) in
            let mirror = try Repository.open(at: path)
            let tips = try mirror.references().compactMap { reference in
                if case .object(let id) = reference.target { id } else { nil }
            }
            return try mirror.pack(tips + commits, into: packs, notice: notice)
        }
        guard let made else { return }
        let new = "pack-\(made)"
        try step(1)
        try sync(new, in: folder, packs)
        try step(2)
        var number = 2
        let isDone = try MirrorLock.alone(path) { () throws(GitError) in
            for stem in old where stem != new {
                for end in ends {
                    try folder.remove(RawName(stem + end))
                    number += 1
                    try step(number)
                }
            }
        }
        guard !isDone, !old.contains(new) else { return }
        for end in ends { try folder.remove(RawName(new + end)) }
    }

    /// Takes away packs that lost their index when a repacking was cut short.
    static func sweepPacks(in folder: borrowing OpenFolder) throws(GitError) {
        let names = Set(try folder.names().map(\.description))
        for stem in try stems(in: folder) where !names.contains(stem + ".idx") {
            for end in ends { try folder.remove(RawName(stem + end)) }
        }
    }

    private static func stems(in folder: borrowing OpenFolder) throws(GitError) -> [String] {
        try folder.names().map(\.description).filter { $0.hasSuffix(".pack") }
            .map { String($0.dropLast(".pack".count)) }.sorted()
    }

    private static func sync(
        _ stem: String, in folder: borrowing OpenFolder, _ packs: String
    ) throws(GitError) {
        for end in [".pack", ".idx"] {
            let path = "\(packs)/\(stem)\(end)"
            let file = OpenFile(unsafe Glibc.open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC))
            guard fsync(file.descriptor) == 0 else { throw GitError.kernel("write '\(path)'") }
        }
        guard fsync(folder.descriptor) == 0 else {
            throw GitError.kernel("write folder '\(packs)'")
        }
    }
}
