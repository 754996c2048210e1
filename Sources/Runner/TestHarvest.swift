import Attempts
import Pipelines
import TestReports

/// The test reports of an attempt, found and put on its record. They say nothing of how the
/// attempt ended: its exit code does.
struct TestHarvest {
    private let patterns: [Pattern]

    fileprivate struct Pattern {
        let glob: Glob
        /// As people wrote it.
        let text: String
        /// The folders that it names by their names, before the first that could be several.
        let folders: [Substring]
        /// Whether what it stands for could lie deeper than in those.
        let goesDeeper: Bool
        /// How every name ends that it stands for.
        let ending: [UInt8]
    }

    init(_ texts: [String]) {
        patterns = texts.compactMap { text in
            let plain = text.hasPrefix("./") ? String(text.dropFirst(2)) : text
            guard let glob = try? Glob(parsing: plain) else { return nil }
            let named = plain.prefix { !"*?[{\\".contains($0) }
            let end = named.lastIndex(of: "/").map { plain.index(after: $0) } ?? plain.startIndex
            let rest = plain[end...]
            let ending = plain.reversed().prefix { !"*?[]{},\\!".contains($0) }.reversed()
            return Pattern(
                glob: glob, text: text, folders: plain[..<end].split(separator: "/"),
                goesDeeper: rest.contains("/") || rest.contains("**"),
                ending: Array(String(ending).utf8))
        }
    }

    /// Leaves the record in the attempt's folder, unless somebody already has. What it could not
    /// do it says there.
    func keep(from folder: AttemptFolder, over layers: [String], in trees: some Trees, _ veil: Veil)
    {
        guard !patterns.isEmpty, !TestRecordFile.exists(in: folder) else { return }
        var recorder = TestRecorder(behind: veil)
        var missing = patterns.indices.filter { !patterns[$0].glob.excludes }
        do throws(TreeProblem) {
            try trees.lendWritten(
                in: folder.workspace, over: layers, entering: enters, wanting: wants
            ) { path, found in
                guard recorder.hasRoom else { return false }
                switch found {
                case .file(let file, let bytes): recorder.read(path, from: file, bytes: bytes)
                case .refused(let reason): recorder.warn(path, reason)
                }
                missing.removeAll { patterns[$0].fits(path) }
                return true
            }
        } catch {
            recorder.say("test reports were looked for, and not all are found: \(error)")
        }
        if patterns.allSatisfy(\.glob.excludes) {
            recorder.say("no test report: 'reports' says only what is none")
        }
        for index in missing {
            recorder.say(
                "no test report: the action wrote no file that matches '\(patterns[index].text)'")
        }
        // A disk that is full says so by a record that is not there.
        _ = TestRecordFile.write(recorder.record(), in: folder)
    }

    private func wants(_ path: String) -> Bool {
        patterns.contains { !$0.glob.excludes && $0.fits(path) }
            && patterns.map(\.glob).admit(path)
    }

    /// Whether anything that is wanted could lie in the folder.
    private func enters(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return patterns.contains { pattern in
            !pattern.glob.excludes && zip(parts, pattern.folders).allSatisfy { $0 == $1 }
                && (parts.count <= pattern.folders.count || pattern.goesDeeper)
        }
    }
}

extension TestHarvest.Pattern {
    /// Looked at by its end first: most files of a large tree are none of its.
    fileprivate func fits(_ path: String) -> Bool {
        path.utf8.suffix(ending.count).elementsEqual(ending) && glob.matches(path)
    }
}
