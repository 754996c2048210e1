import Cryptography
import Curl
import ImageArchives
import Images
import Synchronization
import Tar

/// A blob on its way, which is hashed while it is sent: each byte once, however often it goes.
final class SentContent: Sendable {
    private static let piece = 1 << 20

    private struct Seen: ~Copyable {
        var hash = SHA256()
        var count = 0
        var digest: Digest?
        /// Open from when it is sent first, because an image can have more blobs than a process
        /// may have files open.
        var place: FilePlace?
    }

    let descriptor: Descriptor
    private let blob: ImageBlob
    private let seen = Mutex(Seen())

    /// Sees that it is there.
    init(_ blob: ImageBlob) throws(RegistryProblem) {
        descriptor = blob.descriptor
        self.blob = blob
        _ = try opened()
    }

    private func opened() throws(RegistryProblem) -> FilePlace {
        do throws(ArchiveProblem) { return try blob.place() } catch {
            throw RegistryProblem(error)
        }
    }

    func part(_ range: Range<Int>) throws(RegistryProblem) -> FilePart {
        let known = seen.withLock { $0.place }
        let place = if let known { known } else { try opened() }
        seen.withLock { $0.place = place }
        var part = FilePart(
            place.file.descriptor, offset: place.offset + range.lowerBound, length: range.count)
        part.witness = { [self] offset, bytes in see(bytes, at: range.lowerBound + offset) }
        return part
    }

    /// Sees that it is what it is called, before any of it is sent.
    func check(unless stop: StopSignal) throws(RegistryProblem) {
        let place = try opened()
        var hash = SHA256()
        var done = 0
        while done < place.size, !stop.isSet {
            let wanted = min(Self.piece, place.size - done)
            let piece: [UInt8]
            do throws(TarProblem) {
                piece = try place.file.read(at: place.offset + done, atMost: wanted)
            } catch { throw RegistryProblem(ArchiveProblem(error)) }
            guard !piece.isEmpty else { break }
            hash.update(piece)
            done += piece.count
        }
        let digest = Digest(finishing: hash)
        guard digest == descriptor.digest || stop.isSet else { throw damage(as: digest) }
    }

    /// What is wrong with it, if all of it has been seen and it is not what it is called.
    var damage: RegistryProblem? {
        guard let digest = digest, digest != descriptor.digest else { return nil }
        return damage(as: digest)
    }

    private func damage(as digest: Digest) -> RegistryProblem {
        RegistryProblem(
            .damaged, "what is called \(descriptor.digest) in the archive is \(digest)",
            hint: "make the archive anew; nothing of it has been tagged")
    }

    private var digest: Digest? {
        seen.withLock { seen in
            guard seen.count == descriptor.size else { return nil }
            if seen.digest == nil {
                var hash = SHA256()
                swap(&hash, &seen.hash)
                seen.digest = Digest(finishing: hash)
            }
            return seen.digest
        }
    }

    private func see(_ bytes: RawSpan, at offset: Int) {
        seen.withLock { seen in
            guard seen.digest == nil, offset <= seen.count else { return }
            let known = seen.count - offset
            guard known < bytes.byteCount else { return }
            seen.hash.update(bytes.extracting(droppingFirst: known))
            seen.count = offset + bytes.byteCount
        }
    }
}

extension RegistryProblem {
    init(_ problem: ArchiveProblem) {
        self.init(.damaged, problem.problem, hint: problem.hint)
    }
}
