import Glibc
import Pipelines
import SmallFiles

/// How far a receiver has been told, kept in a small file.
struct NoticePlace: Hashable, Sendable {
    private static let word = "slipway-notices-1"

    /// The last record that is done with.
    var sequence: Int
    /// Pipelines whose last execution failed, as of that record.
    var failing: Set<PipelineName>

    init(sequence: Int, failing: Set<PipelineName>) {
        self.sequence = sequence
        self.failing = failing
    }

    /// Nothing if there is no such file, or it is not whole: then it begins anew, which tells
    /// nobody of anything twice.
    init?(reading path: String) throws(FileProblem) {
        let text: String
        do {
            text = try SmallFile.text(of: path, limit: 16 << 20)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        let lines = text.split(separator: "\n")
        guard lines.count >= 2, lines[0] == Self.word, let sequence = Int(lines[1]) else {
            return nil
        }
        self.sequence = sequence
        failing = Set(lines.dropFirst(2).compactMap { PipelineName(String($0)) })
    }

    func write(to path: String) throws(FileProblem) {
        let lines = [Self.word, String(sequence)] + failing.map(\.description).sorted()
        try SmallFile.replace(path, with: Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}
