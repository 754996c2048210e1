/// What Git LFS commits in a large file's place: a few lines that say where the content is.
package enum LargeFilePointer {
    private static let opening: [UInt8] = Array("version https://git-lfs.github.com/spec/v1\n".utf8)
    private static let maximumLength = 1024

    static func matches(_ content: UnsafeRawBufferPointer) -> Bool {
        unsafe content.count <= maximumLength && content.starts(with: opening)
    }

    package static func matches(_ content: [UInt8]) -> Bool {
        unsafe content.withUnsafeBytes { unsafe matches($0) }
    }

    /// Whether a file of this size can be one.
    package static func canBe(size: Int) -> Bool { size <= maximumLength && size >= opening.count }
}
