import Cryptography
import Dispatch
import Glibc
import Images
import Synchronization
import Tar
import Zlib

/// Makes of layers as they lie in an archive such as registries have them, several at once.
struct LayerCompression: Sendable {
    private static let mostWorkers = 4
    private static let piece = 256 << 10

    struct Layer: Sendable {
        let descriptor: Descriptor
        let place: FilePlace
    }

    private let scratch: Scratch
    private let isUnwanted: @Sendable () -> Bool

    init(_ scratch: Scratch, unless isUnwanted: @escaping @Sendable () -> Bool) {
        self.scratch = scratch
        self.isUnwanted = isUnwanted
    }

    /// In their order, each with what its content has to be. One that is there twice is made once.
    func compress(_ layers: [(FilePlace, Digest)]) throws(ArchiveProblem) -> [Layer] {
        var order: [Digest] = []
        var places: [Digest: FilePlace] = [:]
        for (place, digest) in layers where places.updateValue(place, forKey: digest) == nil {
            order.append(digest)
        }
        let distinct = order
        let found = places
        let next = Atomic<Int>(0)
        let made = Mutex<[Digest: Result<Layer, ArchiveProblem>]>([:])
        let hasFailed = Atomic(false)
        let workers = min(
            Self.mostWorkers, distinct.count, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            while !hasFailed.load(ordering: .relaxed) {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < distinct.count, let place = found[distinct[index]] else { return }
                let digest = distinct[index]
                let result = Result { () throws(ArchiveProblem) in
                    try layer(place, digest, number: index + 1)
                }
                if case .failure = result { hasFailed.store(true, ordering: .relaxed) }
                made.withLock { $0[digest] = result }
            }
        }
        let results = made.withLock { $0 }
        for case .failure(let problem) in results.values { throw problem }
        var compressed: [Layer] = []
        for (_, digest) in layers {
            if case .success(let layer)? = results[digest] { compressed.append(layer) }
        }
        return compressed
    }

    private func layer(
        _ place: FilePlace, _ content: Digest, number: Int
    ) throws(ArchiveProblem) -> Layer {
        try ArchiveProblem.wrapping {
            // Some programs compress them already; what is compressed twice nobody can read.
            let head = try place.file.read(at: place.offset, atMost: min(2, place.size))
            if head == [0x1F, 0x8B] { return try named(place) }
            guard var compressor = GzipCompressor.make() else {
                throw ArchiveProblem("there is no memory", hint: "run it again later")
            }
            var output = try LayerFile(scratch)
            var plain = SHA256()
            try pieces(of: place) { piece in
                plain.update(piece)
                try output.add(compressor.compress(piece))
            }
            try output.add(compressor.finish())
            let found = Digest(finishing: plain)
            guard found == content else {
                throw ArchiveProblem(
                    "layer \(number) of the archive is \(found), and the image's configuration "
                        + "says \(content)", hint: "make the archive anew; it is damaged")
            }
            return try output.finish()
        }
    }

    private func named(_ place: FilePlace) throws -> Layer {
        var hash = SHA256()
        try pieces(of: place) { hash.update($0) }
        return Layer(
            descriptor: Descriptor(.dockerLayer, Digest(finishing: hash), size: place.size),
            place: place)
    }

    private func pieces(of place: FilePlace, _ body: ([UInt8]) throws -> Void) throws {
        var done = 0
        while done < place.size {
            guard !isUnwanted() else {
                throw ArchiveProblem("nobody waits for the image any more", hint: "run it again")
            }
            let wanted = min(Self.piece, place.size - done)
            let piece = try place.file.read(at: place.offset + done, atMost: wanted)
            guard piece.count == wanted else {
                throw ArchiveProblem("the archive became shorter", hint: "run it again")
            }
            try body(piece)
            done += wanted
        }
    }
}
