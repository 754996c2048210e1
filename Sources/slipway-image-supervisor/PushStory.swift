import Images
import Registry

/// A push, as a log tells it: what takes long, and what somebody may look for later.
enum PushStory {
    static func line(_ event: PushEvent) -> String? {
        switch event {
        case .begun(let blobs, let bytes?): "\(blobs) blobs, \(Bytes.text(bytes)) in all"
        case .begun(let blobs, nil): "\(blobs) blobs, sent as their layers are compressed"
        case .blob(let blob, let outcome):
            "\(blob.digest) \(Bytes.text(blob.size)): \(word(outcome))"
        case .progress(let sent, let skipped, let total?):
            "\(Bytes.text(sent + skipped)) of \(Bytes.text(total))"
        case .progress(let sent, let skipped, nil): "\(Bytes.text(sent + skipped)) so far"
        case .delayed(let milliseconds, let reason):
            "again in \(milliseconds) ms, because \(reason)"
        case .manifest(_, wasThere: true): nil
        case .manifest(let digest, wasThere: false): "manifest \(digest)"
        case .listed(let count, let subject, nil): "\(count) of these tell about \(subject)"
        case .listed(let count, let subject, let tag?):
            "\(count) of these tell about \(subject), listed under the tag \(tag)"
        case .tag(let tag, wasThere: true, _): "tag \(tag) was there"
        case .tag(let tag, wasThere: false, nil): "tag \(tag)"
        case .tag(let tag, wasThere: false, let before?): "tag \(tag), which was on \(before)"
        }
    }

    private static func word(_ outcome: BlobPush.Outcome) -> String {
        switch outcome {
        case .sent: "sent"
        case .mounted: "taken over from another repository"
        case .wasThere: "was there"
        }
    }
}

enum Bytes {
    /// `12.3 MiB`.
    static func text(_ count: Int) -> String {
        var (amount, unit) = (Double(count), "B")
        for next in ["KiB", "MiB", "GiB", "TiB"] where amount >= 1_024 {
            (amount, unit) = (amount / 1_024, next)
        }
        guard unit != "B" else { return "\(count) B" }
        let tenths = Int((amount * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
