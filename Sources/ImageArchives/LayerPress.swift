import Cryptography
import Gzip
import Images
import Tar

/// A layer as it lies in an archive, and what its content has to be.
struct PlainLayer: Sendable {
    let number: Int
    let place: FilePlace
    let content: Digest
}

/// Compresses one layer, and sees that it is what it should be.
struct LayerPress: Sendable {
    private static let piece = 256 << 10

    let scratch: Scratch
    let memory: LayerMemory
    let isUnwanted: @Sendable () -> Bool

    func layer(
        _ layer: PlainLayer, unless isDeserted: () -> Bool
    ) throws(ArchiveProblem) -> LayerWorkshop.Layer {
        try ArchiveProblem.wrapping {
            let place = layer.place
            // Some programs compress them already; what is compressed twice nobody can read.
            let head = try place.file.read(at: place.offset, atMost: min(2, place.size))
            if head == [0x1F, 0x8B] { return try named(place, unless: isDeserted) }
            guard var compressor = GzipCompressor.make() else {
                throw ArchiveProblem("there is no memory", hint: "run it again later")
            }
            var output = try LayerFile(scratch)
            var plain = SHA256()
            try pieces(of: place, unless: isDeserted) { piece in
                plain.update(piece)
                try output.add(compressor.compress(piece))
            }
            try output.add(compressor.finish())
            let found = Digest(finishing: plain)
            guard found == layer.content else {
                throw ArchiveProblem(
                    "layer \(layer.number) of the archive is \(found), and the image's "
                        + "configuration says \(layer.content)",
                    hint: "make the archive anew; it is damaged")
            }
            let made = try output.finish()
            memory.remember(made.descriptor, as: layer.content)
            return made
        }
    }

    private func named(
        _ place: FilePlace, unless isDeserted: () -> Bool
    ) throws -> LayerWorkshop.Layer {
        var hash = SHA256()
        try pieces(of: place, unless: isDeserted) { hash.update($0) }
        return .init(
            descriptor: Descriptor(.dockerLayer, Digest(finishing: hash), size: place.size),
            place: place)
    }

    private func pieces(
        of place: FilePlace, unless isDeserted: () -> Bool, _ body: ([UInt8]) throws -> Void
    ) throws {
        var done = 0
        while done < place.size {
            guard !isUnwanted(), !isDeserted() else {
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
