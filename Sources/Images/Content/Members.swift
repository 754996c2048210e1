import JSON

/// The members of an object that a stranger wrote, asked for one by one. `null` is as good as
/// nothing, because many programs write it for an empty list.
struct Members {
    private let members: [JSON.Member]
    /// What the object is, for messages.
    let what: String

    init(_ json: JSON, what: String) throws(ImageMistake) {
        guard case .object(let members) = json else {
            throw ImageMistake("\(what) is no JSON object", hint: Self.hint)
        }
        self.members = members
        self.what = what
    }

    /// Of a text that is bounded before anything is read.
    init(parsing bytes: [UInt8], atMost most: Int, what: String) throws(ImageMistake) {
        guard bytes.count <= most else {
            throw ImageMistake("\(what) has more than \(most) bytes", hint: Self.hint)
        }
        let json: JSON
        do throws(JSONMistake) { json = try JSON(parsing: bytes) } catch {
            throw ImageMistake("\(what) is not read as JSON: \(error)", hint: Self.hint)
        }
        try self.init(json, what: what)
    }

    func has(_ key: String) -> Bool { value(key) != nil }

    func value(_ key: String) -> JSON? {
        members.first { $0.key == key && $0.value != .null }?.value
    }

    func text(_ key: String) throws(ImageMistake) -> String? {
        guard let value = value(key) else { return nil }
        guard case .string(let text) = value else { throw wrong(key, "a text") }
        return text
    }

    func number(_ key: String) throws(ImageMistake) -> Int? {
        guard let value = value(key) else { return nil }
        guard case .int(let number) = value else { throw wrong(key, "a number") }
        return number
    }

    func list(_ key: String, atMost most: Int) throws(ImageMistake) -> [JSON]? {
        guard let value = value(key) else { return nil }
        guard case .array(let elements) = value else { throw wrong(key, "a list") }
        guard elements.count <= most else { throw wrong(key, "a list of at most \(most)") }
        return elements
    }

    func texts(_ key: String, atMost most: Int) throws(ImageMistake) -> [String]? {
        guard let elements = try list(key, atMost: most) else { return nil }
        var texts: [String] = []
        for case .string(let text) in elements { texts.append(text) }
        guard texts.count == elements.count else { throw wrong(key, "a list of texts") }
        return texts
    }

    func object(_ key: String) throws(ImageMistake) -> Members? {
        guard let value = value(key) else { return nil }
        return try Members(value, what: "'\(key)' of \(what)")
    }

    /// Names and texts, in their order.
    func dictionary(_ key: String) throws(ImageMistake) -> [(String, String)] {
        guard let inner = try object(key) else { return [] }
        var pairs: [(String, String)] = []
        for member in inner.members {
            guard case .string(let text) = member.value else { throw wrong(key, "texts only") }
            pairs.append((member.key, text))
        }
        return pairs
    }

    func annotations() throws(ImageMistake) -> [Descriptor.Annotation] {
        try dictionary("annotations").map { Descriptor.Annotation(name: $0, value: $1) }
    }

    func descriptor(_ key: String, what: String) throws(ImageMistake) -> Descriptor? {
        guard let value = value(key) else { return nil }
        return try Descriptor(value, what: what)
    }

    /// Those that are wanted, as they were written.
    func all(where isWanted: (String) -> Bool) -> [JSON.Member] {
        members.filter { isWanted($0.key) }
    }

    func missing(_ key: String) -> ImageMistake {
        ImageMistake("\(what) has no '\(key)'", hint: Self.hint)
    }

    func wrong(_ key: String, _ expected: String) -> ImageMistake {
        ImageMistake("'\(key)' of \(what) should be \(expected)", hint: Self.hint)
    }

    private static let hint = "make the image anew, or look what made it"
}
