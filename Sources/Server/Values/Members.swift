import JSON
import Pipelines

/// The members of a JSON object while they are asked for. The same questions, asked of nothing,
/// tell the schema: so what is read and what is documented come from one declaration.
package struct Members {
    /// Nothing while only the schema is wanted.
    private let given: [JSON.Member]?
    private let path: String
    private var asked: [(name: String, about: String, shape: JSONShape, isRequired: Bool)] = []
    private(set) var mistakes: [String] = []

    init(_ given: [JSON.Member]?, path: String = "") {
        self.given = given
        self.path = path
    }

    mutating func text(
        _ name: String, _ about: String, atMost length: Int = 1_000, orElse standard: String? = nil
    ) -> String? {
        let shape = JSONShape.text(atMost: length)
        return ask(name, about, shape, standard, "a text of at most \(length) letters") { value in
            guard case .string(let text) = value, text.unicodeScalars.count <= length else {
                return nil
            }
            return text
        }
    }

    mutating func truth(
        _ name: String, _ about: String, orElse standard: Bool? = nil
    ) -> Bool? {
        ask(name, about, .truth, standard, "true or false") { value in
            if case .bool(let truth) = value { truth } else { nil }
        }
    }

    mutating func whole(_ name: String, _ about: String, _ range: ClosedRange<Int>) -> Int? {
        let words = "a whole number of \(range.lowerBound) to \(range.upperBound)"
        return ask(name, about, .whole(range), nil, words) { value in
            if case .int(let number) = value, range.contains(number) { number } else { nil }
        }
    }

    mutating func optionalWhole(
        _ name: String, _ about: String, _ range: ClosedRange<Int>
    ) -> Int?? {
        let words = "a whole number of \(range.lowerBound) to \(range.upperBound)"
        return ask(name, about, .whole(range), .some(nil), words) { value in
            if case .int(let number) = value, range.contains(number) { .some(number) } else { nil }
        }
    }

    mutating func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ about: String, orElse standard: Word? = nil
    ) -> Word? {
        let words = Word.allCases.map(\.rawValue)
        let expected = "one of \(words.map { "'\($0)'" }.joined(separator: ", "))"
        return ask(name, about, .words(words), standard, expected) { value in
            if case .string(let text) = value { Word(rawValue: text) } else { nil }
        }
    }

    /// A text that a type makes something of; `expected` tells of what.
    mutating func parsed<Value>(
        _ name: String, _ about: String, _ shape: JSONShape = .text, _ expected: String,
        orElse standard: Value? = nil, _ parse: (String) -> Value?
    ) -> Value? {
        ask(name, about, shape, standard, expected) { value in
            if case .string(let text) = value { parse(text) } else { nil }
        }
    }

    /// A list of texts; an empty one if it is left out.
    mutating func texts<Value>(
        _ name: String, _ about: String, _ expected: String, atMost count: Int,
        _ parse: (String) -> Value?
    ) -> [Value]? {
        ask(name, about, .list(of: .text), [], "a list of at most \(count): \(expected)") { value in
            guard case .array(let elements) = value, elements.count <= count else { return nil }
            let values = elements.compactMap { element in
                if case .string(let text) = element { parse(text) } else { nil }
            }
            return values.count == elements.count ? values : nil
        }
    }

    /// An object whose members have names of the same kind; empty if it is left out.
    mutating func dictionary<Subject, Value>(
        _ name: String, _ about: String, of shape: JSONShape, _ expected: String,
        atMost count: Int, _ parse: (JSON) -> Value?
    ) -> [Name<Subject>: Value]? {
        let words = "an object of at most \(count) members with names of \(Subject.word)s: "
        return ask(name, about, .dictionary(of: shape), [:], words + expected) { value in
            guard case .object(let members) = value, members.count <= count else { return nil }
            var values: [Name<Subject>: Value] = [:]
            for member in members {
                guard let name = Name<Subject>(member.key), let value = parse(member.value) else {
                    return nil
                }
                values[name] = value
            }
            return values
        }
    }

    /// A list of objects.
    mutating func list<Value>(
        _ name: String, _ about: String, atMost count: Int,
        _ read: (inout Members) -> Value?
    ) -> [Value]? {
        var sample = Members(nil)
        _ = read(&sample)
        var inner: [String] = []
        let prefix = path + name
        let values: [Value]? = ask(
            name, about, .list(of: sample.shape("")), nil, "a list of at most \(count) objects"
        ) { value in
            guard case .array(let elements) = value, elements.count <= count else { return nil }
            var values: [Value] = []
            for (index, element) in elements.enumerated() {
                guard case .object(let members) = element else { return nil }
                var part = Members(members, path: "\(prefix)[\(index)].")
                if let value = read(&part) { values.append(value) }
                part.refuseUnknown()
                inner += part.mistakes
            }
            return values
        }
        mistakes += inner
        return values
    }

    private mutating func ask<Value>(
        _ name: String, _ about: String, _ shape: JSONShape, _ standard: Value?,
        _ expected: String, _ parse: (JSON) -> Value?
    ) -> Value? {
        asked.append((name, about, shape, standard == nil))
        guard let given else { return nil }
        guard let member = given.first(where: { $0.key == name }) else {
            if standard == nil { mistakes.append("'\(path)\(name)' is missing: \(expected)") }
            return standard
        }
        guard let value = parse(member.value) else {
            mistakes.append("'\(path)\(name)' has to be \(expected)")
            return nil
        }
        return value
    }

    /// What nobody asked for is a mistake: a word that is misspelt must not be passed over.
    mutating func refuseUnknown() {
        let names = asked.map(\.name)
        for member in given ?? [] where !names.contains(member.key) {
            let known = names.map { "'\($0)'" }.joined(separator: ", ")
            let key = Report.visible(String(member.key.prefix(100)))
            mistakes.append("'\(path)\(key)' is not known here: there are \(known)")
        }
    }

    func shape(_ about: String) -> JSONShape {
        let properties = asked.map { member in
            var members = [JSON.Member("description", .string(member.about))]
            if case .object(let more) = member.shape.json { members += more }
            return JSON.Member(member.name, .object(members))
        }
        var members: [JSON.Member] = [.init("type", "object")]
        if !about.isEmpty { members.append(.init("description", .string(about))) }
        members.append(.init("properties", .object(properties)))
        let required = asked.filter(\.isRequired).map { JSON.string($0.name) }
        if !required.isEmpty { members.append(.init("required", .array(required))) }
        members.append(.init("additionalProperties", false))
        return JSONShape(.object(members))
    }
}
