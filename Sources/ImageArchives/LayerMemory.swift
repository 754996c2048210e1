import Glibc
package import Images
import SmallFiles

/// What layers are called when they are compressed, by their content: one that the registry has is
/// not compressed again. It can be lost at any time, and what it says is asked of the registry
/// before anybody relies on it.
package struct LayerMemory: Sendable {
    /// When the file is longer, its older half is forgotten: some 3,000 layers are enough.
    private static let longest = 1 << 20

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

    /// One write of a whole line, so that several supervisors may do it at once. What does not
    /// succeed costs time later, and nothing else.
    func remember(_ layer: Descriptor, as content: Digest) {
        guard let path else { return }
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe open(path, flags, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        try? SmallFile.write(Array("\(content) \(layer.digest) \(layer.size)\n".utf8), to: file)
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_size > Self.longest else { return }
        let kept = lines().suffix(lines().count / 2).map { $0 + "\n" }.joined()
        try? SmallFile.replace(path, with: Array(kept.utf8))
    }

    private func lines() -> [Substring] {
        guard let path, let text = try? SmallFile.text(of: path, limit: 2 * Self.longest) else {
            return []
        }
        return text.split(separator: "\n")
    }
}
