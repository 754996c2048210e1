import Attempts
import Engine
import Glibc
import Pipelines
import SmallFiles
import TestReports

extension Harvest {
    private static let longestValue = 16 << 10

    /// Brings home what there is to bring. Test reports are the first, because an output may take
    /// them out of the workspace, and they come from an attempt that failed, too.
    func bringHome(
        from folder: AttemptFolder, _ end: AttemptReport.End, hiding secrets: [[UInt8]?],
        into trees: some Trees
    ) -> AttemptResult {
        if end.hasRun {
            let known = secrets.compactMap(\.self)
            let veil = known.count == secrets.count ? Veil(hiding: known) : .everything
            TestHarvest(reports).keep(from: folder, over: layers, in: trees, veil)
        }
        guard end == .succeeded else { return AttemptResult(end: end.attemptEnd) }
        return bringHome(from: folder, into: trees)
    }

    private func bringHome(from folder: AttemptFolder, into trees: some Trees) -> AttemptResult {
        var artifacts: [Artifact] = []
        // A copy shows all there is, and what is missing in it was removed.
        let isCopy = unsafe access(folder.copied, F_OK) == 0
        let layers = isCopy ? [] : layers
        do throws(TreeProblem) {
            for output in outputs {
                let digest = try trees.collect(output.path, from: folder.workspace, over: layers)
                guard let name = ArtifactName(output.name) else { continue }
                artifacts.append(Artifact(name: name, digest: digest))
            }
            for cache in caches {
                // An action that made nothing to keep has done nothing wrong.
                try? trees.keep(cache.path, as: cache, from: folder.workspace, over: layers)
            }
            return AttemptResult(
                end: .succeeded, artifacts: artifacts, variables: try variables(in: folder))
        } catch {
            return AttemptResult(end: .failed(.failed, error.description))
        }
    }

    /// Lines `NAME=value`; the last of each name counts, and only those that were announced.
    private func variables(in folder: AttemptFolder) throws(TreeProblem) -> [VariableName: String] {
        guard !exports.isEmpty else { return [:] }
        var values: [VariableName: String] = [:]
        for line in ((try? SmallFile.text(of: folder.exports)) ?? "").split(separator: "\n") {
            guard let equals = line.firstIndex(of: "="),
                let name = VariableName(String(line[..<equals])),
                exports.contains(name.description)
            else { continue }
            let value = String(line[line.index(after: equals)...])
            guard value.utf8.count <= Self.longestValue else {
                throw TreeProblem("the value of '\(name)' is longer than 16 KiB")
            }
            values[name] = value
        }
        for name in exports where !values.keys.contains(where: { $0.description == name }) {
            throw TreeProblem(
                "it was to set '\(name)' and has not: write '\(name)=…' to \"$SLIPWAY_EXPORTS\"")
        }
        return values
    }
}
