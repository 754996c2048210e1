import Attempts
import Commands
import Glibc
import Sandbox
import Supervising

// `slipway-supervisor OWNER [SLOT]`: waits for an errand, runs the attempt that it tells of, and
// writes how that ended.
let code = Supervisor.run(CommandLine.arguments, ready: Readiness.make) {
    spec, errand, ready, watch, requests in
    let log = try AttemptLog.create(
        errand.folder, limit: spec.limits.output, secrets: errand.secrets)
    return try Attempt.prepare(spec, errand, ready, watch, log: log).run(requests).report(watch)
}
exit(code)
