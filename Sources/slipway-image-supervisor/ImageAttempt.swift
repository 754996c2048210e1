import Attempts
import Glibc
import ImageArchives
import Images
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
        var log = try AttemptLog.create(
            errand.folder, limit: spec.limits.output, secrets: errand.secrets + purse.secrets)
        let listener = try StopListener(requests.descriptor, spec.limits.milliseconds, watch)
        var end = AttemptReport.End.succeeded
        do {
            let pushed = try ship(
                image, spec, errand, purse, listener.signal,
                say: { log.say($0, at: watch.milliseconds) },
                show: { log.show($0, at: watch.milliseconds) })
            let now = watch.startedAt + watch.milliseconds
            try Told(pushed, image, at: now).write(in: errand.folder, as: image.outputs)
        } catch {
            let reason = "\(error)".split(separator: "\n").joined(separator: "; ")
            log.show("slipway: \(reason)", at: watch.milliseconds)
            end = listener.end ?? .unsuccessful(reason)
        }
        listener.finish()
        end = log.broken ?? end
        let totals = log.close(at: watch.milliseconds)
        return AttemptReport(
            end: end, startedAt: watch.startedAt, milliseconds: watch.milliseconds,
            logBytes: totals.kept, droppedBytes: totals.dropped)
    }

    private static func ship(
        _ image: ImageSpec, _ spec: AttemptSpec, _ errand: Errand, _ purse: Purse,
        _ stop: StopSignal, say: (String) -> Void, show: (String) -> Void
    ) throws -> PushedImage {
        let shipment = try Shipment(image, purse, stop: stop)
        guard let layer = spec.layers.first else { throw FieldError("'layer' is missing") }
        let tree = InputTree(layer)
        let archive: ImageArchive
        switch image.content {
        case .archive(let path): archive = try ImageArchive(try tree.place(of: path))
        case .build(let build):
            let engine = EngineBuild(
                build: build, image: image, spec: spec, tree: tree, errand: errand, stop: stop)
            archive = try engine.perform(say: say, show: show)
        }
        return try shipment.push(archive, in: errand.folder, say: say)
    }
}
