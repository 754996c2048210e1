import Git
import Glibc

extension SourceTrees {
    /// Removes every tree but those with these keys, and what crashes have left over. The caller
    /// names all that anybody still uses. Returns how many trees went.
    @discardableResult
    package func removeUnused(keeping keys: Set<String>) throws(SourceError) -> Int {
        let removed = try retire(keeping: keys)
        try sweep()
        return removed
    }

    /// Takes them away at once, and leaves the work of removing them to the next sweep.
    package func retire(keeping keys: Set<String>) throws(SourceError) -> Int {
        try holding(LOCK_EX) { () throws(SourceError) in try discardUnused(keys) }
    }

    /// What lies there belongs to nobody, and who else removes it at the same time does no harm.
    package func sweep() throws(SourceError) {
        try reading { () throws(GitError) in
            let folder = try OpenFolder.open(discarded)
            for name in try folder.names() { try folder.remove(name) }
        }
    }

    /// Only renames, so that whoever wants to make a tree waits but a moment.
    private func discardUnused(_ keys: Set<String>) throws(SourceError) -> Int {
        var removed = 0
        for name in try names(in: shelf) where !keys.contains(name.description) {
            try discard(name, of: shelf)
            removed += 1
        }
        // Nobody makes anything now: what is there has lost its maker.
        for name in try names(in: making) { try discard(name, of: making) }
        return removed
    }

    private func names(in folder: String) throws(SourceError) -> [RawName] {
        try reading { () throws(GitError) in try OpenFolder.open(folder).names() }
    }

    func discard(_ name: RawName, of folder: String) throws(SourceError) {
        var template = RawName("\(discarded)/XXXXXX").characters
        guard unsafe mkdtemp(&template) != nil else {
            throw Self.failure("make a folder in '\(discarded)'")
        }
        let place = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard unsafe rename("\(folder)/\(name)", "\(place)/\(name)") == 0 else {
            throw Self.failure("rename '\(folder)/\(name)'")
        }
    }
}
