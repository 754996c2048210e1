import Attempts
import Glibc
import SmallFiles

/// What lies in folders of attempts, which only the house and its supervisors write.
enum AttemptFiles {
    static func write(_ bytes: [UInt8], to path: String) throws(TreeProblem) {
        do {
            try SmallFile.make(path, of: bytes)
        } catch {
            throw TreeProblem("cannot write '\(path)': \(error)")
        }
    }

    /// False if it is there already.
    static func makeFolder(_ path: String) throws(TreeProblem) -> Bool {
        if unsafe mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else {
            throw TreeProblem("cannot make '\(path)': \(FileProblem.last)")
        }
        return false
    }

    static func link(_ path: String, to target: String) throws(TreeProblem) {
        guard unsafe symlink(target, path) == 0 || errno == EEXIST else {
            throw TreeProblem("cannot make '\(path)': \(FileProblem.last)")
        }
    }

    static func target(of link: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = unsafe readlink(link, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension AttemptFolder {
    /// What its supervisor was told; nothing if it never came to that.
    var writtenSpec: AttemptSpec? {
        (try? SmallFile.bytes(of: spec)).flatMap { try? AttemptSpec(Fields(parsing: $0)) }
    }

    /// How it ended; nothing if it has not, or its supervisor could not say so.
    var writtenReport: AttemptReport? {
        (try? SmallFile.bytes(of: report)).flatMap { try? AttemptReport(Fields(parsing: $0)) }
    }
}
