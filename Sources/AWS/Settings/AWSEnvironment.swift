/// The variables of an environment. It is given, and not looked up, so that each pipeline may have
/// one of its own.
package struct AWSEnvironment: Sendable, CustomStringConvertible, CustomReflectable {
    private let values: [String: String]

    package init(_ values: [String: String] = [:]) { self.values = values }

    /// One that is set to nothing is not set.
    package subscript(name: String) -> String? {
        values[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    func isTrue(_ name: String) -> Bool { self[name]?.lowercased() == "true" }

    /// A path, with the home folder where '~' stands.
    func path(_ text: String) -> String {
        guard text == "~" || text.hasPrefix("~/"), let home = self["HOME"] else { return text }
        return home + text.dropFirst()
    }

    package var description: String { "\(values.count) variables" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
