import Attempts
import Containers
import Docker
import Glibc
import Supervising

/// Sees to it that the image is on this machine, as far as the runner allows.
struct ImageFetch: ~Copyable {
    let engine: DockerEngine
    let image: ImageName
    let pull: ContainerSpec.Pull
    var login: () throws -> PullLogin? = { nil }

    /// How the attempt ends if it has to before there is an image; nothing if there is one.
    func perform(
        _ limits: AttemptSpec.Limits, _ watch: Watch, _ requests: borrowing StopRequests,
        say: (String) -> Void
    ) throws -> AttemptReport.End? {
        if pull != .always, try engine.has(image) { return nil }
        guard pull != .never else {
            throw NoImage(
                "image '\(image)' is not on this machine, and the runner pulls none; pull it "
                    + "with 'docker pull \(image)', or let the runner's profile say "
                    + "'pull: missing'")
        }
        say("pulling image '\(image)'")
        let transfer = try engine.pull(image, as: try login())
        defer { engine.abandon(transfer) }
        var story = PullStory()
        engine.run()
        while !transfer.isDone {
            if requests.read() != nil { return .stopped }
            let left = (limits.milliseconds ?? .max) - watch.milliseconds
            guard left > 0 else { return .timedOut }
            let asked = pollfd(fd: requests.descriptor, events: Int16(POLLIN), revents: 0)
            engine.wait([asked], milliseconds: left)
            if transfer.status == 200 { story.feed(transfer.take()) }
        }
        story.feed(try engine.answer(of: transfer))
        story.finish()
        guard let problem = story.problem else { return nil }
        throw NoImage("image '\(image)' cannot be pulled: \(problem)")
    }
}

struct NoImage: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
