import HTTP
package import ImageArchives
package import Images

extension RegistryClient {
    /// Sends on an image what the repository does not have yet: blobs first, then manifests by
    /// their digests, then what tells about them, and tags last, so that no tag ever names half of
    /// an image. Layers that are still in the making are sent as they become ready.
    ///
    /// `sources` are other repositories of the same registry that may have some of its blobs.
    package func push(
        _ supply: ImageSupply, to repository: Repository, tags: [Tag],
        mounting sources: [Digest: Repository] = [:], told: (PushEvent) -> Void = { _ in }
    ) throws(RegistryProblem) -> PushedImage {
        let sources = sources.filter { $1.host == repository.host && $1 != repository }
        let others = Set(sources.values).sorted { $0.path < $1.path }
        let conversation = try converse(over: repository, "pull,push", reading: others)
        return try withoutActuallyEscaping(told) { told throws(RegistryProblem) in
            conversation.delayed = { told(.delayed(milliseconds: $0, because: $1)) }
            defer { conversation.delayed = { _, _ in } }
            _ = try conversation.run(
                Question(
                    "speak with the registry \(profile.host)",
                    RegistryRequest(.get, profile.root), persistence: persistence))
            let way = BlobWay(
                base: place(repository), sources: sources, piece: profile.piece,
                persistence: persistence, stop: stop)
            var tally = try send(supply, way, conversation, told: told)
            let image = try whole(supply)
            for blob in image.present {
                tally.skipped += blob.size
                told(.blob(blob, .wasThere))
            }
            for document in image.manifests + image.tellers {
                let outcome = try put(document, as: nil, in: repository, conversation)
                told(.manifest(document.descriptor.digest, wasThere: outcome == .wasThere))
            }
            try list(image.manifests + image.tellers, in: repository, conversation, told: told)
            for tag in tags {
                switch try put(image.root, as: tag, in: repository, conversation) {
                case .wasThere: told(.tag(tag, wasThere: true, insteadOf: nil))
                case .put(let before): told(.tag(tag, wasThere: false, insteadOf: before))
                }
            }
            return PushedImage(
                repository: repository, digest: image.digest, images: image.images,
                mediaType: image.root.descriptor.mediaType, tags: tags, sent: tally.sent,
                mounted: tally.mounted, skipped: tally.skipped)
        }
    }

    private func put(
        _ document: ImageContents.Document, as tag: Tag?, in repository: Repository,
        _ conversation: Conversation
    ) throws(RegistryProblem) -> ManifestPush.Outcome {
        try conversation.run(
            ManifestPush(
                document.bytes, document.descriptor.mediaType, as: tag, at: place(repository),
                persistence: persistence))
    }

    private func send(
        _ supply: ImageSupply, _ way: BlobWay, _ conversation: Conversation,
        told: (PushEvent) -> Void
    ) throws(RegistryProblem) -> Tally {
        var blobs = supply.ready
        var total = supply.bell == nil ? blobs.reduce(0) { $0 + $1.descriptor.size } : nil
        told(.begun(blobs: supply.count, bytes: total))
        var (tally, shown) = (Tally(), 0)
        let jobs = try blobs.map { blob throws(RegistryProblem) in try way.job(blob) }
        let arrivals = supply.bell.map { bell in
            Arrivals(bell: bell) { () throws(RegistryProblem) -> [Job<BlobPush>]? in
                guard let new = try self.next(supply) else {
                    total = blobs.reduce(0) { $0 + $1.descriptor.size }
                    return nil
                }
                blobs += new
                return try new.map { blob throws(RegistryProblem) in try way.job(blob) }
            }
        }
        try conversation.run(jobs, arriving: arrivals, atOnce: profile.atOnce) { jobs in
            let sent = tally.sent + jobs.reduce(0) { $0 + $1.position }
            // Every tenth is enough for a log.
            guard abs(sent - shown) >= max(16 << 20, (total ?? 0) / 10) else { return }
            shown = sent
            told(.progress(sent: sent, skipped: tally.skipped + tally.mounted, of: total))
        } ended: { index, outcome in
            let blob = blobs[index].descriptor
            tally.count(blob, outcome)
            told(.blob(blob, outcome))
        }
        return tally
    }

    private func next(_ supply: ImageSupply) throws(RegistryProblem) -> [ImageBlob]? {
        do throws(ArchiveProblem) { return try supply.next() } catch {
            throw RegistryProblem(error)
        }
    }

    private func whole(_ supply: ImageSupply) throws(RegistryProblem) -> ImageContents {
        do throws(ArchiveProblem) { return try supply.whole() } catch {
            throw RegistryProblem(error)
        }
    }
}

/// How all blobs of a push are sent.
private struct BlobWay {
    let base: WebPlace
    let sources: [Digest: Repository]
    let piece: Int
    let persistence: Persistence
    let stop: StopSignal

    func job(_ blob: ImageBlob) throws(RegistryProblem) -> Job<BlobPush> {
        let content = try SentContent(blob)
        let source = sources[blob.descriptor.digest]
        // Who names what somebody else has must not get it by that: it has to be here.
        if source != nil, !blob.isSure { try content.check(unless: stop) }
        return Job(
            BlobPush(
                blob.descriptor, at: base, mountable: source?.path, piece: piece,
                persistence: persistence), content: content)
    }
}

/// What has become of the bytes of blobs.
private struct Tally {
    var sent = 0
    var mounted = 0
    var skipped = 0

    mutating func count(_ blob: Descriptor, _ outcome: BlobPush.Outcome) {
        switch outcome {
        case .sent: sent += blob.size
        case .mounted: mounted += blob.size
        case .wasThere: skipped += blob.size
        }
    }
}
