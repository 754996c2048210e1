import CYAML

/// libyaml's parser over one text, owned by one reader. Events come out as Swift values.
@safe struct Parser: ~Copyable {
    enum Event {
        case scalar(String, isPlain: Bool, anchor: String?, Place)
        case alias(String, Place)
        case sequenceStart(anchor: String?, Place)
        case mappingStart(anchor: String?, Place)
        case end
        case documentStart(Place)
        case streamEnd
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        unsafe parser = .allocate(capacity: 1)
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(from: bytes)
        _ = unsafe yaml_parser_initialize(parser)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, bytes.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    mutating func next() throws(YAMLError) -> Event {
        while true {
            var event = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
            defer { unsafe yaml_event_delete(&event) }
            if let event = unsafe Self.read(event) { return event }
        }
    }

    private static func read(_ event: yaml_event_t) -> Event? {
        let place = unsafe Place(event.start_mark)
        switch unsafe event.type {
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            return unsafe .scalar(
                String(decoding: bytes, as: UTF8.self), isPlain: isPlain,
                anchor: text(scalar.anchor), place)
        case YAML_ALIAS_EVENT: return unsafe .alias(text(event.data.alias.anchor) ?? "", place)
        case YAML_SEQUENCE_START_EVENT:
            return unsafe .sequenceStart(anchor: text(event.data.sequence_start.anchor), place)
        case YAML_MAPPING_START_EVENT:
            return unsafe .mappingStart(anchor: text(event.data.mapping_start.anchor), place)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .end
        case YAML_DOCUMENT_START_EVENT: return .documentStart(place)
        case YAML_STREAM_END_EVENT: return .streamEnd
        default: return nil
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        unsafe pointer.map { unsafe String(cString: $0) }
    }

    private func failure() -> YAMLError {
        let problem =
            unsafe parser.pointee.problem.map { unsafe String(cString: $0) } ?? "unreadable"
        let context = unsafe parser.pointee.context.map { unsafe String(cString: $0) }
        let mark = unsafe parser.pointee.problem_mark
        if problem.contains("cannot start any token") {
            return Syntax.explain(bytes, strangeAt: Place(mark), mark.index)
        }
        return unsafe Syntax.explain(
            problem, context: context, at: Place(mark), from: Place(parser.pointee.context_mark))
    }
}

extension Place {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
