import CExpat

/// What libexpat says in a parser's words, in a person's.
enum XMLWords {
    /// Errors that mean, of a document that had begun, that its end is missing.
    static let endsEarly: Set<UInt32> = [
        XML_ERROR_NO_ELEMENTS.rawValue, XML_ERROR_UNCLOSED_TOKEN.rawValue,
        XML_ERROR_PARTIAL_CHAR.rawValue, XML_ERROR_UNCLOSED_CDATA_SECTION.rawValue,
    ]

    static func explain(_ code: XML_Error, byte: UInt8?) -> (problem: String, hint: String) {
        switch code {
        case XML_ERROR_NO_MEMORY: ("there is not enough memory to read it", "")
        case XML_ERROR_NO_ELEMENTS: ("the file is empty", "its tool may have been ended early")
        case XML_ERROR_UNKNOWN_ENCODING, XML_ERROR_INCORRECT_ENCODING:
            ("its encoding is not known here", "write it as UTF-8, UTF-16 or ISO-8859-1")
        case XML_ERROR_INVALID_TOKEN, XML_ERROR_SYNTAX: strange(byte)
        case XML_ERROR_UNCLOSED_TOKEN, XML_ERROR_PARTIAL_CHAR, XML_ERROR_UNCLOSED_CDATA_SECTION:
            ("the file ends in the middle of a tag", "")
        case XML_ERROR_BAD_CHAR_REF:
            ("a reference to a character that XML does not allow", "")
        case XML_ERROR_UNDEFINED_ENTITY:
            ("an entity that is not XML's own", "there are &lt; &gt; &amp; &quot; and &apos;")
        case XML_ERROR_TAG_MISMATCH: ("a tag is closed that was not opened here", "")
        case XML_ERROR_DUPLICATE_ATTRIBUTE: ("an attribute stands twice in one tag", "")
        case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
            ("something stands after the end of the report", "two reports in one file?")
        default:
            // libexpat's own words are English and about its grammar.
            (unsafe XML_ErrorString(code).map { unsafe String(cString: $0) } ?? "not XML", "")
        }
    }

    private static func strange(_ byte: UInt8?) -> (problem: String, hint: String) {
        switch byte {
        case .some(0x80...0xFF): ("bytes that are no character of the file's encoding", "")
        case .some(let byte) where byte < 0x20:
            ("a control character, number \(byte), which XML does not allow", "")
        default: ("this is not XML", "")
        }
    }
}
