/// What promoting would do, or does.
package struct PromotionWords: Decodable, Sendable {
    package struct Part: Decodable, Sendable {
        package let source: String
        package let commit: String?
        package let image: String?

        package var version: String { commit ?? image ?? "" }
    }

    package let from: String
    package let release: String
    package let version: String
    package let revisions: [Part]
    package let brought: String
    package let stage: String
    package let gates: [String]
    package let leaves: String?
    package let strategy: String
    package let steps: [DeploymentStep]
    package let there: Bool
    /// What does it.
    package let execution: String?
}
