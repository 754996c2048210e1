import HTTP
package import JSON

extension DockerEngine {
    /// Makes ready to run a script of `/bin/sh` in a container that runs; its id.
    package func prepare(
        script: String, in container: String
    ) throws(DockerError) -> String {
        let created: Created = try decode(
            EngineRequest(
                "run a command in the container", .post, "/containers/\(container)/exec",
                body: [
                    "Cmd": ["/bin/sh", "-eu", "-c", .string(script)], "AttachStdout": true,
                    "AttachStderr": true,
                ]))
        return created.id
    }

    /// Begins it; the answer ends when it does.
    package func begin(exec: String) throws(DockerError) -> EngineTransfer {
        try begin(
            EngineRequest(
                "run a command in the container", .post, "/exec/\(exec)/start",
                body: ["Detach": false, "Tty": false]))
    }

    package func facts(ofExec exec: String) throws(DockerError) -> ExecFacts {
        try decode(EngineRequest("tell of the command", .get, "/exec/\(exec)/json"))
    }

    /// Makes a network, unless there is one of that name.
    package func make(network name: String, _ body: JSON) throws(DockerError) {
        do throws(DockerError) {
            try perform(EngineRequest("look for a network", .get, "/networks/\(name)"))
        } catch {
            guard error.isMissing else { throw error }
            try perform(EngineRequest("make a network", .post, "/networks/create", body: body))
        }
    }
}
