/// Goes from one entry of an archive to the next.
struct TarReader {
    private let file: ReadableFile
    private var offset = 0

    init(_ file: ReadableFile) { self.file = file }

    /// Nothing at the end, which has to be there.
    mutating func next() throws(TarProblem) -> TarIndex.Entry? {
        var pax = PaxRecords()
        var longName: [UInt8]?
        var longLink: [UInt8]?
        while true {
            let start = offset
            let block = try file.read(at: offset, atMost: TarHeader.length)
            guard block.count == TarHeader.length else {
                throw .broken("it ends before its end", at: start)
            }
            if block.allSatisfy({ $0 == 0 }) { return nil }
            guard let header = TarHeader(block) else {
                throw .broken("no entry begins here", at: start)
            }
            offset += TarHeader.length
            switch header.kind {
            case UInt8(ascii: "L"): longName = try text(header, atMost: TarIndex.longestName)
            case UInt8(ascii: "K"): longLink = try text(header, atMost: TarIndex.longestName)
            case UInt8(ascii: "x"):
                guard let records = PaxRecords(try text(header, atMost: PaxRecords.longest)) else {
                    throw .broken("the entry's extended header is none", at: start)
                }
                pax = records
            case UInt8(ascii: "g"): _ = try skip(header.size)
            default:
                let name = pax.values["path"] ?? longName ?? header.name
                let link = pax.values["linkpath"] ?? longLink ?? header.link
                return try entry(header, name: name, link: link, pax, at: start)
            }
        }
    }

    private mutating func entry(
        _ header: TarHeader, name bytes: [UInt8], link: [UInt8], _ pax: PaxRecords, at start: Int
    ) throws(TarProblem) -> TarIndex.Entry {
        guard let name = Self.path(bytes, from: []) else {
            throw .broken(
                "the name '\(TarIndex.shown(String(decoding: bytes, as: UTF8.self)))' leads out of "
                    + "the archive, or is none", at: start)
        }
        var size = header.size
        if let digits = pax.values["size"] {
            guard let number = Int(String(decoding: digits, as: UTF8.self)), number >= 0 else {
                throw .broken("the entry's size is none", at: start)
            }
            size = number
        }
        let shown = name.joined(separator: "/")
        let kind: TarIndex.Entry.Kind
        switch header.kind {
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"):
            kind = bytes.last == UInt8(ascii: "/") ? .folder : pax.isSparse ? .other : .file
        case UInt8(ascii: "5"): kind = .folder
        case UInt8(ascii: "1"): kind = Self.path(link, from: []).map(Self.link) ?? .other
        case UInt8(ascii: "2"):
            kind = Self.path(link, from: name.dropLast()).map(Self.link) ?? .other
        default: kind = .other
        }
        // Links and folders may name a size that is nowhere.
        if UInt8(ascii: "1")...UInt8(ascii: "6") ~= header.kind { size = 0 }
        let place = try skip(size)
        return TarIndex.Entry(name: shown, kind: kind, offset: place, size: size)
    }

    private mutating func text(
        _ header: TarHeader, atMost most: Int
    ) throws(TarProblem) -> [UInt8] {
        guard header.size <= most else {
            throw .broken("a name there has \(header.size) letters", at: offset)
        }
        let place = try skip(header.size)
        let bytes = try file.read(at: place, atMost: header.size)
        return header.kind == UInt8(ascii: "x") ? bytes : Array(bytes.prefix { $0 != 0 })
    }

    /// Where the content began that was gone over.
    private mutating func skip(_ size: Int) throws(TarProblem) -> Int {
        let place = offset
        guard size <= file.size - place else {
            throw .broken("an entry says that it has \(size) bytes, which are not there", at: place)
        }
        offset = place + (size + TarHeader.length - 1) / TarHeader.length * TarHeader.length
        return place
    }

    private static func link(_ path: [String]) -> TarIndex.Entry.Kind {
        .link(path.joined(separator: "/"))
    }

    /// The parts of a name within the archive; nothing where it is none.
    private static func path(_ bytes: [UInt8], from folder: some Sequence<String>) -> [String]? {
        guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty,
            !text.hasPrefix("/"), bytes.count <= TarIndex.longestName, !bytes.contains(0)
        else { return nil }
        var path = Array(folder)
        let mayClimb = !path.isEmpty
        for part in text.split(separator: "/") where part != "." {
            if part == ".." {
                guard mayClimb, path.popLast() != nil else { return nil }
            } else {
                path.append(String(part))
            }
        }
        return path
    }
}
