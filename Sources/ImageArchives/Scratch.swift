import Glibc

/// Files without a name, for what is needed until a push has ended; whatever ends the process takes
/// them away.
package struct Scratch: Sendable {
    private let opening: @Sendable () -> Int32
    private let place: String

    /// In a folder with room for an image.
    package init(in folder: String) {
        place = folder
        opening = {
            let name = "\(folder)/.layer-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
            let file = unsafe open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if file >= 0 { unsafe unlink(name) }
            return file
        }
    }

    /// With files that somebody else opens; `place` is for messages.
    package init(_ place: String, opening: @escaping @Sendable () -> Int32) {
        self.place = place
        self.opening = opening
    }

    func file() throws(ArchiveProblem) -> Int32 {
        let file = opening()
        guard file >= 0 else { throw problem }
        return file
    }

    /// All of it, or in words why not.
    func write(_ bytes: [UInt8], to file: Int32) throws(ArchiveProblem) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { space in
                unsafe Glibc.write(file, space.baseAddress, space.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw problem }
            rest = rest.dropFirst(count)
        }
    }

    private var problem: ArchiveProblem {
        ArchiveProblem(
            "cannot keep a compressed layer in '\(place)': "
                + "\(unsafe String(cString: strerror(errno)))",
            hint: "make room there: as much as the image is large")
    }
}
