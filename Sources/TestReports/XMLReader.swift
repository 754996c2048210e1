import CExpat
import Glibc

/// What an XML reader tells of a document, in its order.
protocol XMLHandler: AnyObject {
    func begin(_ name: String, _ attributes: [(name: String, value: BoundedText)])
        throws(XMLRefusal)
    func text(_ bytes: ArraySlice<UInt8>)
    func end()
}

/// Why a document is read no further; its place is known to the reader.
struct XMLRefusal: Error {
    let problem: String
    let hint: String

    init(_ problem: String, hint: String = "") {
        self.problem = problem
        self.hint = hint
    }
}

/// libexpat over one document, with one owner. Documents are hostile: one that declares a type, and
/// with it entities, is refused before anything of it is expanded.
@safe struct XMLReader: ~Copyable {
    private let parser: XML_Parser
    private let relay: Relay
    private var fed = 0

    static func create(for handler: some XMLHandler) -> XMLReader? {
        guard let parser = unsafe XML_ParserCreate(nil) else { return nil }
        return unsafe XMLReader(parser, Relay(handler, parser))
    }

    private init(_ parser: XML_Parser, _ relay: Relay) {
        unsafe self.parser = parser
        self.relay = relay
        // The relay outlives the parser: both are this value's, and nobody else's.
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(relay).toOpaque())
        unsafe XML_SetStartElementHandler(parser) { unsafe Relay.of($0)?.begin($1, $2) }
        unsafe XML_SetEndElementHandler(parser) { data, _ in unsafe Relay.of(data)?.end() }
        unsafe XML_SetCharacterDataHandler(parser) { unsafe Relay.of($0)?.text($1, $2) }
        unsafe XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            unsafe Relay.of(data)?.refuse(.declaration)
        }
        unsafe XML_SetEntityDeclHandler(parser) { data, _, _, _, _, _, _, _, _ in
            unsafe Relay.of(data)?.refuse(.declaration)
        }
    }

    deinit { unsafe XML_ParserFree(parser) }

    mutating func feed(_ bytes: ArraySlice<UInt8>) throws(ReportProblem) {
        fed += bytes.count
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe XML_Parse(
                parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: bytes.count), 0)
        }
        guard status == XML_STATUS_OK else { throw problem() }
        // A tag that does not end is read again with each piece that comes.
        let read = unsafe Int(XML_GetCurrentByteIndex(parser))
        guard fed - read <= ReportLimits.tagBytes else {
            throw at("a tag or comment is longer than \(ReportLimits.tagBytes >> 20) MiB")
        }
    }

    mutating func finish() throws(ReportProblem) {
        guard unsafe XML_Parse(parser, nil, 0, 1) == XML_STATUS_OK else { throw problem() }
    }

    private func problem() -> ReportProblem {
        if let refusal = relay.refusal { return refusal }
        let code = unsafe XML_GetErrorCode(parser)
        if relay.hasRoot, XMLWords.endsEarly.contains(code.rawValue) {
            return at("the file ends in the middle: \(relay.open) is not closed")
        }
        let words = XMLWords.explain(code, byte: byte)
        return at(words.problem, hint: words.hint)
    }

    private func at(_ problem: String, hint: String = "") -> ReportProblem {
        relay.at(XMLRefusal(problem, hint: hint))
    }

    /// What stands where the parser has stopped.
    private var byte: UInt8? {
        var offset: Int32 = 0
        var size: Int32 = 0
        guard let context = unsafe XML_GetInputContext(parser, &offset, &size), offset < size else {
            return nil
        }
        return unsafe UInt8(bitPattern: context[Int(offset)])
    }
}

/// Stands between libexpat's C and the handler.
@safe private final class Relay {
    private let handler: any XMLHandler
    private let parser: XML_Parser
    private(set) var refusal: ReportProblem?
    private(set) var hasRoot = false
    private var names: [String] = []

    init(_ handler: any XMLHandler, _ parser: XML_Parser) {
        self.handler = handler
        unsafe self.parser = parser
    }

    static func of(_ data: UnsafeMutableRawPointer?) -> Relay? {
        unsafe data.map { unsafe Unmanaged<Relay>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The innermost element that was begun and not ended; its name only where that is a word of
    /// the format, for others may hold anything.
    var open: String {
        let known = [
            "testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out",
            "system-err", "properties", "property",
        ]
        return known.first { $0 == names.last }.map { "'\($0)'" } ?? "a tag"
    }

    func begin(
        _ name: UnsafePointer<CChar>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    ) {
        guard refusal == nil else { return }
        hasRoot = true
        guard names.count < ReportLimits.depth else {
            return refuse(XMLRefusal("more than \(ReportLimits.depth) elements in one another"))
        }
        let local = unsafe Self.local(name)
        names.append(local)
        do throws(XMLRefusal) {
            try unsafe handler.begin(local, Self.list(attributes))
        } catch {
            refuse(error)
        }
    }

    func end() {
        guard refusal == nil else { return }
        names.removeLast()
        handler.end()
    }

    func text(_ bytes: UnsafePointer<CChar>?, _ count: Int32) {
        guard refusal == nil, let bytes = unsafe bytes else { return }
        let buffer = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(count))
        handler.text(unsafe Array(buffer)[...])
    }

    func refuse(_ refusal: XMLRefusal) {
        self.refusal = self.refusal ?? at(refusal)
        _ = unsafe XML_StopParser(parser, 0)
    }

    /// The place where the parser now is: of a tag, where it begins.
    func at(_ refusal: XMLRefusal) -> ReportProblem {
        let line = unsafe Int(XML_GetCurrentLineNumber(parser))
        let column = unsafe Int(XML_GetCurrentColumnNumber(parser)) + 1
        return ReportProblem(line, column, refusal.problem, hint: refusal.hint)
    }

    private static func list(
        _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
    ) -> [(name: String, value: BoundedText)] {
        var list: [(name: String, value: BoundedText)] = []
        guard let attributes = unsafe attributes else { return list }
        while list.count < ReportLimits.attributes,
            let name = unsafe attributes[2 * list.count],
            let value = unsafe attributes[2 * list.count + 1]
        {
            let name = unsafe local(name)
            let limit = name == "message" ? ReportLimits.messageBytes : ReportLimits.nameBytes
            var text = BoundedText()
            unsafe text.append(Array(bytes(of: value, atMost: limit + 1))[...], limit)
            list.append((name, text))
        }
        return list
    }

    /// A name without the prefix of its name space.
    private static func local(_ name: UnsafePointer<CChar>?) -> String {
        guard let name = unsafe name else { return "" }
        let bytes = unsafe bytes(of: name, atMost: ReportLimits.nameBytes)
        let colon = unsafe bytes.lastIndex(of: UInt8(ascii: ":"))
        let start = colon.map { $0 + 1 } ?? 0
        return unsafe String(decoding: bytes[start...], as: UTF8.self)
    }

    private static func bytes(
        of text: UnsafePointer<CChar>, atMost limit: Int
    ) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: text, count: strnlen(text, limit))
    }
}

extension XMLRefusal {
    fileprivate static let declaration = XMLRefusal(
        "a document type is declared here, and reports that declare one are not read",
        hint: "leave '<!DOCTYPE' out")
}
