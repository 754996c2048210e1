import HTTP
import ImageArchives
package import Images

/// What tells about images: signatures, lists of materials. A registry that can be asked for it
/// finds out by itself what has a subject; where one cannot, a list of it has a tag that is made of
/// the subject's digest.
extension RegistryClient {
    /// How often the list is written where others write it at the same time.
    private static let mostWrites = 5

    package func referrers(
        of digest: Digest, in repository: Repository
    ) throws(RegistryProblem) -> [Descriptor] {
        let conversation = try converse(over: repository, "pull")
        let what = "find what tells about \(digest)"
        let answer = try askWhatTells(about: digest, in: repository, conversation, to: what)
        guard answer.status == 200 else {
            return try list(about: digest, in: repository, conversation, to: what)?.manifests ?? []
        }
        do throws(ImageMistake) {
            guard case .index(let index) = try Manifest(parsing: answer.body) else { return [] }
            return index.manifests
        } catch {
            throw RegistryProblem(.lied, "cannot \(what): \(error.problem)", hint: error.hint)
        }
    }

    /// Sees that what has been pushed is found by whoever looks what tells about its subject.
    func list(
        _ documents: [ImageContents.Document], in repository: Repository,
        _ conversation: Conversation, told: (PushEvent) -> Void
    ) throws(RegistryProblem) {
        var subjects: [Digest] = []
        var tellers: [Digest: [Descriptor]] = [:]
        for document in documents {
            guard let subject = document.manifest.subject?.digest else { continue }
            if tellers[subject] == nil { subjects.append(subject) }
            tellers[subject, default: []].append(document.manifest.listed(as: document.descriptor))
        }
        for subject in subjects {
            let new = tellers[subject] ?? []
            let tag = try list(new, about: subject, in: repository, conversation)
            told(.listed(new.count, about: subject, under: tag))
        }
    }

    /// Gives the tag, where it takes one.
    private func list(
        _ tellers: [Descriptor], about subject: Digest, in repository: Repository,
        _ conversation: Conversation
    ) throws(RegistryProblem) -> Tag? {
        let what = "list what tells about \(subject)"
        let answer = try askWhatTells(about: subject, in: repository, conversation, to: what)
        if answer.status == 200 { return nil }
        let tag = Tag(listing: subject)
        for _ in 0..<Self.mostWrites {
            // Read again after it was written: another may have written over it meanwhile.
            let known = try list(about: subject, in: repository, conversation, to: what)
            guard let more = (known ?? ImageIndex(.ociIndex, of: [])).adding(tellers) else {
                return tag
            }
            _ = try conversation.run(
                ManifestPush(
                    more.bytes, more.mediaType, as: tag, at: place(repository),
                    persistence: persistence))
        }
        throw RegistryProblem(
            .gaveUp, "cannot \(what): others write the same list at the same time",
            hint: "run it again; what is there already is not sent again")
    }

    /// Nothing where there is no list yet.
    private func list(
        about subject: Digest, in repository: Repository, _ conversation: Conversation,
        to what: String
    ) throws(RegistryProblem) -> ImageIndex? {
        let reference = Reference(repository, tag: Tag(listing: subject))
        let found = try manifest(reference, known: nil, conversation, to: what)
        guard case .manifest(let digest, let type, let bytes) = found else { return nil }
        guard case .index(let index) = try? Manifest(parsing: bytes, as: type) else {
            throw RegistryProblem(
                .refused, "cannot \(what): '\(reference)' is an image, \(digest)",
                hint: "remove that tag; a list of what tells about the image has to be there")
        }
        return index
    }

    private func askWhatTells(
        about digest: Digest, in repository: Repository, _ conversation: Conversation,
        to what: String
    ) throws(RegistryProblem) -> RegistryAnswer {
        let base = place(repository)
        return try conversation.run(
            Question(
                what, RegistryRequest(.get, base.at("\(base.target)referrers/\(digest)")),
                fine: [400, 404, 405, 501], persistence: persistence))
    }
}
