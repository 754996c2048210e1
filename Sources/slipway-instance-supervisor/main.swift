import Glibc
import Sandbox
import Serving
import Supervising

// `slipway-instance-supervisor OWNER [SLOT]`: waits for an errand, runs the instance of a service
// that it tells of until it ends or is stopped, and writes how that ended.
let code = Supervisor.run(CommandLine.arguments, ready: Readiness.make) {
    spec, errand, ready, watch, requests in
    try ServiceRun.report(spec, errand, ready, watch, requests)
}
exit(code)
