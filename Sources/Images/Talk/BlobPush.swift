import HTTP

/// Brings one blob to a repository: looks whether it is there, has it mounted from another
/// repository, or sends it, in pieces if it is large, and goes on where it was interrupted.
package struct BlobPush: RegistryErrand {
    /// How it came to be there.
    package enum Outcome: Hashable, Sendable {
        case wasThere
        case mounted(from: String)
        case sent
    }

    /// What is sent with one request. A registry may ask for more.
    package static let standardPiece = 64 << 20
    /// Less is not tried where a proxy finds a piece too large.
    static let smallestPiece = 4 << 20
    static let mostBeginnings = 6

    private enum Stage: Hashable {
        case looking
        case opening(mounting: String?)
        case sending(WebPlace, Range<Int>)
        /// How much has arrived of what was interrupted?
        case asking(WebPlace)
    }

    private let blob: Descriptor
    private let base: WebPlace
    private let name: String
    private var mountable: String?
    private var piece: Int
    private var persistence: Persistence
    private var stage = Stage.looking
    private var isWaitingToAsk = false
    private var beginnings = 0
    /// How far the registry can have any of it.
    private var reached = 0

    /// `base` is the repository's own place. `mountable` is the path of another repository of the
    /// same registry, which may have it.
    package init(
        _ blob: Descriptor, at base: WebPlace, mountable: String? = nil,
        piece: Int = standardPiece, persistence: Persistence
    ) {
        self.blob = blob
        self.base = base
        self.mountable = mountable
        self.piece = piece
        self.persistence = persistence
        name = "send blob \(blob.digest)"
    }

    package mutating func begin() -> RegistryStep<Outcome> { look() }

    package mutating func apply(_ event: RegistryEvent) -> RegistryStep<Outcome> {
        switch event {
        case .waited: return request()
        case .admitted(let isForThis):
            if persistence.isAdmissible(isForThis) { return resumed() }
            return stopMounting() ? request() : Self.refused(name, denial)
        case .broke: return pause(after: event)
        case .answered(let answer):
            if answer.isPassing { return pause(after: event) }
            switch stage {
            case .looking: return looked(answer)
            case .opening(let mounting): return opened(answer, mounting: mounting)
            case .sending(let place, let range): return sent(answer, place, range)
            case .asking(let place): return asked(answer, place)
            }
        }
    }

    /// What the stage asks for, once more.
    private func request() -> RegistryStep<Outcome> {
        switch stage {
        case .looking: return .ask(RegistryRequest(.head, place("blobs/\(blob.digest)")))
        case .opening(let mounting):
            var query = ""
            if let mounting {
                query =
                    "?mount=\(blob.digest.description.percentEncoded)"
                    + "&from=\(mounting.percentEncoded)"
            }
            return .ask(RegistryRequest(.post, place("blobs/uploads/\(query)")))
        case .asking(let place): return .ask(RegistryRequest(.get, place))
        case .sending(let place, let range): return .ask(sending(range, to: place))
        }
    }

    private func sending(_ range: Range<Int>, to place: WebPlace) -> RegistryRequest {
        let isLast = range.upperBound == blob.size
        let digest = blob.digest.description.percentEncoded
        var request = RegistryRequest(
            isLast ? .put : .patch, isLast ? place.adding("digest=\(digest)") : place)
        request.headers.add("Content-Type", "application/octet-stream")
        if !range.isEmpty, range != 0..<blob.size {
            request.headers.add("Content-Range", "\(range.lowerBound)-\(range.upperBound - 1)")
        }
        request.body = .part(range)
        return request
    }

    private mutating func look() -> RegistryStep<Outcome> {
        beginnings += 1
        guard beginnings <= Self.mostBeginnings else {
            return .failed(
                RegistryProblem(
                    .gaveUp,
                    "cannot \(name): the registry has lost what was sent "
                        + "\(Self.mostBeginnings) times",
                    hint: "look at the registry's log, and at what stands between here and it"))
        }
        reached = 0
        stage = .looking
        return request()
    }

    private mutating func open() -> RegistryStep<Outcome> {
        stage = .opening(mounting: mountable)
        return request()
    }

    private mutating func send(_ offset: Int, to place: WebPlace) -> RegistryStep<Outcome> {
        let end = min(blob.size, offset + piece)
        reached = max(reached, end)
        stage = .sending(place, offset..<end)
        return request()
    }

    /// Nobody knows how much has arrived of what was interrupted; the registry says.
    private mutating func resumed() -> RegistryStep<Outcome> {
        if case .sending(let place, _) = stage { stage = .asking(place) }
        return request()
    }

    /// What another repository has is a favour: without it the blob is sent.
    private mutating func stopMounting() -> Bool {
        guard case .opening(mounting: .some) = stage else { return false }
        mountable = nil
        stage = .opening(mounting: nil)
        persistence.movedOn()
        return true
    }

    private mutating func pause(after event: RegistryEvent) -> RegistryStep<Outcome> {
        if stopMounting() { return request() }
        let step = Self.again(&persistence, name, after: event)
        if case .sending(let place, _) = stage { stage = .asking(place) }
        return step
    }

    private func place(_ target: String) -> WebPlace { base.at(base.target + target) }

    private var denial: RegistryAnswer { RegistryAnswer(401) }
}

extension BlobPush {
    private mutating func looked(_ answer: RegistryAnswer) -> RegistryStep<Outcome> {
        switch answer.status {
        case 200..<300:
            if let digest = answer.digest, digest != blob.digest {
                return Self.lied(name, "asked for \(blob.digest), the registry tells of \(digest)")
            }
            return .done(.wasThere)
        case 404:
            persistence.movedOn()
            return open()
        default: return Self.refused(name, answer)
        }
    }

    private mutating func opened(
        _ answer: RegistryAnswer, mounting: String?
    ) -> RegistryStep<Outcome> {
        if answer.status == 201, let mounting {
            guard answer.digest == nil || answer.digest == blob.digest else {
                return Self.lied(name, "the registry mounted something else")
            }
            return .done(.mounted(from: mounting))
        }
        if 400..<500 ~= answer.status, stopMounting() { return request() }
        guard 200..<300 ~= answer.status else { return Self.refused(name, answer) }
        guard let place = location(answer, from: base) else { return unusable(answer) }
        let least = answer.headers["OCI-Chunk-Min-Length"].flatMap { Int($0) } ?? 0
        piece = max(piece, min(least, Self.standardPiece * 16))
        persistence.movedOn()
        return send(0, to: place)
    }

    private mutating func sent(
        _ answer: RegistryAnswer, _ place: WebPlace, _ range: Range<Int>
    ) -> RegistryStep<Outcome> {
        switch answer.status {
        case 200..<300 where range.upperBound == blob.size:
            if let digest = answer.digest, digest != blob.digest {
                return Self.lied(
                    name, "the registry says that it has stored \(digest)")
            }
            return .done(.sent)
        case 200..<300:
            guard let next = location(answer, from: place) else { return unusable(answer) }
            let end = Self.end(answer) ?? range.upperBound
            guard end <= range.upperBound else {
                return Self.lied(name, "the registry says that it has more than was sent")
            }
            guard end > range.lowerBound else { return pause(after: .answered(answer)) }
            persistence.movedOn()
            return send(end, to: next)
        case 404: return again(answer)
        case 416:
            stage = .asking(place)
            return persistence.isAdmissible() ? request() : Self.refused(name, answer)
        case 413 where piece > Self.smallestPiece:
            piece = max(Self.smallestPiece, piece / 4)
            stage = .asking(place)
            return request()
        default:
            let isGone = Complaint(parsing: answer.body).codes.contains("BLOB_UPLOAD_INVALID")
            return isGone ? again(answer) : Self.refused(name, answer)
        }
    }

    private mutating func asked(
        _ answer: RegistryAnswer, _ place: WebPlace
    ) -> RegistryStep<Outcome> {
        switch answer.status {
        case 200..<300:
            let end = Self.end(answer) ?? 0
            guard end <= reached else {
                return Self.lied(name, "the registry says that it has more than was sent")
            }
            if end > 0 { persistence.movedOn() }
            return send(end, to: location(answer, from: place) ?? place)
        case 401, 403: return Self.refused(name, answer)
        // It is gone. Perhaps because it had arrived whole, so it is looked for again.
        default: return again(answer)
        }
    }

    private mutating func again(_ answer: RegistryAnswer) -> RegistryStep<Outcome> {
        let step = look()
        guard beginnings > 2, case .ask = step else { return step }
        return pause(after: .answered(answer))
    }

    /// Where the rest is to be sent. No server may lead from TLS out of it.
    private func location(_ answer: RegistryAnswer, from place: WebPlace) -> WebPlace? {
        let next = answer.headers["Location"].flatMap { place.following($0) }
        return next.flatMap { $0.isPlain && !base.isPlain ? nil : $0 }
    }

    private func unusable(_ answer: RegistryAnswer) -> RegistryStep<Outcome> {
        let place = ImageMistake.shown(answer.headers["Location"] ?? "nowhere", atMost: 60)
        return .failed(
            RegistryProblem(
                .unsafe, "cannot \(name): the registry wants it sent to '\(place)'",
                hint: "where a registry is asked by https it has to stay there; a proxy before it "
                    + "has to tell it so (X-Forwarded-Proto)"))
    }

    /// How many bytes have arrived: `0-99` are a hundred, and `0-0` is what registries say of
    /// none.
    private static func end(_ answer: RegistryAnswer) -> Int? {
        guard let range = answer.headers["Range"] else { return nil }
        let bounds = range.drop { !$0.isNumber }.split(separator: "-")
        guard bounds.count == 2, bounds[0] == "0", let last = Int(bounds[1]), last >= 0 else {
            return nil
        }
        return last == 0 ? 0 : last == .max ? last : last + 1
    }
}
