import Cryptography
import Glibc
import Images

/// Where a blob goes that is fetched; begun anew with each answer.
final class BlobSink {
    private let file: Int32
    private var hash = SHA256()
    private(set) var count = 0
    private let most: Int

    init(_ file: Int32, atMost most: Int) {
        self.file = file
        self.most = most
    }

    func restart() {
        hash = SHA256()
        count = 0
    }

    func add(_ bytes: [UInt8]) throws(RegistryProblem) {
        hash.update(bytes)
        guard count + bytes.count <= most else {
            throw RegistryProblem(
                .lied, "the registry sends more than the \(most) bytes that it should be",
                hint: "do not use what it has")
        }
        var done = 0
        while done < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { space in
                unsafe pwrite(
                    file, space.baseAddress.map { unsafe $0 + done }, bytes.count - done,
                    off_t(count + done))
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else {
                throw RegistryProblem(
                    .damaged,
                    "cannot keep what was fetched: \(unsafe String(cString: strerror(errno)))",
                    hint: "make room on the disk")
            }
            done += written
        }
        count += bytes.count
    }

    func digest() -> Digest {
        var hash = SHA256()
        swap(&hash, &self.hash)
        return Digest(finishing: hash)
    }
}
