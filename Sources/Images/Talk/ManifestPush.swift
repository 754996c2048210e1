import HTTP

/// Puts one manifest into a repository, under its digest or under a tag. What is there already is
/// not put again, so that a tag that must not change is no failure where it need not.
package struct ManifestPush: RegistryErrand {
    package enum Outcome: Hashable, Sendable {
        case wasThere
        /// Under a tag, what it was before is told if that was something else.
        case put(insteadOf: Digest?)
    }

    private let bytes: [UInt8]
    private let mediaType: MediaType
    private let digest: Digest
    private let place: WebPlace
    private let name: String
    private var persistence: Persistence
    private var isLooking = true
    private var before: Digest?

    /// `base` is the repository's own place.
    package init(
        _ bytes: [UInt8], _ mediaType: MediaType, as tag: Tag?, at base: WebPlace,
        persistence: Persistence
    ) {
        self.bytes = bytes
        self.mediaType = mediaType
        digest = Digest(of: bytes)
        let version = tag?.description ?? digest.description
        place = base.at("\(base.target)manifests/\(version)")
        name = tag.map { "set the tag '\($0)'" } ?? "put manifest \(digest)"
        self.persistence = persistence
    }

    package mutating func begin() -> RegistryStep<Outcome> { request() }

    package mutating func apply(_ event: RegistryEvent) -> RegistryStep<Outcome> {
        switch event {
        case .waited: return request()
        case .admitted(let isForThis):
            return persistence.isAdmissible(isForThis)
                ? request() : Self.refused(name, RegistryAnswer(401))
        case .broke: return again(event)
        case .answered(let answer):
            if answer.isPassing { return again(event) }
            return isLooking ? looked(answer) : put(answer)
        }
    }

    private func request() -> RegistryStep<Outcome> {
        var request = RegistryRequest(isLooking ? .head : .put, place)
        if isLooking {
            request.headers.add("Accept", Question.accepted)
        } else {
            request.headers.add("Content-Type", mediaType.description)
            request.body = .bytes(bytes)
        }
        return .ask(request)
    }

    /// The answer that was lost may have been that it is there.
    private mutating func again(_ event: RegistryEvent) -> RegistryStep<Outcome> {
        isLooking = true
        return Self.again(&persistence, name, after: event)
    }

    private mutating func looked(_ answer: RegistryAnswer) -> RegistryStep<Outcome> {
        switch answer.status {
        case 200..<300:
            if answer.digest == digest { return .done(.wasThere) }
            before = answer.digest
        case 404: break
        // Registries differ in what they answer where there is nothing yet; putting it will tell.
        case 400, 405: break
        default: return Self.refused(name, answer)
        }
        isLooking = false
        return request()
    }

    private func put(_ answer: RegistryAnswer) -> RegistryStep<Outcome> {
        guard 200..<300 ~= answer.status else {
            let step = Self.refused(name, answer)
            guard let before, case .failed(let problem) = step else { return step }
            return .failed(
                RegistryProblem(
                    problem.kind, "\(problem.problem) (it is \(before), and should be \(digest))",
                    hint: problem.hint))
        }
        if let stored = answer.digest, stored != digest {
            return Self.lied(name, "\(digest) was sent, and the registry has stored \(stored)")
        }
        return .done(.put(insteadOf: before))
    }
}
