import Attempts
import Glibc
import Sandbox
import Supervising

// `slipway-container-supervisor OWNER [SLOT]`: waits for an errand, runs the attempt that it tells
// of in a container of a Docker Engine, or the instance of a service, and writes how that ended.
let code = Supervisor.run(
    CommandLine.arguments,
    ready: { geteuid() == 0 ? Readiness.make(slot: $0) : Readiness.withoutOwnMounts() }
) { spec, errand, ready, watch, requests in
    if spec.service != nil { return try ServedContainer.report(spec, errand, watch, requests) }
    return try ContainerAttempt.perform(spec, errand, ready, watch, requests)
}
exit(code)
