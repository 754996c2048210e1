import Glibc
package import Images
import SmallFiles

/// What layers are called when they are compressed, by their content: one that the registry has is
/// not compressed again. And where they were pushed last: another repository of the same registry
/// can have them from there. It can be lost at any time, and what it says is asked of the registry
/// before anybody relies on it.
package struct LayerMemory: Sendable {
    /// When the file is longer, its older half is forgotten: some 3,000 layers are enough.
    private static let longest = 1 << 20
    private static let place = "at"
    /// Each is one more thing that a registry is asked to let us read.
    private static let mostSources = 8

    private let path: String?

    /// Without a path nothing is remembered.
    package init(at path: String? = nil) { self.path = path }

    package func layers() -> [Digest: Descriptor] {
        var layers: [Digest: Descriptor] = [:]
        // Who comes later knows better. What cannot be read was cut short, and is made anew.
        for line in lines() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, let content = try? Digest(parsing: words[0]),
                let digest = try? Digest(parsing: words[1]), let size = Int(words[2]), size > 0
            else { continue }
            layers[content] = Descriptor(.dockerLayer, digest, size: size)
        }
        return layers
    }

    func remember(_ layer: Descriptor, as content: Digest) {
        write("\(content) \(layer.digest) \(layer.size)\n")
    }

    /// Other repositories of the same registry which have some of these, as far as is remembered.
    package func sources(of blobs: Set<Digest>, for repository: Repository) -> [Digest: Repository]
    {
        let found = places().filter { digest, place in
            blobs.contains(digest) && place != repository && place.host == repository.host
        }
        var counts: [Repository: Int] = [:]
        for place in found.values { counts[place, default: 0] += 1 }
        let most = counts.sorted { ($1.value, $0.key.path) < ($0.value, $1.key.path) }
        let chosen = Set(most.prefix(Self.mostSources).map(\.key))
        return found.filter { chosen.contains($0.value) }
    }

    /// What an image was made of is in this repository now.
    package func remember(_ image: ImageContents, in repository: Repository) {
        let known = places()
        let layers = (image.blobs + image.present).filter { blob in
            blob.mediaType != .ociConfig && blob.mediaType != .dockerConfig
                && known[blob.digest] != repository
        }
        guard !layers.isEmpty else { return }
        write(layers.map { "\(Self.place) \($0.digest) \(repository)\n" }.joined())
    }

    private func places() -> [Digest: Repository] {
        var places: [Digest: Repository] = [:]
        for line in lines() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 3, words[0] == Self.place,
                let digest = try? Digest(parsing: words[1]),
                let repository = try? Repository(parsing: words[2])
            else { continue }
            places[digest] = repository
        }
        return places
    }

    /// One write of whole lines, so that several supervisors may do it at once. What does not
    /// succeed costs time later, and nothing else.
    private func write(_ lines: String) {
        guard let path else { return }
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe open(path, flags, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        try? SmallFile.write(Array(lines.utf8), to: file)
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_size > Self.longest else { return }
        let all = self.lines()
        let kept = all.suffix(all.count / 2).map { $0 + "\n" }.joined()
        try? SmallFile.replace(path, with: Array(kept.utf8))
    }

    private func lines() -> [Substring] {
        guard let path, let text = try? SmallFile.text(of: path, limit: 2 * Self.longest) else {
            return []
        }
        return text.split(separator: "\n")
    }
}
