/// By which names those who wrote and pushed a revision may be known to the house.
package enum Authors {
    /// Whole first, because the first is shown; then each name and mail by itself, because nobody
    /// knows by which of them a person is known here.
    package static func names(of people: [String], _ pushers: [String]) -> [String] {
        var names: [String] = []
        var known: Set<String> = []
        for name in people + pushers + people.flatMap(parts)
        where !name.isEmpty && known.insert(name).inserted { names.append(name) }
        return names
    }

    private static func parts(of person: String) -> [String] {
        guard let open = person.lastIndex(of: "<"), person.hasSuffix(">") else { return [] }
        let name = person[..<open].split(separator: " ").joined(separator: " ")
        return [name, String(person[person.index(after: open)...].dropLast())]
    }
}
