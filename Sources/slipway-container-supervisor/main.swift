import Glibc
import Supervising

// `slipway-container-supervisor FOLDER`: runs the attempt that the folder tells of in a container
// of a Docker Engine, and writes how it ended.
let code = Supervisor.run(CommandLine.arguments) { spec, secrets, folder, watch, requests in
    try ContainerAttempt.perform(spec, secrets, folder, watch, requests)
}
exit(code)
