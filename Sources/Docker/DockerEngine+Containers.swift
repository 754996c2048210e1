import FoundationEssentials
import HTTP
package import JSON

extension DockerEngine {
    /// Its id. Of one name there is one.
    package func create(_ body: JSON, named name: String? = nil) throws(DockerError) -> String {
        let created: Created = try decode(
            EngineRequest(
                "create a container", .post, "/containers/create",
                query: name.map { [("name", $0)] } ?? [], body: body))
        return created.id
    }

    package func start(_ container: String) throws(DockerError) {
        try perform(
            EngineRequest("start the container", .post, "/containers/\(container)/start"))
    }

    package func facts(of container: String) throws(DockerError) -> ContainerFacts {
        try decode(EngineRequest("tell of the container", .get, "/containers/\(container)/json"))
    }

    /// Begins to take what it prints (`StreamFrames`), from now until it ends.
    package func attach(to container: String) throws(DockerError) -> EngineTransfer {
        try begin(
            EngineRequest(
                "show what the container prints", .post, "/containers/\(container)/attach",
                query: [("stream", "1"), ("stdout", "1"), ("stderr", "1")]))
    }

    /// A request whose answer comes when the container has ended.
    package func end(of container: String) throws(DockerError) -> EngineTransfer {
        try begin(
            EngineRequest(
                "wait for the container", .post, "/containers/\(container)/wait",
                query: [("condition", "not-running")]))
    }

    /// Ends all of its processes; one that has ended already is no mistake.
    package func kill(_ container: String) throws(DockerError) {
        do throws(DockerError) {
            try perform(
                EngineRequest("end the container", .post, "/containers/\(container)/kill"))
        } catch .refused(_, status: 404...409, _) {}
    }

    /// Mounts the volumes of a container that has ended and unmounts them: that is what the Engine
    /// does to look for a file in it. There need be none.
    package func remount(_ container: String) {
        _ = try? perform(
            EngineRequest(
                "look into the container", .get, "/containers/\(container)/archive",
                query: [("path", "/.slipway")]))
    }

    /// Removes a container with what it has written, whatever it is at.
    package func remove(container: String) throws(DockerError) {
        do throws(DockerError) {
            try perform(
                EngineRequest(
                    "remove the container", .delete, "/containers/\(container)",
                    query: [("force", "1"), ("v", "1")]))
        } catch .refused(_, status: 404, _) {}
    }

    package func containers(labelled label: String) throws(DockerError) -> [Labelled] {
        let listed: [ListedContainer] = try decode(
            EngineRequest(
                "list containers", .get, "/containers/json",
                query: [("all", "1"), ("filters", Self.filter("label", label))]))
        return listed.map { Labelled(id: $0.id, labels: $0.labels) }
    }

    package func make(volume body: JSON) throws(DockerError) {
        try perform(EngineRequest("make a volume", .post, "/volumes/create", body: body))
    }

    package func volumes(labelled label: String) throws(DockerError) -> [Labelled] {
        let listed: ListedVolumes = try decode(
            EngineRequest(
                "list volumes", .get, "/volumes", query: [("filters", Self.filter("label", label))])
        )
        return (listed.volumes ?? []).map { Labelled(id: $0.name, labels: $0.labels ?? [:]) }
    }

    package func remove(volume: String) throws(DockerError) {
        do throws(DockerError) {
            try perform(
                EngineRequest(
                    "remove a volume", .delete, "/volumes/\(volume.percentEncoded)"))
        } catch .refused(_, status: 404, _) {}
    }

    static func filter(_ kind: String, _ wanted: String) -> String {
        JSON.object([JSON.Member(kind, [.string(wanted)])]).text
    }
}
