package import Engine
package import Images
package import Pipelines

/// One look at one tag of a registry: what it means for one source.
///
/// On the record a tag goes by its whole name, so that one that was named anew in the definition,
/// in another repository too, is told from one that was moved.
package struct TagLook: Hashable, Sendable {
    private let watched: WatchedSource
    private let origin: ImageOrigin
    private let cursor: Cursor
    /// What the tag stands for now; nothing if it is not there.
    private let found: Digest?
    /// It is known not to have been there when it was last looked at.
    private let wasMissing: Bool

    package init(
        _ watched: WatchedSource, _ origin: ImageOrigin, cursor: Cursor, found: Digest?,
        wasMissing: Bool = false
    ) {
        self.watched = watched
        self.origin = origin
        self.cursor = cursor
        self.found = found
        self.wasMissing = wasMissing
    }

    /// What is to be told, in order; nothing if nothing has changed.
    package var sightings: [Sighting] {
        var teller = Teller(watched: watched, reading: cursor.reading)
        let name = "\(origin)"
        for other in cursor.commits.keys.sorted() where other != name {
            teller.tell(other, nil, note: "it is not asked for any more")
        }
        let known = cursor.commits[name]
        switch found {
        case let found? where "\(found)" != known:
            teller.tell(name, revision(found), note: known == nil ? noteOnNew(found) : nil)
        case nil where known != nil: teller.tell(name, nil, note: "it is gone")
        case nil where cursor.reading == 0:
            teller.tell(name, nil, note: "it was not there at the first look")
        default: break
        }
        return teller.sightings
    }

    private func revision(_ digest: Digest) -> Revision {
        Revision(
            source: watched.source.name, tag: "\(origin.tag)",
            image: PinnedImage(origin.repository, digest))
    }

    /// Why it starts nothing, though it was not there by the last word on the record.
    private func noteOnNew(_ digest: Digest) -> String? {
        if cursor.reading == 0 { return "it was there at the first look" }
        if cursor.latest == revision(digest) { return "it is there again, as it was" }
        // Whoever has looked before has found nothing there, unless that was another tag.
        let isNew = !cursor.commits.isEmpty || cursor.latest.map { !isOwn($0) } ?? false
        return isNew && !wasMissing ? "it was there at the first look" : nil
    }

    private func isOwn(_ revision: Revision?) -> Bool {
        revision?.image?.repository == origin.repository && revision?.ref == "\(origin.tag)"
    }
}
