package import Pipelines
import Premises
import SmallFiles
import YAML

/// Definitions that lie on this machine, as the settings name them: `pipelines/*.yml`.
package enum DefinitionFiles {
    package struct Found: Sendable {
        package let path: String
        package let definition: Definition?
        /// What is wrong with it, and what there is to warn of, for people.
        package let report: String
    }

    /// All that the pattern names, by name. A pattern is a path whose last part may have stars.
    package static func read(_ pattern: String, in folder: String) -> [Found] {
        let whole = pattern.hasPrefix("/") ? pattern : "\(folder)/\(pattern)"
        let place = whole.split(separator: "/").dropLast().joined(separator: "/")
        let last = whole.split(separator: "/").last.map(String.init) ?? ""
        guard let glob = try? Glob(parsing: last) else {
            return [nothing(at: whole, "'\(last)' is no pattern of file names")]
        }
        let names = glob.isPlain ? [last] : SmallFile.names(in: "/\(place)").sorted()
        let found = names.filter { !$0.hasPrefix(".") && glob.matches($0) }
        return found.isEmpty
            ? [nothing(at: whole, "there is no such file")] : found.map { read("/\(place)/\($0)") }
    }

    private static func read(_ path: String) -> Found {
        do throws(FileProblem) {
            let bytes = try SmallFile.bytes(of: path, limit: Limits.bytes + 1)
            let reading = Definition.read(bytes, zones: ZoneNames.known)
            let text = String(decoding: bytes, as: UTF8.self)
            return Found(
                path: path, definition: reading.definition,
                report: Report(file: path, text: text).text(of: reading.diagnostics))
        } catch {
            return nothing(at: path, "it cannot be read: \(error)")
        }
    }

    private static func nothing(at path: String, _ problem: String) -> Found {
        Found(path: path, definition: nil, report: "\(path): error: \(problem)\n")
    }
}
