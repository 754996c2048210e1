/// What a supervisor is told of its attempt. Secrets are not in it: they arrive on its standard
/// input and touch no disk.
package struct AttemptSpec: Hashable, Sendable {
    package struct Step: Hashable, Sendable {
        package let name: String?
        /// For `/bin/sh -eu`.
        package let script: String

        package init(name: String?, script: String) {
            self.name = name
            self.script = script
        }
    }

    package struct Input: Hashable, Sendable {
        package let name: String
        package let path: String

        package init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    package enum Network: String, Hashable, Sendable, CaseIterable {
        case none, outbound, host
    }

    /// What the attempt may use at most; nothing where there is no limit.
    package struct Limits: Hashable, Sendable {
        package var milliseconds: Int?
        package var memory: Int?
        package var processes: Int?
        /// In hundredths of a processor.
        package var cpu: Int?
        package var disk: Int?
        package var output: Int?
        /// Between `SIGTERM` and `SIGKILL`, for who is stopped or out of time.
        package var graceMilliseconds: Int

        package init(
            milliseconds: Int? = nil, memory: Int? = nil, processes: Int? = nil, cpu: Int? = nil,
            disk: Int? = nil, output: Int? = nil, graceMilliseconds: Int = 10_000
        ) {
            self.milliseconds = milliseconds
            self.memory = memory
            self.processes = processes
            self.cpu = cpu
            self.disk = disk
            self.output = output
            self.graceMilliseconds = graceMilliseconds
        }
    }

    package var id: String
    package var steps: [Step]
    /// The whole environment, but for what the sandbox itself sets.
    package var environment: [String: String] = [:]
    /// Folders whose content the workspace begins with, the topmost first. They are never written.
    package var layers: [String] = []
    /// Trees that are seen, read-only, as `/inputs/NAME`.
    package var inputs: [Input] = []
    package var network: Network = .none
    /// Addresses that `outbound` does not reach, such as `10.0.0.0/8`, besides this host's own.
    package var blocked: [String] = []
    package var limits = Limits()
    /// Host paths that are seen, read-only, at the same place.
    package var readOnly: [String] = []
    /// The host uid and gid the commands run as; nothing if the supervisor's own is all there is.
    package var slot: Int?
    /// The file with the filter of system calls; empty in a container, whose engine has one.
    package var filter: String
    /// Nothing if the attempt runs in a sandbox of this machine's own.
    package var container: ContainerSpec?
    /// Nothing unless an image is what the attempt is about.
    package var image: ImageSpec?
    /// Nothing unless it is an instance of a service.
    package var service: ServiceSpec?

    /// Whether it is put into a network that its supervisor has made and can enter.
    package var entersNetwork: Bool {
        network == .outbound || network == .none && service != nil
    }

    /// Whether what it runs makes sandboxes of its own, as a build of an image does for each
    /// command. It is then the ruler of its sandbox, though nobody outside of it.
    package var nests: Bool { image?.build?.builder == .buildah }

    package init(id: String, steps: [Step], filter: String) {
        self.id = id
        self.steps = steps
        self.filter = filter
    }
}

extension AttemptSpec {
    package var fields: Fields {
        var fields = Fields()
        fields.add("id", id)
        for step in steps {
            var part = Fields()
            part.add("name", step.name)
            part.add("script", step.script)
            fields.add("step", part)
        }
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            fields.add("environment", "\(name)=\(value)")
        }
        for layer in layers { fields.add("layer", layer) }
        for input in inputs {
            var part = Fields()
            part.add("name", input.name)
            part.add("path", input.path)
            fields.add("input", part)
        }
        fields.add("network", network.rawValue)
        for range in blocked { fields.add("blocked", range) }
        fields.add("limit-milliseconds", limits.milliseconds)
        fields.add("limit-memory", limits.memory)
        fields.add("limit-processes", limits.processes)
        fields.add("limit-cpu", limits.cpu)
        fields.add("limit-disk", limits.disk)
        fields.add("limit-output", limits.output)
        fields.add("grace-milliseconds", limits.graceMilliseconds)
        for path in readOnly { fields.add("read-only", path) }
        fields.add("slot", slot)
        fields.add("filter", filter)
        if let container { fields.add("container", container.fields) }
        if let image { fields.add("image", image.fields) }
        if let service { fields.add("service", service.fields) }
        return fields
    }

    package init(_ fields: Fields) throws(FieldError) {
        var steps: [Step] = []
        for part in try fields.parts("step") {
            steps.append(Step(name: part.texts("name").first, script: try part.text("script")))
        }
        self.init(id: try fields.text("id"), steps: steps, filter: try fields.text("filter"))
        for text in fields.texts("environment") {
            guard let equals = text.firstIndex(of: "=") else {
                throw FieldError("'environment' is not NAME=value")
            }
            environment[String(text[..<equals])] = String(text[text.index(after: equals)...])
        }
        layers = fields.texts("layer")
        for part in try fields.parts("input") {
            inputs.append(Input(name: try part.text("name"), path: try part.text("path")))
        }
        guard let network = Network(rawValue: try fields.text("network")) else {
            throw FieldError("'network' is unknown")
        }
        self.network = network
        blocked = fields.texts("blocked")
        limits = Limits(
            milliseconds: try fields.numberIfThere("limit-milliseconds"),
            memory: try fields.numberIfThere("limit-memory"),
            processes: try fields.numberIfThere("limit-processes"),
            cpu: try fields.numberIfThere("limit-cpu"),
            disk: try fields.numberIfThere("limit-disk"),
            output: try fields.numberIfThere("limit-output"),
            graceMilliseconds: try fields.number("grace-milliseconds"))
        readOnly = fields.texts("read-only")
        slot = try fields.numberIfThere("slot")
        if let part = try fields.parts("container").first { container = try ContainerSpec(part) }
        if let part = try fields.parts("image").first { image = try ImageSpec(part) }
        if let part = try fields.parts("service").first { service = try ServiceSpec(part) }
    }
}
