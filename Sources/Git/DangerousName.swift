import CGit2

/// Why an entry of a tree must not become a file here or on any disk it may be copied to: the rules
/// that git itself keeps at checkout, for NTFS and HFS+ too.
enum DangerousName {
    /// Nothing if there is no reason.
    static func reason(_ name: RawName, isLink: Bool) -> String? {
        let bytes = name.bytes
        if bytes.isEmpty { return "it has no name" }
        if bytes == Array(".".utf8) || bytes == Array("..".utf8) {
            return "it names the folder itself or the one above"
        }
        if bytes.contains(UInt8(ascii: "/")) { return "a name contains '/'" }
        // Most names begin otherwise, and need no closer look.
        guard
            bytes[0] == UInt8(ascii: ".") || lowered(bytes[0]) == UInt8(ascii: "g")
                || bytes[0] >= 0x80
        else { return nil }
        if isOwnFolder(onNTFS(bytes)) || isOwnFolder(onHFS(bytes)) {
            return "it would pass for git's own folder"
        }
        if isLink, isModules(name) { return "'.gitmodules' must not be a link" }
        return nil
    }

    private static func isOwnFolder(_ name: [UInt8]) -> Bool {
        let name = name.map(lowered)
        return name == Array(".git".utf8) || name == Array("git~1".utf8)
    }

    /// NTFS ends a name at a ':' and drops spaces and dots at its end; '\' parts names there.
    private static func onNTFS(_ name: [UInt8]) -> [UInt8] {
        let end = name.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\\") }
        var name = Array(name[..<(end ?? name.endIndex)])
        while let last = name.last, last == UInt8(ascii: " ") || last == UInt8(ascii: ".") {
            name.removeLast()
        }
        return name
    }

    /// HFS+ does not see these characters of Unicode at all.
    private static func onHFS(_ name: [UInt8]) -> [UInt8] {
        guard let text = String(validating: name, as: UTF8.self) else { return name }
        let seen = text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: false
            default: true
            }
        }
        return Array(String(String.UnicodeScalarView(seen)).utf8)
    }

    private static func isModules(_ name: RawName) -> Bool {
        // In spite of the length it is given, libgit2 reads on to a NUL.
        unsafe git_path_is_gitfile(
            name.characters, name.bytes.count, GIT_PATH_GITFILE_GITMODULES, GIT_PATH_FS_GENERIC) > 0
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte
    }
}
