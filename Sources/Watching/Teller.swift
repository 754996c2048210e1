import Engine
import Pipelines

/// Numbers what is told of one source.
struct Teller {
    private let watched: WatchedSource
    private var reading: Int
    private(set) var sightings: [Sighting] = []

    init(watched: WatchedSource, reading: Int) {
        self.watched = watched
        self.reading = reading
    }

    mutating func tell(_ ref: String, _ revision: Revision?, note: String?) {
        reading += 1
        sightings.append(
            Sighting(
                pipeline: watched.pipeline, source: watched.source.name, ref: ref,
                revision: revision, reading: reading, note: note))
    }
}
