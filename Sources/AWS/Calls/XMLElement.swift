import CExpat

/// An answer in XML, as a tree. A document that declares a type, is nested deep or has too many
/// elements is none of AWS's, and not read.
package struct XMLElement: Hashable {
    private static let deepest = 16
    private static let most = 2_000

    package let name: String
    package fileprivate(set) var text = ""
    package fileprivate(set) var children: [XMLElement] = []

    fileprivate init(_ name: String) { self.name = name }

    /// The first of this name, this one or somewhere within.
    package func first(_ name: String) -> XMLElement? {
        self.name == name ? self : children.lazy.compactMap { $0.first(name) }.first
    }

    /// The text of the first of this name.
    package subscript(name: String) -> String? { first(name)?.text }

    /// Nothing if it is no such document.
    package static func reading(_ bytes: [UInt8]) -> XMLElement? {
        let growth = Growth()
        guard let parser = unsafe XML_ParserCreate(nil) else { return nil }
        defer { unsafe XML_ParserFree(parser) }
        // It is this function's, and outlives the parser.
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(growth).toOpaque())
        unsafe XML_SetStartElementHandler(parser) { data, name, _ in
            guard let name = unsafe name else { return }
            unsafe Growth.of(data)?.begin(String(cString: name))
        }
        unsafe XML_SetEndElementHandler(parser) { data, _ in unsafe Growth.of(data)?.end() }
        unsafe XML_SetCharacterDataHandler(parser) { data, text, count in
            let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
            unsafe Growth.of(data)?.add(String(decoding: bytes, as: UTF8.self))
        }
        unsafe XML_SetStartDoctypeDeclHandler(parser) { data, _, _, _, _ in
            unsafe Growth.of(data)?.isStrange = true
        }
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe XML_Parse(
                parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32(clamping: bytes.count), 1)
        }
        return status == XML_STATUS_OK && !growth.isStrange ? growth.root : nil
    }

    private final class Growth {
        var root: XMLElement?
        var isStrange = false
        private var open: [XMLElement] = []
        private var count = 0

        static func of(_ data: UnsafeMutableRawPointer?) -> Growth? {
            unsafe data.map { unsafe Unmanaged<Growth>.fromOpaque($0).takeUnretainedValue() }
        }

        func begin(_ name: String) {
            count += 1
            isStrange = isStrange || count > XMLElement.most || open.count >= XMLElement.deepest
            guard !isStrange else { return }
            open.append(XMLElement(name))
        }

        func add(_ text: String) {
            guard !isStrange, !open.isEmpty else { return }
            open[open.count - 1].text += text
        }

        func end() {
            guard !isStrange, let ended = open.popLast() else { return }
            if open.isEmpty { root = ended } else { open[open.count - 1].children.append(ended) }
        }
    }
}
