import Glibc
import Sandbox
import Supervising

// `slipway-container-supervisor OWNER [SLOT]`: waits for an errand, runs the attempt that it tells
// of in a container of a Docker Engine, and writes how that ended.
let code = Supervisor.run(
    CommandLine.arguments,
    ready: { geteuid() == 0 ? Readiness.make(slot: $0) : Readiness.withoutOwnMounts() }
) { spec, errand, ready, watch, requests in
    try ContainerAttempt.perform(spec, errand, ready, watch, requests)
}
exit(code)
