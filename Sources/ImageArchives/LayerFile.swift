import Cryptography
import Glibc
import Images
import Tar

/// A compressed layer in the making, gone if it never gets ready.
struct LayerFile: ~Copyable {
    private let scratch: Scratch
    private let file: Int32
    private var hash = SHA256()
    private var size = 0

    init(_ scratch: Scratch) throws(ArchiveProblem) {
        self.scratch = scratch
        file = try scratch.file()
    }

    deinit { close(file) }

    mutating func add(_ bytes: [UInt8]) throws(ArchiveProblem) {
        hash.update(bytes)
        size += bytes.count
        try scratch.write(bytes, to: file)
    }

    mutating func finish() throws -> LayerWorkshop.Layer {
        let own = fcntl(file, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else {
            throw ArchiveProblem("there are too many open files", hint: "raise the limit of them")
        }
        var hash = SHA256()
        swap(&hash, &self.hash)
        return LayerWorkshop.Layer(
            descriptor: Descriptor(.dockerLayer, Digest(finishing: hash), size: size),
            place: FilePlace(wholeOf: try ReadableFile(owning: own, "a compressed layer")))
    }
}
