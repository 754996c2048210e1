import YAML

/// A file of whoever hosts the house that was read: what it tells of, if there is no mistake in it,
/// and all there is to say.
package struct ProfileReading<Profile: Sendable>: Sendable {
    package let profile: Profile?
    package let diagnostics: [Diagnostic]

    init(_ bytes: [UInt8], as shape: Shape<Profile>, emptyHint: String) {
        var findings = Findings()
        var profile: Profile?
        do throws(YAMLError) {
            if let root = try Document.read(bytes) {
                profile = shape.read(root, &findings)
            } else {
                findings.error(
                    at: Place(line: 1, column: 1), "the file is empty", hint: emptyHint)
            }
        } catch {
            findings.error(at: error.place, error.problem, hint: error.hint)
        }
        self.profile = findings.hasErrors ? nil : profile
        diagnostics = findings.inOrder
    }
}
