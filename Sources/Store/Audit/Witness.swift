/// A file that only grows, on another disk or another machine's mount, that hears of every
/// checkpoint. Whoever alters the database cannot take back what stands there.
package struct Witness: Sendable {
    package let path: String

    package init(path: String) { self.path = path }

    func note(_ checkpoint: Checkpoint) throws(StoreError) {
        try Files.append(path, checkpoint.line + "\n")
    }

    static func checkpoints(at path: String?) throws(StoreError) -> [Checkpoint] {
        if let path { try checkpoints(in: path) } else { [] }
    }

    /// The checkpoints in a witness or an export. A last line that was torn off is left out.
    package static func checkpoints(in path: String) throws(StoreError) -> [Checkpoint] {
        guard let text = try Files.text(of: path) else {
            throw StoreError(
                .notFound, "read '\(path)'", problem: "it is not there", hint: "check the path")
        }
        var checkpoints: [Checkpoint] = []
        let whole = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        for (number, line) in whole.enumerated() {
            guard let checkpoint = Checkpoint(line: line) else {
                throw StoreError(
                    .corrupt, "read '\(path)'", problem: "line \(number + 1) is no checkpoint",
                    hint: "compare it with another copy")
            }
            checkpoints.append(checkpoint)
        }
        return checkpoints
    }
}
