import SmallFiles

/// The time zones that this machine knows, from the list that comes with them.
package enum ZoneNames {
    /// Nothing on a machine without the list: then a name is taken on its word.
    package static var known: Set<String>? {
        guard let bytes = try? SmallFile.bytes(of: "/usr/share/zoneinfo/tzdata.zi") else {
            return nil
        }
        var names: Set<String> = ["UTC"]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            // Z NAME … begins a zone, L TARGET NAME gives it another name.
            switch words.first {
            case [UInt8(ascii: "Z")] where words.count > 1:
                names.insert(String(decoding: words[1], as: UTF8.self))
            case [UInt8(ascii: "L")] where words.count > 2:
                names.insert(String(decoding: words[2], as: UTF8.self))
            default: break
            }
        }
        return names
    }
}
