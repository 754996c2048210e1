/// What is in an archive, and where: nothing is unpacked, so no name in it is ever one on a disk.
package struct TarIndex: Sendable {
    package static let mostEntries = 100_000
    static let longestName = 4_096

    package struct Entry: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case file
            case folder
            /// The name to which it leads, from the archive's root.
            case link(String)
            case other
        }

        package let name: String
        package let kind: Kind
        package let offset: Int
        package let size: Int
    }

    package let file: ReadableFile
    package let entries: [Entry]
    private let places: [String: Int]

    /// Reads the heads of all entries. An archive with the same name twice, or with names that lead
    /// out of it, is refused, because two readers would not see the same in it.
    package init(of file: ReadableFile) throws(TarProblem) {
        var reader = TarReader(file)
        var entries: [Entry] = []
        var places: [String: Int] = [:]
        while let entry = try reader.next() {
            guard entries.count < Self.mostEntries else {
                throw .broken("it has more than \(Self.mostEntries) entries", at: entry.offset)
            }
            if entry.kind != .folder {
                guard places.updateValue(entries.count, forKey: entry.name) == nil else {
                    throw .broken("'\(Self.shown(entry.name))' is there twice", at: entry.offset)
                }
            }
            entries.append(entry)
        }
        self.file = file
        self.entries = entries
        self.places = places
    }

    package func has(_ name: String) -> Bool { places[name] != nil }

    /// A file by its name, or by that of one link to it.
    package func place(_ name: String) throws(TarProblem) -> FilePlace {
        var entry = try self.entry(name)
        if case .link(let target) = entry.kind { entry = try self.entry(target) }
        guard entry.kind == .file else {
            throw TarProblem(
                "'\(Self.shown(name))' in the archive is no plain file",
                hint: "make the archive anew")
        }
        return FilePlace(file, offset: entry.offset, size: entry.size)
    }

    private func entry(_ name: String) throws(TarProblem) -> Entry {
        guard let place = places[name] else {
            throw TarProblem(
                "the archive has no '\(Self.shown(name))'",
                hint: "make the archive anew; it may have been cut short")
        }
        return entries[place]
    }

    static func shown(_ name: String) -> String {
        String(name.unicodeScalars.prefix(120).map { $0.value < 32 ? "?" : Character($0) })
    }
}
