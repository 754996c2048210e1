import Glibc
import Sandbox
import Supervising

// `slipway-image-supervisor OWNER [SLOT]`: waits for an errand, builds the image that it tells of
// or takes it from an archive, pushes it, and writes how that ended.
let code = Supervisor.run(CommandLine.arguments, ready: Readiness.forBuilds) {
    spec, errand, ready, watch, requests in
    try ImageAttempt.perform(spec, errand, ready, watch, requests)
}
exit(code)
