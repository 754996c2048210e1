import SmallFiles

/// What makes the house's own of how an Engine recognises files. It can be lost at any time: then
/// the Engine is sent everything once more.
enum ContextSalt {
    static let file = "context-salt"
    private static let length = 32

    static func bytes(at path: String) -> [UInt8] {
        if let kept = try? SmallFile.bytes(of: path, limit: length), kept.count == length {
            return kept
        }
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<length).map { _ in random.next() as UInt8 }
        // Several begin at once: who was first is right, and the others send everything.
        try? SmallFile.make(path, of: bytes)
        return bytes
    }
}
