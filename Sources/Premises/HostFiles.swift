import Engine
import Glibc
import Pipelines
import SmallFiles
import YAML

/// The folders that whoever hosts the house keeps one kind of profile in, such as `runners`. Never
/// one of a repository that is built: what a stage may see is not for it to say.
struct HostFiles: Sendable {
    let folders: [String]
    /// Somebody has named the folder, so it has to have what is needed.
    let isNamed: Bool
    private let kind: String

    /// Without a folder, those that the machine and its user keep them in.
    init(_ kind: String, in folder: String? = nil) {
        self.kind = kind
        isNamed = folder != nil
        folders = folder.map { [$0] } ?? Self.standardFolders(kind)
    }

    /// The names of the files that are there, without their ending. Of two of one name the first
    /// folder's counts.
    var names: [String] {
        var names: [String] = []
        for folder in folders {
            let found = SmallFile.names(in: folder).filter { $0.hasSuffix(".yml") }.sorted()
            for name in found.map({ String($0.dropLast(".yml".count)) }) where !names.contains(name)
            {
                names.append(name)
            }
        }
        return names
    }

    /// Where a profile of this name would be looked for first.
    func place(of name: String) -> String {
        "\(isNamed ? folders.joined() : "/etc/slipway/\(kind)")/\(name).yml"
    }

    /// From the first folder that has it.
    func profile<Profile>(
        _ name: String, called: (Profile) -> String, read: ([UInt8]) -> ProfileReading<Profile>
    ) throws(Refusal) -> Profile? {
        for folder in folders {
            let path = "\(folder)/\(name).yml"
            guard unsafe access(path, F_OK) == 0 else { continue }
            let profile = try Self.profile(at: path, read: read)
            guard called(profile) == name else {
                throw Refusal(
                    .invalid, "'\(path)' tells of '\(called(profile))'",
                    hint: "a profile is found by its file: call it '\(called(profile)).yml'")
            }
            return profile
        }
        return nil
    }

    private static func profile<Profile>(
        at path: String, read: ([UInt8]) -> ProfileReading<Profile>
    ) throws(Refusal) -> Profile {
        let bytes: [UInt8]
        do throws(FileProblem) {
            bytes = try SmallFile.bytes(of: path, limit: Limits.bytes + 1)
        } catch {
            throw Refusal(
                .invalid, "'\(path)' cannot be read: \(error)",
                hint: "a profile is a file that the house may read")
        }
        let reading = read(bytes)
        if let profile = reading.profile { return profile }
        let report = Report(file: path, text: String(decoding: bytes, as: UTF8.self))
        throw Refusal(
            .invalid, "'\(path)' has mistakes:\n\(report.text(of: reading.diagnostics))",
            hint: "mend them; `slipway lint \(path)` tells when it is right")
    }

    private static func standardFolders(_ kind: String) -> [String] {
        let home = unsafe getenv("HOME").map { unsafe String(cString: $0) } ?? ""
        let own =
            unsafe getenv("XDG_CONFIG_HOME").map { unsafe String(cString: $0) } ?? "\(home)/.config"
        return ["\(own)/slipway/\(kind)", "/etc/slipway/\(kind)"]
    }
}
