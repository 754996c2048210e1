import Attempts
import Commands
import Glibc
import ImageArchives
import Images
import Logins
import Logs
import Registry
import Sandbox
import Supervising

/// An attempt whose work is an image: from where it comes from to what the registry says of it.
enum ImageAttempt {
    static func perform(
        _ spec: AttemptSpec, _ errand: Errand, _ ready: consuming Readiness, _ watch: Watch,
        _ requests: borrowing StopRequests
    ) throws -> AttemptReport {
        guard let image = spec.image else { throw FieldError("'image' is missing") }
        let purse = try Purse(errand.access)
        let stop = try StopSignal()
        let log = try AttemptLog.create(
            errand.folder, limit: spec.limits.output, secrets: errand.secrets + purse.secrets)
        var ended: EndedAttempt
        if let build = image.build, spec.nests {
            ended = try buildInSandbox(
                build, image, spec, errand, ready, purse, stop, watch, requests, log)
            guard ended.end == .succeeded else { return ended.report(watch) }
        } else {
            ended = EndedAttempt(log: log)
        }
        let listener = try StopListener(
            stop, requests.descriptor, spec.limits.milliseconds, watch)
        do {
            let pushed = try ship(
                image, spec, errand, purse, stop,
                say: { ended.log.say($0, at: watch.milliseconds) },
                show: { ended.log.show($0, at: watch.milliseconds) })
            let now = watch.startedAt + watch.milliseconds
            try Told(pushed, image, at: now).write(in: errand.folder, as: image.outputs)
        } catch {
            listener.finish()
            return ended.failing(because: error, watch, listener.end).report(watch)
        }
        listener.finish()
        ended.end = ended.log.broken ?? ended.end
        return ended.report(watch)
    }

    private static func buildInSandbox(
        _ build: ImageBuildSpec, _ image: ImageSpec, _ spec: AttemptSpec, _ errand: Errand,
        _ ready: consuming Readiness, _ purse: Purse, _ stop: StopSignal, _ watch: Watch,
        _ requests: borrowing StopRequests, _ log: consuming AttemptLog
    ) throws -> EndedAttempt {
        log.say("building by buildah, in the sandbox", at: watch.milliseconds)
        for line in build.unknownWords { log.say(line, at: watch.milliseconds) }
        let listener = try StopListener(
            stop, requests.descriptor, spec.limits.milliseconds, watch)
        do {
            defer { listener.finish() }
            // What can be known to be wrong is told before anybody waits for a build.
            _ = try Shipment(image, purse, stop: stop)
            try BuildahBuild.fetch(
                build, for: errand.folder, purse, stop,
                say: { log.say($0, at: watch.milliseconds) })
        } catch {
            return EndedAttempt(log: log).failing(because: error, watch, listener.end)
        }
        let users = ready.users(slot: spec.slot)
        if let lack = users.lack { log.say(lack, at: watch.milliseconds) }
        let commands = try BuildahBuild.commands(of: build, image, spec, errand, by: users)
        let cache = try BuildCache.borrow(
            build.cache, in: errand.folder, by: users, slot: spec.slot,
            say: { log.say($0, at: watch.milliseconds) })
        var ended = try Attempt.prepare(commands, errand, ready, watch, log: log).run(requests)
        if ended.end.isOwn, let cache {
            cache.giveBack { ended.log.say($0, at: watch.milliseconds) }
        }
        guard ended.end != .succeeded else { return ended }
        // The house looks after what this cannot remove.
        try? BuildahBuild.tidy(errand.folder)
        if case .exited = ended.end, !users.isRange {
            ended.log.say(BuildahBuild.hint, at: watch.milliseconds)
        }
        return ended
    }

    private static func ship(
        _ image: ImageSpec, _ spec: AttemptSpec, _ errand: Errand, _ purse: Purse,
        _ stop: StopSignal, say: (String) -> Void, show: (String) -> Void
    ) throws -> PushedImage {
        let shipment = try Shipment(image, purse, stop: stop)
        let parts = try parts(of: image, spec, errand, purse, stop, say: say, show: show)
        return try shipment.push(parts, in: errand.folder, say: say)
    }

    private static func parts(
        of image: ImageSpec, _ spec: AttemptSpec, _ errand: Errand, _ purse: Purse,
        _ stop: StopSignal, say: (String) -> Void, show: (String) -> Void
    ) throws -> ImageParts {
        guard let layer = spec.layers.first else { throw FieldError("'layer' is missing") }
        let tree = InputTree(layer)
        switch image.content {
        case .archive(let path): return ImageParts(try ImageArchive(try tree.place(of: path)))
        case .build(let build):
            switch build.builder {
            case .buildah: return try BuildahBuild.parts(of: build, in: errand.folder)
            case .engine(let socket, let house):
                let engine = EngineBuild(
                    socket: socket, house: house, build: build, image: image, spec: spec,
                    tree: tree, errand: errand, purse: purse, stop: stop)
                return try engine.perform(say: say, show: show)
            }
        }
    }
}

extension EndedAttempt {
    fileprivate consuming func failing(
        because error: any Error, _ watch: Watch, _ end: AttemptReport.End?
    ) -> EndedAttempt {
        let reason = "\(error)".split(separator: "\n").joined(separator: "; ")
        log.show("slipway: \(reason)", at: watch.milliseconds)
        self.end = log.broken ?? end ?? .unsuccessful(reason)
        return self
    }
}

extension AttemptReport.End {
    /// What ran has ended by itself, so what it worked on is as it left it.
    fileprivate var isOwn: Bool {
        switch self {
        case .succeeded, .exited: true
        default: false
        }
    }
}

extension ImageBuildSpec {
    /// What makes an Engine's builds quicker and buildah's neither quicker nor other: said, so that
    /// nobody waits for it.
    fileprivate var unknownWords: [String] {
        guard !cacheFrom.isEmpty || cacheTo != nil else { return [] }
        return [
            "'cache-from' and 'cache-to' are for Docker Engines; for buildah the layers of this "
                + "action's builds are kept for each branch by themselves"
        ]
    }
}
