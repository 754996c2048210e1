import HTTP
package import ImageArchives
package import Images

extension RegistryClient {
    /// Sends on an image what the repository does not have yet: blobs first, then manifests by
    /// their digests, and tags last, so that no tag ever names half of an image.
    ///
    /// `others` are repositories of the same registry that may have some of it.
    package func push(
        _ image: ImageContents, to repository: Repository, tags: [Tag],
        mountingFrom others: [Repository] = [], told: (PushEvent) -> Void = { _ in }
    ) throws(RegistryProblem) -> PushedImage {
        let others = others.filter { $0.host == repository.host && $0 != repository }
        let conversation = try converse(over: repository, "pull,push", reading: others)
        return try withoutActuallyEscaping(told) { told throws(RegistryProblem) in
            conversation.delayed = { told(.delayed(milliseconds: $0, because: $1)) }
            defer { conversation.delayed = { _, _ in } }
            _ = try conversation.run(
                Question(
                    "speak with the registry \(profile.host)",
                    RegistryRequest(.get, profile.root), persistence: persistence))
            var pushed = PushedImage(
                repository: repository, digest: image.digest,
                mediaType: image.root.descriptor.mediaType, tags: tags)
            try sendBlobs(
                image, to: repository, from: others.first, conversation, &pushed, told: told)
            for document in image.manifests {
                let outcome = try put(document, as: nil, in: repository, conversation)
                told(.manifest(document.descriptor.digest, wasThere: outcome == .wasThere))
            }
            for tag in tags {
                switch try put(image.root, as: tag, in: repository, conversation) {
                case .wasThere: told(.tag(tag, wasThere: true, insteadOf: nil))
                case .put(let before): told(.tag(tag, wasThere: false, insteadOf: before))
                }
            }
            return pushed
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

    private func sendBlobs(
        _ image: ImageContents, to repository: Repository, from other: Repository?,
        _ conversation: Conversation, _ pushed: inout PushedImage, told: (PushEvent) -> Void
    ) throws(RegistryProblem) {
        // The largest first, so that none is left alone at the end.
        let blobs = image.blobs.sorted { $0.size > $1.size }
        var jobs: [Job<BlobPush>] = []
        for blob in blobs {
            let push = BlobPush(
                blob, at: place(repository), mountable: other?.path, piece: profile.piece,
                persistence: persistence)
            jobs.append(Job(push, content: try SentContent(blob, of: image)))
        }
        told(.begun(blobs: blobs.count, bytes: image.size))
        var (counted, shown) = (pushed, 0)
        let total = image.size
        try conversation.run(jobs, atOnce: profile.atOnce) { jobs in
            let sent = counted.sent + jobs.reduce(0) { $0 + $1.position }
            // Every tenth is enough for a log.
            guard abs(sent - shown) >= max(16 << 20, total / 10) else { return }
            shown = sent
            told(.progress(sent: sent, skipped: counted.skipped + counted.mounted, of: total))
        } ended: { index, outcome in
            switch outcome {
            case .sent: counted.sent += blobs[index].size
            case .mounted: counted.mounted += blobs[index].size
            case .wasThere: counted.skipped += blobs[index].size
            }
            told(.blob(blobs[index], outcome))
        }
        pushed = counted
    }
}
