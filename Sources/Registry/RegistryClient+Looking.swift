import HTTP
package import Images

extension RegistryClient {
    /// What a tag stands for now, for those who ask often: where it may be what is known already,
    /// only heads are sent, which no registry counts as a pull. What is new is fetched, because
    /// nothing else proves that the digest is that of an image.
    package func look(
        at reference: Reference, known: Digest?
    ) throws(RegistryProblem) -> FoundManifest {
        let what = Self.looking(at: reference)
        let conversation = try converse(over: reference.repository, "pull")
        if let known, let told = try head(of: reference, known, conversation) { return told }
        return try manifest(reference, known: known, conversation, to: what)
    }

    /// What a problem says could not be done, after "cannot".
    package static func looking(at reference: Reference) -> String { "look at '\(reference)'" }

    /// Nothing where the head does not tell, or tells of something new.
    private func head(
        of reference: Reference, _ known: Digest, _ conversation: Conversation
    ) throws(RegistryProblem) -> FoundManifest? {
        let answer = try conversation.run(
            Question(
                Self.looking(at: reference), request(.head, for: reference, known: known),
                // Some registries answer no heads.
                fine: [304, 404, 405, 501], persistence: persistence))
        switch answer.status {
        case 304: return .unchanged
        case 404: return .missing
        default: return answer.digest == known ? .unchanged : nil
        }
    }
}
