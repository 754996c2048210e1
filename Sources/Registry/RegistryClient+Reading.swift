package import Images
import HTTP

/// What a registry has under a name.
package enum FoundManifest: Hashable, Sendable {
    /// Nothing.
    case missing
    /// What is known already.
    case unchanged
    case manifest(Digest, MediaType, bytes: [UInt8])
}

extension RegistryClient {
    /// What a tag or a digest stands for now. Where it is what is known already, the registry need
    /// not send it.
    package func manifest(
        of reference: Reference, known: Digest? = nil
    ) throws(RegistryProblem) -> FoundManifest {
        let conversation = try converse(over: reference.repository, "pull")
        return try manifest(
            reference, known: known, conversation, to: "read the manifest of \(reference)")
    }

    /// `what` goes on from "cannot".
    func manifest(
        _ reference: Reference, known: Digest?, _ conversation: Conversation, to what: String
    ) throws(RegistryProblem) -> FoundManifest {
        let answer = try conversation.run(
            Question(
                what, request(.get, for: reference, known: known), fine: [304, 404],
                persistence: persistence))
        if answer.status == 404 { return .missing }
        if answer.status == 304, known != nil { return .unchanged }
        let digest = Digest(of: answer.body)
        guard answer.status == 200, reference.digest == nil || reference.digest == digest,
            answer.digest == nil || answer.digest == digest
        else {
            throw RegistryProblem(
                .lied,
                "cannot \(what): the registry sent \(digest), where "
                    + "\((reference.digest ?? answer.digest).map { "\($0)" } ?? "content") was due",
                hint: "do not use what it has")
        }
        if digest == known { return .unchanged }
        let named = answer.headers["Content-Type"]?.prefix { $0 != ";" && $0 != " " }
        let declared = named.map { MediaType(String($0)) }.flatMap {
            $0.isImage || $0.isIndex ? $0 : nil
        }
        do throws(ImageMistake) {
            let manifest = try Manifest(parsing: answer.body, as: declared)
            return .manifest(digest, manifest.mediaType, bytes: answer.body)
        } catch {
            throw RegistryProblem(.lied, "cannot \(what): \(error.problem)", hint: error.hint)
        }
    }

    /// For a manifest, unless it is known already.
    func request(_ method: Request.Method, for reference: Reference, known: Digest?)
        -> RegistryRequest
    {
        let base = place(reference.repository)
        var request = RegistryRequest(
            method, base.at("\(base.target)manifests/\(reference.version)"))
        request.headers.add("Accept", Question.accepted)
        if let known { request.headers.add("If-None-Match", "\"\(known)\"") }
        return request
    }

    /// Which of these a repository has, in their lengths.
    package func present(
        _ blobs: [Descriptor], in repository: Repository
    ) throws(RegistryProblem) -> Set<Digest> {
        let conversation = try converse(over: repository, "pull")
        let base = place(repository)
        let jobs = blobs.map { blob in
            Job(
                Question(
                    "look for blob \(blob.digest)",
                    RegistryRequest(.head, base.at("\(base.target)blobs/\(blob.digest)")),
                    fine: [404], persistence: persistence))
        }
        var found: Set<Digest> = []
        try conversation.run(jobs, atOnce: profile.atOnce) { index, answer in
            let blob = blobs[index]
            let length = answer.headers["Content-Length"].flatMap { Int($0) }
            guard answer.status == 200, length == blob.size,
                answer.digest == nil || answer.digest == blob.digest
            else { return }
            found.insert(blob.digest)
        }
        return found
    }

    /// Fetches a blob into an open file, from its beginning on.
    package func fetch(
        _ blob: Descriptor, of repository: Repository, into file: Int32
    ) throws(RegistryProblem) {
        try fetch([(blob, file)], of: repository)
    }

    /// Fetches several blobs at once, each into an open file, from its beginning on.
    package func fetch(
        _ blobs: [(blob: Descriptor, file: Int32)], of repository: Repository
    ) throws(RegistryProblem) {
        let conversation = try converse(over: repository, "pull")
        let base = place(repository)
        let sinks = blobs.map { BlobSink($0.file, atMost: $0.blob.size) }
        let what = blobs.map { "fetch blob \($0.blob.digest)" }
        let jobs = blobs.indices.map { index in
            let place = base.at("\(base.target)blobs/\(blobs[index].blob.digest)")
            return Job(
                Question(what[index], RegistryRequest(.get, place), persistence: persistence),
                sink: sinks[index])
        }
        try conversation.run(jobs, atOnce: profile.atOnce) { _, _ in }
        for index in blobs.indices {
            let (count, digest) = (sinks[index].count, sinks[index].digest())
            guard count == blobs[index].blob.size, digest == blobs[index].blob.digest else {
                throw RegistryProblem(
                    .lied,
                    "cannot \(what[index]): the registry sent \(count) bytes that are \(digest)",
                    hint: "do not use what it has")
            }
        }
    }
}
