import FoundationEssentials

package enum RunningPrograms {
    /// The command lines of all processes of the machine that have a word in them.
    package static func naming(_ word: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { process in
            let words = try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline"))
            guard let words, Int(process) != nil else { return nil }
            let line = String(decoding: words, as: UTF8.self)
            return line.contains(word) ? line : nil
        }
    }
}
